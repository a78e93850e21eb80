"""A petition's page comes in: pasted in parts, or as a file; what is understood is shown, then confirmed.

Until it is confirmed the page is a draft of its sender's, whose token says what it is for: a new petition, or the
one with this key.
"""

import asyncio
from typing import TYPE_CHECKING, Final

from bot import asking
from bot.answer import Button, Prompt, Style
from bot.document import Block, Rule, heading
from bot.forms.spec import FormKind
from bot.inbound import Attached, Command, Typed
from bot.model.petition import Content, Petition
from bot.organising import completed
from bot.pages import missing as pages_missing
from bot.pages import understood as pages
from bot.petition_file.source import LIMIT
from bot.ports import Draft
from bot.roles import Role
from bot.tokens import Token, random_id, token
from bot.turn import Turn
from bot.words import chat
from bot.words import drafting as said
from bot.words.catalog import Message

if TYPE_CHECKING:
    from bot.petition_file.reading import Reading

NEW: Final = "new"
"""In the place of a petition's key."""
ACTION: Final = "page"
PAGE: Final = "page"
FULL: Final = 3500
"""Characters of a message that a platform may have parted from the next: it does so at about 4,000."""


def attached(turn: Turn) -> Attached | None:
    """The file that came with this event."""
    event = turn.inbound.event
    return event.attached if isinstance(event, Command | Typed) else None


async def begin(turn: Turn, petition: Petition | None) -> None:
    """Take the file that came along, or ask for the page."""
    target = petition.key if petition else NEW
    file = attached(turn)
    if file is not None:
        await _take_file(turn, _draft(target), file)
    elif turn.answer.whole_forms:
        await asking.open_form(turn, FormKind.PAGE, target)
    else:
        draft = _draft(target, asking=PAGE)
        await turn.ports.drafts.save(turn.account, draft)
        await _ask(turn, draft, petition)


def _draft(target: str, text: str = "", asking: str | None = None) -> Draft:
    return Draft(random_id(), token(ACTION, target), 0, {PAGE: text}, asking)


async def _ask(turn: Turn, draft: Draft, petition: Petition | None) -> None:
    t = turn.t
    title = t(said.SEND_EDIT_TITLE, title=petition.text(t.locale).title) if petition else t(said.SEND_TITLE)
    lead = t.paragraph(said.SEND_EDIT if petition else said.SEND_PAGE)
    present = [[Button(t(said.GET_FILE_BUTTON), token("page-file", petition.key))]] if petition else []
    rows = [*present, [_button(turn, said.DROP_BUTTON, "page-drop", draft)]]
    await turn.answer.replace(
        turn.page(heading(title), lead, buttons=rows, prompt=Prompt(t(said.PAGE_LABEL), 4000))
    )


async def typed(turn: Turn, text: str) -> bool:
    """Take what is typed, or a file, as a part of the page that is being sent; False if none is."""
    draft = await turn.ports.drafts.asking(turn.account)
    if draft is None or _target(draft) is None:
        return False
    if await turn.role() is not Role.ORGANISER:  # no longer
        await turn.ports.drafts.drop(turn.account, draft.form)
        await turn.say_instead(chat.NOT_ALLOWED_ORGANISER)
        return True
    file = attached(turn)
    if file is not None:
        await _take_file(turn, draft, file)
        return True
    whole = joined(draft.values.get(PAGE, ""), text)[: LIMIT + 1]
    await turn.ports.drafts.save(
        turn.account, Draft(draft.form, draft.token, draft.step + 1, {PAGE: whole}, PAGE)
    )
    rows = [
        [_button(turn, said.THAT_IS_ALL_BUTTON, "page-all", draft, Style.PRIMARY)],
        [
            _button(turn, said.AGAIN_BUTTON, "page-again", draft),
            _button(turn, said.DROP_BUTTON, "page-drop", draft),
        ],
    ]
    await turn.say_instead(said.RECEIVED, buttons=rows, count=len(whole))
    return True


def joined(before: str, text: str) -> str:
    """A page with its next part: what a platform parted in the middle of a sentence is one paragraph again."""
    if not before:
        return text
    last = before.rsplit("\n\n", 1)[-1]
    parted = len(last) >= FULL or (len(before) >= FULL and before.rstrip()[-1:] not in '.!?:"”»…')
    return f"{before} {text}" if parted else f"{before}\n\n{text}"


async def _take_file(turn: Turn, draft: Draft, file: Attached) -> None:
    if file.size > LIMIT:
        await turn.say_instead(said.FILE_TOO_LARGE)
        return
    try:
        data = await file.read()
    except ConnectionError:
        await turn.say_instead(said.FILE_NOT_READ)
        return
    await _show(turn, draft, data)


async def understand(turn: Turn, target: str, text: str) -> None:
    """Show what is understood of a page that came in one piece."""
    await _show(turn, _draft(target), text.encode("utf-8", "replace"))


async def all_there(turn: Turn, arguments: tuple[str, ...]) -> None:
    """The page is complete."""
    draft = await _own(turn, arguments[0])
    if draft is not None:
        text = draft.values.get(PAGE, "")
        if text.strip():
            await _show(turn, draft, text.encode("utf-8", "replace"))
        else:
            await turn.say_instead(said.NOTHING_SENT)


async def again(turn: Turn, arguments: tuple[str, ...]) -> None:
    """Throw away what was sent, and ask for it anew."""
    draft = await _own(turn, arguments[0])
    if draft is not None:
        await turn.ports.drafts.drop(turn.account, draft.form)
        await begin(turn, await _petition(turn, draft))


