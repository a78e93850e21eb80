"""What becomes of each request of a batch, in turn."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Self

from msgspec import Struct
from sqlalchemy import Row

from bot.model.holding import Rule
from bot.model.petition import State
from bot.model.signature import (
    FormForeign,
    NotOpen,
    NotTaken,
    SignRequest,
    Status,
    TextChanged,
    TooOften,
)
from storage.ledger import Locked, Terms
from storage.preparation import Kind, Prepared
from storage.rates import Crowd, Rate

_RATE: Final = frozenset({Rule.COMMUNITY_RATE})
_NONE: Final[frozenset[Rule]] = frozenset()
_NOWHERE: Final = (None, None)


class Fresh(Struct, frozen=True, eq=False):
    """To be written: with the next number, or without one for the rules that hold it."""

    number: int | None
    prepared: Prepared
    rules: frozenset[Rule]


class Echo(Struct, frozen=True):
    """The same account is written earlier in the batch, at index `first`; `replay`: by the very same form."""

    first: int
    number: int | None
    replay: bool


class Found(Struct, frozen=True, eq=False):
    """The account's signature was there before; `replay`: by the very same form."""

    row: Row[Any]
    replay: bool


Outcome = Fresh | Echo | Found | NotOpen | TooOften | TextChanged | FormForeign | NotTaken


class Deciding:
    """Decides on each request in turn, by what the database held and what stands earlier in the batch."""

    def __init__(
        self,
        locked: Locked,
        terms: Terms,
        waiting: Mapping[bytes, datetime],
        rate: Rate | None,
        crowd: Crowd | None,
        now: datetime,
    ) -> None:
        """`waiting`: accounts that have to wait, and until when."""
        self._now = now
        self._state = locked.state(now)
        self._terms = terms
        self.rate = rate
        self._crowd = crowd
        self._waiting = waiting
        self._next = locked.last_number + 1
        self._by_form: dict[str, Row[Any]] = {}
        self._by_account: dict[bytes, Row[Any]] = {}
        self._new_by_form: dict[str, int] = {}  # index in the batch
        self._new_by_account: dict[bytes, tuple[int, int | None]] = {}  # index and number
        self._refused: dict[Kind, Outcome | None] = {}
        self.outcomes: list[Outcome] = []
        self.fresh: list[Fresh] = []

    def decide(self, batch: Sequence[Prepared], known: Iterable[Row[Any]]) -> Self:
        """Fill `outcomes`, in order, and `fresh` with those that are to be written.

        `known`: what the database holds of these forms and accounts (which differ from petition to petition).
        """
        for row in known:
            self._by_form[row.form] = row
            if row.status != Status.WITHDRAWN:
                self._by_account[row.account] = row
        self.outcomes = [self._outcome(index, prepared) for index, prepared in enumerate(batch)]
        return self

    def _outcome(self, index: int, prepared: Prepared) -> Outcome:
        form, kind, account = prepared.form, prepared.kind, prepared.account
        earlier = self._by_earlier(form, account)
        if earlier is not None:
            return earlier
        if account in self._waiting and self._state is State.OPEN:
            return TooOften(self._waiting[account])
        if kind not in self._refused:
            self._refused[kind] = self._refusal(prepared.request)
        refused = self._refused[kind]
        if refused is not None:
            return refused
        rules = prepared.request.hold or self._too_many(kind)
        number = None if rules else self._next
        if number is not None:
            self._next += 1
        self._new_by_form[form] = index
        self._new_by_account[account] = index, number
        fresh = Fresh(number, prepared, rules)
        self.fresh.append(fresh)
        return fresh

    def _by_earlier(self, form: str, account: bytes) -> Outcome | None:
        if self._by_form or self._by_account:
            spent, standing = self._by_form.get(form), self._by_account.get(account)
            if spent is not None:
                return Found(spent, replay=True) if spent.account == account else FormForeign()
            if standing is not None:
                return FormForeign() if form in self._new_by_form else Found(standing, replay=False)
        index, number = self._new_by_account.get(account, _NOWHERE)
        if self._new_by_form.get(form, index) != index:
            return FormForeign()
        return None if index is None else Echo(index, number, replay=form in self._new_by_form)

    def _refusal(self, request: SignRequest) -> Outcome | None:
        """Why a kind of signature can't be taken, if it can't: it is decided once in a batch.

        The core asks for no reach and no answer but those on offer, unless it is at fault.
        """
        if self._state is not State.OPEN:
            return NotOpen(self._state)
        if request.text_version not in self._terms.versions:
            return TextChanged()
        answered = request.answer is None or request.answer in self._terms.answers
        return None if answered and request.reach in self._terms.reaches else NotTaken(busy=False)

    def _too_many(self, kind: Kind) -> frozenset[Rule]:
        """Whether its community gives too many at once.

        Those that wait anyway are not asked, and leave the minute to others: else a brigade would make honest
        members wait.
        """
        if self.rate is not None and self.rate.take(kind.source):
            return _RATE
        return _RATE if self._crowd is not None and self._crowd.take(kind.source, self._now) else _NONE
