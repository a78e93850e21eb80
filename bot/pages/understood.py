"""What was understood of a petition's page, and what an edit changes, as an organiser sees it before confirming."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from bot.document import Block, Code, Inline, Listing, Moment, facts, heading, paragraph
from bot.model.petition import Ask, Content, Petition
from bot.petition_file.problem import Problem
from bot.words import drafting as said
from bot.words.catalog import Words

if TYPE_CHECKING:
    from bot.petition_file.difference import Difference, FieldValue, TextChange

MOST_LINES = 60
"""Lines of a difference that are shown of one text."""


def problems(found: Sequence[Problem], t: Words) -> Listing:
    """Each remark, with its line."""
    return Listing(tuple((paragraph(problem.said(t)),) for problem in found))


def summary(content: Content, t: Words) -> Block:
    """What was understood, part by part; what is missing says so."""
    return facts(_rows(content, t))


def _rows(content: Content, t: Words) -> Iterator[tuple[str, str | Inline]]:
    from bot.petition_file.holds import rules  # noqa: PLC0415  read when there is a page

    own, none = content.texts[0], t(said.NONE)
    yield t(said.FACT_TITLE), own.title
    yield t(said.FACT_TO), own.to
    yield t(said.FACT_SLUG), content.slug
    yield t(said.FACT_SPONSORS), ", ".join(content.sponsors) or none
    yield t(said.FACT_LANGUAGES), ", ".join(text.language for text in content.texts)
    yield t(said.FACT_BACKGROUND), _size(own.background, t)
    yield t(said.FACT_LETTER), _size(own.letter, t)
    if content.goal is not None:
        yield t(said.FACT_GOAL), t.value(content.goal)
    if content.opens is not None:
        yield t(said.FACT_OPENS), Moment(content.opens)
    if content.closes is not None:
        yield t(said.FACT_CLOSES), Moment(content.closes)
    if content.ask is not None:
        yield t(said.FACT_ASK), _value(content.ask, t)
    held = ", ".join(f"{key} = {_value(value, t)}" for key, value in rules(content.hold))
    yield t(said.FACT_HOLD), held or none
    yield t(said.FACT_CONTACT), content.contact or none
    yield t(said.FACT_PRIVACY), own.privacy or none


def _size(markdown: str, t: Words) -> str:
    words = len(markdown.split())
    return t(said.WORDS, count=words) if words else t(said.NONE)


def changes(difference: "Difference", t: Words) -> Iterator[Block]:
    """What changes: keys in a table, texts line by line with `-` and `+`."""
    if difference.fields:
        yield facts(
            (each.name, f"{_value(each.old, t)} → {_value(each.new, t)}") for each in difference.fields
        )
    for change in difference.texts:
        yield from _text(change, t)


def _text(change: "TextChange", t: Words) -> Iterator[Block]:
    kind = said.LANGUAGE_CHANGES
    if change.old is None:
        kind = said.LANGUAGE_NEW
    elif change.new is None:
        kind = said.LANGUAGE_GOES
    yield heading(t(kind, language=change.language), 2)
    if change.new is None:
        return
    for part, changed in change.lines.items():
        lines = [f"{line.mark} {line.text}".rstrip() for line in changed]
        shown = lines if len(lines) <= MOST_LINES else [*lines[:MOST_LINES], "…"]
        yield paragraph(part.value, quiet=True)
        yield Code("\n".join(shown))


def _value(value: "FieldValue", t: Words) -> str:
    match value:
        case bool():
            return t(said.YES if value else said.NO)
        case datetime():
            return t.value(value)
        case Ask(question, options):
            return f"{question} ({', '.join(options)})"
        case tuple():
            return ", ".join(str(each) for each in value) or t(said.NONE)
        case None | "":
            return t(said.NONE)
        case _:
            return str(value)


def signed(petition: Petition, content: Content, counts: Mapping[str, int], t: Words) -> Iterator[Block]:
    """How many signed which text, and what becomes of them when the petition reads as in `content`."""
    present = {text.version: text.language for text in petition.content.texts}
    kept = {text.version for text in content.texts}
    for version, count in counts.items():
        language = present.get(version)
        if language is None:
            yield t.paragraph(said.SIGNED_OLD_TEXT, count=count)
        else:
            message = said.SIGNED_SAME_TEXT if version in kept else said.SIGNED_THIS_TEXT
            yield t.paragraph(message, count=count, language=language)
