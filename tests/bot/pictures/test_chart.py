"""The chart shows how the number grew: in a day, in years, or not at all."""

import itertools
import re
from datetime import date, timedelta

import pytest
from babel.dates import format_skeleton
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.pictures import ChartFacts, chart
from bot.pictures.axes import day_ticks, number_ticks, skeleton
from bot.pictures.canvas import Canvas
from tests.bot.pictures.samples import TITLES, size

LIMIT = 200_000  # bytes
NEW_YEAR = date(2025, 1, 1)


def growing(days, a_day=3):
    return ChartFacts(
        "Save the park", tuple((NEW_YEAR + timedelta(day), a_day * (day + 1)) for day in range(days))
    )


def curve(facts, monkeypatch):
    """The points of the curve, in pixels."""
    strokes = []
    original = Canvas.stroke

    def stroke(canvas, points, colour, thickness):
        strokes.append((thickness, points))
        original(canvas, points, colour, thickness)

    monkeypatch.setattr(Canvas, "stroke", stroke)
    chart.chart(facts)
    return max(strokes)[1]


@pytest.mark.parametrize("days", [0, 1, 2, 30, 1100, 7000])
def test_there_is_a_chart_for_any_length_of_time(days):
    picture = chart.chart(growing(days))
    assert size(picture.png) == (1200, 630)
    assert len(picture.png) < LIMIT


@pytest.mark.parametrize(("language", "title"), TITLES.items(), ids=list(TITLES))
def test_the_chart_is_light_enough_in_every_script(language, title):
    facts = replace(growing(60), title=title, language=language, locale=language)
    assert len(chart.chart(facts).png) < LIMIT


@given(
    st.lists(st.tuples(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(0, 10**12)), max_size=8),
    st.text(max_size=40),
)
@settings(max_examples=15)
def test_there_is_a_chart_for_whatever_numbers(points, title):
    assert size(chart.chart(ChartFacts(title, tuple(sorted(points)))).png) == (1200, 630)


def test_the_curve_rises_from_left_to_right_and_stays_in_the_picture(monkeypatch):
    points = curve(growing(40), monkeypatch)
    across, down = zip(*points, strict=True)
    assert list(across) == sorted(across)
    assert list(down) == sorted(down, reverse=True)
    assert all(72 <= x <= 1128 for x in across)
    assert all(100 <= y <= 540 for y in down)


def test_the_only_day_is_drawn_as_the_rise_from_nothing(monkeypatch):
    first, last = curve(growing(1), monkeypatch)
    assert first[0] < last[0]
    assert first[1] > last[1]


def test_days_without_change_may_be_left_out(monkeypatch):
    points = curve(
        ChartFacts("", ((NEW_YEAR, 1), (NEW_YEAR + timedelta(9), 2), (NEW_YEAR + timedelta(10), 3))),
        monkeypatch,
    )
    wide, narrow = points[1][0] - points[0][0], points[2][0] - points[1][0]
    assert wide == pytest.approx(9 * narrow)


# -------------------------------------------------------------------------------------------------- in words


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, "Signatures over time for “Save the park”: no signatures yet."),
        (1, "Signatures over time for “Save the park”: 3 signatures on January 1, 2025."),
        (
            31,
            "Signatures over time for “Save the park”: 93 signatures on January 31, 2025; 3 on January 1, 2025.",
        ),
    ],
)
def test_those_who_cannot_see_it_are_told_the_same(days, expected):
    assert chart.chart(growing(days)).alt == expected


# ------------------------------------------------------------------------------------------------------ axes


@pytest.mark.parametrize(
    ("highest", "ticks"),
    [
        (0, (0, 1)),
        (1, (0, 1)),
        (3, (0, 1, 2, 3)),
        (7, (0, 2, 4, 6, 8)),
        (400, (0, 100, 200, 300, 400)),
        (401, (0, 200, 400, 600)),
        (12_345, (0, 5000, 10_000, 15_000)),
    ],
)
def test_numbers_beside_the_curve_are_few_round_and_whole(highest, ticks):
    assert number_ticks(highest) == ticks


@given(st.integers(0, 10**15))
def test_the_curve_never_rises_above_the_last_number(highest):
    ticks = number_ticks(highest)
    assert ticks[-1] >= highest
    assert 2 <= len(ticks) <= 5


def told(first, last, locale="en"):
    ticks = day_ticks(first, last)
    return [format_skeleton(skeleton(ticks, first, last), tick, locale=locale) for tick in ticks]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (1, ["Jan 1", "Jan 2"]),
        (4, ["Jan 1", "Jan 2", "Jan 3", "Jan 4", "Jan 5"]),
        (9, ["Jan 2", "Jan 4", "Jan 6", "Jan 8", "Jan 10"]),
        (30, ["Jan 3", "Jan 10", "Jan 17", "Jan 24", "Jan 31"]),
        (89, ["Jan 2025", "Feb 2025", "Mar 2025"]),
        (364, ["Jan 2025", "Apr 2025", "Jul 2025", "Oct 2025"]),
        (3 * 365, ["2025", "2026", "2027", "2028"]),
        (20 * 365, ["2025", "2030", "2035", "2040"]),
    ],
)
def test_days_below_the_curve_are_few_and_told_apart(days, expected):
    assert told(NEW_YEAR, NEW_YEAR + timedelta(days)) == expected


def test_days_are_told_as_the_reader_writes_them():
    assert told(NEW_YEAR, NEW_YEAR + timedelta(1), "es") == ["1 ene", "2 ene"]
    assert told(NEW_YEAR, NEW_YEAR + timedelta(1), "zh") == ["1月1日", "1月2日"]


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)), st.integers(1, 40_000))
def test_days_below_the_curve_are_within_it(first, days):
    last = first + timedelta(days)
    ticks = day_ticks(first, last)
    assert all(first <= tick <= last for tick in ticks)
    assert 1 <= len(ticks) <= 5
    assert len(set(told(first, last))) == len(ticks)


def test_no_label_is_drawn_over_another(monkeypatch):
    texts = []
    original = Canvas.block

    def block(canvas, text, corner, fill, side="start"):
        if side == "middle":
            texts.append((corner[0] - text.width / 2, corner[0] + text.width / 2))
        original(canvas, text, corner, fill, side)

    monkeypatch.setattr(Canvas, "block", block)
    chart.chart(replace(growing(150, a_day=10**14), locale="es"))  # long numbers leave little room
    assert len(texts) >= 2
    assert all(one[1] < other[0] for one, other in itertools.pairwise(texts))


def test_the_picture_holds_outlines_and_no_text(monkeypatch):
    svgs = []
    original = Canvas.svg
    monkeypatch.setattr(Canvas, "svg", lambda canvas: svgs.append(original(canvas)) or svgs[-1])
    chart.chart(replace(growing(9), title="</g><text>&x;"))
    assert set(re.findall(r"<([a-z]+)", svgs[0])) == {
        "svg",
        "rect",
        "polygon",
        "polyline",
        "circle",
        "g",
        "path",
    }
