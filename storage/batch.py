"""Writing a batch of signatures of one petition: one synchronous function, in one transaction.

Lock the petition, read its state and who has signed, drop duplicates, hold those that shall wait for review, number
the rest without gaps, insert plainly, move the totals. If it raises, the whole batch is rolled back.

Most batches are of people who sign for the first time, so who has signed is read only where it matters: where somebody
is refused, or was found to have signed in one of the last batches. Else the INSERT itself finds out, since forms and
standing accounts are unique; it raises, and whoever called must `write` again, which looks.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, delete, union_all
from sqlalchemy.engine.interfaces import Dialect

from bot.model.signature import Status
from storage import surges
from storage.compiled import RowInsert
from storage.deciding import Deciding, Fresh, Outcome
from storage.keys import Keys as Secrets
from storage.ledger import Ledger, Locked, Terms
from storage.lookup import Keys, Lookup
from storage.moves import Moves
from storage.preparation import Kind, Prepared
from storage.rates import Crowd, Crowds, Rate
from storage.recorded import STANDING, records
from storage.tables import draft, hold, signature
from storage.windows import OFTEN, Windows

COLUMNS: Final = (
    "form", "petition", "number", "account", "status", "reach", "text_version", "day", "platform", "code",
    "identity", "context",
)  # fmt: skip
CYCLES: Final = OFTEN
"""How often an account may sign a petition and take it back within a day. Each time leaves a row."""
WARY: Final = 100
"""So many batches look who has signed before, once one had somebody who had."""
_COUNTED: Final = Status.COUNTED.value
_HELD: Final = Status.HELD.value


class Batch:
    """Writes batches, with statements compiled for one dialect."""

    def __init__(
        self, ledger: Ledger, windows: Windows, secrets: Secrets, dialect: Dialect, community_per_minute: int
    ) -> None:
        self._ledger = ledger
        self._windows = windows
        self._secrets = secrets
        self.crowds = Crowds(windows, secrets, community_per_minute)
        self._insert = RowInsert(signature, COLUMNS, dialect)
        self._insert_holds = RowInsert(hold, ("form", "rule"), dialect)
        self._known = Lookup(dialect, _known)
        self._drop_drafts = Lookup(dialect, _drop_drafts)
        self._wary = 0

    def write(
        self,
        connection: Connection,
        batch: Sequence[Prepared],
        crowd: Crowd | None,
        now: datetime,
        *,
        again: bool = False,
    ) -> list[Outcome]:
        """What becomes of each request, in order. `crowd` (of `crowds`) counts for this batch alone.

        Raises what the database says of bad data, and where somebody has signed before whom nobody expected: then it
        must be called `again`.
        """
        locked = self._ledger.lock(connection, batch[0].request.petition_id)
        terms = self._ledger.terms(connection, locked)
        waiting = self._waiting(connection, batch, now)

        def decide(known: Sequence[Row[Any]]) -> Deciding:
            rate = self._rate(connection, locked, terms, batch, now)
            if crowd is not None:
                crowd.begin(now)
            return Deciding(locked, terms, waiting, rate, crowd, now).decide(batch, known)

        looked = again or self._wary > 0
        decided = decide(self._look(connection, batch) if looked else ())
        if not looked and len(decided.fresh) < len(batch):
            decided = decide(self._look(connection, batch))
        self._store(connection, locked, terms, decided.fresh, now)
        if decided.rate is not None:
            decided.rate.store(connection, now)
        if crowd is not None:
            crowd.store(connection, now)
        return decided.outcomes

    def _waiting(
        self, connection: Connection, batch: Sequence[Prepared], now: datetime
    ) -> dict[bytes, datetime]:
        """Which of these accounts have signed and taken it back so often that they have to wait, and until when."""
        if not self._windows.any_often(connection, now):
            return {}
        cycles = {self._secrets.cycles(each.account): each.account for each in batch}
        found = self._windows.counted(connection, list(cycles), now)
        return {cycles[who]: one.until for who, one in found.items() if one.times >= CYCLES}

    def _rate(
        self, connection: Connection, locked: Locked, terms: Terms, batch: Sequence[Prepared], now: datetime
    ) -> Rate | None:
        if terms.community_per_minute is None:
            return None
        rate = Rate(self._windows, terms.community_per_minute, locked.id, self._secrets)
        rate.know(connection, {each.kind.source for each in batch}, now)
        return rate

    def _look(self, connection: Connection, batch: Sequence[Prepared]) -> Sequence[Row[Any]]:
        """Who of these has signed before."""
        keys: dict[str, Sequence[Any]] = {
            "forms": [prepared.form for prepared in batch],
            "accounts": [prepared.account for prepared in batch],
        }
        known = self._known.rows(connection, keys)
        self._wary = WARY if known else max(0, self._wary - 1)
        return known

    def _store(
        self, connection: Connection, locked: Locked, terms: Terms, fresh: Sequence[Fresh], now: datetime
    ) -> None:
        if not fresh:
            return
        self._insert.run(connection, _rows(locked.id, fresh, terms.versions))
        moves, held = Moves(), [each for each in fresh if each.number is None]
        for kind, times in _kinds(fresh).items():
            moves.enter(Status.COUNTED, kind.facts, times=times, new_numbers=times)
        if held:
            self._store_holds(connection, locked, held, moves, now)
        self._ledger.apply(connection, locked, moves, now)
        spent = [each.prepared.form for each in fresh]
        self._drop_drafts.rows(connection, {"forms": spent})

    def _store_holds(
        self, connection: Connection, locked: Locked, held: Sequence[Fresh], moves: Moves, now: datetime
    ) -> None:
        """Write why they are held, and tell organisers if it is many."""
        holds = [(each.prepared.form, rule.value) for each in held for rule in each.rules]
        self._insert_holds.run(connection, holds)
        moves.enter(Status.HELD, (), times=len(held))
        rules = Counter(rule for each in held for rule in each.rules)
        surges.note(connection, locked.id, len(held), rules, now)


def _kinds(fresh: Iterable[Fresh]) -> dict[Kind, int]:
    """How many of each kind are counted. To make a `Counter` takes longer than to count a few."""
    kinds: dict[Kind, int] = {}
    for each in fresh:
        if each.number is not None:
            kind = each.prepared.kind
            kinds[kind] = kinds.get(kind, 0) + 1
    return kinds


def _rows(petition_id: int, fresh: Iterable[Fresh], versions: Mapping[str, int]) -> list[tuple[Any, ...]]:
    return [_row(petition_id, each.number, each.prepared, versions) for each in fresh]


def _row(
    petition_id: int, number: int | None, prepared: Prepared, versions: Mapping[str, int]
) -> tuple[Any, ...]:
    kind, status = prepared.kind, _HELD if number is None else _COUNTED
    return (
        prepared.form, petition_id, number, prepared.account, status, kind.reach,
        versions[prepared.request.text_version], kind.day, kind.platform, prepared.code_index,
        prepared.sealed_identity, prepared.sealed_context,
    )  # fmt: skip


def _known(keys: Callable[[str], Keys]) -> Any:
    """By form, and by account (which is another on each petition). Each way has one index that it can use.

    PostgreSQL keeps a plan that it made for a small table. Given an OR, or the petition as well, it chose to
    read all of the petition's signatures for each batch.
    """
    by_form = records().where(keys("forms").match(signature.c.form))
    by_account = records().where(keys("accounts").match(signature.c.account), STANDING)
    return union_all(by_form, by_account)


def _drop_drafts(keys: Callable[[str], Keys]) -> Any:
    return delete(draft).where(keys("forms").match(draft.c.form))
