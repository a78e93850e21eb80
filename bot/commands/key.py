"""/key: the age key to which an organiser's exports are encrypted."""

from collections.abc import Mapping

from bot.commands.spec import Argument, CommandSpec
from bot.errors import UndersignedError
from bot.roles import Role
from bot.turn import Turn
from bot.words import exporting as said

REMOVE = "none"


async def run(turn: Turn, arguments: Mapping[str, str]) -> None:
    from bot.export.sealing import recipient  # noqa: PLC0415 - only who encrypts needs the library

    written = arguments.get("key", "").strip()
    if not written:
        key = await turn.ports.organisers.key(turn.account)
        await (turn.say_instead(said.KEY_PRESENT, key=key) if key else turn.say_instead(said.KEY_NONE))
    elif written.casefold() == REMOVE:
        await turn.ports.organisers.set_key(turn.account, None)
        await turn.say_instead(said.KEY_REMOVED)
    else:
        try:
            key = str(recipient(written))
        except UndersignedError:
            await turn.say_instead(said.KEY_WRONG)
            return
        await turn.ports.organisers.set_key(turn.account, key)
        await turn.say_instead(said.KEY_SET)


SPEC = CommandSpec("key", said.KEY_COMMAND, run, (Argument("key", said.KEY_ARGUMENT),), role=Role.ORGANISER)
