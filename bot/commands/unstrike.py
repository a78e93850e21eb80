"""/unstrike: count a struck signature again, or give a held one its place back."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot import choosing
from bot.commands.petition import WHICH
from bot.commands.spec import Action, CommandSpec
from bot.commands.strike import WHO
from bot.later import Later
from bot.model.petition import Petition
from bot.model.signature import Change
from bot.roles import Role
from bot.turn import Turn
from bot.words import reviewing as said

if TYPE_CHECKING:
    from bot import deciding, reviewing, scopes
else:
    deciding = Later("bot.deciding")
    reviewing = Later("bot.reviewing")
    scopes = Later("bot.scopes")


async def run(turn: Turn, arguments: Mapping[str, str]) -> None:
    found = await reviewing.meant(turn, arguments, "unstrike")
    if found is not None:
        await _find(turn, *found)


async def _find(turn: Turn, petition: Petition, who: str) -> None:
    if who:
        await reviewing.search(turn, petition, " ".join(who.split()))
    else:
        await reviewing.show_list(turn, petition, scopes.STRUCK)


async def _again(turn: Turn, arguments: tuple[str, ...]) -> None:
    petition = await choosing.by_key(turn, arguments[0])
    if petition is not None:
        await deciding.propose(turn, petition, arguments[1], Change.UNSTRIKE)


SPEC = CommandSpec(
    "unstrike",
    said.UNSTRIKE_COMMAND,
    run,
    (WHICH, WHO),
    role=Role.ORGANISER,
    slow=True,
    actions={
        "unstrike": Action(choosing.chosen(_find), role=Role.ORGANISER),
        "unstrike-all": Action(_again, arguments=2, role=Role.ORGANISER),
    },
)
