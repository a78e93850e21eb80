"""Rows of `signature` as the core knows signatures."""

from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, select, text

from bot.errors import KeyMismatchError, StorageError
from bot.model.account import Account
from bot.model.petition import Reach
from bot.model.signature import Signature, Status
from storage.keys import Keys
from storage.moves import Fact, facts
from storage.tables import petition, signature, text_version
from storage.vault import Vault

STANDING: Final = text("signature.status IN ('counted', 'held', 'struck')")
"""Signatures that keep their account from signing again; written as in the index that makes it so."""


PUBLIC: Final = text("signature.reach = 'everyone' AND signature.status = 'counted'")
"""Signatures that `/signers` lists; written as in the index that finds them."""


def records() -> Select[Any]:
    """Everything that `Records.signature` needs."""
    s = signature.c
    return (
        select(
            s.form, s.petition, s.number, s.account, s.status, s.reach, s.day, s.platform, s.identity, s.context,
            s.code, text_version.c.sha256, petition.c.key,
        )
        .join(text_version, text_version.c.id == s.text_version)
        .join(petition, petition.c.id == s.petition)
    )  # fmt: skip


class Records:
    """Reads rows. Decrypts no more than is asked for: `facts` and `withdraw` never open an identity."""

    def __init__(self, keys: Keys, vault: Vault) -> None:
        self.keys = keys
        self.vault = vault

    def signature(self, row: Row[Any]) -> Signature:
        """All of it, as its signer may see it."""
        identity = self.vault.open_identity(row.form, row.identity)
        context = self.vault.open_context(row.form, row.context)
        return self._build(row, Status(row.status), identity=identity, context=context)

    def bare(self, row: Row[Any], status: Status | None = None) -> Signature:
        """Without what is encrypted."""
        return self._build(row, status or Status(row.status), identity=None, context=None)

    def facts(self, row: Row[Any]) -> tuple[Fact, ...]:
        """What it is counted under."""
        context = self.vault.open_context(row.form, row.context)
        return facts(row.day, row.platform, row.reach, row.sha256, context)

    def facts_if_readable(self, row: Row[Any]) -> tuple[Fact, ...] | None:
        """The same, or None if the context does not open."""
        try:
            return self.facts(row)
        except (KeyMismatchError, StorageError):
            return None

    def _build(self, row: Row[Any], status: Status, **sealed: Any) -> Signature:
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


def accounts(connection: Connection, keys: Keys, account: Account) -> list[bytes]:
    """What stands for this account, on each petition."""
    return [keys.account(key, account) for (key,) in connection.execute(select(petition.c.key))]
