"""What the console says for itself, as pages: its greeting, its help, its remarks."""

from collections.abc import Sequence
from pathlib import Path

from babel import Locale, UnknownLocaleError
from msgspec.structs import replace

from bot.answer import Choice, File, Page
from bot.document import Block, Document, Facts, Listing, Paragraph, Span, heading
from bot.model.account import Actor
from bot.words import console as say
from bot.words.catalog import Message, Value, Words, languages

LONG = 4
"""Blocks from which on a text is not printed again and again."""
_HELP = (
    say.HELP_PRESS,
    say.HELP_PRESS_WHILE_ASKED,
    say.HELP_AS,
    say.HELP_LANGUAGE,
    say.HELP_SUGGEST,
    say.HELP_AGAIN,
    say.HELP_QUIT,
)


def remark(t: Words, message: Message, **values: Value) -> Page:
    """One sentence of the console's own."""
    return Page((t.paragraph(message, **values),), locale=t.locale)


def greeting(t: Words, actor: Actor) -> Page:
    """What a person at an empty terminal needs to begin."""
    first = t.paragraph(say.GREETING, name=Span(actor.name, bold=True))
    return Page((first, t.aside(say.GREETING_MORE)), locale=t.locale)


def own_help(t: Words) -> Page:
    """What can be typed here beside commands."""
    return Page((heading(t(say.HELP_TITLE), 2), _bullets(*map(t, _HELP))), locale=t.locale)


def who(t: Words, actor: Actor) -> Page:
    """Who is typing."""
    message = say.YOU_ARE_MODERATOR if actor.moderates else say.YOU_ARE
    return remark(t, message, name=actor.name, account=str(actor.account))


def suggestions(t: Words, choices: Sequence[Choice]) -> Page:
    """What an argument may be."""
    if not choices:
        return remark(t, say.NO_SUGGESTION)
    shown = (dict.fromkeys(filter(None, (one.value, one.label, one.hint))) for one in choices)
    return Page((_bullets(*map(" – ".join, shown)),), locale=t.locale)


def spoken(t: Words) -> Page:
    """The languages there are, each in its own words."""
    named = (f"{code} ({Locale.parse(code).get_display_name()})" for code in languages())
    return remark(t, say.LANGUAGES, languages=", ".join(named))


def known(code: str) -> bool:
    """Whether `code` is a language: petitions speak more of them than this product does."""
    try:
        Locale.parse(code.replace("_", "-"), sep="-")
    except (ValueError, UnknownLocaleError, TypeError):
        return False
    return True


def opening(page: Page) -> Document:
    """The long text that a form begins with, before its table of answers; nothing if the page is none."""
    table = next((at for at, block in enumerate(page.blocks) if isinstance(block, Facts)), 0)
    return page.blocks[:table] if table >= LONG else ()


def folded(page: Page, letter: Document) -> Page:
    """The page without its opening, if that is the `letter` that stands above word for word."""
    if not letter or opening(page) != letter:
        return page
    above = Words(page.locale).paragraph(say.AS_ABOVE, quiet=True)
    return replace(page, blocks=(letter[0], above, *page.blocks[len(letter) :]))


def saved(t: Words, file: File, path: Path) -> Page:
    """A file's caption and where it now is."""
    line = t.paragraph(say.FILE_SAVED, path=Span(str(path), code=True))
    return Page((*file.caption.blocks, line), locale=file.caption.locale, names_a_person=True)


def _bullets(*lines: str) -> Block:
    return Listing(tuple((Paragraph((Span(line),)),) for line in lines))
