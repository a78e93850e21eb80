"""The list of signatures, read on one snapshot and in constant memory. Implements `bot.ports.Roster`.

Everything here runs in a thread of its own, so that decrypting a million names holds up nobody who signs.
"""

import json
import threading
from asyncio import CancelledError
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Select, select

from bot.errors import KeyMismatchError, LostError, StorageError
from bot.model.collation import sort_key
from bot.model.petition import Petition, Reach
from bot.model.roster import Page, Reading, SignedText, Wanted
from bot.model.signature import Dimension, Status, Totals
from bot.ports import Clock
from storage.database import Database
from storage.ledger import COUNTS
from storage.lost import Which
from storage.opener import PAGE, Opener, opened, opener_for
from storage.petitions import Petitions
from storage.sorting import in_order
from storage.tables import community, counter, signature, text_version, totals
from storage.texts import text_of
from storage.vault import Vault

T = TypeVar("T")

_NUMBER = 1  # its place in a row
_NAME, _COMMENT = Page._fields.index("name"), Page._fields.index("comment")
_UNREADABLE = (StorageError, KeyMismatchError)
Rows = Sequence[Sequence[Any]]


class StoppedError(Exception):
    """Whoever asked for the list has gone."""


class Roster:
    """Reads lists. Nothing else opens identities in bulk: `Wanted` says which."""

    def __init__(
        self, database: Database, petitions: Petitions, vault: Vault, clock: Clock, key_file: Path
    ) -> None:
        self._database = database
        self._petitions = petitions
        self._vault = vault
        self._clock = clock
        self._key_file = key_file

    async def read(self, petition_id: int, work: Callable[[Reading], T]) -> T:
        stop = threading.Event()

        def on_snapshot(connection: Connection) -> T:
            with opener_for(connection, petition_id, self._key_file) as opener:
                found = self._petitions.read(connection, petition_id)
                now = _totals(connection, petition_id, self._clock)
                helper = opener if opener and opener.sees_the_same() else None
                return work(_Reading(connection, found, now, self._vault, stop, helper))

        try:
            return await self._database.scan(on_snapshot)
        except CancelledError:
            stop.set()  # the thread ends at its next page, and clears up behind itself
            raise


