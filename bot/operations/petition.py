"""`undersigned petition …`: adding, changing and looking at petitions."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.operations import changes, petition_files
from bot.operations.finding import find
from bot.operations.invocation import run, settings, storage
from bot.operations.telling import listed, progress, summary, text_page, versions, when
from bot.operations.terminal import agreed, fail, fields, say, say_json, table, warn

if TYPE_CHECKING:
    from bot.model.petition import Content, Petition
    from bot.model.signature import Totals
    from bot.ports import Ports
    from bot.settings import Settings

Slug = Annotated[
    str, typer.Argument(metavar="SLUG", help="The petition's short name; 'petition list' tells it.")
]
File = Annotated[
    Path, typer.Argument(metavar="FILE", help="A petition file, or a plain text page of a petition.")
]
Json = Annotated[bool, typer.Option("--json", help="Output for scripts.")]
Yes = Annotated[bool, typer.Option("--yes", help="Go ahead without asking.")]


def add(ctx: typer.Context, file: File) -> None:
    """Read a petition file and keep it as a draft. A file with a mistake is not kept at all."""
    run(_add(settings(ctx), file))


async def _add(config: "Settings", file: Path) -> None:
    from bot import app

    content, remarks = petition_files.understood(*petition_files.read_file(file), now=app.now())
    content = petition_files.completed(content, config.house)
    async with storage(config) as ports:
        petition = await ports.petitions.add(content)
    if petition is None:
        fail(
            f"There is already a petition “{content.slug}”. Change that one with 'undersigned petition update "
            f"{content.slug} {file}', or give this file another slug."
        )
    say(f"Added: {petition.slug}, {petition.state(app.now())}")
    _tell(petition.content, remarks)
    say(f"\n{_next_step(petition, app.now())}")


def _tell(content: "Content", remarks: Sequence[str]) -> None:
    for line in fields(summary(content)):
        say(line)
    for remark in remarks:
        say(f"  note: {remark}")
    warn_of_missing(content)


def warn_of_missing(content: "Content") -> None:
    """Say what signers would look for in vain, and where to write it."""
    for name in petition_files.missing(content):
        key = name.partition(" ")[0]
        warn(f"There is no {name}: neither the petition nor the config file has one. Set '{key}' in either.")


def _next_step(petition: "Petition", now: datetime) -> str:
    from bot.model.petition import State

    sooner = f"undersigned petition open {petition.slug}"
    if petition.state(now) is State.OPEN:
        return "It takes signatures from now on: its opening time is past."
    if petition.content.opens is not None:
        return f"It opens by itself on {when(petition.content.opens)}. Sooner: {sooner}"
    return f"Next: undersigned petition show {petition.slug}, then: {sooner}"


def update(ctx: typer.Context, slug: Slug, file: File, yes: Yes = False) -> None:
    """Replace a petition's text, after showing the difference and how many signed which text."""
    run(_update(settings(ctx), slug, file, yes))


async def _update(config: "Settings", slug: str, file: Path, yes: bool) -> None:
    from bot import app

    data, name = petition_files.read_file(file)
    async with storage(config) as ports:
        petition = await find(ports, slug)
        content, remarks = petition_files.understood(data, name, now=app.now(), before=petition.content)
        content = petition_files.completed(content, config.house)
        if not await _previewed(ports, petition, content, yes):
            return
        changed = await ports.petitions.update(slug, content, seen=petition.revision)
    if changed is None:
        fail(f"Somebody else changed “{slug}” just now. Nothing was stored; run the command again.")
    say(f"Updated: {slug}, revision {changed.revision}")
    _tell(changed.content, remarks)


async def _previewed(ports: "Ports", petition: "Petition", content: "Content", yes: bool) -> bool:
    """Show what would change. Whether there is anything, and it is wanted."""
    from bot.petition_file.difference import difference

    found = difference(petition.content, content)
    if not found:
        say("Nothing to change: the petition says this already.")
        return False
    for line in changes.lines(found):
        say(line)
    signed = await ports.petitions.signed_versions(petition.id)
    for line in versions(petition, content, signed):
        say(line)
    if signed:
        agreed(f"Change “{petition.slug}”?", yes=yes)
    return True


def list_all(ctx: typer.Context, as_json: Json = False) -> None:
    """Every petition: its short name, state, signatures, closing time and title."""
    run(_list_all(settings(ctx), as_json))


async def _list_all(config: "Settings", as_json: bool) -> None:
    async with storage(config) as ports:
        petitions = await ports.petitions.all()
        totals = [await ports.tally.totals(petition.id) for petition in petitions]
    if as_json:
        say_json([listed(*pair) for pair in zip(petitions, totals, strict=True)])
    elif petitions:
        rows = [_row(*pair) for pair in zip(petitions, totals, strict=True)]
        for line in table(("PETITION", "STATE", "SIGNED", "CLOSES", "TITLE"), rows):
            say(line)
    else:
        say("There is no petition yet. Next: undersigned petition add FILE")


def _row(petition: "Petition", totals: "Totals") -> tuple[str, ...]:
    closes = petition.content.closes
    return (
        petition.slug,
        petition.state(totals.at),
        progress(totals, petition.content.goal),
        when(closes) if closes else "-",
        petition.title,
    )


def show(
    ctx: typer.Context,
    slug: Slug,
    language: Annotated[
        str | None,
        typer.Option(
            metavar="LANGUAGE", help="The language to read it in.", show_default="the petition's own"
        ),
    ] = None,
) -> None:
    """One petition in full: what it is, and what it says."""
    run(_show(settings(ctx), slug, language))


async def _show(config: "Settings", slug: str, language: str | None) -> None:
    async with storage(config) as ports:
        petition = await find(ports, slug)
        totals = await ports.tally.totals(petition.id)
    text = petition.text(language or petition.content.texts[0].language)
    if language and text.language.partition("-")[0] != language.partition("-")[0].lower():
        warn(f"It has no text in “{language}”; this is its own language.")
    about = [("Petition", slug), ("State", petition.state(totals.at)), *summary(petition.content)]
    for line in fields([*about, ("Signed", progress(totals, petition.content.goal))]):
        say(line)
    for line in text_page(text):
        say(line)
