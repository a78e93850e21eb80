"""Writing a batch of signatures of one petition: one synchronous function, in one transaction.

Lock the petition, read its state and who has signed, drop duplicates, hold those that shall wait for review, number
the rest without gaps, insert plainly, move the totals. If it raises, the whole batch is rolled back.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row, delete, union_all
from sqlalchemy.engine.interfaces import Dialect

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
from storage import surges
from storage.compiled import RowInsert
from storage.keys import Keys as Secrets
from storage.ledger import Ledger, Locked, Terms
from storage.lookup import Keys, Lookup
from storage.moves import Moves
from storage.preparation import Kind, Prepared
from storage.rates import Crowd, Crowds, Rate, source_of
from storage.recorded import STANDING, records
from storage.tables import draft, hold, signature
from storage.windows import OFTEN, Windows

COLUMNS: Final = (
    "form", "petition", "number", "account", "status", "reach", "text_version", "day", "platform", "code",
    "identity", "context",
)  # fmt: skip
CYCLES: Final = OFTEN
"""How often an account may sign a petition and take it back within a day. Each time leaves a row."""
_COUNTED: Final = Status.COUNTED.value
_HELD: Final = Status.HELD.value
_RATE: Final = frozenset({Rule.COMMUNITY_RATE})
_NONE: Final[frozenset[Rule]] = frozenset()


class Fresh(NamedTuple):
    """To be written: with the next number, or without one for the rules that hold it."""

    number: int | None
    version: int
    prepared: Prepared
    rules: frozenset[Rule]


class Echo(NamedTuple):
    """The same account is written earlier in the batch, at index `first`; `replay`: by the very same form."""

    first: int
    number: int | None
    replay: bool


class Found(NamedTuple):
    """The account's signature was there before; `replay`: by the very same form."""

    row: Row[Any]
    replay: bool


Outcome = Fresh | Echo | Found | NotOpen | TooOften | TextChanged | FormForeign | NotTaken


class Batch:
    """Writes batches, with statements compiled for one dialect."""

    def __init__(
        self, ledger: Ledger, windows: Windows, secrets: Secrets, dialect: Dialect, community_per_minute: int
    ) -> None:
        self._ledger = ledger
        self._windows = windows
        self._secrets = secrets
        self._crowds = Crowds(windows, secrets, community_per_minute)
        self._insert = RowInsert(signature, COLUMNS, dialect)
        self._insert_holds = RowInsert(hold, ("form", "rule"), dialect)
        self._known = Lookup(dialect, _known)
        self._drop_drafts = Lookup(dialect, _drop_drafts)

    def write(self, connection: Connection, batch: Sequence[Prepared], now: datetime) -> list[Outcome]:
        """What becomes of each request, in order. Raises what the database says of bad data."""
        locked = self._ledger.lock(connection, batch[0].request.petition_id)
        terms = self._ledger.terms(connection, locked)
        rate, crowd = self._rate(connection, locked, terms, batch, now), self._crowds.begin(now)
        sorting = _Sorting(locked, terms, rate, crowd, now)
        sorting.know(self._read_known(connection, batch))
        if self._windows.any_often(connection, now):
            sorting.let_wait(self._waiting(connection, batch, now))
        outcomes = [sorting.outcome(index, prepared) for index, prepared in enumerate(batch)]
        self._store(connection, locked, sorting.fresh, now)
        if rate is not None:
            rate.store(connection, now)
        if crowd is not None:
            self._crowds.store(connection, crowd, now)
        return outcomes

    def _waiting(
        self, connection: Connection, batch: Sequence[Prepared], now: datetime
    ) -> dict[bytes, datetime]:
        """Which of these accounts have signed and taken it back so often that they have to wait, and until when."""
        cycles = {self._secrets.cycles(each.account): each.account for each in batch}
        found = self._windows.counted(connection, list(cycles), now)
        return {cycles[who]: one.until for who, one in found.items() if one.times >= CYCLES}

    def _rate(
        self, connection: Connection, locked: Locked, terms: Terms, batch: Sequence[Prepared], now: datetime
    ) -> Rate | None:
        if terms.community_per_minute is None:
            return None
        rate = Rate(self._windows, terms.community_per_minute, locked.id, self._secrets)
        rate.know(connection, {source_of(each.request) for each in batch}, now)
        return rate

    def _read_known(self, connection: Connection, batch: Sequence[Prepared]) -> Sequence[Row[Any]]:
        keys: dict[str, Sequence[Any]] = {
            "forms": [prepared.request.form for prepared in batch],
            "accounts": [prepared.account for prepared in batch],
        }
        return self._known.rows(connection, keys)

    def _store(self, connection: Connection, locked: Locked, fresh: Sequence[Fresh], now: datetime) -> None:
        if not fresh:
            return
        self._insert.run(connection, [_row(locked.id, each) for each in fresh])
        moves, held = Moves(), [each for each in fresh if each.number is None]
        for kind, times in _kinds(fresh).items():
            moves.enter(Status.COUNTED, kind.facts, times=times, new_numbers=times)
        if held:
            self._store_holds(connection, locked, held, moves, now)
        self._ledger.apply(connection, locked, moves, now)
        spent = [each.prepared.request.form for each in fresh]
        self._drop_drafts.rows(connection, {"forms": spent})

    def _store_holds(
        self, connection: Connection, locked: Locked, held: Sequence[Fresh], moves: Moves, now: datetime
    ) -> None:
        """Write why they are held, and tell organisers if it is many."""
        holds = [(each.prepared.request.form, rule.value) for each in held for rule in each.rules]
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


