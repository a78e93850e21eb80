"""/edit: send a petition's page anew; the difference is shown before anything changes."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot import choosing
from bot.answer import File
from bot.commands.new import FILE
from bot.commands.petition import WHICH
from bot.commands.spec import Action, CommandSpec
from bot.later import Later
from bot.private_files import passing_file
from bot.roles import Role
from bot.turn import Turn
from bot.words import drafting as said

if TYPE_CHECKING:
    from bot import receiving
else:
    receiving = Later("bot.receiving")


async def run(turn: Turn, arguments: Mapping[str, str]) -> None:
    petition = await choosing.choose(turn, arguments.get("which", ""), "edit", fits=lambda _: True)
    if petition is not None:
        await receiving.begin(turn, petition)


async def _present(turn: Turn, arguments: tuple[str, ...]) -> None:
    """Hand over the page as it is now, to be changed and sent back."""
    from bot.petition_file.write import write_petition  # noqa: PLC0415  for those who edit

    petition = await choosing.by_key(turn, arguments[0])
    if petition is None:
        return
    with passing_file() as (file, path):
        file.write(write_petition(petition.content).encode())
        file.flush()
        caption = turn.page(turn.t.paragraph(said.PRESENT_PAGE))
        await turn.answer.file(File(path, f"{petition.slug}.md", caption))


SPEC = CommandSpec(
    "edit",
    said.EDIT_COMMAND,
    run,
    (WHICH, FILE),
    role=Role.ORGANISER,
    opens_form=True,
    actions={
        "edit": Action(choosing.pressed(receiving.begin), role=Role.ORGANISER, opens_form=True),
        "page-file": Action(_present, role=Role.ORGANISER, slow=True),
    },
)
