"""A petition as members see it: its card and its letter."""

from datetime import datetime

from bot.document import Block, Moment, Progress, Span, heading, paragraph
from bot.markdown import blocks, excerpt
from bot.model.petition import Petition, State, Text
from bot.model.signature import Totals
from bot.words import chat
from bot.words.catalog import Words

EXCERPT = 400
"""Characters of the background on a card: what is read at a glance."""


def card(petition: Petition, totals: Totals, now: datetime, t: Words) -> tuple[Block, ...]:
    """Title, addressee, the first lines of the background, progress, state."""
    text = petition.text(t.locale)
    return (
        heading(text.title),
        paragraph(Span(t(chat.TO, to=text.to), bold=True)),
        *_sponsors(petition, t),
        *excerpt(blocks(text.background), EXCERPT),
        *progress(petition, totals, t),
        state_line(petition, now, t),
        *_contact(petition, t),
    )


def progress(petition: Petition, totals: Totals, t: Words) -> tuple[Block, ...]:
    """How many have signed, and the bar towards the goal if there is one."""
    goal = petition.content.goal
    if goal is None:
        return (t.paragraph(chat.SIGNED_COUNT, count=totals.counted),)
    return (
        t.paragraph(chat.SIGNED_OF_GOAL, count=totals.counted, goal=goal),
        Progress(totals.counted, goal),
    )


def state_line(petition: Petition, now: datetime, t: Words) -> Block:
    """The state in words, with the time at which it changes by itself."""
    content = petition.content
    match petition.state(now):
        case State.DRAFT if content.opens is not None:
            return t.paragraph(chat.STATE_OPENS, when=Moment(content.opens))
        case State.DRAFT:
            return t.paragraph(chat.STATE_DRAFT)
        case State.OPEN if content.closes is not None:
            return t.paragraph(chat.STATE_CLOSES, when=Moment(content.closes))
        case State.OPEN:
            return t.paragraph(chat.STATE_OPEN)
        case State.PAUSED:
            return t.paragraph(chat.STATE_PAUSED)
        case State.CLOSED:
            return t.paragraph(chat.STATE_CLOSED)
        case State.DELIVERED:
            return t.paragraph(chat.STATE_DELIVERED, to=petition.text(t.locale).to)


def letter(text: Text, t: Words) -> tuple[Block, ...]:
    """What is signed, whole: to whom, the letter, and the privacy line."""
    privacy = (paragraph(text.privacy, quiet=True),) if text.privacy else ()
    return (
        paragraph(Span(t(chat.TO, to=text.to), bold=True)),
        *blocks(text.letter),
        t.paragraph(chat.FROM_SIGNER),
        *privacy,
    )


def _sponsors(petition: Petition, t: Words) -> tuple[Block, ...]:
    sponsors = ", ".join(petition.content.sponsors)
    return (t.aside(chat.SPONSORED_BY, sponsors=sponsors),) if sponsors else ()


def _contact(petition: Petition, t: Words) -> tuple[Block, ...]:
    contact = petition.content.contact
    return (t.aside(chat.NOT_YOU, contact=contact),) if contact else ()
