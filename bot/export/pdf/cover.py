"""The first page: what was signed, by how many, and what the numbers mean."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from bot.export.pdf.book import Book, Page
from bot.export.pdf.flow import Flow, Style
from bot.export.pdf.letter import LetterPages
from bot.export.pdf.setting import Setter
from bot.export.request import Audience, Request
from bot.export.rows import Tally
from bot.model.petition import State
from bot.model.roster import Reading
from bot.words import packet as words_of
from bot.words.catalog import Words

_SMALL = Style(9, grey=0.35)


class Cover(Struct, frozen=True):
    """What is known when everything else is written."""

    reading: Reading
    request: Request
    made: datetime
    tally: Tally
    checksum: str

    @property
    def others(self) -> int:
        """Whose names are not for these readers."""
        return self.reading.totals.counted - self.tally.rows - self.tally.erased


def cover(
    book: Book, page: Page, facts: Cover, setter: Setter, words: Words, contents: Sequence[tuple[str, int]]
) -> None:
    """Write the page that was kept free for it."""
    content = facts.reading.petition.content
    own = content.texts[0]
    flow = Flow(book, lambda _: None, page=page)
    pages = LetterPages(flow, setter)
    flow.space(60, anywhere=True)
    pages.say(own.title, Style(26), bold=True)
    flow.space(6)
    pages.say(words(words_of.TO, to=own.to), Style(15))
    if content.sponsors:
        pages.say(words(words_of.SPONSORS, names=", ".join(content.sponsors)), Style(12, grey=0.25))
    flow.space(30)
    counted = facts.reading.totals.counted
    pages.say(words.value(counted), Style(44), bold=True)
    pages.say(words(words_of.SIGNATURES, count=counted), Style(16))
    flow.space(14)
    for line in _facts(facts, words):
        pages.say(line, Style(11))
    flow.space(14)
    pages.say(words(words_of.CONTENTS), Style(11), bold=True)
    for what, number in contents:
        pages.say(words(words_of.ON_PAGE, what=what, page=number), Style(11))
    flow.rule()
    pages.say(words(words_of.CHECKSUM), _SMALL, bold=True)
    pages.say(facts.checksum, _SMALL)
    pages.say(words(words_of.CHECKSUM_EXPLAIN), _SMALL)
    flow.finish()


def _facts(facts: Cover, words: Words) -> Iterator[str]:
    totals, tally = facts.reading.totals, facts.tally
    yield words(words_of.NAMED, count=tally.rows)
    if facts.others:
        public = facts.request.audience is Audience.PUBLIC
        yield words(words_of.OTHERS_PUBLIC if public else words_of.OTHERS_ADDRESSEE, count=facts.others)
    if tally.erased:
        yield words(words_of.OTHERS_ERASED, count=tally.erased)
    yield words(words_of.ONE_EACH)
    if tally.first is not None and tally.last is not None:
        span = words_of.SIGNED_ON if tally.first == tally.last else words_of.SIGNED_BETWEEN
        yield words(span, first=tally.first, last=tally.last)
    state = facts.reading.petition.state(facts.made)
    open_ = words(words_of.STILL_OPEN if state in {State.OPEN, State.PAUSED} else words_of.CLOSED)
    yield f"{words(words_of.MADE, at=facts.made)} {open_}"
    said = {name: getattr(totals, name) for name in ("held", "withdrawn", "struck")}
    yield words(words_of.NOT_COUNTED, **said)
