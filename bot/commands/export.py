"""/export: the list of signers as a file, to the organiser who asks alone. Told to all organisers."""

from collections.abc import Mapping
from typing import Final

from bot import choosing
from bot.answer import Button, File
from bot.commands.petition import WHICH
from bot.commands.spec import Action, Argument, CommandSpec
from bot.document import Block, heading
from bot.export.manifest import Manifest
from bot.export.request import Audience, Format, Request
from bot.export.writing import Job, write
from bot.house import ChatExports
from bot.model.petition import Petition
from bot.organising import tell_exported
from bot.private_files import passing_file
from bot.roles import Role
from bot.tokens import token
from bot.turn import Turn
from bot.words import exporting as said

MOST: Final = 45_000_000
"""Bytes that are handed over in a chat. Telegram takes 50 MB; where less is taken, the adapter says so."""


async def run(turn: Turn, arguments: Mapping[str, str]) -> None:
    which, format_ = arguments.get("which", ""), arguments.get("format", "").strip().casefold()
    if not format_ and which.strip().casefold() in set(Format):
        which, format_ = "", which.strip().casefold()
    petition = await choosing.choose(turn, which, "export", fits=lambda _: True)
    if petition is not None:
        await _begin(turn, petition, format_)


async def _pressed(turn: Turn, arguments: tuple[str, ...]) -> None:
    petition = await choosing.by_key(turn, arguments[0])
    if petition is not None:
        await _begin(turn, petition, arguments[1] if len(arguments) > 1 else "")


async def _begin(turn: Turn, petition: Petition, format_: str) -> None:
    key = await turn.ports.organisers.key(turn.account)
    if turn.house.chat_exports is ChatExports.OFF:
        await turn.say_instead(said.EXPORT_OFF, slug=petition.slug)
    elif turn.house.chat_exports is ChatExports.ENCRYPTED and key is None:
        await turn.say_instead(said.EXPORT_NEEDS_KEY)
    elif format_ not in set(Format):
        await _offer(turn, petition, format_)
    else:
        await _hand_over(turn, petition, Format(format_), key)


async def _offer(turn: Turn, petition: Petition, unknown: str) -> None:
    t = turn.t
    lead = (
        t.paragraph(said.EXPORT_UNKNOWN_FORMAT, format=unknown[:20])
        if unknown
        else t.paragraph(said.EXPORT_WHICH)
    )
    title = heading(t(said.EXPORT_TITLE, title=petition.text(t.locale).title))
    buttons = [[Button(each.value, token("export", petition.key, each.value)) for each in Format]]
    await turn.answer.replace(turn.page(title, lead, buttons=buttons))


async def _hand_over(turn: Turn, petition: Petition, format_: Format, key: str | None) -> None:
    """Write it, note that before anybody has it, and hand it over."""
    await turn.say_instead(said.EXPORT_WORKING)
    audience = Audience.ADDRESSEE if format_ is Format.PDF else Audience.ORGANISERS
    job = _job(turn, petition, Request(format_, audience), key)
    with passing_file() as (file, path):
        made = await turn.ports.roster.read(
            petition.id, lambda reading: write(reading, job, file, lambda _: None)
        )
        file.flush()
        if made.bytes > MOST:
            await turn.say_instead(said.EXPORT_TOO_LARGE, slug=petition.slug)
            return
        actor = await turn.ports.organisers.actor(turn.account, turn.t.locale)
        await tell_exported(turn.ports, petition.id, made, actor=actor)
        await turn.answer.file(
            File(path, job.name, turn.page(*_caption(turn, petition, made, key), names_a_person=True))
        )


def _job(turn: Turn, petition: Petition, request: Request, key: str | None) -> Job:
    name = f"{petition.slug}-{turn.now:%Y%m%d-%H%M}.{request.format}"
    if key is None:
        return Job(request, name, turn.now)
    from bot.export.sealing import SUFFIX, recipient  # noqa: PLC0415 - only who encrypts needs the library

    return Job(request, name + SUFFIX, turn.now, (recipient(key),))


def _caption(turn: Turn, petition: Petition, made: Manifest, key: str | None) -> tuple[Block, ...]:
    t = turn.t
    return (
        heading(t(said.EXPORT_TITLE, title=petition.text(t.locale).title)),
        t.paragraph(said.EXPORT_ROWS, count=made.rows),
        t.paragraph(said.EXPORT_SEALED if key else said.EXPORT_GUARD),
        t.aside(said.EXPORT_CHECKSUM, checksum=made.sha256),
    )


SPEC = CommandSpec(
    "export",
    said.EXPORT_COMMAND,
    run,
    (WHICH, Argument("format", said.FORMAT_ARGUMENT)),
    role=Role.ORGANISER,
    slow=True,
    actions={"export": Action(_pressed, role=Role.ORGANISER, slow=True)},
)
