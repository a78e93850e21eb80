"""An announcement as a community, or a person who asked for it, reads it. Each says who speaks."""

import re
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from bot.answer import Button, Page
from bot.document import Block, Moment, Paragraph, Progress, Span, heading, paragraph
from bot.model.community import Kind, Telling, Voice
from bot.model.milestones import following
from bot.model.petition import Petition
from bot.pages.board import buttons
from bot.tokens import token
from bot.words import chat, outreach
from bot.words.catalog import Message, Plural, Words

_VOICES: Mapping[Voice, Message] = MappingProxyType(
    {
        Voice.BOT: outreach.VOICE_BOT,
        Voice.MODERATORS: outreach.VOICE_MODERATORS,
        Voice.ORGANISERS: outreach.VOICE_ORGANISERS,
    }
)
_COUNTS: Mapping[Kind, Plural] = MappingProxyType(
    {
        Kind.MILESTONE: outreach.MILESTONE_REACHED,
        Kind.GOAL: outreach.GOAL_REACHED,
        Kind.CLOSED: outreach.CLOSED,
        Kind.DELIVERED: outreach.DELIVERED,
        Kind.DIGEST: outreach.DIGEST_GAINED,
    }
)


def announcement(telling: Telling, petition: Petition, now: datetime, locale: str, link: str) -> Page:
    """For a community. `link`: the community's, which its buttons lead by."""
    t = Words(locale)
    return Page(blocks(telling, petition, t), buttons(petition, now, t, link), locale, private=False)


def to_person(telling: Telling, petition: Petition, locale: str) -> Page:
    """For somebody who asked to be told, with a way out."""
    t = Words(locale)
    why = t.aside(outreach.WHY_YOU)
    stop = Button(t(chat.TELL_NO_MORE_BUTTON), token("untell", petition.key))
    return Page((*blocks(telling, petition, t), why), ((stop,),), locale)


def blocks(telling: Telling, petition: Petition, t: Words) -> tuple[Block, ...]:
    """What is told."""
    text = petition.text(t.locale)
    to = paragraph(Span(t(chat.TO, to=text.to)))
    voice = t.aside(_VOICES[telling.voice])
    return (heading(text.title), to, *_news(telling, petition, t), *_progress(telling, petition, t), voice)


def _news(telling: Telling, petition: Petition, t: Words) -> tuple[Block, ...]:
    if telling.kind in {Kind.TEXT, Kind.UPDATE}:
        return paragraphs(telling.text)
    return (
        (Paragraph((Span(_sentence(telling, petition, t), bold=True),)),)
        if telling.kind in _COUNTS
        else (
            t.paragraph(outreach.LAST_HOURS, when=Moment(petition.content.closes))
            if telling.kind is Kind.LAST_HOURS and petition.content.closes
            else t.paragraph(outreach.OPENED),
        )
    )


def _sentence(telling: Telling, petition: Petition, t: Words) -> str:
    count = telling.total
    if telling.kind is Kind.MILESTONE:
        count = telling.threshold or telling.total
    elif telling.kind is Kind.DIGEST:
        count = telling.gained or 0
    return t(_COUNTS[telling.kind], count=count, to=petition.text(t.locale).to)


def _progress(telling: Telling, petition: Petition, t: Words) -> tuple[Block, ...]:
    """How far it has come, where the total is the news."""
    if telling.kind not in {Kind.MILESTONE, Kind.GOAL, Kind.DIGEST}:
        return ()
    content = petition.content
    ahead = following(content.milestones, content.goal, telling.total)
    more = (t.aside(outreach.NEXT_STEP, milestone=ahead),) if ahead else ()
    if content.goal is None:
        counted = (
            (t.paragraph(chat.SIGNED_COUNT, count=telling.total),) if telling.kind is Kind.DIGEST else ()
        )
        return (*counted, *more)
    said = t.paragraph(chat.SIGNED_OF_GOAL, count=telling.total, goal=content.goal)
    return (said, Progress(telling.total, content.goal), *more)


def paragraphs(text: str) -> tuple[Block, ...]:
    """What a person wrote, as plain text; an empty line parts paragraphs."""
    return tuple(paragraph(part.strip("\n")) for part in re.split(r"\n{2,}", text) if part.strip())
