"""What a member sees of Discord's markdown: a small model of the app's parser, rule by rule.

The rules are those that the Discord apps share: at each place the first that matches is taken, and a backslash
takes the meaning from the punctuation mark behind it.
"""

import re
from dataclasses import dataclass, field

_LINE = [
    ("quote", re.compile(r" *>(?:>>)? ")),
    ("heading", re.compile(r" *#{1,3}\s+(?=\S)")),
    ("small", re.compile(r" *-#\s+(?=\S)")),
    ("list", re.compile(r"\s*(?:[*+-]|\d+[.)])\s+(?=\S)")),
]
_INLINE = [
    ("code block", re.compile(r"```(?:([a-z0-9_+\-.#]+)\n)?\n*([^\n][\s\S]*?)\n*```", re.IGNORECASE)),
    ("address", re.compile(r"<([^: >]+:/[^ >]+)>")),
    ("mail", re.compile(r"<([^\s<>@]+@[^\s<>@]+\.[^\s<>@]+)>")),
    ("mention", re.compile(r"<(?:@!?|@&|#)(\d+)>|@everyone|@here|@silent")),
    ("guide", re.compile(r"<id:\w+>|</[^:>]+:\d+>")),
    ("time", re.compile(r"<t:-?\d+(?::[tTdDfFR])?>")),
    ("emoji", re.compile(r"<a?:\w+:\d+>|:[\w+-]+:")),
    ("link", re.compile(r"\[((?:\\.|[^\[\]])+)\]\(<?([^\s>]*?)>?\)")),
    ("unfurled", re.compile(r"(?:https?|steam)://[^\s<]+[^<.,:;\"'\]\s]")),
    ("bold", re.compile(r"\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)")),
    ("underlined", re.compile(r"__((?:\\[\s\S]|[^\\])+?)__(?!_)")),
    ("italic", re.compile(r"\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:\\[\s\S]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)")),
    ("italic", re.compile(r"\b_((?:__|\\[\s\S]|[^\\_])+?)_\b")),
    ("struck", re.compile(r"~~(?=\S)([\s\S]*?\S)~~(?!~)")),
    ("spoiler", re.compile(r"\|\|([\s\S]+?)\|\|")),
    ("code", re.compile(r"(`+)([\s\S]*?[^`])\1(?!`)")),
]
_ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")
_RAW = {"code", "code block", "address", "mention", "guide", "time", "emoji", "unfurled", "mail"}


@dataclass
class Seen:
    """The text as it is read, and what Discord has made of parts of it."""

    text: str = ""
    effects: list[tuple[str, str]] = field(default_factory=list)

    def of(self, kind: str) -> list[str]:
        return [what for name, what in self.effects if name == kind]


def seen(markdown: str) -> Seen:
    result = Seen()
    at, fresh = 0, True
    while at < len(markdown):
        at, fresh = _step(markdown, at, fresh, result)
    return result


def _step(markdown: str, at: int, fresh: bool, result: Seen) -> tuple[int, bool]:
    if fresh:
        for kind, rule in _LINE:
            if found := rule.match(markdown, at):
                result.effects.append((kind, markdown[found.end() :].partition("\n")[0]))
                return found.end(), kind == "quote"
    if found := _ESCAPE.match(markdown, at):
        result.text += found[1]
        return found.end(), False
    for kind, rule in _INLINE:
        if found := rule.match(markdown, at):
            _take(kind, found, result)
            return found.end(), False
    result.text += markdown[at]
    return at + 1, markdown[at] == "\n"


def _take(kind: str, found: re.Match[str], result: Seen) -> None:
    inner = (
        found[2] if kind in {"code", "code block"} else found[1] if found.re.groups and found[1] else found[0]
    )
    if kind == "code":
        inner = re.sub(r"^ (?= *`)|(` *) $", r"\1", inner)
    if kind in _RAW:
        result.text += inner
        result.effects.append((kind, inner))
        return
    within = seen(inner)
    result.text += within.text
    result.effects += [(kind, within.text if kind != "link" else found[2]), *within.effects]
