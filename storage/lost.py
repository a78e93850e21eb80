"""What is encrypted and does not open any more, and what is gone though nobody asked for it: for `undersigned verify`.

A ciphertext is bound to its row (`storage.vault`), so that one which was moved from another row does not open either.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, Final

from msgspec import Struct, field
from sqlalchemy import Connection, Row, Select, Table, func, select, tuple_

from bot.errors import KeyMismatchError, StorageError
from bot.model.signature import Status
from storage.keys import Keys
from storage.sealed import SEALED, Sealed
from storage.tables import petition, signature
from storage.vault import Vault

CHUNK: Final = 1000
SHOWN: Final = 10
_IDENTITY: Final = "signature.identity"


def half_empty(status: str, identity: object, context: object) -> bool:
    """Whether identity or context of a signature is gone and should not be (of both: None, or whatever is there).

    Who asks to be forgotten takes both along, and who withdraws the identity. Nothing ever is an empty value.
    """
    if identity == b"" or context == b"":
        return True
    return status != Status.WITHDRAWN and (identity is None) is not (context is None)


class Which(Struct):
    """Some signatures: how many, and some of their numbers."""

    count: int = 0
    numbers: list[int] = field(default_factory=list)

    def add(self, number: int | None) -> None:
        self.count += 1
        if number is not None and len(self.numbers) < SHOWN:
            self.numbers.append(number)

    def __str__(self) -> str:
        """As in “3 signatures (#4, #7 and 1 more)”."""
        what = "1 signature" if self.count == 1 else f"{self.count:,} signatures"
        named = ", ".join(f"#{number}" for number in sorted(self.numbers))
        more = self.count - len(self.numbers)
        if not self.numbers:
            return f"{what} without a number"
        return f"{what} ({named} and {more:,} more)" if more else f"{what} ({named})"


class Lost(Struct):
    """What is wrong with the signatures of one petition."""

    altered: Which = field(default_factory=Which)
    """Identities that do not open."""
    emptied: Which = field(default_factory=Which)
    """An identity or a context is gone, and the other one is not."""
    unexplained: Which = field(default_factory=Which)
    """Both are gone, and the list of erasures does not say that this was asked for."""


def lost_signatures(
    connection: Connection, vault: Vault, keys: Keys, erased: Collection[str], tell: Callable[[int], None]
) -> dict[str, Lost]:
    """By petition (its slug), where anything is wrong. `tell` is told of each page how many signatures it has."""
    found: defaultdict[str, Lost] = defaultdict(Lost)
    after = ""
    while page := connection.execute(_signatures(after)).all():
        unreadable = _unreadable(vault, page)
        for row in page:
            if row.form in unreadable:
                found[row.slug].altered.add(row.number)
            elif half_empty(row.status, row.identity, None if row.context is None else row.context or b""):
                found[row.slug].emptied.add(row.number)
            elif _unexplained(row, keys, erased):
                found[row.slug].unexplained.add(row.number)
        tell(len(page))
        after = page[-1].form
    return dict(found)


def _signatures(after: str) -> Select[Any]:
    s = signature.c
    context = func.length(s.context).label("context")
    wanted = select(
        s.form, s.number, s.status, s.identity, context, petition.c.slug, petition.c.anonymised_at
    )
    joined = wanted.join(petition, petition.c.id == s.petition)
    return joined.where(s.form > after).order_by(s.form).limit(CHUNK)


def _unreadable(vault: Vault, page: Sequence[Row[Any]]) -> set[str]:
    """Those whose identities do not open."""
    try:
        vault.open_all(_IDENTITY, [row.form.encode() for row in page], [row.identity for row in page])
    except (KeyMismatchError, StorageError):
        return {
            row.form for row in page if row.identity and not _opens(vault, _IDENTITY, row.form, row.identity)
        }
    return set()


def _opens(vault: Vault, what: str, row: str, sealed: bytes) -> bool:
    try:
        vault.open(what, row, sealed)
    except (KeyMismatchError, StorageError):
        return False
    return True


def _unexplained(row: Row[Any], keys: Keys, erased: Collection[str]) -> bool:
    """Whether it was erased, and not because somebody was forgotten or the whole petition anonymised."""
    gone = row.identity is None and row.context is None and row.status != Status.WITHDRAWN
    return gone and row.anonymised_at is None and keys.erasure(row.form) not in erased


def lost_values(connection: Connection, vault: Vault) -> Iterator[tuple[str, int]]:
    """Everything else that is encrypted: by column, how many values do not open, where there are any."""
    for table, columns in SEALED.items():
        for each in columns if table is not signature else ():
            count = sum(not _opens(vault, each.field, *one) for one in _values(connection, table, each))
            if count:
                yield f"{table.name}.{each.column.name}", count


def _values(connection: Connection, table: Table, sealed: Sealed) -> Iterator[tuple[str, bytes]]:
    """Each value with what it is bound to, page by page."""
    key = list(table.primary_key)
    wanted: Select[Any] = select(*key, sealed.column, *sealed.needs).where(sealed.column.is_not(None))
    wanted = wanted.order_by(*key).limit(CHUNK)
    page = connection.execute(wanted).all()
    while page:
        yield from ((sealed.row_of(row), getattr(row, sealed.column.name)) for row in page)
        last = tuple(getattr(page[-1], column.name) for column in key)
        page = connection.execute(wanted.where(tuple_(*key) > tuple_(*last))).all()
