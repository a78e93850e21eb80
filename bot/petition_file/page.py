"""A petition from a plain page of text: title, background, `To:`, `From: [Your Name]`, the letter.

Its text is plain: what looks like Markdown in it is shown as it was typed.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from msgspec.structs import replace

from bot.markdown import escaped
from bot.model.petition import Content, Text
from bot.petition_file import limits
from bot.petition_file.common import Circumstances, check_background, check_letter, chosen_slug, has_words
from bot.petition_file.problem import Report
from bot.petition_file.sorting import Line, Parts, sort_page
from bot.words import petition_file as said


def read_page(text: str, report: Report, circumstances: Circumstances) -> Content:
    """The content of a plain page. Worth keeping only if nothing was reported as an error."""
    parts = sort_page(text, report)
    own = Text(
        language=_language(parts, circumstances),
        title=_title(parts, report),
        to=_addressee(parts, report),
        background=_background(parts, report),
        letter=_letter(parts, report),
    )
    slug = parts.slug or parts.title or Line(1, "")
    content = Content(
        slug=chosen_slug(
            parts.slug.text if parts.slug else "", slug.number, own.title, circumstances, report
        ),
        texts=(own,),
        sponsors=_sponsors(parts, report),
    )
    before = circumstances.before
    return content if before is None else _kept(before, content, parts, report)


LABELLED = frozenset({"en", "es"})
"""The languages whose labels are known, so that a page tells its language by them."""


def _language(parts: Parts, circumstances: Circumstances) -> str:
    before = circumstances.before
    usual = before.texts[0].language if before else circumstances.language
    label = parts.to.label if parts.to else None
    return label.language if label and usual.partition("-")[0] in LABELLED - {label.language} else usual


def _title(parts: Parts, report: Report) -> str:
    title = _one_line(parts.title)
    line = parts.title.number if parts.title else 1
    if not has_words(title):
        report.error(line, said.NO_TITLE)
    elif len(title) > limits.TITLE:
        report.error(line, said.LONG_FIRST_LINE, most=limits.TITLE, count=len(title))
    return title


def _addressee(parts: Parts, report: Report) -> str:
    to = _one_line(parts.to)
    if not has_words(to):
        report.error(parts.to.number if parts.to else None, said.NO_TO)
    elif len(to) > limits.TO:
        report.error(
            parts.to.number if parts.to else None, said.TOO_LONG, key="To:", most=limits.TO, count=len(to)
        )
    return to


def _one_line(line: Line | None) -> str:
    return " ".join(line.text.split()) if line else ""


def _background(parts: Parts, report: Report) -> str:
    background = _prose(parts.background)
    check_background(background, _first_line(parts.background), report)
    return background


def _letter(parts: Parts, report: Report) -> str:
    """The letter; where neither `To:` nor `From:` says where it begins, the missing `To:` is told already."""
    if parts.letter is None:
        return ""
    letter, line = _prose(parts.letter), _first_line(parts.letter)
    if line is None:
        report.error(parts.to.number if parts.to else None, said.NO_LETTER_ON_PAGE)
    else:
        check_letter(letter, line, report)
    return letter


def _sponsors(parts: Parts, report: Report) -> tuple[str, ...]:
    sponsors = parts.sponsors or ()
    if len(sponsors) > limits.ENTRIES:
        report.error(None, said.TOO_MANY, key="Sponsored by", most=limits.ENTRIES)
    return sponsors


def _first_line(lines: Sequence[Line]) -> int | None:
    return next((line.number for line in lines if line.text), None)


# ---------------------------------------------------------------------------------------- paragraphs

WRAPPED = range(60, 101)
"""Columns at which mail programs and editors wrap lines. Text that is so wide was wrapped by one."""
_LIST_MARKS = tuple("-*•–0123456789")


def _prose(lines: Sequence[Line]) -> str:
    """Lines as Markdown that shows them as typed, with the wrapped ones of a paragraph joined again."""
    width = max((len(line.text) for line in lines), default=0)
    paragraphs = groupby(lines, key=lambda line: bool(line.text))
    return escaped(
        "\n\n".join(
            "".join(_unwrapped([line.text for line in run], width)) for filled, run in paragraphs if filled
        )
    )


def _unwrapped(lines: list[str], width: int) -> Iterator[str]:
    yield lines[0]
    for line, below in pairwise(lines):
        wrapped = len(line) + 1 + len(below.split(maxsplit=1)[0]) > width and not below.startswith(
            _LIST_MARKS
        )
        yield " " if wrapped and width in WRAPPED else "\n"
        yield below


# ------------------------------------------------------------------------------------------- updates


def _kept(before: Content, page: Content, parts: Parts, report: Report) -> Content:
    """`before` with what the page says: it has no place for a goal, dates and other languages."""
    own = page.texts[0]
    old = {text.language: text for text in before.texts}
    own = replace(own, privacy=old[own.language].privacy) if own.language in old else own
    others = ", ".join(language for language in old if language != own.language)
    if others:
        report.note(None, said.OTHER_LANGUAGES_KEPT, languages=others)
    texts = tuple({**old, own.language: own}.values())
    return replace(before, texts=texts, sponsors=before.sponsors if parts.sponsors is None else page.sponsors)
