"""The chart: how the number of signatures grew."""

from datetime import date, timedelta

from babel.dates import format_skeleton
from msgspec import Struct

from bot.fonts import display
from bot.fonts.bidi import is_rtl
from bot.pictures.axes import day_ticks, number_ticks, skeleton
from bot.pictures.canvas import HEIGHT, MARGIN, WIDTH, Canvas, Point
from bot.pictures.facts import ChartFacts, Picture
from bot.pictures.fitting import Block, Room, fit
from bot.pictures.mark import signature
from bot.pictures.palette import EDGE, INK, PAPER, QUIET, SEAL, WASH
from bot.pictures.sentence import for_alt
from bot.words import pictures as say
from bot.words.catalog import Words

_INNER = WIDTH - 2 * MARGIN
_TITLE = Room(_INNER, 110, (48, 42, 36, 32, 28))
_UNDER = Room(_INNER, 44, (28, 24, 20))
_LABEL = Room(300, 40, (24, 20, 16))
_NOTHING = Room(_INNER, 60, (36, 30, 24))
_BOTTOM = 496
_GAP = 16  # between the plot and what stands beside it
_HEADROOM = 28  # above the highest line


class _Plot(Struct, frozen=True):
    """Where days and numbers are on the canvas."""

    left: float
    right: float
    top: float
    first: date
    last: date
    highest: int

    def x(self, day: date) -> float:
        return self.left + (self.right - self.left) * (day - self.first) / (self.last - self.first)

    def y(self, total: int) -> float:
        return _BOTTOM - (_BOTTOM - self.top) * total / self.highest


def chart(facts: ChartFacts) -> Picture:
    """The chart of a petition's total over time."""
    words = Words(facts.locale)
    canvas = Canvas(PAPER)
    canvas.rectangle((0, 0), 14, HEIGHT, SEAL)
    top = _head(canvas, facts, words)
    if facts.points:
        _curve(canvas, facts.points, top, words)
    else:
        nothing = fit(words(say.NO_SIGNATURES), _NOTHING, words.locale)
        canvas.block(nothing, (WIDTH / 2, (top + _BOTTOM - nothing.height) / 2), QUIET, "middle")
        canvas.stroke(((MARGIN, _BOTTOM), (WIDTH - MARGIN, _BOTTOM)), EDGE, 2)
    signature(canvas)
    canvas.frame(EDGE, 2)
    return Picture(canvas.png(), alt(facts, words))


def alt(facts: ChartFacts, words: Words) -> str:
    """What the chart says, as a sentence."""
    title = for_alt(facts.title)
    if not facts.points:
        return words(say.CHART_ALT_NONE, title=title)
    (first, before), (last, total) = facts.points[0], facts.points[-1]
    if first == last:
        return words(say.CHART_ALT_ONE_DAY, title=title, count=total, last=last)
    return words(say.CHART_ALT, title=title, count=total, last=last, first=first, before=before)


def _head(canvas: Canvas, facts: ChartFacts, words: Words) -> float:
    """Title and subtitle; returns where the plot may begin."""
    rtl = is_rtl(display(facts.title))
    edge: Point = (WIDTH - MARGIN if rtl else MARGIN, 44)
    title = fit(facts.title, _TITLE, facts.language, bold=True)
    canvas.block(title, edge, INK, "end" if rtl else "start")
    under = fit(words(say.OVER_TIME), _UNDER, words.locale)
    canvas.block(under, (edge[0], 44 + title.height + 4), QUIET, "end" if rtl else "start")
    return 44 + title.height + 4 + under.height + _HEADROOM


def _curve(canvas: Canvas, points: tuple[tuple[date, int], ...], top: float, words: Words) -> None:
    ticks = number_ticks(max(total for _, total in points))
    numbers = [fit(words.value(tick), _LABEL, words.locale) for tick in ticks]
    now = fit(words.value(points[-1][1]), _LABEL, words.locale, bold=True)
    left = MARGIN + max(block.width for block in numbers) + _GAP
    if points[0][0] == points[-1][0]:  # a day is a span as well: there was nothing when it began
        points = ((points[0][0] - timedelta(1), 0), *points)
    right = WIDTH - MARGIN - now.width - _GAP
    plot = _Plot(left, right, top, points[0][0], points[-1][0], ticks[-1])
    _scale(canvas, plot, list(zip(ticks, numbers, strict=True)))
    _days(canvas, plot, words)
    line = [(plot.x(day), plot.y(total)) for day, total in points]
    canvas.area([(line[0][0], _BOTTOM), *line, (line[-1][0], _BOTTOM)], WASH)
    canvas.stroke(line, SEAL, 5)
    canvas.dot(line[-1], 9, SEAL)
    canvas.block(now, (line[-1][0] + _GAP, line[-1][1] - now.ascent * 0.7), SEAL)


def _scale(canvas: Canvas, plot: _Plot, ticks: list[tuple[int, Block]]) -> None:
    """The numbers, each with its line."""
    for tick, label in ticks:
        y = plot.y(tick)
        canvas.stroke(((plot.left, y), (plot.right, y)), EDGE, 2)
        canvas.block(label, (plot.left - _GAP, y - label.ascent * 0.65), QUIET, "end")


def _days(canvas: Canvas, plot: _Plot, words: Words) -> None:
    """The days, each with its mark; one that would touch the one before it is left out."""
    free = 0.0
    ticks = day_ticks(plot.first, plot.last)
    form = skeleton(ticks, plot.first, plot.last)
    for tick in ticks:
        label = fit(format_skeleton(form, tick, locale=words.babel), _LABEL, words.locale)
        x = plot.x(tick)
        canvas.stroke(((x, _BOTTOM), (x, _BOTTOM + 8)), EDGE, 2)
        if x - label.width / 2 >= free:
            canvas.block(label, (x, _BOTTOM + 10), QUIET, "middle")
            free = x + label.width / 2 + _GAP
