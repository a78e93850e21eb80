"""The form that changes a signature: name, who sees it, comment. The number and the time stay."""

from bot import choosing
from bot.answer import Form
from bot.document import Paragraph
from bot.forms.fields import COMMENT, NAME, REACH, cleaned, signature_fields
from bot.forms.spec import Built, FormRef, Remark, Sent, Values
from bot.holding import rules_hit
from bot.model.holding import Rule
from bot.model.petition import Petition, Reach, State
from bot.model.signature import Changed, Identity, NoSuchSignature, NotPossible, Signature, Status
from bot.pages.receipt import STATUS_WORDS, body, struck
from bot.turn import Turn
from bot.words import chat, reviewing

_ALIVE = {Status.COUNTED, Status.HELD}


async def build(turn: Turn, ref: FormRef, values: Values) -> Built:
    """The form filled in with what stands now, unless it can't be changed any more."""
    found = await own(turn, ref.arguments[0])
    if found is None:
        return None
    petition, signature = found
    if not changeable(petition, signature, turn):
        await _say_why_not(turn, petition, signature.status)
        return None
    return _form(turn, petition, ref, {**_standing(signature), **values})


async def send(turn: Turn, ref: FormRef, values: Values) -> Sent:
    """Store what changed, and show the receipt as it is now."""
    found = await own(turn, ref.arguments[0])
    if found is None:
        return None
    petition, signature = found
    values = {**_standing(signature), **values}
    taken = cleaned(signature_fields(petition, values, turn.t), values, turn.t)
    if isinstance(taken, Remark):
        return taken
    if taken[NAME] != _standing(signature)[NAME] and _waits(turn, petition, taken[NAME]):
        return Remark(turn.t(reviewing.NAME_WAITS))
    identity = Identity(taken[NAME], taken[COMMENT])
    match await turn.ports.signatures.amend(signature.form, turn.account, identity, Reach(taken[REACH])):
        case Changed(changed):
            blocks = (turn.t.paragraph(chat.CHANGED), *body(petition, changed, turn.t))
            await turn.answer.replace(turn.page(*blocks, names_a_person=True))
        case NotPossible(status, _):
            await _say_why_not(turn, petition, status)
        case NoSuchSignature():
            await turn.say_instead(chat.UNKNOWN_BUTTON)
    return None


async def own(turn: Turn, form: str) -> tuple[Petition, Signature] | None:
    """The actor's own signature by its id, with its petition; None after telling that there is none."""
    signature = await turn.ports.signatures.get(form, turn.account)
    petition = await choosing.by_id(turn, signature.petition_id) if signature else None
    if signature and petition:
        return petition, signature
    await turn.say_instead(chat.UNKNOWN_BUTTON)
    return None


def changeable(petition: Petition, signature: Signature, turn: Turn) -> bool:
    """Whether its signer may still change it: while it counts or waits, until delivery."""
    return signature.status in _ALIVE and petition.state(turn.now) is not State.DELIVERED


def _waits(turn: Turn, petition: Petition, name: str) -> bool:
    """Whether a signature with this name would be held: a counted one can't take it and stay counted."""
    hit = rules_hit(petition.content, turn.actor, name, turn.now, turn.house.held_names)
    return bool(hit & {Rule.LOOKALIKE, Rule.LISTED_NAME})


def _standing(signature: Signature) -> dict[str, str]:
    identity = signature.identity or Identity("")
    return {NAME: identity.name, REACH: signature.reach.value, COMMENT: identity.comment}


def _form(turn: Turn, petition: Petition, ref: FormRef, values: Values) -> Form:
    t = turn.t
    return Form(
        token=ref.token,
        title=t(chat.CHANGE_TITLE),
        body=(Paragraph(t.inlines(chat.RECEIPT_OF, title=petition.text(t.locale).title)),),
        fields=signature_fields(petition, values, t),
        submit=t(chat.SAVE_CHANGES),
        locale=t.locale,
    )


async def _say_why_not(turn: Turn, petition: Petition, status: Status) -> None:
    if status in _ALIVE:  # then it has been delivered, and be it since the petition was read
        await turn.say_instead(chat.CANT_CHANGE_DELIVERED, title=petition.text(turn.t.locale).title)
    elif status is Status.STRUCK:
        await turn.answer.replace(turn.page(struck(petition, turn.t)))
    else:
        await turn.say_instead(chat.CANT_CHANGE, status=turn.t(STATUS_WORDS[status]))
