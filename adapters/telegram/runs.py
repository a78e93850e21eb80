"""Styled text as a row of runs, cut into messages that fit, and written as Telegram's HTML. Pure.

A message is a slice of the row: so it can be cut anywhere, and no tag is ever cut or left open.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape, unescape
from itertools import takewhile

from msgspec import Struct

from bot.utf16 import first

_TAG = re.compile("<[^>]*>")


class Run(Struct, frozen=True):
    """Plain text, and the tags around it, outermost first."""

    text: str
    tags: tuple[str, ...] = ()


def html(runs: Iterable[Run]) -> str:
    """The runs as HTML, each character that means something there escaped."""
    out: list[str] = []
    open_tags: tuple[str, ...] = ()
    for run in (*runs, Run("")):
        pairs = zip(open_tags, run.tags, strict=False)
        kept = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        out += [f"</{tag.partition(' ')[0]}>" for tag in reversed(open_tags[kept:])]
        out += [f"<{tag}>" for tag in run.tags[kept:]]
        out.append(escape(run.text, quote=False))
        open_tags = run.tags
    return "".join(out)


def visible(written: str) -> str:
    """What a reader sees of this HTML, without looks."""
    return unescape(_TAG.sub("", written)).strip()


def parts(runs: Sequence[Run], limit: int) -> Iterator[list[Run]]:
    """The runs in parts of at most `limit` units, without white space alone, parted where a reader would."""
    text = "".join(run.text for run in runs)
    start = 0
    while rest := text[start:].lstrip():
        start = len(text) - len(rest)
        end = start + _fitting(rest, limit)
        yield list(_slice(runs, start, end))
        start = end


def _fitting(text: str, limit: int) -> int:
    """How many characters of `text` make a message: all, or up to the last good place to part it."""
    room = first(text, limit)
    if len(room) == len(text):
        return len(text)
    ends = (room.rfind(mark) + len(mark) for mark in ("\n\n", "\n", ". ", " "))
    return next((end for end in ends if end > len(room) // 4), len(room))


def _slice(runs: Iterable[Run], start: int, end: int) -> Iterator[Run]:
    at = 0
    for run in runs:
        part = run.text[max(0, start - at) : max(0, end - at)]
        at += len(run.text)
        if part:
            yield Run(part, run.tags)
