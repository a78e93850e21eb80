"""/withdraw: take a signature back, the account's own or, by its receipt's code, from any account."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from bot import choosing
from bot.answer import Button, Style
from bot.commands.spec import Action, Argument, CommandSpec
from bot.document import Block, heading
from bot.later import Later
from bot.model.petition import Petition
from bot.model.signature import Changed, NoSuchSignature, NotPossible, Signature, Status
from bot.pages.receipt import details, shown_number, struck
from bot.tokens import token
from bot.turn import Turn
from bot.words import chat
from bot.words.catalog import Message

if TYPE_CHECKING:
    from bot.forms import change
else:
    change = Later("bot.forms.change")

CODE_LENGTH = 13
_EXPLAIN = MappingProxyType({Status.COUNTED: chat.WITHDRAW_EXPLAIN, Status.HELD: chat.WITHDRAW_EXPLAIN_HELD})


async def run(turn: Turn, arguments: Mapping[str, str]) -> None:
    if code := arguments.get("code", "").strip():
        await _by_code(turn, code)
        return
    signatures = await turn.ports.signatures.of(turn.account)
    alive = [each for each in signatures if each.status in {Status.COUNTED, Status.HELD}]
    if not alive:
        await _none_left(turn, [each for each in signatures if each.status is Status.STRUCK])
    elif len(alive) == 1:
        await _confirm(turn, (alive[0].form,))
    else:
        await _offer(turn, alive)


async def _none_left(turn: Turn, out: list[Signature]) -> None:
    """There is nothing to take back: nothing was signed, or organisers took it out."""
    petitions = {each.id: each for each in await turn.ports.petitions.all()}
    said: list[Block] = []
    for petition in (petitions[each.petition_id] for each in out):
        said += [heading(petition.text(turn.t.locale).title, 2), struck(petition, turn.t)]
    nothing = said or [turn.t.paragraph(chat.NO_SIGNATURES)]
    await turn.answer.replace(turn.page(*nothing, turn.t.paragraph(chat.WITHDRAW_HOW)))


async def _offer(turn: Turn, signatures: list[Signature]) -> None:
    titles = {each.id: each.text(turn.t.locale).title for each in await turn.ports.petitions.all()}
    rows = [[Button(titles[each.petition_id], token("withdraw", each.form))] for each in signatures]
    await turn.answer.replace(turn.page(turn.t.paragraph(chat.WHICH_PETITION), buttons=rows))


async def _confirm(turn: Turn, arguments: tuple[str, ...]) -> None:
    """Ask before taking back the actor's own signature."""
    found = await change.own(turn, arguments[0])
    if found is None or await _told_why_not(turn, *found):
        return
    petition, signature = found
    blocks = (
        heading(turn.t(chat.WITHDRAW_TITLE)),
        details(petition, signature, turn.t),
        turn.t.paragraph(_EXPLAIN[signature.status]),
    )
    rows = _yes_or_no(turn, token("takeback", signature.form))
    await turn.answer.replace(turn.page(*blocks, buttons=rows, names_a_person=True))


async def _take_back(turn: Turn, arguments: tuple[str, ...]) -> None:
    found = await change.own(turn, arguments[0])
    if found is not None:
        await _withdraw(turn, *found, chat.WITHDRAWN)


async def _by_code(turn: Turn, code: str) -> None:
    """Ask before taking back whatever signature has this code. Who signed is not told to its holder."""
    found = await _coded(turn, code)
    if found is None or await _told_why_not(turn, *found):
        return
    petition, signature = found
    title = petition.text(turn.t.locale).title
    which = " ".join(part for part in (title, shown_number(petition, signature)) if part)
    blocks = (
        heading(turn.t(chat.WITHDRAW_BY_CODE_TITLE)),
        turn.t.paragraph(chat.WITHDRAW_WHICH, which=which),
        turn.t.paragraph(_EXPLAIN[signature.status]),
    )
    await turn.answer.replace(turn.page(*blocks, buttons=_yes_or_no(turn, token("recall", signature.code))))


async def _recall(turn: Turn, arguments: tuple[str, ...]) -> None:
    found = await _coded(turn, arguments[0])
    if found is not None:
        await _withdraw(turn, *found, chat.WITHDRAWN_BY_CODE)


async def _coded(turn: Turn, code: str) -> tuple[Petition, Signature] | None:
    signature = await turn.ports.signatures.by_code(code)
    petition = await choosing.by_id(turn, signature.petition_id) if signature else None
    if signature and petition:
        return petition, signature
    await turn.say_instead(chat.CODE_UNKNOWN, code=code[: 2 * CODE_LENGTH], length=CODE_LENGTH)
    return None


async def _withdraw(turn: Turn, petition: Petition, signature: Signature, done: Message) -> None:
    if await _told_why_not(turn, petition, signature):
        return
    match await turn.ports.signatures.withdraw(signature.form):
        case Changed():
            await turn.say_instead(done)
        case NotPossible(status, _):
            await _say_why_not(turn, petition, status)
        case NoSuchSignature():
            await turn.say_instead(chat.UNKNOWN_BUTTON)


async def _told_why_not(turn: Turn, petition: Petition, signature: Signature) -> bool:
    if change.changeable(petition, signature, turn):
        return False
    await _say_why_not(turn, petition, signature.status)
    return True


async def _say_why_not(turn: Turn, petition: Petition, status: Status) -> None:
    match status:
        case Status.WITHDRAWN:
            await turn.say_instead(chat.WITHDRAWN_BEFORE)
        case Status.STRUCK:
            await turn.answer.replace(turn.page(struck(petition, turn.t)))
        case _:  # delivered, and be it since the petition was read
            await turn.say_instead(chat.CANT_WITHDRAW_DELIVERED, title=petition.text(turn.t.locale).title)


async def _keep(turn: Turn, _: tuple[str, ...]) -> None:
    await turn.say_instead(chat.KEPT)


def _yes_or_no(turn: Turn, yes: str) -> list[list[Button]]:
    return [
        [Button(turn.t(chat.WITHDRAW_YES_BUTTON), yes, style=Style.DANGER)],
        [Button(turn.t(chat.KEEP_BUTTON), token("keep"))],
    ]


SPEC = CommandSpec(
    "withdraw",
    chat.WITHDRAW_COMMAND,
    run,
    (Argument("code", chat.CODE_ARGUMENT),),
    actions={
        "withdraw": Action(_confirm),
        "takeback": Action(_take_back),
        "recall": Action(_recall),
        "keep": Action(_keep, arguments=0),
    },
)
