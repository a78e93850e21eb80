"""How a form is asked: in one piece where the platform can, else step by step, from the same form.

Step by step, a form is one page with a button for each field and one that sends it. What was given so far is a
draft in the storage, so it survives a restart; its buttons carry the draft's step, so a stale press shows the
form as it is now and changes nothing.
"""

from types import MappingProxyType

from msgspec.structs import replace

from bot import choosing
from bot.answer import Button, Field, FieldKind, Form, Prompt, Style
from bot.document import Block, Listing, Paragraph, Span, facts, heading, paragraph
from bot.forms import sign
from bot.forms.every import FORMS
from bot.forms.fields import clean
from bot.forms.spec import FormKind, FormRef, Remark, Reopen, Sent, Spent, Values
from bot.ports import Draft
from bot.tokens import random_id, token
from bot.turn import Turn
from bot.words import chat


async def open_form(
    turn: Turn, kind: FormKind, *arguments: str, values: Values = MappingProxyType({})
) -> None:
    """Ask a fresh form, filled in with `values` where the form itself knows nothing better."""
    await _ask(turn, FormRef(kind, arguments, random_id()), values)


async def submitted(turn: Turn, written: str, values: Values) -> None:
    """A form came back in one piece."""
    ref = _known(written)
    if ref is None:
        await turn.say_instead(chat.UNKNOWN_BUTTON)
        return
    given = {key: value for key, value in values.items() if key != sign.VIA}
    await _settle(turn, ref, given, step=0, sent=await FORMS[ref.kind].send(turn, ref, given))


async def typed(turn: Turn, text: str) -> bool:
    """Take free text as the answer to what was asked; False if nothing was asked."""
    draft = await turn.ports.drafts.asking(turn.account)
    if draft is None:
        return False
    form = await _form_of(turn, draft)
    if form is None:  # closed meanwhile, say, and the member has been told so
        return True
    field = next((each for each in form.fields if each.key == draft.asking), None)
    if field is None:
        return False
    await _take(turn, form, draft, field, text)
    return True


async def stop_asking(turn: Turn) -> None:
    """Wait for no more text: the member went on to something else. What was given so far is kept."""
    draft = await turn.ports.drafts.asking(turn.account)
    if draft is not None:
        await turn.ports.drafts.save(turn.account, replace(draft, asking=None))


async def _ask(turn: Turn, ref: FormRef, values: Values, remark: str = "", step: int = 0) -> None:
    """Show a form, by what the platform can; a form that is out of date is asked about the newest text."""
    built = await FORMS[ref.kind].build(turn, ref, values)
    if isinstance(built, Reopen):
        ref, remark = _renewed(ref, built), built.remark
        built = await FORMS[ref.kind].build(turn, ref, values)
    if not isinstance(built, Form):
        return
    shown = replace(built, remark=remark)
    if turn.answer.whole_forms:
        await turn.answer.form(shown)
        return
    draft = Draft(ref.form, ref.token, step, {**_values(shown), **values}, _evident(shown))
    await turn.ports.drafts.save(turn.account, draft)
    await _show(turn, shown, draft)


def _evident(form: Form) -> str | None:
    """The one thing that a form asks, if it is text and not given yet: whoever types means that."""
    if len(form.fields) != 1:
        return None
    (field,) = form.fields
    return field.key if field.kind is not FieldKind.CHOICE and not field.value else None


def _renewed(ref: FormRef, reopen: Reopen) -> FormRef:
    return FormRef(ref.kind, reopen.arguments, random_id() if reopen.fresh_id else ref.form)


async def _settle(turn: Turn, ref: FormRef, values: Values, *, step: int, sent: Sent) -> None:
    """After sending: nothing to do if it is done, else the form again, keeping what was given."""
    if sent is None or isinstance(sent, Spent):
        return
    if isinstance(sent, Reopen):
        ref, remark = _renewed(ref, sent), sent.remark
    else:
        remark = sent.text
    if not turn.answer.whole_forms:
        await _ask(turn, ref, values, remark, step + 1)
        return
    # A form in one piece can't follow upon another at once: the reason comes first, with a way back to it.
    await turn.ports.drafts.save(turn.account, Draft(ref.form, ref.token, step, values))
    await _offer_again(turn, ref, values, remark, changed=isinstance(sent, Reopen))


