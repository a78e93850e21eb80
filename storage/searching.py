"""Finding signatures by name: every name is opened, page by page, in whatever thread this runs in."""

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, select, text

from bot.model.collation import sort_key
from bot.model.review import EVERY, Cases, Which
from storage import cases
from storage.tables import signature
from storage.vault import Vault

CHUNK: Final = 2000
NUMBERED, OTHERS = "n", "f"
"""What a cursor begins with: behind this number, or, after all of these, behind this id."""

_WITHOUT_NUMBER: Final = "+signature.petition = :its AND +signature.number IS NULL"
"""Written so that ids are gone through in order: by the index on numbers all would be sorted for every page."""


def find(
    connection: Connection, vault: Vault, petition_id: int, name: str, after: str | None, limit: int
) -> Cases:
    """The next whose name has this in it, by number; those that have none come last."""
    pages = _pages(connection, petition_id, after)
    found = chain.from_iterable(_matching(vault, page, sort_key(name)) for page in pages)
    forms = list(islice(found, limit + 1))
    some = cases.chosen(petition_id, Which(statuses=EVERY, handles=tuple(forms[:limit])))
    rows = {row.form: row for row in connection.execute(some)} if forms else {}
    in_order = [rows[form] for form in forms[:limit]]
    more = _cursor(in_order[-1]) if len(forms) > limit else None
    return Cases(cases.cases(connection, vault, in_order), more)


def _cursor(row: Row[Any]) -> str:
    return f"{OTHERS}-{row.form}" if row.number is None else f"{NUMBERED}-{row.number}"


def _matching(vault: Vault, page: Sequence[Row[Any]], wanted: str) -> list[str]:
    forms, identities, _ = zip(*page, strict=True)
    opened = vault.open_all("signature.identity", [form.encode() for form in forms], identities)
    names = [name for name, _ in opened]
    if not _anywhere(wanted, names):
        return []
    return [form for form, name in zip(forms, names, strict=True) if wanted in sort_key(name)]


def _anywhere(wanted: str, names: Sequence[str]) -> bool:
    """Whether it is worth looking at them one by one: folding a page at once takes a fraction of the time."""
    plain = "\n".join(name for name in names if name.isascii())
    others = "\n".join(name for name in names if not name.isascii())
    return wanted in sort_key(plain) or wanted in sort_key(others)


def _pages(connection: Connection, petition_id: int, after: str | None) -> Iterator[Sequence[Row[Any]]]:
    """Id, encrypted name and number of each, behind a cursor."""
    s = signature.c
    named: Select[Any] = select(s.form, s.identity, s.number).where(s.identity.is_not(None)).limit(CHUNK)
    kind, _, behind = (after or f"{NUMBERED}-0").partition("-")
    if kind == NUMBERED:
        number = int(behind)
        numbered = named.where(s.petition == petition_id).order_by(s.number)
        while page := connection.execute(numbered.where(s.number > number)).all():
            yield page
            number = page[-1].number
        behind = ""
    others = named.where(text(_WITHOUT_NUMBER).bindparams(its=petition_id)).order_by(s.form)
    while page := connection.execute(others.where(s.form > behind)).all():
        yield page
        behind = page[-1].form
