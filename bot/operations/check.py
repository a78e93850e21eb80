"""`undersigned check`: examine everything, a line each, and say what to do."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import typer

from bot.model.account import Place
from bot.operations import petition_files
from bot.operations.invocation import run
from bot.operations.petition import Json
from bot.operations.telling import count, when
from bot.operations.terminal import say_findings, say_json
from bot.ports import Finding, Level

if TYPE_CHECKING:
    from bot.house import House
    from bot.model.petition import Petition
    from bot.platform import Platform
    from bot.ports import Ports
    from bot.settings import Settings

SOON = timedelta(days=3)
_LEAST = MappingProxyType({"member_requests": 60, "community_requests": 1000, "community_signatures": 300})
A_PAGE = 500


def check(ctx: typer.Context, as_json: Json = False) -> None:
    """Examine config, key, database, petitions and tokens. Exit code 1 if anything is broken."""
    findings = run(_findings(ctx.obj.config))
    if as_json:
        say_json([{"level": one.level, "text": one.text, "remedy": one.remedy} for one in findings])
        sound = all(one.level is not Level.ERROR for one in findings)
    else:
        sound = say_findings(findings)
    if not sound:
        raise typer.Exit(1)


async def _findings(named: Path | None) -> list[Finding]:
    from bot import app, config
    from bot.errors import ConfigError

    try:
        file = config.find_file(named)
        settings = config.load(file)
    except ConfigError as error:
        return [Finding(Level.ERROR, line) for line in str(error).splitlines()]
    findings = [Finding(Level.OK, f"The configuration is in order: {file or 'the environment alone'}.")]
    stored = app.maintenance(settings).examine()
    findings += [*_mode(file), *_limits(settings.house), *stored]
    places: dict[Place, bool] = {}
    if all(one.level is not Level.ERROR for one in stored):
        content, places = await _content(settings)
        findings += content
    findings += [one async for one in _platforms(settings, places)]
    return findings


def _mode(file: Path | None) -> Iterator[Finding]:
    """Whether others on this machine can read the tokens in the config file."""
    import os

    if file is not None and os.name == "posix" and file.stat().st_mode & 0o077 and _holds_token(file):
        yield Finding(
            Level.WARNING,
            f"Other users of this machine can read the tokens in {file}.",
            f"chmod 600 {file}",
        )


def _limits(house: "House") -> Iterator[Finding]:
    """What counts at once, and limits that honest members would meet."""
    if house.community_signatures:
        most = count(house.community_signatures, "signature")
        yield Finding(Level.OK, f"{most} a minute from one community count at once; more wait for review.")
    for key, least in _LEAST.items():
        if 0 < getattr(house, key) < least:
            yield Finding(
                Level.WARNING,
                f"limits.{key} is so low that honest members will meet it.",
                f"Set it to {least} or more",
            )


def _holds_token(file: Path) -> bool:
    from bot import config

    document = config.read(file)
    return any(document.get(name, {}).get("token") for name in ("discord", "telegram"))


async def _content(settings: "Settings") -> tuple[list[Finding], dict[Place, bool]]:
    """What the database holds, if it is there (looking must not make one), and the places that follow."""
    from bot import app
    from bot.errors import UndersignedError

    if settings.storage.file is not None and not settings.storage.file.exists():
        return [], {}
    try:
        async with app.open_ports(settings) as ports:
            people = _organisers(len(settings.admins), await ports.organisers.count())
            return [*await _petitions(ports, app.now()), people], await _followed(ports)
    except UndersignedError as error:
        return [Finding(Level.ERROR, str(error))], {}


async def _followed(ports: "Ports") -> dict[Place, bool]:
    """Each place once, whatever it follows, and whether a board is to be pinned there."""
    found: dict[Place, bool] = {}
    after = 0
    while listed := await ports.follows.listed(after=after, limit=A_PAGE):
        for each in listed:
            found[each.place] = each.wishes.pinned or found.get(each.place, False)
        after += A_PAGE
    return found


async def _petitions(ports: "Ports", now: datetime) -> list[Finding]:
    petitions = await ports.petitions.all()
    if not petitions:
        return [Finding(Level.WARNING, "There is no petition yet.", "undersigned petition add FILE")]
    states = Counter(str(petition.state(now)) for petition in petitions)
    described = ", ".join(f"{number} {state}" for state, number in states.items())
    findings = [Finding(Level.OK, f"{count(len(petitions), 'petition')}: {described}.")]
    return findings + [finding for petition in petitions for finding in _petition(petition, now)]


def _petition(petition: "Petition", now: datetime) -> Iterator[Finding]:
    from bot.model.petition import State

    state, content = petition.state(now), petition.content
    if state in {State.OPEN, State.PAUSED}:
        for name in petition_files.missing(content):
            yield Finding(
                Level.WARNING,
                f"The petition “{petition.slug}” is open and has no {name}.",
                f"Write it into its file, then: undersigned petition update {petition.slug} FILE",
            )
        if content.closes is not None and content.closes - now < SOON:
            yield Finding(Level.WARNING, f"The petition “{petition.slug}” closes on {when(content.closes)}.")
    if state is State.DRAFT and content.opens is not None:
        yield Finding(Level.OK, f"The petition “{petition.slug}” opens by itself on {when(content.opens)}.")


def _organisers(configured: int, claimed: int) -> Finding:
    """Who may organise in the chat. The command line may in any case."""
    if configured or claimed:
        text = f"{count(configured, 'account')} in the config may organise, and {claimed} by a claim code."
        return Finding(Level.OK, text)
    return Finding(
        Level.WARNING,
        "Nobody is an organiser yet: the config names no admins, and no claim code was used.",
        "Get a claim code: undersigned setup. Or put your account into admins (/help tells it).",
    )


async def _platforms(settings: "Settings", places: Mapping[Place, bool]) -> AsyncIterator[Finding]:
    """What each platform says of its token, asked at the same time."""
    from bot import app

    platforms = app.platforms(settings)
    for findings in await asyncio.gather(*(_examined(one, places) for one in platforms)):
        for finding in findings:
            yield finding
    for name, registered in app.REGISTRY.items():
        if not registered.configured(settings):
            key = f"{name}.token"
            yield Finding(
                Level.OK if platforms else Level.WARNING,
                f"{registered.title} is off: {key} is not set.",
                "" if platforms else "undersigned setup tells where to get a token",
            )


async def _examined(platform: "Platform", places: Mapping[Place, bool]) -> Sequence[Finding]:
    from bot.errors import UndersignedError

    its = [place for place in places if place.platform == platform.name]
    try:
        return await platform.examine(its, [place for place in its if places[place]])
    except UndersignedError as error:
        return [Finding(Level.ERROR, str(error))]
