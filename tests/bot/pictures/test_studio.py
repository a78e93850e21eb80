"""Pictures are made beside everything else, once for the same facts, and a failure is one known error."""

import asyncio
import io
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.pictures import CardFacts, ChartFacts, Picture, PictureError, Pictures, card, worker
from bot.pictures.workshop import Workshop, started

NOON = datetime(2025, 11, 24, 12, 30, tzinfo=UTC)
FACTS = CardFacts("Save the park", "The mayor", 1234, NOON, goal=5000)
GROWTH = ChartFacts("Save the park", ((date(2025, 1, 1), 1),))
PNG = b"\x89PNG\r\n\x1a\n"


class Sketcher:
    """Draws nothing, but notes what it was asked for."""

    def __init__(self, error=None):
        self.asked = []
        self.error = error

    async def draw(self, facts):
        self.asked.append(facts)
        await asyncio.sleep(0)
        if self.error:
            raise self.error
        return Picture(b"png", str(facts))

    async def close(self):
        self.asked.append("close")


class Started:
    """The processes that were started, and when there is one."""

    def __init__(self):
        self.processes = []
        self.any = asyncio.Event()

    async def __call__(self):
        self.processes.append(await started())
        self.any.set()
        return self.processes[-1]


@pytest.fixture
def start():
    return Started()


@pytest.fixture
async def workshop(start):
    opened = Workshop(patience=120, start=start)
    yield opened
    await opened.close()


# ------------------------------------------------------------------------------------------------ remembering


async def test_five_hundred_communities_wait_for_one_drawing():
    artist = Sketcher()
    pictures = Pictures(artist)
    cards = await asyncio.gather(*(pictures.card(replace(FACTS)) for _ in range(500)))
    assert artist.asked == [FACTS]
    assert set(cards) == {Picture(b"png", str(FACTS))}


async def test_another_total_is_another_picture():
    pictures = Pictures(Sketcher())
    assert await pictures.card(FACTS) != await pictures.card(replace(FACTS, total=1235))


async def test_only_the_last_pictures_are_remembered():
    artist = Sketcher()
    pictures = Pictures(artist, remembered=2)
    for total in (1, 2, 1, 3, 1, 2):
        await pictures.card(replace(FACTS, total=total))
    assert [facts.total for facts in artist.asked] == [1, 2, 3, 2]


@pytest.mark.parametrize(
    "error", [ValueError("Save the park"), OSError(), TimeoutError(), PictureError("It failed.")]
)
async def test_what_goes_wrong_is_one_error_that_tells_no_title_and_is_not_remembered(error):
    artist = Sketcher(error)
    pictures = Pictures(artist)
    with pytest.raises(PictureError) as raised:
        await pictures.card(FACTS)
    assert "park" not in str(raised.value)
    with pytest.raises(PictureError):
        await pictures.chart(GROWTH)
    artist.error = None
    assert (await pictures.card(FACTS)).png == b"png"


async def test_who_closes_it_ends_what_draws():
    artist = Sketcher()
    await Pictures(artist).close()
    assert artist.asked == ["close"]


# ------------------------------------------------------------------------------------------------ the process


async def test_cards_and_charts_are_drawn_by_another_process_while_this_one_goes_on(workshop):
    pictures = Pictures(workshop)
    drawing = asyncio.gather(pictures.card(FACTS), pictures.chart(GROWTH))
    turns = 0
    while not drawing.done():
        await asyncio.sleep(0.001)
        turns += 1
    made = await drawing
    assert [picture.png[:8] for picture in made] == [PNG, PNG]
    assert (
        made[0].alt
        == "“Save the park” to The mayor: 1,234 signatures of 5,000. As of November 24, 2025, 12:30 UTC."
    )
    assert turns > 10


async def test_facts_that_make_no_sense_are_an_error_after_which_it_goes_on(workshop, start):
    with pytest.raises(PictureError, match="AttributeError"):
        await workshop.draw(replace(FACTS, title=None))
    assert (await workshop.draw(FACTS)).png.startswith(PNG)
    assert len(start.processes) == 1


