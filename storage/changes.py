"""Changing a signature that was given: by the transition table, under its petition's lock, with its totals.

Plain functions over a connection; whoever calls has checked that the change may be asked for. None of them
opens an identity, so all of them work where names are sealed.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Connection, Row, bindparam, delete, select, update

from bot.model.account import Account
from bot.model.petition import Reach, State
from bot.model.signature import (
    Change,
    Changed,
    ChangeResult,
    Identity,
    NoSuchSignature,
    NotPossible,
    Status,
    status_after,
)
from storage.erasures import Erasure, Erasures
from storage.ledger import Ledger, Locked
from storage.moves import Moves
from storage.recorded import records
from storage.records import Records
from storage.tables import action, decision, hold, signature
from storage.windows import Windows

FORGOTTEN: Final = ("identity", "context", "account", "code")
"""What goes when its signer asks to be forgotten: nothing is left that leads to a person."""
_GOES: Final = {
    Erasure.WITHDRAWN: ("identity",),
    Erasure.STRUCK: ("identity", "context", "code"),
    Erasure.DELIVERED: FORGOTTEN,
    Erasure.FORGOTTEN: FORGOTTEN,
}
_BECOMES: Final = {
    Erasure.WITHDRAWN: Status.WITHDRAWN,
    Erasure.STRUCK: Status.STRUCK,
    Erasure.FORGOTTEN: Status.WITHDRAWN,
}
"""The status of what was erased, where it does not stay what it was."""


CYCLE: Final = timedelta(days=1)
_MOVE: Final = (
    update(signature)
    .where(signature.c.form == bindparam("its"))
    .values(status=bindparam("to"), number=bindparam("numbered"))
)


class Changes(Struct, frozen=True):
    """Makes changes."""

    ledger: Ledger
    records: Records
    erasures: Erasures
    windows: Windows

    def withdraw(self, connection: Connection, form: str, now: datetime) -> ChangeResult:
        """Take a signature back, with its identity scrubbed."""
        found = self._locked(connection, form)
        if found is None:
            return NoSuchSignature()
        locked, row = found
        status, state = Status(row.status), locked.state(now)
        if status is Status.WITHDRAWN:
            return Changed(self.records.bare(row))
        after = status_after(status, Change.WITHDRAW, numbered=row.number is not None)
        if after is None or state is State.DELIVERED or scrubbed(row):
            return NotPossible(status, state)
        self.move(connection, locked, row, after, now)
        self._count_cycle(connection, row, now)
        self.erasures.record(Erasure.WITHDRAWN, form)
        return Changed(self.records.bare(self._row(connection, form)))

    def move(
        self, connection: Connection, locked: Locked, row: Row[Any], after: Status, now: datetime
    ) -> None:
        """Give a signature another status; one that is counted for the first time gets the next number."""
        if after is Status.WITHDRAWN:
            gone = dict.fromkeys(_GOES[Erasure.WITHDRAWN])
            connection.execute(update(signature).where(signature.c.form == row.form).values(gone))
            connection.execute(delete(hold).where(hold.c.form == row.form))
        self.move_all(connection, locked, [(row, after)], now)

    def move_all(
        self, connection: Connection, locked: Locked, moved: Sequence[tuple[Row[Any], Status]], now: datetime
    ) -> None:
        """The same for several at once, in this order (not for withdrawing)."""
        moves, number, rows = Moves(), locked.last_number, []
        for row, after in moved:
            first = after is Status.COUNTED and row.number is None
            number += first
            facts = self.records.facts(row)
            moves.leave(Status(row.status), facts)
            moves.enter(after, facts, new_numbers=int(first))
            rows.append({"its": row.form, "to": after.value, "numbered": number if first else row.number})
        if rows:
            connection.execute(_MOVE, rows)
            self.ledger.apply(connection, locked, moves, now)

    def erase(self, connection: Connection, row: Row[Any], erasure: Erasure, now: datetime) -> bool:
        """Erase, whatever the petition's state; False if there was nothing left to erase."""
        values = dict.fromkeys(_GOES[erasure])
        status = Status(row.status)
        after = _BECOMES.get(erasure, status)
        if status is after and all(getattr(row, name) is None for name in values):
            return False
        if status is not after:
            self.move(connection, self.ledger.lock(connection, row.petition), row, after, now)
        connection.execute(update(signature).where(signature.c.form == row.form).values(values))
        _forget_review(connection, row.form)
        return True

    def forget(self, connection: Connection, form: str, now: datetime) -> Erasure | None:
        """Erase what leads to its signer, as far as status and state allow; None if nothing was left."""
        found = self._locked(connection, form)
        if found is None:
            return None
        locked, row = found
        kind = Erasure.FORGOTTEN
        if row.status == Status.STRUCK:
            kind = Erasure.STRUCK
        elif row.status == Status.COUNTED and locked.state(now) is State.DELIVERED:
            kind = Erasure.DELIVERED
        if not self.erase(connection, row, kind, now):
            return None
        if kind is Erasure.FORGOTTEN:
            self._count_cycle(connection, row, now)
        self.erasures.record(kind, form)
        return kind

    def amend(
        self,
        connection: Connection,
        form: str,
        account: Account,
        identity: Identity,
        reach: Reach,
        now: datetime,
    ) -> ChangeResult:
        """Change name, comment and reach. Raises ValueError for a reach that the petition does not offer."""
        found = self._locked(connection, form)
        if found is None:
            return NoSuchSignature()
        locked, row = found
        if row.account != self.records.keys.account(locked.key, account):
            return NoSuchSignature()
        status, state = Status(row.status), locked.state(now)
        if status not in {Status.COUNTED, Status.HELD} or state is State.DELIVERED:
            return NotPossible(status, state)
        if reach != row.reach and reach not in self.ledger.terms(connection, locked).reaches:
            raise ValueError("The petition does not offer this reach.")
        sealed = self.records.vault.seal_identity(form, identity)
        connection.execute(
            update(signature).where(signature.c.form == form).values(identity=sealed, reach=reach.value)
        )
        changed = self._row(connection, form)
        moves = Moves()
        moves.leave(status, self.records.facts(row))
        moves.enter(status, self.records.facts(changed))
        self.ledger.apply(connection, locked, moves, now)
        return Changed(self.records.signature(changed))

    def _count_cycle(self, connection: Connection, row: Row[Any], now: datetime) -> None:
        """Who has taken a signature back may do so again, but not all day."""
        if row.account is not None:
            self.windows.count(connection, self.records.keys.cycles(row.account), now, CYCLE)

    def _locked(self, connection: Connection, form: str) -> tuple[Locked, Row[Any]] | None:
        """The signature, read after its petition was locked."""
        petition_id = connection.execute(
            select(signature.c.petition).where(signature.c.form == form)
        ).scalar()
        if petition_id is None:
            return None
        locked = self.ledger.lock(connection, petition_id)
        return locked, self._row(connection, form)

    def _row(self, connection: Connection, form: str) -> Row[Any]:
        return connection.execute(records().where(signature.c.form == form)).one()


def _forget_review(connection: Connection, form: str) -> None:
    """Forget why it was held, and what organisers wrote of it alone."""
    connection.execute(delete(hold).where(hold.c.form == form))
    other = decision.alias()
    mine = select(decision.c.action).where(decision.c.form == form)
    others = select(other.c.action).where(other.c.action == action.c.id, other.c.form != form)
    alone = action.c.id.in_(mine) & ~others.exists()
    connection.execute(update(action).where(alone, action.c.reason.is_not(None)).values(reason=None))


def scrubbed(row: Row[Any]) -> bool:
    """Whether nothing says any more who signed, and under what it was counted: then it stays what it is."""
    return row.identity is None and row.context is None
