"""The two forms of /strike: which signature, and the reason, without which nobody is struck."""

from bot import deciding, reviewing, scopes
from bot.answer import Field, Form
from bot.document import Paragraph
from bot.forms.fields import cleaned
from bot.forms.spec import Built, FormRef, Remark, Sent, Values
from bot.model.petition import Petition
from bot.model.signature import Change
from bot.names import MAX_NAME
from bot.pages.reviewing import RULE_WORDS
from bot.roles import Role
from bot.turn import Turn
from bot.words import chat
from bot.words import reviewing as said

MOST = 200
"""Characters of a reason."""


async def build_find(turn: Turn, ref: FormRef, values: Values) -> Built:
    petition = await _petition(turn, ref)
    if petition is None:
        return None
    t = turn.t
    return Form(
        token=ref.token,
        title=t(said.FIND_TITLE),
        body=(Paragraph(t.inlines(said.FIND_ABOUT, title=petition.text(t.locale).title)),),
        fields=(_who(turn, values),),
        submit=t(said.FIND_SUBMIT),
        locale=t.locale,
    )


async def send_find(turn: Turn, ref: FormRef, values: Values) -> Sent:
    petition = await _petition(turn, ref)
    if petition is None:
        return None
    taken = cleaned((_who(turn, values),), values, turn.t)
    if isinstance(taken, Remark):
        return taken
    if not taken["who"]:
        return Remark(turn.t(said.FIND_HINT))
    await reviewing.search(turn, petition, taken["who"])
    return None


async def build_reason(turn: Turn, ref: FormRef, values: Values) -> Built:
    petition = await _petition(turn, ref)
    if petition is None:
        return None
    t = turn.t
    return Form(
        token=ref.token,
        title=t(said.REASON_TITLE),
        body=(Paragraph(t.inlines(said.REASON_ABOUT, title=petition.text(t.locale).title)),),
        fields=(_why(turn, ref, values),),
        submit=t(said.REASON_SUBMIT),
        locale=t.locale,
    )


async def send_reason(turn: Turn, ref: FormRef, values: Values) -> Sent:
    petition = await _petition(turn, ref)
    if petition is None:
        return None
    taken = cleaned((_why(turn, ref, values),), values, turn.t)
    if isinstance(taken, Remark):
        return taken
    if not taken["reason"]:
        return Remark(turn.t(said.REASON_HINT))
    await deciding.propose(turn, petition, ref.arguments[1], Change.STRIKE, taken["reason"])
    return None


async def _petition(turn: Turn, ref: FormRef) -> Petition | None:
    """The petition, for organisers: a form that comes back carries no rights."""
    if await turn.role() is not Role.ORGANISER:
        await turn.say_instead(chat.NOT_ALLOWED_ORGANISER)
        return None
    petition = await turn.ports.petitions.by_key(ref.arguments[0])
    if petition is None:
        await turn.say_instead(chat.UNKNOWN_BUTTON)
    return petition


def _who(turn: Turn, values: Values) -> Field:
    t = turn.t
    return Field(
        "who",
        t(said.FIND_LABEL),
        t(said.FIND_ACTION),
        value=values.get("who", ""),
        hint=t(said.FIND_HINT),
        max_length=MAX_NAME,
    )


def _why(turn: Turn, ref: FormRef, values: Values) -> Field:
    """The reason; of those that a rule holds that rule is proposed."""
    t, which = turn.t, scopes.which(ref.arguments[1])
    proposed = t(RULE_WORDS[which.rule]) if which and which.rule else ""
    return Field(
        "reason",
        t(said.REASON_LABEL),
        t(said.REASON_ACTION),
        value=values.get("reason", proposed),
        hint=t(said.REASON_HINT),
        max_length=MOST,
    )
