"""The ports that a bot can do without for its first answers, and what writes signatures and petitions."""

from pathlib import Path

from bot.ports import Clock
from bot.ports.watching import Watch
from storage.audit import Audit
from storage.batch import Batch
from storage.boards import Boards
from storage.changes import Changes
from storage.communities import Communities
from storage.database import Database
from storage.erasures import Erasures
from storage.follows import Follows
from storage.intake import Intake
from storage.ledger import Ledger
from storage.notices import Notices
from storage.organisers import Organisers
from storage.outbox import Outbox
from storage.petition_changes import PetitionChanges
from storage.petitions import Petitions
from storage.records import Records
from storage.removals import Removals
from storage.retention import Retention
from storage.reviewing import Reviews
from storage.rights import Rights
from storage.roster import Roster
from storage.tally import Tally
from storage.windows import Limits, Windows


class Repositories:
    """All of them, over one database, with statements compiled for it."""

    def __init__(
        self, database: Database, records: Records, petitions: Petitions, key_file: Path, clock: Clock
    ) -> None:
        secrets, vault, dialect = records.keys, records.vault, database.dialect
        ledger, windows = Ledger(dialect), Windows(dialect)
        erasures = Erasures(key_file, secrets)
        self._database, self._records, self._clock = database, records, clock
        self._ledger, self._windows = ledger, windows
        self.changes = Changes(ledger, records, erasures, windows)
        self.petition_changes = PetitionChanges(ledger, clock)
        self.tally = Tally(database, clock)
        self.organisers = Organisers(database, secrets, vault, clock)
        self.communities = Communities(database, secrets, vault, clock)
        self.notices = Notices(database, secrets, vault, erasures, clock)
        self.audit = Audit(database, clock)
        self.roster = Roster(database, petitions, vault, clock, key_file)
        self.follows = Follows(database, secrets, vault, clock)
        self.boards = Boards(database, vault, clock)
        self.outbox = Outbox(database, ledger, vault, clock)
        self.rights = Rights(database, self.changes, erasures, vault, clock)
        self.retention = Retention(database, ledger, erasures, clock)
        self.reviews = Reviews(database, self.changes, vault, clock)
        self.limits = Limits(database, windows, secrets, clock)
        self.removals = Removals(database, secrets, vault, clock)

    def intake(self, watch: Watch, community_per_minute: int) -> Intake:
        """The way in for signatures."""
        keys, dialect = self._records.keys, self._database.dialect
        batch = Batch(self._ledger, self._windows, keys, dialect, community_per_minute)
        return Intake(self._database, batch, self._records, self._clock, watch)