async def drop(turn: Turn, arguments: tuple[str, ...]) -> None:
    """Throw it away."""
    await turn.ports.drafts.drop(turn.account, arguments[0])
    await turn.say_instead(said.DROPPED)


async def _show(turn: Turn, draft: Draft, data: bytes) -> None:
    """What is understood, with the button that stores it; or what is to be corrected."""
    petition = await _petition(turn, draft)
    if petition is None and _target(draft) != NEW:
        await turn.say_instead(chat.UNKNOWN_BUTTON)
        return
    reading = await read(turn, petition, data)
    if reading.content is None:
        await _tell_errors(turn, draft, reading)
        return
    text = data.decode("utf-8", "replace")
    kept = Draft(draft.form, draft.token, draft.step + 1, {PAGE: text})
    await turn.ports.drafts.save(turn.account, kept)
    content = completed(reading.content, turn.house)
    body = await _body(turn, petition, content, reading)
    if body is None:
        await turn.ports.drafts.drop(turn.account, draft.form)
        await turn.say_instead(said.NO_DIFFERENCE)
        return
    label = said.CHANGE_BUTTON if petition else said.KEEP_BUTTON
    seen = (str(petition.revision),) if petition else ()
    rows = [
        [Button(turn.t(label), token("page-keep", kept.form, *seen), style=Style.PRIMARY)],
        [
            _button(turn, said.AGAIN_BUTTON, "page-again", kept),
            _button(turn, said.DROP_BUTTON, "page-drop", kept),
        ],
    ]
    await turn.answer.replace(turn.page(*body, buttons=rows))


async def _body(
    turn: Turn, petition: Petition | None, content: Content, reading: "Reading"
) -> tuple[Block, ...] | None:
    """What is shown before it is confirmed; None if it changes nothing."""
    from bot.petition_file.difference import difference  # noqa: PLC0415  read when there is a page

    t, found = turn.t, difference(petition.content, content) if petition else None
    if found is not None and not found:
        return None
    blocks: list[Block] = []
    if petition is not None and found is not None:
        signed = await turn.ports.petitions.signed_versions(petition.id)
        blocks += [heading(t(said.DIFFERENCE_TITLE)), *pages.changes(found, t)]
        blocks += [*pages.signed(petition, content, signed, t), Rule()]
    blocks += [heading(t(said.UNDERSTOOD_TITLE)), pages.summary(content, t)]
    blocks += pages_missing.warnings(content, t)
    notes = [problem for problem in reading.problems if problem not in reading.errors]
    if notes:
        blocks += [t.paragraph(said.REMARKS), pages.problems(notes, t)]
    return tuple(blocks)


async def _tell_errors(turn: Turn, draft: Draft, reading: "Reading") -> None:
    """What is wrong, line by line. Where text is taken, the corrected page is waited for at once."""
    t = turn.t
    waiting = None if turn.answer.whole_forms else PAGE
    fresh = Draft(draft.form, draft.token, draft.step + 1, {PAGE: ""}, waiting)
    await turn.ports.drafts.save(turn.account, fresh)
    blocks = (
        heading(t(said.NOT_UNDERSTOOD_TITLE)),
        t.paragraph(said.NOT_UNDERSTOOD),
        pages.problems(reading.errors, t),
    )
    rows = [
        [
            _button(turn, said.AGAIN_BUTTON, "page-again", fresh),
            _button(turn, said.DROP_BUTTON, "page-drop", fresh),
        ]
    ]
    await turn.answer.replace(turn.page(*blocks, buttons=rows))


async def read(turn: Turn, petition: Petition | None, data: bytes) -> "Reading":
    """What a page says. A long one takes a while, in which others are answered."""
    from bot.petition_file.reading import read_petition  # noqa: PLC0415  read when there is a page

    before = petition.content if petition else None
    language = before.texts[0].language if before else turn.t.language
    return await asyncio.to_thread(read_petition, data, now=turn.now, language=language, before=before)


async def _own(turn: Turn, form_id: str) -> Draft | None:
    """The actor's page by its id; None after telling that it is gone."""
    draft = await turn.ports.drafts.get(turn.account, form_id)
    if draft is not None and _target(draft) is not None:
        return draft
    await turn.say_instead(said.PAGE_GONE)
    return None


async def confirmed_page(turn: Turn, form_id: str) -> "tuple[Draft, Petition | None, Reading] | None":
    """The page that was shown, what it is for, and what it says; None after telling that it is gone."""
    draft = await _own(turn, form_id)
    if draft is None:
        return None
    petition = await _petition(turn, draft)
    return draft, petition, await read(turn, petition, draft.values.get(PAGE, "").encode("utf-8", "replace"))


def _target(draft: Draft) -> str | None:
    """What a draft of ours is for; None for a half-filled form."""
    parsed = Token.parse(draft.token)
    ours = parsed is not None and parsed.action == ACTION and len(parsed.arguments) == 1
    return parsed.arguments[0] if parsed and ours else None


async def _petition(turn: Turn, draft: Draft) -> Petition | None:
    target = _target(draft)
    return None if target in {None, NEW} else await turn.ports.petitions.by_key(target or "")


def _button(turn: Turn, label: Message, action: str, draft: Draft, style: Style = Style.PLAIN) -> Button:
    return Button(turn.t(label), token(action, draft.form), style=style)
