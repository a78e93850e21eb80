"""/help: what this actor can do in this place, and in private who they are."""

from collections.abc import Mapping, Sequence

from bot.commands.spec import CommandSpec
from bot.document import Block, Facts, Span, facts, heading
from bot.model.account import PlaceKind
from bot.quiet import said_lately
from bot.roles import Role
from bot.turn import Turn
from bot.words import chat
from bot.words.catalog import Words


def spec(commands: Sequence[CommandSpec]) -> CommandSpec:
    """The help command, which tells of `commands` and of itself."""

    async def run(turn: Turn, _: Mapping[str, str]) -> None:
        if await said_lately(turn, "help"):
            return
        role = await turn.role()
        blocks: list[Block] = [heading(turn.t(chat.HELP_TITLE))]
        for level, title in (
            (Role.SIGNER, None),
            (Role.MODERATOR, chat.HELP_MODERATORS),
            (Role.ORGANISER, chat.HELP_ORGANISERS),
        ):
            here = [each for each in (*commands, own) if each.role is level and usable(each, turn)]
            if role >= level and here:
                blocks += [*((heading(turn.t(title), 2),) if title else ()), _table(here, turn.t)]
        if turn.place.discreet:
            blocks.append(turn.t.paragraph(chat.YOU_ARE, account=Span(str(turn.account), code=True)))
        await turn.answer.replace(turn.page(*blocks))
        if role is Role.ORGANISER and turn.place.kind is PlaceKind.PRIVATE:
            mine = [each for each in (*commands, own) if usable(each, turn)]
            await turn.answer.menu([(each.name, turn.t(each.description)) for each in mine])

    own = CommandSpec("help", chat.HELP_COMMAND, run, private=False, role_matters=True)
    return own


def usable(command: CommandSpec, turn: Turn) -> bool:
    """Whether this command works in this place."""
    return turn.place.kind in command.places and (turn.place.discreet or not command.private)


def _table(commands: Sequence[CommandSpec], t: Words) -> Facts:
    return facts((f"/{each.name}", t(each.description)) for each in commands)
