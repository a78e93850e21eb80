"""The form that signs: the letter, the name, who sees it, a comment, the petition's question."""

from functools import lru_cache

from bot.answer import Button, Field, Form
from bot.document import Document, heading
from bot.forms.fields import ANSWER, COMMENT, NAME, REACH, answer_field, cleaned, signature_fields
from bot.forms.spec import Built, FormRef, Remark, Reopen, Sent, Spent, Values
from bot.holding import rules_hit
from bot.model.account import ActorKind
from bot.model.petition import VERSION_PREFIX, Petition, Reach, State, Text
from bot.model.signature import (
    AlreadySigned,
    FormForeign,
    Identity,
    NotOpen,
    NotTaken,
    Signature,
    Signed,
    SignRequest,
    Status,
    TextChanged,
    TooOften,
)
from bot.names import suggest_name
from bot.pages import petition as pages
from bot.pages import receipt as pages_receipt
from bot.tokens import token
from bot.turn import Turn
from bot.words import chat, limits
from bot.words.catalog import Words

VIA = "via"
"""The community whose link brought the signer here; ours to set, never taken from a form that is sent."""


def about(petition: Petition, text: Text) -> tuple[str, str]:
    """What the token of this form says: the petition and the text version that is shown."""
    return petition.key, text.version[:VERSION_PREFIX]


async def build(turn: Turn, ref: FormRef, values: Values) -> Built:
    """The form, unless this actor can't sign this petition now: then they are told why."""
    petition = await turn.ports.petitions.by_key(ref.arguments[0])
    if petition is None:
        await turn.say_instead(chat.UNKNOWN_BUTTON)
        return None
    if await _told_why_not(turn, petition, ref.form if NAME in values else ""):
        return None
    text = petition.current(ref.arguments[1])
    if text is None:
        return Reopen(about(petition, petition.text(turn.t.locale)), turn.t(chat.TEXT_CHANGED))
    return form(petition, text, ref.token, {NAME: suggest_name(turn.actor.name) or "", **values}, turn.t)


def form(petition: Petition, text: Text, form_token: str, values: Values, t: Words) -> Form:
    """The form as data."""
    name = values.get(NAME, "")
    return Form(
        token=form_token,
        title=t(chat.SIGN_TITLE),
        body=_body(text, t),
        fields=_fields(petition, values, t),
        submit=t(chat.SIGN_AS, name=name) if name else t(chat.SIGN_BUTTON),
        locale=t.locale,
        more=Button(t(chat.READ_LETTER_BUTTON), token("letter", petition.key)),
    )


@lru_cache(maxsize=64)
def _body(text: Text, t: Words) -> Document:
    """What is agreed to; the very same for everyone, so that it is rendered once (`bot.same`)."""
    return (heading(text.title, 2), *pages.letter(text, t))


async def send(turn: Turn, ref: FormRef, values: Values) -> Sent:
    """Sign, and hand over the receipt."""
    petition = await turn.ports.petitions.by_key(ref.arguments[0])
    if petition is None or turn.actor.kind is not ActorKind.MEMBER:
        await turn.say_instead(chat.UNKNOWN_BUTTON if petition is None else chat.ONLY_MEMBERS_SIGN)
        return None
    text = petition.current(ref.arguments[1])
    taken = cleaned(_fields(petition, values, turn.t), values, turn.t)
    if isinstance(taken, Remark):
        return taken
    community, whole = await _community(turn, values)
    request = SignRequest(
        petition.id,
        turn.account,
        ref.form,
        text.version if text else ref.arguments[1],
        Identity(taken[NAME], taken[COMMENT]),
        Reach(taken[REACH]),
        text.language if text else petition.content.texts[0].language,
        community,
        taken.get(ANSWER) or None,
        rules_hit(petition.content, turn.actor, taken[NAME], turn.now, turn.house.held_names),
        whole,
    )
    return await _outcome(turn, petition, request)


