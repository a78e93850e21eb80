"""The process that draws: it reads facts from its input and writes pictures to its output until its input ends.

A process of its own, because resvg does not let other threads run while it draws (60 ms), and because whatever
strange text might do to a shaper or a renderer then costs a picture and nothing else.

A message is its length in four bytes, big-endian, then the message. A question is facts in JSON, by the names of
their fields, instants and days in ISO 8601. An answer is one byte, then for a picture its sentence, NUL and the PNG,
or for a failure the name of what went wrong.
"""

import json
import signal
import sys
from datetime import date, datetime
from typing import BinaryIO

from msgspec.structs import asdict

from bot.pictures.facts import CardFacts, ChartFacts, Picture, PictureError

LENGTH = 4
_PICTURE, _FAILURE = b"+", b"-"


def question(facts: CardFacts | ChartFacts) -> bytes:
    """The message that asks for a picture."""
    return _message(json.dumps(asdict(facts), default=_iso).encode())


def understood(answer: bytes) -> Picture:
    """The picture of an answer without its length. Raises PictureError if it tells of a failure."""
    if not answer.startswith(_PICTURE):
        raise PictureError(f"A picture can't be made ({answer[1:].decode()}).")
    alt, _, png = answer[1:].partition(b"\0")
    return Picture(png, alt.decode())


def main() -> None:
    """Answer our parent until its end, which ends our input: Ctrl-C is for it alone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    serve(sys.stdin.buffer, sys.stdout.buffer)


def serve(questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer every question."""
    while length := questions.read(LENGTH):
        asked = questions.read(int.from_bytes(length))
        answers.write(_message(_answer(asked)))
        answers.flush()


def draw(facts: CardFacts | ChartFacts) -> Picture:
    """A picture, made here and now. Whatever goes wrong is raised as it is."""
    # Fonts and shaping are loaded with the first picture.
    if isinstance(facts, CardFacts):
        from bot.pictures.card import progress_card  # noqa: PLC0415 - as said above

        return progress_card(facts)
    from bot.pictures.chart import chart  # noqa: PLC0415 - as said above

    return chart(facts)


def _iso(when: date) -> str:
    """A day, or an instant, which is a day too."""
    return when.isoformat()


def _facts(asked: bytes) -> CardFacts | ChartFacts:
    told = json.loads(asked)
    if "points" in told:
        days = told.pop("points")
        return ChartFacts(points=tuple((date.fromisoformat(day), total) for day, total in days), **told)
    return CardFacts(as_of=datetime.fromisoformat(told.pop("as_of")), **told)


def _answer(asked: bytes) -> bytes:
    try:
        picture = draw(_facts(asked))
    except BaseException as error:  # noqa: BLE001 - a panic in resvg is no Exception
        return _FAILURE + type(error).__name__.encode()
    return _PICTURE + picture.alt.encode() + b"\0" + picture.png


def _message(content: bytes) -> bytes:
    return len(content).to_bytes(LENGTH) + content