async def test_a_process_that_was_killed_is_started_again(workshop, start):
    await workshop.draw(FACTS)
    start.processes[0].kill()
    await start.processes[0].wait()
    assert (await workshop.draw(FACTS)).png.startswith(PNG)
    assert len(start.processes) == 2


async def test_a_process_that_dies_while_drawing_costs_that_picture_only(workshop, start):
    drawing = asyncio.create_task(workshop.draw(FACTS))
    await start.any.wait()
    start.processes[0].kill()
    with pytest.raises((EOFError, OSError)):
        await drawing
    assert (await workshop.draw(FACTS)).png.startswith(PNG)


async def test_a_drawing_that_never_ends_is_given_up_and_its_process_ended(start):
    impatient = Workshop(patience=0.001, start=start)
    with pytest.raises(TimeoutError):
        await impatient.draw(FACTS)
    assert all(process.returncode is not None for process in start.processes)


async def test_who_stops_waiting_leaves_no_answer_for_the_next(workshop, start):
    drawing = asyncio.create_task(workshop.draw(FACTS))
    await start.any.wait()
    drawing.cancel()
    await asyncio.wait([drawing])
    assert "over time" in (await workshop.draw(GROWTH)).alt
    assert "over time" not in (await workshop.draw(FACTS)).alt


async def test_an_idle_process_ends_by_itself_and_the_next_picture_has_another(start):
    brief = Workshop(patience=120, idle=0, start=start)
    await brief.draw(FACTS)
    assert await start.processes[0].wait() == 0
    await brief.draw(GROWTH)
    assert await start.processes[1].wait() == 0


@pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="the environment of a process can't be read here"
)
async def test_the_process_that_draws_is_told_no_token(workshop, start, monkeypatch):
    monkeypatch.setenv("UNDERSIGNED_DISCORD__TOKEN", "MTAx.abc")
    await workshop.draw(FACTS)
    environment = await asyncio.to_thread(Path(f"/proc/{start.processes[0].pid}/environ").read_bytes)
    assert b"MTAx.abc" not in environment


# ------------------------------------------------------------------------------------------- what is said to it


class Panic(BaseException):
    """As a library in another language ends when it does not know how to go on."""


def answers(*questions):
    replies = io.BytesIO()
    worker.serve(io.BytesIO(b"".join(questions)), replies)
    replies.seek(0)
    while length := replies.read(worker.LENGTH):
        yield replies.read(int.from_bytes(length))


@pytest.mark.parametrize("title", ["Parque “El Olivar”", "أنقذوا الحديقة", "救救公園 \x00\n", "\ud800", ""])
def test_whatever_a_title_holds_is_asked_as_it_is(title):
    for facts in (replace(FACTS, title=title, goal=None), replace(GROWTH, title=title)):
        assert worker._facts(worker.question(facts)[worker.LENGTH :]) == facts


def test_each_question_is_answered_in_its_turn():
    first, second = answers(worker.question(FACTS), worker.question(GROWTH))
    assert worker.understood(first) == worker.draw(FACTS)
    assert worker.understood(second) == worker.draw(GROWTH)


@pytest.mark.parametrize("error", [ValueError("Save the park"), MemoryError(), Panic()])
def test_a_failure_is_told_by_its_name_alone(error, monkeypatch):
    def fail(_):
        raise error

    monkeypatch.setattr(card, "progress_card", fail)
    (answer,) = answers(worker.question(FACTS))
    with pytest.raises(PictureError, match=rf"\({type(error).__name__}\)") as raised:
        worker.understood(answer)
    assert "park" not in str(raised.value)


def test_nothing_that_draws_is_loaded_here():
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, bot.pictures; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "bot.pictures.studio" in loaded
    assert not {"uharfbuzz", "resvg_py", "bot.fonts", "bot.pictures.card"} & set(loaded)
