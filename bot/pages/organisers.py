"""What organisers are told in private, unasked: that names will be erased, that a list was exported."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from bot.answer import Page
from bot.document import Block, Fact, Facts, Moment, Span, heading
from bot.model.community import Kind, Telling
from bot.model.petition import Petition
from bot.pages import holding
from bot.words import chat
from bot.words import organisers as said
from bot.words.catalog import Message, Words

AUDIENCES: Mapping[str, Message] = MappingProxyType(
    {
        "organisers": said.FOR_ORGANISERS,
        "addressee": said.FOR_ADDRESSEE,
        "public": said.FOR_PUBLIC,
    }
)

APART: Mapping[str, Message] = MappingProxyType(
    {"held": said.APART_HELD, "withdrawn": chat.STATUS_WITHDRAWN, "struck": chat.STATUS_STRUCK}
)
"""What is said of signatures that are not counted."""


def page(
    telling: Telling, petition: Petition, at: datetime, locale: str, places: Mapping[int, str] | None = None
) -> Page:
    """One of `TO_ORGANISERS`, as an organiser reads it; in the petition's language, if they have not spoken yet.

    `places`: where signatures that wait came from, the most first (`holding.alert`).
    """
    locale = locale or petition.content.texts[0].language
    t = Words(locale)
    if telling.kind is Kind.HELD:
        blocks = holding.alert(telling, petition, t, places or {})
        return Page(blocks, holding.alert_buttons(telling, petition, t), locale)
    make = _retention if telling.kind is Kind.RETENTION else _exported
    return Page(make(telling, petition, at, t), locale=locale)


def _retention(telling: Telling, petition: Petition, _: datetime, t: Words) -> tuple[Block, ...]:
    when = Moment(datetime.fromisoformat(telling.text))
    title = petition.text(t.locale).title
    return (heading(t(said.RETENTION_TITLE)), t.paragraph(said.RETENTION, when=when, title=title))


def exported(format_: str, audience: str, status: str, *, sealed: bool, actor: str | None) -> str:
    """What an announcement of an export holds: words of the program alone."""
    return " ".join((format_, audience, status, "sealed" if sealed else "clear", actor or ""))


def _exported(telling: Telling, petition: Petition, at: datetime, t: Words) -> tuple[Block, ...]:
    format_, audience, status, sealed, actor = telling.text.split(" ")
    for_whom = t(AUDIENCES[audience])
    what = t(said.EXPORTED_ROWS, count=telling.total, format=format_.upper(), audience=for_whom)
    if status in APART:
        what += ", " + t(APART[status])
    if sealed == "sealed":
        what += ", " + t(said.EXPORTED_SEALED)
    by = t(said.EXPORTED_ORGANISER, actor=actor) if actor else t(said.EXPORTED_OPERATOR)
    rows = (
        Fact(t(said.EXPORTED_PETITION), (Span(petition.text(t.locale).title),)),
        Fact(t(said.EXPORTED_WHAT), (Span(what),)),
        Fact(t(said.EXPORTED_BY), (Span(by),)),
        Fact(t(said.EXPORTED_WHEN), (Moment(at),)),
    )
    return (heading(t(said.EXPORTED_TITLE)), Facts(rows), t.aside(said.EXPORTED_WHY))
