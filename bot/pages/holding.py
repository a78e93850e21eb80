"""What is said of the rules that hold signatures: to everybody, and to organisers once in a burst."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from bot.answer import Button, Style
from bot.document import Block, Listing, facts, heading, paragraph
from bot.model.community import Telling
from bot.model.holding import HoldRules, Rule, read
from bot.model.petition import Act, Petition
from bot.pages.reviewing import RULE_WORDS, Names, place_name
from bot.tokens import token
from bot.words import reviewing as said
from bot.words.catalog import Words

PLACES: Final = 3
"""Communities that an alert names."""


def public(hold: HoldRules, t: Words) -> tuple[Block, ...]:
    """Which signatures wait, for everybody to read; nothing where none does."""
    lines = tuple((paragraph(line),) for line in _lines(hold, t))
    return (t.paragraph(said.PUBLIC), Listing(lines)) if lines else ()


def _lines(hold: HoldRules, t: Words) -> Iterator[str]:
    if hold.account_days is not None:
        yield t(said.PUBLIC_ACCOUNT_AGE, count=hold.account_days)
    if hold.membership_days is not None:
        yield t(said.PUBLIC_MEMBERSHIP_AGE, count=hold.membership_days)
    if hold.lookalikes:
        yield t(said.PUBLIC_LOOKALIKE)
    if hold.listed:
        yield t(said.PUBLIC_LISTED_NAME)
    elif hold.names:
        yield t(said.PUBLIC_NAMES)
    if hold.community_per_minute is not None:
        yield t(said.PUBLIC_COMMUNITY_RATE, count=hold.community_per_minute)


def alert(telling: Telling, petition: Petition, t: Words, places: Names) -> tuple[Block, ...]:
    """That many signatures are held, what for, and what can be done; or that some wait since yesterday.

    `places`: the communities that those which wait came by, the most first.
    """
    if not telling.text:
        waiting = t.paragraph(said.DECIDE_HELD, count=telling.total, title=petition.text(t.locale).title)
        return heading(t(said.WAITING_TITLE)), waiting, t.aside(said.WAITING_ONCE)
    counts = read(telling.text)
    rows = [(t(RULE_WORDS[rule]), t.value(counts[rule])) for rule in Rule if rule in counts]
    if places:
        came_by = [place_name(each, places, t) for each in islice(places, PLACES)]
        rows.append((t(said.FACT_WHERE), ", ".join(came_by) + (", …" if len(places) > PLACES else "")))
    return (
        heading(t(said.ALERT_TITLE)),
        t.paragraph(said.ALERT, count=telling.total, title=petition.text(t.locale).title),
        facts(rows),
        t.paragraph(said.ALERT_MEANS),
        t.aside(said.ALERT_ONCE),
    )


def alert_buttons(telling: Telling, petition: Petition, t: Words) -> tuple[tuple[Button, ...], ...]:
    """To look at them, and if they are many to pause the petition."""
    look = Button(t(said.LOOK_BUTTON), token("review", petition.key), style=Style.PRIMARY)
    pause = Button(t(said.PAUSE_BUTTON), token(f"may-{Act.PAUSE}", petition.key))
    return ((look,), (pause,)) if telling.text else ((look,),)