async def _offer_again(turn: Turn, ref: FormRef, values: Values, remark: str, *, changed: bool) -> None:
    body: tuple[Block, ...] = ()
    if changed:
        built = await FORMS[ref.kind].build(turn, ref, values)
        if not isinstance(built, Form):
            return
        body = built.body
    label = chat.SIGN_BUTTON if changed else chat.TRY_AGAIN_BUTTON
    again = Button(turn.t(label), token("reopen", ref.form), style=Style.PRIMARY)
    await turn.answer.replace(turn.page(paragraph(Span(remark, bold=True)), *body, buttons=[[again]]))


async def reopen(turn: Turn, arguments: tuple[str, ...]) -> None:
    """Show a form in one piece again, as it was sent before it was refused."""
    draft = await turn.ports.drafts.get(turn.account, arguments[0])
    ref = _known(draft.token) if draft else None
    if draft is None or ref is None:
        await _gone(turn, arguments[0])
        return
    await _ask(turn, ref, draft.values, step=draft.step)


async def press(turn: Turn, arguments: tuple[str, ...]) -> None:
    """A button of a form that is asked step by step: `form, step, what`, and an option's index."""
    form_id, step, what, *rest = arguments
    draft = await turn.ports.drafts.get(turn.account, form_id)
    if draft is None:
        await _gone(turn, form_id)
        return
    form = await _form_of(turn, draft)
    if form is None:
        return
    if step != str(draft.step):
        await _show(turn, form, draft)
        return
    await _do(turn, form, draft, what, rest)


async def _do(turn: Turn, form: Form, draft: Draft, what: str, rest: list[str]) -> None:
    field = next((each for each in form.fields if each.key == what), None)
    if what == "send":
        await _send(turn, form, draft)
    elif what == "cancel":
        await turn.ports.drafts.drop(turn.account, draft.form)
        await turn.say_instead(chat.CANCELLED)
    elif field is None:
        await _keep(turn, form, draft)
    elif rest:
        await _take(turn, form, draft, field, _option(field, rest[0]))
    else:
        await _ask_for(turn, draft, field)


async def _send(turn: Turn, form: Form, draft: Draft) -> None:
    empty = next((each for each in form.fields if each.required and not draft.values.get(each.key)), None)
    if empty is not None:
        await _ask_for(turn, draft, empty)
        return
    ref = _known(draft.token)
    if ref is not None:
        sent = await FORMS[ref.kind].send(turn, ref, draft.values)
        if sent is None:
            await turn.ports.drafts.drop(turn.account, draft.form)
        await _settle(turn, ref, draft.values, step=draft.step, sent=sent)


async def _take(turn: Turn, form: Form, draft: Draft, field: Field, value: str) -> None:
    """Put a value into the draft, or say why not, and show the form as it is then."""
    taken = clean(field, value, turn.t)
    if isinstance(taken, Remark) and taken.suggestion is None:
        await _ask_for(turn, draft, field, taken.text)
        return
    remark, stored = (taken.text, taken.suggestion) if isinstance(taken, Remark) else ("", taken)
    values = {**draft.values, field.key: stored or ""}
    await _keep(turn, form, replace(draft, values=values), remark)


async def _keep(turn: Turn, form: Form, draft: Draft, remark: str = "") -> None:
    """Store the draft as its next step, asking nothing, and show the form."""
    draft = replace(draft, step=draft.step + 1, asking=None)
    await turn.ports.drafts.save(turn.account, draft)
    fresh = await _form_of(turn, draft) or form
    await _show(turn, replace(fresh, remark=remark), draft)


