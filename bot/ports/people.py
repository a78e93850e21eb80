"""What the core needs of the storage for people's rights: to see and to erase what is stored about them."""

from typing import Protocol

from bot.model.account import Account
from bot.model.rights import Forgotten, Kept


class Rights(Protocol):
    """What is stored about one person, on every petition."""

    async def kept(self, account: Account) -> Kept:
        """All of it."""

    async def forget(self, account: Account) -> Forgotten:
        """Erase all of it, so that restoring a backup does not bring it back. Totals stay right.

        Signatures are withdrawn with identity, context, account and code. A delivered one stays counted without
        them; of a struck one the account stays, so that it can't sign again.
        """
