"""Erasing again, in a backup that is restored, what had been erased since it was made."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, select

from storage.changes import Changes
from storage.erasures import Erasure, Erasures, of_notice, of_organiser, of_petition
from storage.instants import micros
from storage.keys import Keys
from storage.ledger import Ledger
from storage.records import Records
from storage.recount import rows
from storage.retention import begin, scrub_all
from storage.tables import delivery, draft, notice, organiser, petition, removal
from storage.vault import Vault
from storage.windows import Windows


def erase_again(connection: Connection, erasures: Erasures, keys: Keys, now: datetime) -> int:
    """Erase what is listed, with totals and counters; how many signatures."""
    listed = erasures.load()
    if not listed:
        return 0
    ledger, windows = Ledger(connection.dialect), Windows(connection.dialect)
    changes = Changes(ledger, Records(keys, Vault(keys)), erasures, windows)
    erased = 0
    for row in rows(connection):
        kind = listed.get(keys.erasure(row.form))
        if kind is not None:
            erased += changes.erase(connection, row, kind, now)
    erased += _petitions(connection, listed, keys, changes.ledger, now)
    _people(connection, listed, keys)
    # Which half-filled forms there were when somebody was forgotten, nobody knows any more: all of them go.
    connection.execute(delete(draft))
    return erased


def _petitions(
    connection: Connection, listed: Mapping[str, Erasure], keys: Keys, ledger: Ledger, now: datetime
) -> int:
    scrubbed = 0
    for row in connection.execute(select(petition.c.id, petition.c.key)).all():
        if keys.erasure(of_petition(row.key)) in listed:
            begin(connection, ledger.lock(connection, row.id), now)
            scrubbed += scrub_all(connection, row.id)
    return scrubbed


def _people(connection: Connection, listed: Mapping[str, Erasure], keys: Keys) -> None:
    for row in connection.execute(select(notice)).all():
        if keys.erasure(of_notice(row.petition, row.owner, micros(row.since))) in listed:
            _delete(connection, notice, petition=row.petition, owner=row.owner)
    for row in connection.execute(select(organiser)).all():
        if keys.erasure(of_organiser(row.account, micros(row.since))) in listed:
            _delete(connection, organiser, account=row.account)
    connection.execute(delete(removal).where(removal.c.owner.not_in(select(organiser.c.account))))
    known = select(notice.c.owner).union(select(organiser.c.account))
    connection.execute(delete(delivery).where(delivery.c.owner.is_not(None), delivery.c.owner.not_in(known)))


def _delete(connection: Connection, table: Table, **key: Any) -> None:
    connection.execute(delete(table).where(*(table.c[name] == value for name, value in key.items())))
