"""What a form is: how it is built from its token and the values so far, and what sending it does."""

from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum

from msgspec import Struct

from bot.answer import Form
from bot.tokens import Token, token
from bot.turn import Turn


class FormKind(StrEnum):
    """Which forms there are, as they stand in tokens."""

    SIGN = "sign"
    CHANGE = "change"
    ANNOUNCE = "announce"
    PAGE = "page"
    FIND = "find"
    STRIKE = "strike"


class FormRef(Struct, frozen=True):
    """Which form this is: its kind, what it is about, and the id that sending it spends."""

    kind: str
    arguments: tuple[str, ...]
    form: str

    @property
    def token(self) -> str:
        return token(self.kind, *self.arguments, self.form)

    @classmethod
    def parse(cls, written: str) -> "FormRef | None":
        """The form that a token stands for, or None."""
        parsed = Token.parse(written)
        if parsed is None or not parsed.arguments:
            return None
        return cls(parsed.action, parsed.arguments[:-1], parsed.arguments[-1])


class Remark(Struct, frozen=True):
    """Why a value can't be taken, and the nearest that could."""

    text: str
    suggestion: str | None = None


class Reopen(Struct, frozen=True):
    """The form is out of date: it must be shown again, about this, with a remark, before it can be sent."""

    arguments: tuple[str, ...]
    remark: str
    fresh_id: bool = False


Values = Mapping[str, str]
Built = Form | Reopen | None
"""None: there is nothing to fill in, and the member has been told why."""


class Spent(Struct, frozen=True):
    """It is done, the member has been told, and the storage has dropped the draft with it."""


Sent = Remark | Reopen | Spent | None
"""None: it is done, and the member has been told."""


class FormSpec(Struct, frozen=True):
    """One kind of form, by how many `arguments` its token says what it is about."""

    kind: str
    arguments: int
    build: Callable[[Turn, FormRef, Values], Awaitable[Built]]
    send: Callable[[Turn, FormRef, Values], Awaitable[Sent]]
