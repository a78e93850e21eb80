"""Text with entities, whose offsets and lengths are UTF-16 code units, as Telegram counts."""

import html
import re
from typing import Any

Entity = dict[str, Any]
Marked = tuple[str, list[Entity]]

_KINDS = (
    *("blockquote", "expandable_blockquote", "pre", "code", "text_link"),
    *("bold", "italic", "underline", "strikethrough", "spoiler", "custom_emoji"),
)
_DROPPED = re.compile("[\r\u2028-\u202e\u0333\u033f\u030a]")
_BLANKED = re.compile(r"[\x00-\x09\x0b-\x1f]")


def utf16(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def in_order(entities: list[Entity]) -> list[Entity]:
    """Outer before inner; what covers the same text in Telegram's order of kinds."""
    return sorted(entities, key=lambda each: (each["offset"], -each["length"], _rank(each["type"])))


def _rank(kind: str) -> int:
    return _KINDS.index(kind) if kind in _KINDS else len(_KINDS)


def cut(text: str, start: int, end: int | None = None) -> str:
    """The part between two UTF-16 offsets."""
    units = text.encode("utf-16-le", "surrogatepass")
    return units[2 * start : None if end is None else 2 * end].decode("utf-16-le", "surrogatepass")


def clean(text: str) -> str:
    """Control characters become spaces, bidi overrides and some stacked marks vanish."""
    return _BLANKED.sub(" ", _DROPPED.sub("", text))


def trimmed(text: str, entities: list[Entity]) -> Marked:
    """Without white space at the ends, entities clipped to what is left."""
    text = text.rstrip(" \n")
    end = utf16(text)
    entities = [each | {"length": min(each["length"], end - each["offset"])} for each in entities]
    entities = [each for each in entities if each["length"] > 0]
    lead = len(text) - len(text.lstrip(" \n"))
    lead = min([lead, *(each["offset"] for each in entities)])
    return text[lead:], [each | {"offset": each["offset"] - lead} for each in entities]


_DETECTED = {
    "url": re.compile(
        r"(?<![\w@])(?:https?://[^\s<>]+|(?:[\w-]+\.)+(?:com|org|net|me|gov|io|edu)\b[^\s<>]*)"
    ),
    "email": re.compile(r"[\w.+-]+@(?:[\w-]+\.)+\w+"),
    "mention": re.compile(r"(?<![\w@])@[A-Za-z]\w{2,31}\b", re.ASCII),
    "bot_command": re.compile(r"(?<![\w/@<>])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])", re.ASCII),
    "hashtag": re.compile(r"(?<![\w&])#\w*[^\W\d]\w*"),
}


def detected(text: str, entities: list[Entity]) -> list[Entity]:
    """`entities` and what Telegram finds by itself: links, mentions, commands, hashtags."""
    taken = [each for each in entities if each["type"] in ("code", "pre", "text_link")]
    found: list[Entity] = []
    for kind, pattern in _DETECTED.items():
        for match in pattern.finditer(text):
            new = {"type": kind, "offset": utf16(text[: match.start()]), "length": utf16(match[0])}
            if not any(_overlap(new, each) for each in taken + found):
                found.append(new)
    return in_order(entities + found)


def _overlap(one: Entity, other: Entity) -> bool:
    return bool(
        one["offset"] < other["offset"] + other["length"] and other["offset"] < one["offset"] + one["length"]
    )


_WRITTEN = {"bold": "b", "italic": "i", "underline": "u", "strikethrough": "s", "spoiler": "tg-spoiler"}
_WRITTEN |= {
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "text_link": "a",
    "date_time": "tg-time",
}
_WRITTEN |= {"expandable_blockquote": "blockquote", "custom_emoji": "tg-emoji"}


def to_html(text: str, entities: list[Entity]) -> str:
    """The message as HTML again, in one canonical spelling, for tests to read."""
    marks = [each for each in entities if each["type"] in _WRITTEN]
    edges = sorted(
        {0, utf16(text), *(e["offset"] for e in marks), *(e["offset"] + e["length"] for e in marks)}
    )
    out = []
    for start, end in zip(edges, [*edges[1:], None], strict=True):
        ending = [each for each in marks if each["offset"] + each["length"] == start]
        out += [f"</{_WRITTEN[each['type']]}>" for each in reversed(ending)]
        out += [_opening(each) for each in marks if each["offset"] == start]
        out.append(html.escape(cut(text, start, end), quote=False))
    return "".join(out)


def _opening(entity: Entity) -> str:
    tag = _WRITTEN[entity["type"]]
    if entity["type"] == "text_link":
        return f'<a href="{html.escape(entity["url"])}">'
    return f"<{tag} expandable>" if entity["type"] == "expandable_blockquote" else f"<{tag}>"
