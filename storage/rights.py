"""What is stored about one person: all of it to be seen, or erased. Implements `bot.ports.Rights`."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, or_, select, text

from bot.model.account import Account
from bot.model.holding import Rule
from bot.model.rights import Forgotten, HalfFilled, Kept, Told
from bot.ports import Clock
from storage.changes import Changes
from storage.database import Database
from storage.drafts import values_of
from storage.erasures import Erasure, Erasures, of_notice, of_organiser
from storage.instants import micros
from storage.keys import Keys
from storage.organisers import organising
from storage.people import address_of
from storage.recorded import STANDING, records
from storage.records import Records, accounts
from storage.removals import hasten
from storage.tables import delivery, draft, hold, notice, organiser, petition, removal, signature
from storage.vault import Vault

WITHDRAWN = text("signature.status = 'withdrawn'")
"""Written as in the index that finds the signatures that an account has withdrawn."""


class Rights:
    """Sees and erases."""

    def __init__(
        self, database: Database, changes: Changes, erasures: Erasures, vault: Vault, clock: Clock
    ) -> None:
        self._database = database
        self._changes = changes
        self._erasures = erasures
        self._vault = vault
        self._clock = clock

    @property
    def _records(self) -> Records:
        return self._changes.records

    @property
    def _keys(self) -> Keys:
        return self._records.keys

    async def kept(self, account: Account) -> Kept:
        rows = await self._database.read(lambda on: self._rows(on, account))
        signatures = [self._records.signature(row) for row in rows["signatures"]]
        told = [(row, address_of(self._vault, row)) for row in rows["notices"]]
        return Kept(
            signatures=tuple(sorted(signatures, key=lambda each: (each.day, each.petition_id, each.form))),
            held_for=_held_for(rows["holds"]),
            told=tuple(Told(row.petition, locale, row.since) for row, (_, locale) in told),
            forms=tuple(
                HalfFilled(row.token, values_of(self._vault, row), row.expires) for row in rows["drafts"]
            ),
            organiser=next((organising(self._vault, row) for row in rows["organisers"]), None),
            handed=tuple(row.due for row in rows["removals"]),
        )

    async def forget(self, account: Account) -> Forgotten:
        return await self._database.write(lambda on: self._forget(on, account, self._clock()))

    def _rows(self, connection: Connection, account: Account) -> dict[str, list[Row[Any]]]:
        hashes = accounts(connection, self._keys, account)
        owners = list(self._owners(connection, account))
        mine = signature.c.account.in_(hashes)
        wanted = {
            "signatures": records().where(mine, or_(STANDING, WITHDRAWN)),
            "holds": select(hold).join(signature, signature.c.form == hold.c.form).where(mine),
            "notices": select(notice).where(notice.c.owner.in_(owners)).order_by(notice.c.petition),
            "drafts": select(draft).where(
                draft.c.owner == self._keys.form_owner(account), draft.c.expires > self._clock()
            ),
            "removals": select(removal).where(removal.c.owner == self._keys.organiser(account)),
            "organisers": select(organiser).where(organiser.c.account == self._keys.organiser(account)),
        }
        return {name: list(connection.execute(statement)) for name, statement in wanted.items()}

    def _owners(self, connection: Connection, account: Account) -> Iterator[bytes]:
        """What stands for the account where it asked to be told, on each petition."""
        for (key,) in connection.execute(select(petition.c.key)):
            yield self._keys.notice(key, account)

    def _forget(self, connection: Connection, account: Account, now: datetime) -> Forgotten:
        rows = self._rows(connection, account)
        ordered = sorted(rows["signatures"], key=lambda row: (row.petition, row.form))  # locks in one order
        kinds = Counter(self._changes.forget(connection, row.form, now) for row in ordered)
        others = self._forget_others(connection, account, rows)
        return Forgotten(
            withdrawn=kinds[Erasure.FORGOTTEN],
            struck=kinds[Erasure.STRUCK],
            delivered=kinds[Erasure.DELIVERED],
            others=others,
            organiser=bool(rows["organisers"]),
        )

    def _forget_others(
        self, connection: Connection, account: Account, rows: dict[str, list[Row[Any]]]
    ) -> int:
        owners = list(self._owners(connection, account))
        hashed = self._keys.organiser(account)
        connection.execute(delete(delivery).where(delivery.c.owner.in_([*owners, hashed])))
        connection.execute(delete(notice).where(notice.c.owner.in_(owners)))
        connection.execute(delete(draft).where(draft.c.owner == self._keys.form_owner(account)))
        connection.execute(delete(organiser).where(organiser.c.account == hashed))
        hasten(connection, hashed, self._clock())
        for row in rows["notices"]:
            erased = of_notice(row.petition, row.owner, micros(row.since))
            self._erasures.record(Erasure.FORGOTTEN, erased)
        for row in rows["organisers"]:
            self._erasures.record(Erasure.FORGOTTEN, of_organiser(row.account, micros(row.since)))
        return len(rows["notices"]) + len(rows["drafts"])


def _held_for(rows: list[Row[Any]]) -> dict[str, frozenset[Rule]]:
    found: dict[str, frozenset[Rule]] = {}
    for row in rows:
        found[row.form] = found.get(row.form, frozenset()) | {Rule(row.rule)}
    return found
