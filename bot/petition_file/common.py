"""What both formats of a petition file are read with, and checked for."""

from datetime import datetime

from msgspec import Struct

from bot.document import plain
from bot.markdown import blocks
from bot.model.petition import Content
from bot.petition_file import limits
from bot.petition_file.names import SLUG_RULE, slug_from
from bot.petition_file.problem import Report
from bot.words import petition_file as said


class Circumstances(Struct, frozen=True):
    """When a file is read, the language of one that names none, and what it is to replace, if anything."""

    now: datetime
    language: str
    before: Content | None


def has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)


def check_letter(letter: str, line: int | None, report: Report) -> None:
    """A letter says something, and not too much. `letter` is Markdown."""
    if len(letter) > limits.LETTER:
        report.error(line, said.TOO_LONG, key="letter", most=limits.LETTER, count=len(letter))
    elif not has_words(plain(blocks(letter))):
        report.error(line, said.EMPTY_LETTER)


def check_background(background: str, line: int | None, report: Report) -> None:
    if len(background) > limits.BACKGROUND:
        report.error(line, said.TOO_LONG, key="background", most=limits.BACKGROUND, count=len(background))


def chosen_slug(
    given: str, line: int | None, title: str, circumstances: Circumstances, report: Report
) -> str:
    """The short name: the stored petition's own, or else the one given, or else one made of the title."""
    before = circumstances.before
    if given and not SLUG_RULE.fullmatch(given):
        report.error(
            line, said.BAD_SLUG, slug=given[: limits.TITLE], meant=slug_from(given) or "keep-our-library"
        )
    elif before is not None and given not in {"", before.slug}:
        report.error(line, said.SLUG_IS_FIXED, slug=before.slug)
    if before is not None:
        return before.slug
    slug = given or slug_from(title)
    if slug is None and title:
        report.error(line, said.NO_SLUG)
    return slug or ""
