"""The progress card: how many have signed, of how many, for what and to whom."""

from bot.fonts import display
from bot.fonts.bidi import is_rtl
from bot.pictures.canvas import HEIGHT, MARGIN, WIDTH, Canvas
from bot.pictures.facts import CardFacts, Picture
from bot.pictures.fitting import Room, fit
from bot.pictures.mark import signature
from bot.pictures.palette import EDGE, INK, PAPER, QUIET, SEAL, TRACK
from bot.pictures.sentence import for_alt
from bot.words import pictures as say
from bot.words.catalog import Words

_INNER = WIDTH - 2 * MARGIN
_TITLE = Room(_INNER, 210, (72, 64, 56, 48, 42, 36, 32, 28))
_TO = Room(_INNER, 44, (32, 28, 24))
_TOTAL = Room(640, 200, (150, 132, 112, 96, 80, 64))
_BESIDE = Room(_INNER, 60, (38, 34, 30, 26, 22, 18))
_FOOT = Room(620, 40, (26, 24, 22, 20))
_BASELINE = 452
_BAR_TOP = 486
_BAR = 26


def progress_card(facts: CardFacts) -> Picture:
    """The card for a petition's total."""
    words = Words(facts.locale)
    canvas = Canvas(PAPER, mirrored=is_rtl(display(facts.title)))
    canvas.rectangle((0, 0), 14, HEIGHT, SEAL)
    _head(canvas, facts, words)
    _number(canvas, facts, words)
    _bar(canvas, facts.total / facts.goal if facts.goal else None)
    canvas.block(fit(words(say.AS_OF, when=facts.as_of), _FOOT, words.locale), (MARGIN, 544), QUIET)
    signature(canvas)
    canvas.frame(EDGE, 2)
    return Picture(canvas.png(), alt(facts, words))


def alt(facts: CardFacts, words: Words) -> str:
    """What the card says, as a sentence."""
    title, to = for_alt(facts.title), for_alt(facts.to)
    if facts.goal:
        return words(
            say.CARD_ALT_GOAL, title=title, to=to, count=facts.total, goal=facts.goal, when=facts.as_of
        )
    return words(say.CARD_ALT, title=title, to=to, count=facts.total, when=facts.as_of)


def _head(canvas: Canvas, facts: CardFacts, words: Words) -> None:
    title = fit(facts.title, _TITLE, facts.language, bold=True)
    canvas.block(title, (MARGIN, 52), INK)
    to = fit(words(say.TO, to=facts.to), _TO, facts.language)
    canvas.block(to, (MARGIN, 52 + title.height + 8), QUIET)


def _number(canvas: Canvas, facts: CardFacts, words: Words) -> None:
    """The total, and beside it what it counts and the goal."""
    total = fit(words.value(facts.total), _TOTAL, bold=True)
    canvas.line(total.lines[0], (MARGIN, _BASELINE), total.size, SEAL)
    start = MARGIN + total.width + 28
    room = Room(WIDTH - MARGIN - start, _BESIDE.height, _BESIDE.sizes)
    beside = [fit(words(say.SIGNATURES, count=facts.total), room, facts.locale, bold=True)]
    if facts.goal:
        beside.append(fit(words(say.OF_GOAL, goal=facts.goal), room, facts.locale))
    for block, up, colour in zip(
        reversed(beside), (0, 50), (QUIET, INK) if facts.goal else (INK,), strict=False
    ):
        canvas.line(block.lines[0], (start, _BASELINE - up), block.size, colour)


def _bar(canvas: Canvas, part: float | None) -> None:
    """How much of the goal is reached; a plain line where there is none."""
    if part is None:
        canvas.rectangle((MARGIN, _BAR_TOP + _BAR / 2 - 1), _INNER, 2, TRACK)
        return
    canvas.rectangle((MARGIN, _BAR_TOP), _INNER, _BAR, TRACK, _BAR / 2)
    if part > 0:
        canvas.rectangle((MARGIN, _BAR_TOP), max(min(part, 1) * _INNER, _BAR), _BAR, SEAL, _BAR / 2)
