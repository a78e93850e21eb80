"""Recounting everything, comparing it with what is stored, and opening all that is encrypted: `undersigned verify`."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct
from sqlalchemy import Connection, Select, func, select, text

from bot.model.signature import Status
from bot.ports import Finding, Level
from storage.database import Database
from storage.erasures import Erasures
from storage.ledger import Ledger, set_counter, set_counts
from storage.lost import Lost, lost_signatures, lost_values
from storage.moves import OF_CONTEXT
from storage.records import Records
from storage.recount import Recount, Stored, recount, stored
from storage.tables import (
    action,
    decision,
    draft,
    hold,
    milestone,
    petition,
    revision_text,
    signature,
    text_version,
)
from storage.texts import text_of

REPAIR: Final = "Run `undersigned verify --repair`."
RESTORE: Final = "Restore a backup from before this happened, or ask the developers."
SHOWN: Final = 5
"""How many differing counters are named."""


class Verifier(Struct, frozen=True):
    """Verifies one database. `progress` is told how many signatures are looked at, of how many."""

    database: Database
    reading: Records
    erasures: Erasures
    progress: Callable[[int, int], None]

    async def verify(self, *, repair: bool) -> list[Finding]:
        """Everything that was found, on one snapshot; mends totals and counters, and nothing else, if asked to."""
        findings = await self.database.scan(self._examine)
        if repair and any(finding.remedy == REPAIR for finding in findings):
            ledger = Ledger(self.database.dialect)
            for each in await self.database.read(stored):
                await self.database.write(_repairing(ledger, self.reading, each.id))
            again = await self.database.scan(self._examine)
            mended = [
                finding for finding in findings if finding not in again and finding.level is Level.ERROR
            ]
            return [Finding(Level.WARNING, f"Mended: {finding.text}") for finding in mended] + again
        return findings

    def _examine(self, connection: Connection) -> list[Finding]:
        tell = self._tell(connection)
        findings = list(_counts(connection, recount(connection, self.reading, tell=tell)))
        findings += _texts(connection)
        findings += self._sealed(connection, tell)
        findings += [*_references(connection), *_review(connection), _drafts(connection)]
        return findings

    def _tell(self, connection: Connection) -> Callable[[int], None]:
        """Adds up how far it is: every signature is looked at twice."""
        total = 2 * connection.execute(select(func.count()).select_from(signature)).scalar_one()
        done = 0

        def tell(more: int) -> None:
            nonlocal done
            done += more
            self.progress(done, total)

        return tell

    def _sealed(self, connection: Connection, tell: Callable[[int], None]) -> Iterator[Finding]:
        vault, keys, listed = self.reading.vault, self.reading.keys, self.erasures.load()
        lost = lost_signatures(connection, vault, keys, listed, tell)
        for slug, each in lost.items():
            yield from _lost(slug, each, None if listed else self.erasures.path)
        values = list(lost_values(connection, vault))
        for column, count in values:
            yield Finding(Level.ERROR, f"{column}: {count:,} stored here do not decrypt.", RESTORE)
        if not lost and not values:
            yield Finding(
                Level.OK, "Names, and all else that is encrypted: every one decrypts, none is missing."
            )


def _lost(slug: str, lost: Lost, absent: Path | None) -> Iterator[Finding]:
    """`absent` is where the list of erasures would be, if there is none."""
    if lost.altered.count:
        text = f"{slug}: names that do not decrypt, altered or moved from another signature: {lost.altered}."
        yield Finding(Level.ERROR, text, RESTORE)
    if lost.emptied.count:
        text = f"{slug}: a part is gone that nobody asked to erase (the name, or when and where): {lost.emptied}."
        yield Finding(Level.ERROR, text, RESTORE)
    if lost.unexplained.count:
        text = (
            f"{slug}: erased, and the list of erasures does not say that anybody asked: {lost.unexplained}."
        )
        if absent is None:
            yield Finding(Level.ERROR, text, RESTORE)
        else:
            yield Finding(Level.WARNING, text, f"Put the list back where it was: {absent}. Else: {RESTORE}")


def _counts(connection: Connection, recounts: Mapping[int, Recount]) -> Iterator[Finding]:
    for said in stored(connection):
        found = list(_petition(connection, said, recounts.get(said.id, Recount())))
        summary = f"{said.slug}: {said.counts}; totals, counters, numbers and milestones agree."
        yield from found or [Finding(Level.OK, summary)]


def _repairing(ledger: Ledger, reading: Records, petition_id: int) -> Callable[[Connection], None]:
    def mend(connection: Connection) -> None:
        locked = ledger.lock(connection, petition_id)
        said = next(each for each in stored(connection) if each.id == petition_id)
        true = recount(connection, reading, petition_id).get(petition_id, Recount())
        set_counts(connection, locked, true.counts, max(locked.last_number, true.highest))
        if not true.unreadable:
            for fact in said.values.keys() | true.values.keys():
                if not (true.scrubbed and fact[0] in OF_CONTEXT):
                    set_counter(connection, petition_id, fact, true.values[fact])

    return mend


def _petition(connection: Connection, said: Stored, true: Recount) -> Iterator[Finding]:
    if said.counts != true.counts:
        yield Finding(
            Level.ERROR, f"{said.slug}: the totals say {said.counts}, the rows {true.counts}.", REPAIR
        )
    if true.unreadable:
        text = f"{said.slug}: {true.unreadable} signatures do not decrypt; their breakdowns are not checked."
        yield Finding(Level.ERROR, text, RESTORE)
    elif not true.explains(said.values):
        yield Finding(Level.ERROR, f"{said.slug}: counters differ: {_differing(said, true)}.", REPAIR)
    yield from _numbers(said, true)
    yield from _milestones(connection, said)


def _differing(said: Stored, true: Recount) -> str:
    facts = sorted(fact for fact in said.values | true.values if said.values[fact] != true.values[fact])
    named = [f"{' '.join(fact)} has {said.values[fact]} for {true.values[fact]}" for fact in facts[:SHOWN]]
    return ", ".join(named) + (f" and {len(facts) - SHOWN} more" if len(facts) > SHOWN else "")


def _numbers(said: Stored, true: Recount) -> Iterator[Finding]:
    if said.last_number < true.highest:
        text = (
            f"{said.slug}: the last number is said to be #{said.last_number}, and #{true.highest} is given."
        )
        yield Finding(Level.ERROR, text, REPAIR)
    if true.numbered != max(true.highest, said.last_number):
        highest = max(true.highest, said.last_number)
        text = f"{said.slug}: numbers run to #{highest}, but {true.numbered} signatures have one."
        yield Finding(Level.ERROR, text, RESTORE)


def _milestones(connection: Connection, said: Stored) -> Iterator[Finding]:
    highest = connection.execute(
        select(func.max(milestone.c.threshold)).where(milestone.c.petition == said.id)
    ).scalar()
    if (highest or 0) > said.peak or said.peak > said.last_number:
        text = (
            f"{said.slug}: a milestone of {highest} is recorded, but the total never was above {said.peak}."
        )
        yield Finding(Level.ERROR, text, RESTORE)


def _texts(connection: Connection) -> Iterator[Finding]:
    found = list(_wrong_texts(connection))
    yield from found or [Finding(Level.OK, "Text versions: every one is there, unaltered.")]


def _wrong_texts(connection: Connection) -> Iterator[Finding]:
    for row in connection.execute(select(text_version, petition.c.slug).join(petition)):
        if text_of(row).version != row.sha256:
            text = f"{row.slug}: the text version {row.sha256[:12]} ({row.language}) was altered."
            yield Finding(Level.ERROR, text, RESTORE)
    for slug in connection.execute(_foreign_texts()).scalars():
        yield Finding(Level.ERROR, f"{slug}: a signature is bound to another petition's text.", RESTORE)
    for slug in connection.execute(_without_text()).scalars():
        yield Finding(Level.ERROR, f"{slug}: the revision in force has no text.", RESTORE)


def _references(connection: Connection) -> Iterator[Finding]:
    """SQLite lets whoever does not ask it to look break them; a PostgreSQL server lets nobody."""
    broken: Counter[str] = Counter()
    if connection.dialect.name == "sqlite":
        broken.update(row[0] for row in connection.execute(text("PRAGMA foreign_key_check")))
    for table, number in sorted(broken.items()):
        what = "row refers" if number == 1 else "rows refer"
        yield Finding(Level.ERROR, f"References: {number} {what} to what is not there, in {table}.", RESTORE)
    if not broken:
        yield Finding(Level.OK, "References: all that is referred to is there.")


def _review(connection: Connection) -> Iterator[Finding]:
    joined = decision.join(action, action.c.id == decision.c.action)
    joined = joined.join(petition, petition.c.id == action.c.petition)
    wanted = select(petition.c.slug, func.count()).select_from(joined).group_by(petition.c.slug)
    half = action.c.state.in_(("begun", "undoing")) & (decision.c.state == "planned")
    for slug, left in connection.execute(wanted.where(half)):
        text = f"{slug}: a review is under way, or was interrupted; {left} signatures of it are not decided."
        yield Finding(Level.WARNING, text, "If nobody is at it, finish or undo it in /review.")
    foreign = decision.join(action, action.c.id == decision.c.action)
    foreign = foreign.join(signature, signature.c.form == decision.c.form)
    mixed = select(func.count()).select_from(foreign).where(signature.c.petition != action.c.petition)
    if connection.execute(mixed).scalar_one():
        yield Finding(Level.ERROR, "A review decides on another petition's signatures.", RESTORE)
    kept = select(func.count()).select_from(hold).join(signature, signature.c.form == hold.c.form)
    left = connection.execute(kept.where(signature.c.status == Status.WITHDRAWN.value)).scalar_one()
    if left:
        text = f"Of {left} signatures that were withdrawn it is still kept why they were held."
        yield Finding(Level.ERROR, text, RESTORE)


def _foreign_texts() -> Select[tuple[str]]:
    bound = signature.join(text_version, text_version.c.id == signature.c.text_version)
    joined = bound.join(petition, petition.c.id == signature.c.petition)
    wanted = select(petition.c.slug).select_from(joined)
    return wanted.where(text_version.c.petition != signature.c.petition).distinct()


def _without_text() -> Select[tuple[str]]:
    its_texts = (revision_text.c.petition == petition.c.id) & (
        revision_text.c.revision == petition.c.revision
    )
    return select(petition.c.slug).where(~select(revision_text.c.position).where(its_texts).exists())


def _drafts(connection: Connection) -> Finding:
    spent = select(func.count()).select_from(draft).join(signature, signature.c.form == draft.c.form)
    left = connection.execute(spent).scalar_one()
    if left:
        return Finding(Level.WARNING, f"Forms: {left} are spent and still half-filled; they expire in a day.")
    return Finding(Level.OK, "Forms: none that is spent is kept.")
