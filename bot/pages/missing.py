"""What a petition lacks that signers would look for, said to its organisers."""

from collections.abc import Iterator

from babel import Locale, UnknownLocaleError

from bot.document import Paragraph
from bot.model.petition import Content, Petition
from bot.organising import Missing, missing
from bot.words import organising as said
from bot.words.catalog import Words


def warnings(content: Content, t: Words) -> Iterator[Paragraph]:
    """Before it is opened, or kept."""
    for absent in missing(content):
        languages = _without_privacy(content, t)
        if absent is Missing.CONTACT:
            yield t.paragraph(said.MISSING_CONTACT)
        elif languages:
            yield t.paragraph(said.MISSING_PRIVACY_IN, languages=languages)
        else:
            yield t.paragraph(said.MISSING_PRIVACY)


def decisions(petition: Petition, content: Content, t: Words) -> Iterator[Paragraph]:
    """The same in the list of what waits for a decision; `content` is what it would be opened with."""
    title = petition.text(t.locale).title
    for absent in missing(content):
        languages = _without_privacy(content, t)
        if absent is Missing.CONTACT:
            yield t.paragraph(said.DECIDE_CONTACT, title=title)
        elif languages:
            yield t.paragraph(said.DECIDE_PRIVACY_IN, title=title, languages=languages)
        else:
            yield t.paragraph(said.DECIDE_PRIVACY, title=title)


def _without_privacy(content: Content, t: Words) -> str:
    """The languages without a privacy line, by their names; empty where no language has one."""
    without = [text.language for text in content.texts if not text.privacy]
    everywhere = len(without) == len(content.texts)
    return "" if everywhere else ", ".join(_called(language, t) for language in without)


def _called(language: str, t: Words) -> str:
    try:
        return Locale.parse(language, sep="-").get_display_name(t.language) or language
    except (ValueError, UnknownLocaleError):
        return language
