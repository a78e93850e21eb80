"""The packet: a cover, the letter in every text that was signed, and the names.

The list is read once. The cover is the first page and written last, when everything on it is known.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import IO

from msgspec import Struct

from bot.export import as_jsonl
from bot.export.pdf.book import HEIGHT, WIDTH, About, Book, Page
from bot.export.pdf.columns import Columns
from bot.export.pdf.cover import Cover, cover
from bot.export.pdf.drawing import drawn
from bot.export.pdf.faces import EM
from bot.export.pdf.flow import BOTTOM, MARGIN, Flow, Style
from bot.export.pdf.letter import LetterPages
from bot.export.pdf.names import NAME, Names
from bot.export.pdf.setting import Line, Setter
from bot.export.request import Request
from bot.export.rows import NAMES, Tally
from bot.fonts.bidi import is_rtl
from bot.markdown import blocks
from bot.model.petition import Text
from bot.model.roster import Page as Signers
from bot.model.roster import Reading, SignedText
from bot.words import packet as words_of
from bot.words.catalog import Words

_TITLE = Style(16)
_SMALL = Style(8.5, grey=0.35)
_FURNISHED = 0.45


class Packet(Struct, frozen=True):
    """What the packet is of."""

    reading: Reading
    request: Request
    made: datetime


def write(packet: Packet, out: IO[bytes], signers: Iterable[Signers], tally: Tally) -> str:
    """Write the packet; the checksum of its list. `tally` counts the signers while they are read."""
    return _Writer(packet, out).write(signers, tally)


class _Writer:
    def __init__(self, packet: Packet, out: IO[bytes]) -> None:
        own = packet.reading.petition.content.texts[0]
        self._packet = packet
        self._own = own
        self._words = Words(own.language)
        self._rtl = is_rtl(own.title)
        self._book = Book(out)
        self._setter = Setter(self._book.faces, own.language)
        (self._running, *_) = self._setter.lines([(own.title[:90], False)], 48_000)
        self._contents: list[tuple[str, int]] = []

    def write(self, signers: Iterable[Signers], tally: Tally) -> str:
        first = self._book.begin()
        self._book.mark(self._words(words_of.COVER), first)
        for signed in _signed(self._packet.reading):
            self._letter(signed)
        checksum = self._names(signers, tally)
        facts = Cover(self._packet.reading, self._packet.request, self._packet.made, tally, checksum)
        cover(self._book, first, facts, self._setter, self._words, self._contents)
        own = self._own
        about = About(own.title, own.language, own.to, self._packet.made, self._rtl)
        self._book.finish(about, checksum[:32])
        return checksum

    # --- letters ---

    def _letter(self, signed: SignedText) -> None:
        text, words = signed.text, self._words
        flow = Flow(self._book, self._furnish)
        pages = LetterPages(flow, Setter(self._book.faces, text.language))
        self._enter(self._heading(text), flow.page)
        pages.say(text.title, _TITLE, bold=True)
        pages.say(Words(text.language)(words_of.TO, to=text.to), Style(11), bold=True)
        flow.space(6)
        pages.render(blocks(text.letter))
        flow.rule()
        notes = LetterPages(flow, self._setter)
        if text.privacy:
            notes.say(words(words_of.PRIVACY_TOLD, privacy=text.privacy), _SMALL)
        notes.say(words(words_of.LETTER_SIGNED, count=signed.counted), _SMALL)
        notes.say(words(words_of.TEXT_VERSION, version=text.version), _SMALL)
        flow.finish()

    def _heading(self, text: Text) -> str:
        if len(_signed(self._packet.reading)) == 1:
            return self._words(words_of.LETTER)
        return self._words(words_of.LETTER_IN, language=text.language)

    # --- names ---

    def _names(self, signers: Iterable[Signers], tally: Tally) -> str:
        words = self._words
        columns = Columns(self._book, self._furnish, rtl=self._rtl)
        names = Names(columns, self._setter, rtl=self._rtl)
        self._enter(words(words_of.NAMES), columns.page)
        names.title(words(words_of.NAMES), Style(14))
        seen = hashlib.sha256()
        for some in signers:
            seen.update(as_jsonl.lines(NAMES, (some.name, some.comment)))
            for name, comment in zip(some.name, some.comment, strict=True):
                names.set(name or "", comment)
        others = self._packet.reading.totals.counted - tally.rows
        if not tally.rows:
            names.say(words(words_of.NO_NAMES), NAME)
        if others:
            names.say(words(words_of.AND_OTHERS, count=others), NAME, bold=True)
        columns.finish()
        return seen.hexdigest()

    # --- every page ---

    def _enter(self, title: str, page: Page) -> None:
        self._book.mark(title, page)
        self._contents.append((title, page.number))

    def _furnish(self, page: Page) -> None:
        """The title above, the page's number below."""
        size, faces = _SMALL.size, self._book.faces
        (number, *_) = self._setter.lines([(self._words(words_of.PAGE, page=page.number), False)], 48_000)
        for line, y in ((self._running, HEIGHT - 44), (number, BOTTOM - 28)):
            page.draw(drawn(line, faces, self._x(line, size), y, size, _FURNISHED))

    def _x(self, line: Line, size: float) -> float:
        return WIDTH - MARGIN - line.width * size / EM if self._rtl else MARGIN


def _signed(reading: Reading) -> list[SignedText]:
    """Every text that somebody has signed; where nobody has, those in force."""
    signed = [one for one in reading.texts.values() if one.counted]
    return signed or [SignedText(text, 0) for text in reading.petition.content.texts]
