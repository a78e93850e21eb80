"""`undersigned petition open | close | reopen | deliver`."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.operations.finding import find
from bot.operations.invocation import run, settings, storage
from bot.operations.petition import Slug, Yes, warn_of_missing
from bot.operations.telling import count, when
from bot.operations.terminal import WrongUse, agreed, fail, say

if TYPE_CHECKING:
    from bot.model.petition import Act, Petition
    from bot.model.signature import ActRefused
    from bot.ports import Ports
    from bot.settings import Settings


def open_(ctx: typer.Context, slug: Slug) -> None:
    """Let people sign, from now on."""
    run(_open(settings(ctx), slug))


async def _open(config: "Settings", slug: str) -> None:
    from bot.model.petition import Act

    async with storage(config) as ports:
        petition = await _completed(ports, await find(ports, slug), config)
        warn_of_missing(petition.content)
        if not await _act(ports, slug, Act.OPEN):
            say(f"“{slug}” is open already.")
            return
    closes = petition.content.closes
    say(f"Open for signatures: {slug}" + (f", until {when(closes)}" if closes else ""))


async def _completed(ports: "Ports", petition: "Petition", config: "Settings") -> "Petition":
    """The petition with what the configuration can add to it, as long as nobody can have signed it."""
    from bot import app, organising

    opening = await organising.complete(ports.petitions, petition, config.house, app.now())
    if opening is None:
        fail(f"Somebody else changed “{petition.slug}” just now. Nothing was done; run the command again.")
    if opening is not petition:
        say("Contact and privacy line are taken from the config file.")
    return opening


def close(ctx: typer.Context, slug: Slug) -> None:
    """Take no more signatures. A closed petition can be reopened."""
    run(_close(settings(ctx), slug))


async def _close(config: "Settings", slug: str) -> None:
    from bot.model.petition import Act

    async with storage(config) as ports:
        petition = await find(ports, slug)
        moved = await _act(ports, slug, Act.CLOSE)
        totals = await ports.tally.totals(petition.id)
    say(f"{'Closed' if moved else 'It is closed already'}: {slug}, with {count(totals.counted, 'signature')}")


def reopen(
    ctx: typer.Context,
    slug: Slug,
    closes: Annotated[
        str | None, typer.Option(metavar="TIME", help="A new closing time, in full: 2030-05-31T23:00:00Z.")
    ] = None,
) -> None:
    """Let people sign a closed petition again."""
    from bot import app

    end = None if closes is None else _instant(closes, app.now())
    run(_reopen(settings(ctx), slug, end))


async def _reopen(config: "Settings", slug: str, closes: datetime | None) -> None:
    from bot.model.petition import Act

    async with storage(config) as ports:
        await find(ports, slug)
        moved = await _act(ports, slug, Act.REOPEN, closes=closes)
        now = await find(ports, slug)
    until = f", until {when(now.content.closes)}" if now.content.closes else ""
    say(f"{'Open again' if moved else 'It is open already'}: {slug}{until}")


def _instant(text: str, now: datetime) -> datetime:
    """A time in full, as in a petition file. Raises WrongUse, for a time that has passed too."""
    example = "2030-05-31T23:00:00Z"
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise WrongUse(f"--closes {text}: that is no time. Write it in full: {example}") from None
    if at.tzinfo is None:
        raise WrongUse(f"--closes {text}: that could be one of many. Write it in full, in UTC: {example}")
    if at <= now:
        raise WrongUse(f"--closes {text}: that has passed; it is {when(now)} now")
    return at.astimezone(UTC)


def deliver(ctx: typer.Context, slug: Slug, yes: Yes = False) -> None:
    """Mark a closed petition as handed over. It can't be undone: the total stands from then on."""
    run(_deliver(settings(ctx), slug, yes))


async def _deliver(config: "Settings", slug: str, yes: bool) -> None:
    from bot.model.petition import Act, State

    async with storage(config) as ports:
        petition = await find(ports, slug)
        totals = await ports.tally.totals(petition.id)
        signatures = count(totals.counted, "signature")
        if petition.state(totals.at) is State.CLOSED:
            question = (
                f"Deliver “{slug}” with {signatures}? From then on the total stands: it can't be undone."
            )
            agreed(question, yes=yes)
        moved = await _act(ports, slug, Act.DELIVER)
    say(f"{'Delivered' if moved else 'It was delivered already'}: {slug}, with {signatures}")


async def _act(ports: "Ports", slug: str, act: "Act", *, closes: datetime | None = None) -> bool:
    """Do it; whether anything changed. Raises UndersignedError where the act does not fit the state."""
    from bot.model.signature import ActRefused

    result = await ports.petitions.act(slug, act, closes=closes)
    if isinstance(result, ActRefused):
        fail(_refusal(slug, result))
    return result.moved


def _refusal(slug: str, refused: "ActRefused") -> str:
    remedies = {
        ("deliver", "draft"): "Only a closed petition can be delivered: open it first",
        ("deliver", "open"): f"Close it first: undersigned petition close {slug}",
        ("deliver", "paused"): f"Close it first: undersigned petition close {slug}",
        ("open", "closed"): f"A closed one is reopened: undersigned petition reopen {slug}",
        ("open", "paused"): "It goes on when it is resumed",
        ("reopen", "draft"): f"It was never open: undersigned petition open {slug}",
        ("close", "draft"): "It was never open",
        ("reopen", "closed"): "Who signed it has been erased: nobody could tell who has signed before",
    }
    remedy = remedies.get((refused.act, refused.state), "What was handed over can't be changed")
    return f"“{slug}” is {_STATES.get(refused.state, refused.state)}. {remedy}."


_STATES = {"draft": "a draft"}
