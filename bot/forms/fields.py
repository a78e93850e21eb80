"""The fields of a signature, and what may stand in them."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from msgspec.structs import replace

from bot.answer import Choice, Field, FieldKind
from bot.comments import MAX_COMMENT, CommentRule, clean_comment
from bot.forms.spec import Remark
from bot.model.petition import Ask, Petition, Reach
from bot.names import MAX_NAME, NameRefused, NameRule, clean_name
from bot.pages.receipt import REACH_WORDS
from bot.words import chat
from bot.words.catalog import Message, Words

NAME, REACH, COMMENT, ANSWER = "name", "reach", "comment", "answer"

_REACH_HINTS: Mapping[Reach, Message] = MappingProxyType(
    {
        Reach.ORGANISERS: chat.REACH_ORGANISERS_HINT,
        Reach.ADDRESSEE: chat.REACH_ADDRESSEE_HINT,
        Reach.EVERYONE: chat.REACH_EVERYONE_HINT,
    }
)
_NAME_WORDS: Mapping[NameRule, Message] = MappingProxyType(
    {
        NameRule.TOO_SHORT: chat.NAME_TOO_SHORT,
        NameRule.TOO_LONG: chat.NAME_TOO_LONG,
        NameRule.LINK: chat.NAME_LINK,
        NameRule.MENTION: chat.NAME_MENTION,
        NameRule.CONTROL: chat.NAME_CONTROL,
        NameRule.INVISIBLE: chat.NAME_INVISIBLE,
        NameRule.SYMBOL: chat.NAME_SYMBOL,
        NameRule.STACKED_MARKS: chat.NAME_STACKED_MARKS,
        NameRule.MISPLACED: chat.NAME_MISPLACED,
        NameRule.NO_LETTER: chat.NAME_NO_LETTER,
        NameRule.PLACEHOLDER: chat.NAME_PLACEHOLDER,
    }
)


def signature_fields(petition: Petition, values: Mapping[str, str], t: Words) -> tuple[Field, ...]:
    """Name, reach and comment, filled in with `values`."""
    blank = _blank(petition.text(t.locale).to, petition.content.reach, t)
    return tuple(
        replace(field, value=value) if (value := values.get(field.key)) else field for field in blank
    )


@lru_cache(maxsize=256)
def _blank(to: str, offered: tuple[Reach, ...], t: Words) -> tuple[Field, ...]:
    """The same as they are for everybody; kept, because every step of every signing asks for them."""
    return name_field("", t), reach_field(to, offered, t), comment_field("", t)


def name_field(value: str, t: Words) -> Field:
    return Field(
        NAME,
        t(chat.NAME_LABEL),
        t(chat.NAME_ACTION),
        value=value,
        hint=t(chat.NAME_HINT),
        max_length=MAX_NAME,
    )


def reach_field(to: str, offered: tuple[Reach, ...], t: Words) -> Field:
    """Who sees the name: what the petition offers, the addressee by name."""
    choices = tuple(
        Choice(reach.value, t(REACH_WORDS[reach], to=to), t(_REACH_HINTS[reach])) for reach in offered
    )
    return Field(
        REACH,
        t(chat.REACH_LABEL),
        t(chat.REACH_ACTION),
        FieldKind.CHOICE,
        offered[0].value,
        choices=choices,
    )


def comment_field(value: str, t: Words) -> Field:
    return Field(
        COMMENT,
        t(chat.COMMENT_LABEL),
        t(chat.COMMENT_ACTION),
        FieldKind.LINES,
        value,
        hint=t(chat.COMMENT_HINT, limit=MAX_COMMENT),
        required=False,
        max_length=MAX_COMMENT,
    )


def answer_field(ask: Ask, value: str, t: Words) -> Field:
    """The petition's own question. Nobody has to answer it."""
    question, options = ask.said(t.locale)
    return Field(
        ANSWER,
        question,
        t(chat.ANSWER_ACTION),
        FieldKind.CHOICE,
        value,
        choices=tuple(Choice(option, label) for option, label in options.items()),
        required=False,
    )


def clean(field: Field, value: str, t: Words) -> str | Remark:
    """The stored form of what was given for this field, or why it can't be taken."""
    if field.kind is FieldKind.CHOICE:
        return _clean_choice(field, value, t)
    if not value.strip() and not field.required:
        return ""
    return _clean_name(value, t) if field.key == NAME else _clean_text(value, field.max_length, t)


def cleaned(fields: tuple[Field, ...], values: Mapping[str, str], t: Words) -> dict[str, str] | Remark:
    """All values in their stored form, or the first remark."""
    taken: dict[str, str] = {}
    for field in fields:
        value = clean(field, values.get(field.key, ""), t)
        if isinstance(value, Remark):
            return value
        taken[field.key] = value
    return taken


def _clean_choice(field: Field, value: str, t: Words) -> str | Remark:
    if any(value == choice.value for choice in field.choices) or (not value and not field.required):
        return value
    return Remark(t(chat.CHOICE_UNKNOWN, label=field.label))


def _clean_name(value: str, t: Words) -> str | Remark:
    name = clean_name(value)
    if not isinstance(name, NameRefused):
        return name
    reason = t(_NAME_WORDS[name.rule], detail=name.detail)
    if name.suggestion:
        reason += " " + t(chat.NAME_SUGGESTION, suggestion=name.suggestion)
    return Remark(reason, name.suggestion)


def _clean_text(value: str, limit: int, t: Words) -> str | Remark:
    comment = clean_comment(value, limit)
    if isinstance(comment, str):
        return comment
    match comment.rule:
        case CommentRule.TOO_LONG:
            return Remark(t(chat.COMMENT_TOO_LONG, limit=limit, length=int(comment.detail)))
        case CommentRule.HIDDEN:
            return Remark(t(chat.COMMENT_HIDDEN, detail=comment.detail))
        case CommentRule.STACKED_MARKS:
            return Remark(t(chat.COMMENT_STACKED_MARKS))