async def _community(turn: Turn, values: Values) -> tuple[int | None, str]:
    """The community that it came by, also of who came by its link, and the whole that this is a part of."""
    communities = turn.ports.communities
    if turn.place.shared:
        return await communities.ensure(turn.place), turn.place.whole
    if VIA not in values:
        return None, ""
    community = int(values[VIA])
    return community, await communities.whole(community)


async def _outcome(turn: Turn, petition: Petition, request: SignRequest) -> Sent:
    t = turn.t
    match await turn.ports.signatures.sign(request):
        case Signed(signature):
            await show_receipt(turn, petition, signature)
            return Spent()
        case AlreadySigned(signature):
            await show_receipt(turn, petition, signature, again=True)
        case NotOpen(State.PAUSED):  # the form stays as it is filled in: nothing is lost
            return Remark(t(chat.CANT_SIGN_PAUSED, title=petition.text(t.locale).title))
        case NotOpen(state):
            await turn.say_instead(_CANT_SIGN[state], title=petition.text(t.locale).title)
        case TooOften(again):
            await turn.say_instead(limits.SIGNED_TOO_OFTEN, title=petition.text(t.locale).title, again=again)
        case TextChanged():
            fresh = await turn.ports.petitions.by_key(petition.key) or petition
            return Reopen(about(fresh, fresh.text(t.locale)), t(chat.TEXT_CHANGED))
        case FormForeign():
            return Reopen(about(petition, petition.text(t.locale)), t(chat.FORM_SPENT), fresh_id=True)
        case NotTaken(busy):
            return Remark(t(chat.BUSY if busy else chat.NOT_STORED))
    return None


async def show_receipt(turn: Turn, petition: Petition, signature: Signature, *, again: bool = False) -> None:
    """The receipt, in place of the form."""
    t = turn.t
    if again:
        lead = chat.ALREADY_STRUCK if signature.status is Status.STRUCK else chat.ALREADY_SIGNED
        blocks = (t.paragraph(lead), *pages_receipt.body(petition, signature, t))
    else:
        blocks = pages_receipt.receipt(petition, signature, t)
    mine = Button(t(chat.MY_SIGNATURES_BUTTON), token("mine"))
    tell = Button(t(chat.TELL_ME_BUTTON), token("tell", petition.key))
    remove = Button(t(chat.REMOVE_BUTTON), token("remove"))
    rows = [[mine], [tell] if turn.actor.reachable else [], [remove] if turn.answer.lasting else []]
    await turn.answer.replace(turn.page(*blocks, buttons=rows, names_a_person=True))


_CANT_SIGN = {
    State.DRAFT: chat.CANT_SIGN_DRAFT,
    State.PAUSED: chat.CANT_SIGN_PAUSED,
    State.CLOSED: chat.CANT_SIGN_CLOSED,
    State.DELIVERED: chat.CANT_SIGN_DELIVERED,
}


async def _told_why_not(turn: Turn, petition: Petition, filled: str) -> bool:
    """Whether this actor can't sign now, and has been told why; with a way back to a form that is filled in."""
    if turn.actor.kind is not ActorKind.MEMBER:
        await turn.say_instead(chat.ONLY_MEMBERS_SIGN)
        return True
    before = await turn.ports.signatures.on(petition, turn.account)
    if before is not None:
        await show_receipt(turn, petition, before, again=True)
        return True
    state = petition.state(turn.now)
    if state is not State.OPEN:
        kept = state is State.PAUSED and filled
        rows = [[Button(turn.t(chat.TRY_AGAIN_BUTTON), token("reopen", filled))]] if kept else []
        await turn.say_instead(_CANT_SIGN[state], buttons=rows, title=petition.text(turn.t.locale).title)
        return True
    return False


def _fields(petition: Petition, values: Values, t: Words) -> tuple[Field, ...]:
    ask = petition.content.ask
    asked = (answer_field(ask, values.get(ANSWER, ""), t),) if ask else ()
    return (*signature_fields(petition, values, t), *asked)
