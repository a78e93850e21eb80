"""Petition files for tests, and how they are read."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

from bot.petition_file.reading import read_petition
from bot.words.catalog import Words

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)

WHOLE = """+++
title = "Keep our library open"
to = "Mayor Example"
slug = "library"
sponsors = ["Friends of the Library", "Readers United"]
goal = 1000
milestones = [100, 500]
opens = 2027-03-01T08:00:00Z
closes = 2027-05-31T22:00:00-05:00
contact = "a@example.org"
privacy = "We keep your name for 30 days."
reach = ["organisers", "everyone"]
ask = { question = "Where?", options = ["North", "South"] }
totals = "hourly"
language = "en"

[hold]
account_age_days = 7
lookalike_names = true
names = ["Boris  the Animal"]

[translations.es]
title = "Que siga abierta"
to = "Alcaldesa Ejemplo"
background = "Por qué."
letter = '''
Le pedimos esto.

Y esto.
'''
privacy = "Guardamos su nombre 30 días."
+++

Why it *matters*.

## Letter

We ask you to keep it open.

### And more

Thank you.
"""


def read(text, **more):
    return read_petition(text.encode() if isinstance(text, str) else text, now=NOW, **more)


def lines(reading):
    """The errors as a person reads them."""
    return [problem.said(Words()) for problem in reading.errors]


def with_keys(*keys, letter="We ask."):
    return "\n".join(["+++", *keys, "+++", "", "## Letter", "", letter, ""])


def with_key(key):
    return with_keys('title = "Keep it open"', 'to = "The mayor"', key)


def only_error(text, **more):
    reading = read(text, **more)
    assert reading.content is None
    assert len(reading.errors) == 1, lines(reading)
    return reading.errors[0]


def seconds(work: Callable[[], object]) -> float:
    """Processor time that `work` takes at best: other people on the machine, and other tests' garbage, don't count."""
    return min(_once(work) for _ in range(3))


def _once(work: Callable[[], object]) -> float:
    started = time.thread_time()
    work()
    return time.thread_time() - started