async def _ask_for(turn: Turn, draft: Draft, field: Field, remark: str = "") -> None:
    """Ask one field: its options as buttons, or free text."""
    choosing = field.kind is FieldKind.CHOICE
    draft = replace(draft, step=draft.step + 1, asking=None if choosing else field.key)
    await turn.ports.drafts.save(turn.account, draft)
    blocks: list[Block] = [paragraph(Span(remark, bold=True))] if remark else []
    back = [_button(draft, turn.t(chat.BACK_BUTTON), "back")]
    if choosing:
        blocks += _options(field)
        rows = [[_button(draft, choice.label, field.key, str(at))] for at, choice in enumerate(field.choices)]
        none = [] if field.required else [_button(draft, turn.t(chat.ANSWER_NONE), field.key, "none")]
        await turn.answer.replace(turn.page(*blocks, buttons=[*rows, none, back]))
        return
    blocks.append(turn.t.paragraph(chat.TYPE_VALUE, label=Span(field.label, bold=True)))
    if field.hint:
        blocks.append(paragraph(field.hint, quiet=True))
    prompt = Prompt(field.label, field.max_length)
    await turn.answer.replace(turn.page(*blocks, buttons=[back], prompt=prompt))


def _options(field: Field) -> list[Block]:
    label = paragraph(Span(field.label, bold=True))
    hinted = [choice for choice in field.choices if choice.hint]
    items: tuple[tuple[Block, ...], ...] = tuple(
        (Paragraph((Span(choice.label, bold=True), Span(": " + choice.hint))),) for choice in hinted
    )
    return [label, Listing(items)] if items else [label]


async def _show(turn: Turn, form: Form, draft: Draft) -> None:
    """The form as one page: what is agreed to, what stands in the fields, a button for each."""
    filled = [(each.label, _label(turn, each, draft.values.get(each.key, ""))) for each in form.fields]
    remark = (paragraph(Span(form.remark, bold=True)),) if form.remark else ()
    blocks = (heading(form.title), *form.body, facts(filled), *remark)
    others = [_button(draft, each.action, each.key) for each in form.fields]
    rows = [
        [_button(draft, form.submit, "send", style=Style.PRIMARY)],
        *(others[at : at + 2] for at in range(0, len(others), 2)),
        [_button(draft, turn.t(chat.CANCEL_BUTTON), "cancel")],
    ]
    await turn.answer.replace(turn.page(*blocks, buttons=rows, names_a_person=True))


async def _gone(turn: Turn, form_id: str) -> None:
    """The draft is no longer there: signed already, cancelled, or a day old."""
    signature = await turn.ports.signatures.get(form_id, turn.account)
    petition = await choosing.by_id(turn, signature.petition_id) if signature else None
    if signature and petition:
        await sign.show_receipt(turn, petition, signature)
    else:
        await turn.say_instead(chat.FORM_EXPIRED)


async def _form_of(turn: Turn, draft: Draft) -> Form | None:
    """The draft's form as it must be shown now; a petition edited meanwhile is asked anew, with its new text."""
    ref = _known(draft.token)
    if ref is None:
        return None
    built = await FORMS[ref.kind].build(turn, ref, draft.values)
    if isinstance(built, Reopen):
        await _ask(turn, _renewed(ref, built), draft.values, built.remark, draft.step + 1)
        return None
    return built


def _known(written: str) -> FormRef | None:
    ref = FormRef.parse(written)
    spec = FORMS.get(ref.kind) if ref else None
    return ref if ref and spec and len(ref.arguments) == spec.arguments else None


def _values(form: Form) -> dict[str, str]:
    return {field.key: field.value for field in form.fields}


def _label(turn: Turn, field: Field, value: str) -> str:
    if field.kind is FieldKind.CHOICE:
        value = next((choice.label for choice in field.choices if choice.value == value), "")
    return value or turn.t(chat.NOT_GIVEN)


def _option(field: Field, index: str) -> str:
    """The value of the option that a button stands for; an index that no button has stands for no option."""
    known = index.isascii() and index.isdecimal() and int(index) < len(field.choices)
    return field.choices[int(index)].value if known else ""


def _button(draft: Draft, label: str, *what: str, style: Style = Style.PLAIN) -> Button:
    return Button(label, token("step", draft.form, str(draft.step), *what), style=style)