def _row(petition_id: int, fresh: Fresh) -> tuple[Any, ...]:
    number, version, prepared, _ = fresh
    request, status = prepared.request, _HELD if number is None else _COUNTED
    return (
        request.form, petition_id, number, prepared.account, status, str(request.reach), version, prepared.day,
        request.account.platform, prepared.code_index, prepared.sealed_identity, prepared.sealed_context,
    )  # fmt: skip


class _Sorting:
    """Decides on each request in turn, by what the database held and what stands earlier in the batch."""

    def __init__(
        self, locked: Locked, terms: Terms, rate: Rate | None, crowd: Crowd | None, now: datetime
    ) -> None:
        self._now = now
        self._state = locked.state(now)
        self._terms = terms
        self._rate = rate
        self._crowd = crowd
        self._waiting: Mapping[bytes, datetime] = {}
        self._next = locked.last_number + 1
        self._by_form: dict[str, Row[Any]] = {}
        self._by_account: dict[bytes, Row[Any]] = {}
        self._new_by_form: dict[str, int] = {}  # index in the batch
        self._new_by_account: dict[bytes, tuple[int, int | None]] = {}  # index and number
        self.fresh: list[Fresh] = []

    def know(self, rows: Iterable[Row[Any]]) -> None:
        """Take in what the database holds of these forms and accounts (which differ from petition to petition)."""
        for row in rows:
            self._by_form[row.form] = row
            if row.status != Status.WITHDRAWN:
                self._by_account[row.account] = row

    def let_wait(self, waiting: Mapping[bytes, datetime]) -> None:
        """Take in who has to wait."""
        self._waiting = waiting

    def outcome(self, index: int, prepared: Prepared) -> Outcome:
        """What becomes of the request at `index`."""
        earlier = self._by_earlier(prepared)
        if earlier is not None:
            return earlier
        if self._state is not State.OPEN:
            return NotOpen(self._state)
        if prepared.account in self._waiting:
            return TooOften(self._waiting[prepared.account])
        version = self._terms.versions.get(prepared.request.text_version)
        if version is None:
            return TextChanged()
        if not self._offered(prepared.request):
            return NotTaken(busy=False)
        return self._number(index, version, prepared)

    def _by_earlier(self, prepared: Prepared) -> Outcome | None:
        form, account = prepared.request.form, prepared.account
        spent, standing = self._by_form.get(form), self._by_account.get(account)
        if spent is not None:
            return Found(spent, replay=True) if spent.account == account else FormForeign()
        if standing is not None:
            return Found(standing, replay=False)
        index, number = self._new_by_account.get(account, (None, 0))
        if self._new_by_form.get(form, index) != index:
            return FormForeign()
        return None if index is None else Echo(index, number, replay=form in self._new_by_form)

    def _offered(self, request: SignRequest) -> bool:
        """Whether reach and answer are on offer; the core asks for nothing else, unless it is at fault."""
        answered = request.answer is None or request.answer in self._terms.answers
        return answered and request.reach in self._terms.reaches

    def _number(self, index: int, version: int, prepared: Prepared) -> Fresh:
        rules = prepared.request.hold or self._too_many(prepared.request)
        number = None if rules else self._next
        if number is not None:
            self._next += 1
        self._new_by_form[prepared.request.form] = index
        self._new_by_account[prepared.account] = index, number
        fresh = Fresh(number, version, prepared, rules)
        self.fresh.append(fresh)
        return fresh

    def _too_many(self, request: SignRequest) -> frozenset[Rule]:
        """Whether its community gives too many at once.

        Those that wait anyway are not asked, and leave the minute to others: else a brigade would make honest
        members wait.
        """
        if self._rate is not None and self._rate.take(source_of(request)):
            return _RATE
        return _RATE if self._crowd is not None and self._crowd.take(source_of(request), self._now) else _NONE


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
