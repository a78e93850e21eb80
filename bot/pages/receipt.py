"""A signature as its signer sees it."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from bot.document import Block, Inline, Moment, Span, facts, heading
from bot.model.petition import VERSION_PREFIX, Petition, Reach, TotalsMode
from bot.model.signature import Signature, Status
from bot.words import chat
from bot.words.catalog import Message, Words

STATUS_WORDS: Mapping[Status, Message] = MappingProxyType(
    {
        Status.COUNTED: chat.STATUS_COUNTED,
        Status.HELD: chat.STATUS_HELD,
        Status.WITHDRAWN: chat.STATUS_WITHDRAWN,
        Status.STRUCK: chat.STATUS_STRUCK,
    }
)
REACH_WORDS: Mapping[Reach, Message] = MappingProxyType(
    {
        Reach.ORGANISERS: chat.REACH_ORGANISERS,
        Reach.ADDRESSEE: chat.REACH_ADDRESSEE,
        Reach.EVERYONE: chat.REACH_EVERYONE,
    }
)
CODE_GROUP = 5


def receipt(petition: Petition, signature: Signature, t: Words) -> tuple[Block, ...]:
    """The receipt as it is handed over: everything a signer may want to prove or undo."""
    return (*_title(signature, t), *body(petition, signature, t))


def body(petition: Petition, signature: Signature, t: Words) -> tuple[Block, ...]:
    """The same without its title."""
    return (details(petition, signature, t), *_advice(petition, signature, t))


def details(petition: Petition, signature: Signature, t: Words) -> Block:
    """The facts of a signature."""
    return facts(_rows(petition, signature, t))


def shown_number(petition: Petition, signature: Signature) -> str:
    """`#12`, or nothing: in hourly mode a number would tell the true total."""
    hidden = signature.number is None or petition.content.totals is TotalsMode.HOURLY
    return "" if hidden else f"#{signature.number}"


def shown_code(code: str) -> str:
    """The code in groups, as people read it aloud and type it."""
    return "-".join(code[at : at + CODE_GROUP] for at in range(0, len(code), CODE_GROUP))


def _rows(petition: Petition, signature: Signature, t: Words) -> Iterator[tuple[str, str | Inline]]:
    text = petition.text(t.locale)
    identity, context = signature.identity, signature.context
    yield t(chat.RECEIPT_PETITION), text.title
    if number := shown_number(petition, signature):
        yield t(chat.RECEIPT_NUMBER), Span(number, bold=True)
    if signature.status is not Status.WITHDRAWN:
        yield t(chat.RECEIPT_NAME), identity.name if identity else t(chat.RECEIPT_SEALED)
        yield t(chat.RECEIPT_REACH), t(REACH_WORDS[signature.reach], to=text.to)
    if identity and identity.comment:
        yield t(chat.RECEIPT_COMMENT), identity.comment
    if context and context.answer and petition.content.ask:
        question, options = petition.content.ask.said(t.locale)
        yield question, options.get(context.answer, context.answer)
    yield t(chat.RECEIPT_TIME), Moment(context.at) if context else t.value(signature.day)
    if signature.status is not Status.COUNTED:
        yield t(chat.RECEIPT_STATUS), t(STATUS_WORDS[signature.status])
    yield t(chat.RECEIPT_TEXT), Span(signature.text_version[:VERSION_PREFIX], code=True)
    if signature.status is not Status.WITHDRAWN:
        yield t(chat.RECEIPT_CODE), Span(shown_code(signature.code), code=True)


def struck(petition: Petition, t: Words) -> Block:
    """That a signature was struck, and whom to write to."""
    contact = petition.content.contact
    return (
        t.paragraph(chat.STRUCK_CONTACT, contact=contact) if contact else t.paragraph(chat.STRUCK_NO_CONTACT)
    )


def _title(signature: Signature, t: Words) -> tuple[Block, ...]:
    match signature.status:
        case Status.HELD:
            return (heading(t(chat.RECEIPT_HELD_TITLE)),)
        case Status.WITHDRAWN:
            return (t.paragraph(chat.WITHDRAWN_BEFORE),)
        case _:
            return (heading(t(chat.RECEIPT_TITLE)),)


def _advice(petition: Petition, signature: Signature, t: Words) -> tuple[Block, ...]:
    contact = petition.content.contact
    if signature.status is Status.STRUCK:
        return (struck(petition, t),)
    if signature.status is Status.WITHDRAWN:
        return ()
    waits = (t.paragraph(chat.RECEIPT_HELD),) if signature.status is Status.HELD else ()
    whom = (t.aside(chat.NOT_YOU, contact=contact),) if contact else ()
    return (*waits, t.paragraph(chat.RECEIPT_KEEP), *whom)
