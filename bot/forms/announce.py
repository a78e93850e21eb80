"""The form that asks what to announce. Sending it shows what would go out; a button there sends it."""

import re

from bot import announcing
from bot.answer import Field, FieldKind, Form
from bot.document import Paragraph
from bot.forms.fields import cleaned
from bot.forms.spec import Built, FormRef, Remark, Sent, Values
from bot.model.community import Follow, Kind, Standing, Telling, Voice
from bot.model.petition import Petition
from bot.names import has_link
from bot.roles import Role
from bot.turn import Turn
from bot.words import chat, outreach

TEXT = "text"
HERE, ALL, PEOPLE = "here", "all", "people"
"""Where to: this community, all that follow, or the persons who asked to be told."""
MOST = 1000
_MENTION = re.compile(r"@\w")


async def build(turn: Turn, ref: FormRef, values: Values) -> Built:
    """The form, for whoever may announce there."""
    petition = await _petition(turn, ref)
    if petition is None or await scope(turn, petition, ref.arguments[1]) is None:
        return None
    t = turn.t
    return Form(
        token=ref.token,
        title=t(outreach.ANNOUNCE_TITLE),
        body=(Paragraph(t.inlines(outreach.ANNOUNCE_ABOUT, title=petition.text(t.locale).title)),),
        fields=(_field(turn, values),),
        submit=t(outreach.SHOW_PREVIEW_BUTTON),
        locale=t.locale,
    )


async def send(turn: Turn, ref: FormRef, values: Values) -> Sent:
    """Show what would go out."""
    petition = await _petition(turn, ref)
    if petition is None:
        return None
    told = await compose(turn, petition, ref.arguments[1], values.get(TEXT, ""))
    if isinstance(told, Telling):
        await announcing.preview(turn, told, petition)
        return None
    return told


async def compose(turn: Turn, petition: Petition, where: str, text: str) -> Telling | Remark | None:
    """What would be told with this text; a remark if it can't be, None after telling that it may not be."""
    found = await scope(turn, petition, where)
    if found is None:
        return None
    taken = cleaned((_field(turn, {}),), {TEXT: text}, turn.t)
    if isinstance(taken, Remark):
        return taken
    voice, follow = found
    if voice is Voice.MODERATORS and (
        has_link(" ".join(taken[TEXT].split())) or _MENTION.search(taken[TEXT])
    ):
        return Remark(turn.t(outreach.TEXT_LINKS))
    total = (await turn.ports.tally.totals(petition.id)).counted
    kind = Kind.UPDATE if where == PEOPLE else Kind.TEXT
    return Telling(petition.id, kind, voice, total, text=taken[TEXT], follow=follow.id if follow else None)


async def scope(turn: Turn, petition: Petition, where: str) -> tuple[Voice, Follow | None] | None:
    """In whose name, and to which community (None: to all); None after telling that this actor may not."""
    role = await turn.role()
    if where in {ALL, PEOPLE}:
        if role is not Role.ORGANISER:
            await turn.say_instead(chat.NOT_ALLOWED_ORGANISER)
            return None
        return None if where == ALL and await announcing.too_often(turn) else (Voice.ORGANISERS, None)
    if role < Role.MODERATOR:
        await turn.say_instead(chat.NOT_ALLOWED_MODERATOR)
        return None
    for follow in await turn.ports.follows.at(turn.place) if turn.place.shared else ():
        if follow.petition_id == petition.id and follow.standing is Standing.ACTIVE:
            moderates = turn.actor.moderates
            return Voice.MODERATORS if moderates else Voice.ORGANISERS, follow
    await turn.say_instead(outreach.FOLLOWS_NOTHING)
    return None


async def _petition(turn: Turn, ref: FormRef) -> Petition | None:
    petition = await turn.ports.petitions.by_key(ref.arguments[0])
    if petition is None:
        await turn.say_instead(chat.UNKNOWN_BUTTON)
    return petition


def _field(turn: Turn, values: Values) -> Field:
    t = turn.t
    return Field(
        TEXT,
        t(outreach.TEXT_LABEL),
        t(outreach.TEXT_ACTION),
        FieldKind.LINES,
        values.get(TEXT, ""),
        hint=t(outreach.TEXT_HINT, limit=MOST),
        max_length=MOST,
    )
