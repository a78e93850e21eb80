"""/review: the signatures that wait, one by one or all that share a reason, a day or a community."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot import choosing
from bot.commands.petition import WHICH
from bot.commands.spec import Action, CommandSpec
from bot.later import Later
from bot.model.review import By
from bot.model.signature import Change
from bot.roles import Role
from bot.turn import Turn
from bot.words import chat
from bot.words import reviewing as said

if TYPE_CHECKING:
    from bot import deciding, reviewing
else:
    deciding = Later("bot.deciding")
    reviewing = Later("bot.reviewing")

Arguments = tuple[str, ...]


async def run(turn: Turn, arguments: Mapping[str, str]) -> None:
    petition = await choosing.choose(
        turn, arguments.get("which", ""), "review", fits=reviewing.is_reviewed(turn)
    )
    if petition is not None:
        await reviewing.show_backlog(turn, petition)


async def _list(turn: Turn, arguments: Arguments) -> None:
    petition = await choosing.by_key(turn, arguments[0])
    if petition is not None:
        await reviewing.show_list(turn, petition, *arguments[1:3])


async def _groups(turn: Turn, arguments: Arguments) -> None:
    petition = await choosing.by_key(turn, arguments[0])
    if petition is not None and arguments[1] in set(By):
        await reviewing.show_groups(turn, petition, By(arguments[1]))
    elif petition is not None:
        await turn.say_instead(chat.UNKNOWN_BUTTON)


async def _case(turn: Turn, arguments: Arguments) -> None:
    petition = await choosing.by_key(turn, arguments[0])
    if petition is not None:
        await reviewing.show_case(turn, petition, arguments[1])


async def _accept(turn: Turn, arguments: Arguments) -> None:
    petition = await choosing.by_key(turn, arguments[0])
    if petition is not None:
        await deciding.propose(turn, petition, arguments[1], Change.ACCEPT)


async def _settle(turn: Turn, arguments: Arguments) -> None:
    await deciding.settle(turn, arguments[0])


async def _undo(turn: Turn, arguments: Arguments) -> None:
    await deciding.undo(turn, arguments[0])


SPEC = CommandSpec(
    "review",
    said.REVIEW_COMMAND,
    run,
    (WHICH,),
    role=Role.ORGANISER,
    actions={
        "review": Action(choosing.pressed(reviewing.show_backlog), role=Role.ORGANISER),
        "waiting": Action(_list, arguments=2, role=Role.ORGANISER),
        "waiting-by": Action(_groups, arguments=2, role=Role.ORGANISER),
        "case": Action(_case, arguments=2, role=Role.ORGANISER),
        "accept": Action(_accept, arguments=2, role=Role.ORGANISER),
        "settle": Action(_settle, role=Role.ORGANISER, slow=True),
        "undo": Action(_undo, role=Role.ORGANISER, slow=True),
        "done": Action(choosing.pressed(deciding.show_actions), role=Role.ORGANISER),
    },
)
