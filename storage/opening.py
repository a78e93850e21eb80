"""Opening the storage: the checks that must pass, and the ports over one database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import Connection

from bot.ports import Clock, Ports
from bot.ports.watching import Unwatched, Watch
from storage import keycheck, keys, schema
from storage.audit import Audit
from storage.batch import Batch
from storage.boards import Boards
from storage.changes import Changes
from storage.communities import Communities
from storage.database import connect, parse_url
from storage.drafts import Drafts
from storage.erasures import Erasures
from storage.follows import Follows
from storage.intake import Intake
from storage.keyfile import KeyWatch
from storage.ledger import Ledger
from storage.notices import Notices
from storage.organisers import Organisers
from storage.outbox import Outbox
from storage.petitions import Petitions
from storage.records import Records
from storage.removals import Removals
from storage.retention import Retention
from storage.reviewing import Reviews
from storage.rights import Rights
from storage.roster import Roster
from storage.signatures import Signatures
from storage.tally import Tally
from storage.vault import Vault
from storage.windows import Limits, Windows


@asynccontextmanager
async def open_storage(
    url: str,
    key_file: Path,
    clock: Clock,
    watch: Watch | None = None,
    *,
    community_per_minute: int = 0,
) -> AsyncIterator[Ports]:
    """The storage, as long as the context lasts; what waits to be written is written before it ends.

    `watch` is told how the intake fares. Of more signatures than `community_per_minute` from one community those
    beyond are held for review; 0: none for that.

    Raises ConfigError (url, key file), StorageError (database) or KeyMismatchError.
    """
    secrets = keys.load(key_file)
    watch = watch or Unwatched()
    database = connect(parse_url(url), patient=False)
    try:
        await database.read(lambda on: require_ready(on, secrets, database.where, key_file))
        vault = Vault(secrets, KeyWatch(key_file))
        records = Records(secrets, vault)
        ledger = Ledger(database.dialect)
        windows = Windows(database.dialect)
        batch = Batch(ledger, windows, secrets, database.dialect, community_per_minute)
        intake = Intake(database, batch, records, clock, watch)
        erasures = Erasures(key_file, secrets)
        changes = Changes(ledger, records, erasures, windows)
        petitions = Petitions(database, ledger, clock)
        try:
            yield Ports(
                petitions=petitions,
                signatures=Signatures(database, intake, changes, records, clock, petitions.forget),
                tally=Tally(database, clock),
                drafts=Drafts(database, secrets, vault, clock),
                organisers=Organisers(database, secrets, vault, clock),
                communities=Communities(database, secrets, vault, clock),
                notices=Notices(database, secrets, vault, erasures, clock),
                audit=Audit(database, clock),
                roster=Roster(database, petitions, vault, clock, key_file),
                follows=Follows(database, secrets, vault, clock),
                boards=Boards(database, vault, clock),
                outbox=Outbox(database, ledger, vault, clock),
                rights=Rights(database, changes, erasures, vault, clock),
                retention=Retention(database, ledger, erasures, clock),
                reviews=Reviews(database, changes, vault, clock),
                limits=Limits(database, windows, secrets, clock),
                removals=Removals(database, secrets, vault, clock),
            )
        finally:
            await intake.aclose()
    finally:
        await database.close()


def require_ready(connection: Connection, secrets: keys.Keys, where: str, key_file: Path) -> None:
    """Raise StorageError or KeyMismatchError unless schema and keys are those that we work with."""
    schema.require_current(schema.current(connection), where)
    keycheck.require_match(connection, secrets, where, key_file)