class _Reading:
    """One petition on one snapshot."""

    def __init__(
        self,
        connection: Connection,
        petition: Petition,
        totals: Totals,
        vault: Vault,
        stop: threading.Event,
        opener: Opener | None,
    ) -> None:
        self.petition = petition
        self.totals = totals
        self._connection = connection
        self._vault = vault
        self._stop = stop
        self._opener = opener
        self._versions: dict[int, str] = {}
        self.texts = self._read_texts()

    def _read_texts(self) -> Mapping[str, SignedText]:
        texts = select(text_version).where(text_version.c.petition == self.petition.id)
        signed = select(counter.c.value, counter.c.count).where(
            counter.c.petition == self.petition.id, counter.c.dimension == Dimension.TEXT_VERSION.value
        )
        counted = dict(self._connection.execute(signed).all())
        found = self._connection.execute(texts.order_by(text_version.c.id)).all()
        self._versions = {row.id: row.sha256 for row in found}
        return {row.sha256: SignedText(text_of(row), counted.get(row.sha256, 0)) for row in found}

    @property
    def communities(self) -> Mapping[int, str]:
        wanted = select(community.c.id, community.c.place, community.c.details)
        known = self._connection.execute(wanted.where(community.c.details.is_not(None)))
        return {
            row.id: self._vault.open("community.details", row.place.hex(), row.details)[1] for row in known
        }

    def pages(self, wanted: Wanted) -> Iterator[Page]:
        chosen = _signatures(self.petition.id, wanted)
        pages = (self._helped if self._opener else self._alone)(chosen, wanted.status)
        return _by_name(pages) if wanted.by_name else pages

    def _alone(self, chosen: Select[Any], status: Status) -> Iterator[Page]:
        return self._whole(self._fetched(chosen), status)

    def _helped(self, chosen: Select[Any], status: Status) -> Iterator[Page]:
        """What another process opens meanwhile; and if it can't, or met what it can't open, the rest of it."""
        opener, self._opener = self._opener, None
        assert opener is not None  # noqa: S101  # for mypy: it is asked here alone
        done = 0
        for *clear, identities, contexts in opener.pages(_literal(chosen, self._connection), status):
            self._go_on()
            yield self._page(clear, identities, contexts, status)
            done += 1
        if opener.failed:
            yield from self._whole(islice(self._fetched(chosen), done, None), status)

    def _whole(self, fetched: Iterator[Rows], status: Status) -> Iterator[Page]:
        """The pages; where anything of one is lost, it is found out of how many more, and there is no list."""
        for rows in fetched:
            try:
                page = self._opened(rows, status)
            except _UNREADABLE:
                raise self._lost(chain([rows], fetched), status) from None
            yield page

    def _lost(self, fetched: Iterable[Rows], status: Status) -> LostError:
        which = Which()
        for row in chain.from_iterable(fetched):
            try:
                self._opened([row], status)
            except _UNREADABLE:
                which.add(row[_NUMBER])
        return LostError(
            which.count,
            tuple(which.numbers),
            f"There is no list: of {which} the name, or when and where it was given, was emptied or altered. "
            "`undersigned verify` tells more. Restore a backup from before this happened.",
        )

    def _opened(self, rows: Rows, status: Status) -> Page:
        clear, identities, contexts = opened(self._vault, rows, status)
        return self._page(clear, json.loads(identities), json.loads(contexts), status)

    def _page(self, clear: Rows, identities: Rows, contexts: Rows, status: Status) -> Page:
        number, reach, day, platform, version = clear
        name, comment = _columns(identities, (None, ""))
        at, language, place, answer = _columns(contexts, (None, None, None, None))
        versions = [self._versions[one] for one in version]
        return Page(
            number, (status.value,) * len(number), reach, name, comment, answer, at, day, language, platform, place,
            versions,
        )  # fmt: skip

    def _fetched(self, wanted: Select[Any]) -> Iterator[Rows]:
        if self._connection.dialect.name == "sqlite":
            # Rows as SQLite's driver has them: as SQLAlchemy's own they would take half as long again.
            cursor: Any = self._connection.execute(wanted).cursor
            pages: Iterator[Rows] = iter(lambda: cursor.fetchmany(PAGE), [])
        else:
            streaming = self._connection.execution_options(yield_per=PAGE)
            pages = streaming.execute(wanted).partitions()
        for page in pages:
            self._go_on()
            yield page

    def _go_on(self) -> None:
        if self._stop.is_set():
            raise StoppedError


def _columns(rows: Rows, scrubbed: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """Rows turned into columns; `scrubbed` stands for those that are gone."""
    return zip(*(rows if all(rows) else [row or scrubbed for row in rows]), strict=True)


def _by_name(pages: Iterable[Page]) -> Iterator[Page]:
    rows = (row for page in pages for row in zip(*page, strict=True))
    ordered = (row for _, *row in in_order([_key(row), *row] for row in rows))
    while some := list(islice(ordered, PAGE)):
        yield Page(*zip(*some, strict=True))


def _key(row: Sequence[Any]) -> str:
    name, comment = row[_NAME] or "", row[_COMMENT]
    return f"{sort_key(name)}\0{name}\0{comment}"


def _signatures(petition_id: int, wanted: Wanted) -> Select[Any]:
    s = signature.c
    chosen = select(
        s.form, s.number, s.reach, s.day, s.platform, s.text_version, s.identity, s.context
    ).where(s.petition == petition_id, s.status == wanted.status.value)
    if wanted.reaches != frozenset(Reach):
        chosen = chosen.where(s.reach.in_([reach.value for reach in wanted.reaches]))
    if wanted.by_name:
        return chosen
    if wanted.status is Status.COUNTED:
        return chosen.order_by(s.number)  # every one has a number, and an index has them in order
    return chosen.order_by(s.number.nulls_last(), s.form)


def _literal(chosen: Select[Any], connection: Connection) -> str:
    """With its values, which are words and numbers of ours."""
    return str(chosen.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True}))


def _totals(connection: Connection, petition_id: int, clock: Clock) -> Totals:
    columns = [totals.c[name] for name in COUNTS]
    counts = connection.execute(select(*columns).where(totals.c.petition == petition_id)).one()
    return Totals(counts.counted, counts.held, counts.withdrawn, counts.struck, clock())
