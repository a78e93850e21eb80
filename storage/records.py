"""Rows of `signature` as the core knows signatures."""

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from bot.errors import KeyMismatchError, StorageError
from bot.model.account import Account
from bot.model.petition import Reach
from bot.model.signature import Signature, Status
from storage.keys import Keys
from storage.moves import Fact, facts
from storage.statements import Written
from storage.vault import Vault

if TYPE_CHECKING:
    from sqlalchemy import Connection

STANDING: Final = "signature.status IN ('counted', 'held', 'struck')"
"""Signatures that keep their account from signing again; written as in the index that makes it so."""
PUBLIC: Final = "signature.reach = 'everyone' AND signature.status = 'counted'"
"""Signatures that `/signers` lists; written as in the index that finds them."""
COLUMNS: Final = (
    "form", "petition", "number", "account", "status", "reach", "day", "platform", "identity", "context", "code",
)  # fmt: skip
"""Of `signature`: what `Records.signature` needs, beside the text's `sha256` and the petition's `key`."""


_KEYS: Final = Written("SELECT key FROM petition")


class Records:
    """Reads rows. Decrypts no more than is asked for: `facts` and `withdraw` never open an identity."""

    def __init__(self, keys: Keys, vault: Vault) -> None:
        self.keys = keys
        self.vault = vault

    def signature(self, row: Any) -> Signature:
        """All of it, as its signer may see it."""
        identity = self.vault.open_identity(row.form, row.identity)
        context = self.vault.open_context(row.form, row.context)
        return self._build(row, Status(row.status), identity=identity, context=context)

    def bare(self, row: Any, status: Status | None = None) -> Signature:
        """Without what is encrypted."""
        return self._build(row, status or Status(row.status), identity=None, context=None)

    def facts(self, row: Any) -> tuple[Fact, ...]:
        """What it is counted under."""
        context = self.vault.open_context(row.form, row.context)
        return facts(row.day, row.platform, row.reach, row.sha256, context)

    def facts_if_readable(self, row: Any) -> tuple[Fact, ...] | None:
        """The same, or None if the context does not open."""
        try:
            return self.facts(row)
        except (KeyMismatchError, StorageError):
            return None

    def _build(self, row: Any, status: Status, **sealed: Any) -> Signature:
        return Signature(
            petition_id=row.petition,
            form=row.form,
            number=row.number,
            status=status,
            reach=Reach(row.reach),
            text_version=row.sha256,
            day=date.fromisoformat(row.day),
            platform=row.platform,
            code=self.keys.code(row.key, row.form),
            **sealed,
        )


def accounts(connection: "Connection", keys: Keys, account: Account) -> list[bytes]:
    """What stands for this account, on each petition."""
    return [keys.account(row.key, account) for row in _KEYS.rows(connection)]
