"""What an adapter offers the composition root: a platform that can be verified, examined and run."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from bot.model.account import Place
from bot.ports import Finding

if TYPE_CHECKING:
    from bot.core import Core  # with every command: `undersigned export` and its like start without


class Introduction(Struct, frozen=True):
    """Who the token belongs to, and the links by which communities and members get to the bot."""

    name: str
    links: tuple[tuple[str, str], ...] = ()
    """(what it is for, address), in the order in which an operator needs them."""


class Platform(Protocol):
    """One chat platform with its token. Nothing here keeps a connection but `run`."""

    @property
    def name(self) -> str:
        """As accounts are written: `discord`, `telegram`."""

    async def introduce(self) -> Introduction:
        """Ask the platform who the token belongs to. Raises UndersignedError: wrong token, or unreachable."""

    async def examine(
        self, places: Sequence[Place] = (), pinned: Collection[Place] = ()
    ) -> Sequence[Finding]:
        """Token, permissions, left-over settings: what `undersigned check` prints of this platform.

        `places` are those of its communities that follow a petition, `pinned` those that want the board pinned.
        """

    async def run(self, core: "Core") -> None:
        """Serve until cancelled; losing the network is survived here, a refused token raises UndersignedError."""
