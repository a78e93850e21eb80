"""Telegram's HTML: read and refused as the server's own parser does (td/telegram/MessageEntity.cpp).

Offsets and lengths are UTF-16 code units, as everywhere in the Bot API; error messages count bytes.
"""

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from .entities import Entity, Marked, in_order, utf16

_TAGS = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("tg-spoiler", "span"), "spoiler"),
    "a": "text_link",
    "pre": "pre",
    "code": "code",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
_CLASSES = {"code": "language-", "span": "tg-"}  # the only classes that mean something
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(lt|gt|amp|quot)(?![a-zA-Z]));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_PLAIN = re.compile(r"[^<&]+")
_SPACE = re.compile(r"[ \t\r\n\v\0]*")
_TAG_NAME = re.compile(r"[^ \t\r\n\v\0>]*")
_ATTRIBUTE_NAME = re.compile(r"[^ \t\r\n\v\0=>/\"']*")
_TOKEN = re.compile(r"[A-Za-z0-9.-]*")


class BadMarkup(ValueError):  # noqa: N818 - it reads as what it says
    """The text is not HTML as Telegram understands it."""


def checked_link(url: str) -> str | None:
    """The link as Telegram would store it, or None if it takes it for no link."""
    whole = url if re.match(r"(?i)[a-z][a-z0-9+.-]*:", url) else f"http://{url}"
    try:
        parts = urlsplit(whole)
        host = parts.hostname or ""
    except ValueError:
        return None
    if re.search(r"[\s\"<>]", host):
        return None
    if parts.scheme in ("tg", "ton"):
        return whole if re.fullmatch(r"[\w-]+", host, re.ASCII) else None
    return whole if parts.scheme in ("http", "https") and "." in host.strip(".") else None


def _link(attributes: dict[str, str], inside: str) -> Entity | None:
    """Without `href` the text itself is the link; what is no link is plain text."""
    link = checked_link(attributes.get("href") or inside)
    return {"url": link} if link else None


def _quote(attributes: dict[str, str], _: str) -> Entity:
    return {"type": "expandable_blockquote"} if "expandable" in attributes else {}


def _emoji(attributes: dict[str, str], _: str) -> Entity:
    if not attributes.get("emoji-id", "").isdigit():
        raise BadMarkup("Invalid custom emoji identifier specified")
    return {"custom_emoji_id": attributes["emoji-id"]}


def _time(attributes: dict[str, str], _: str) -> Entity | None:
    wanted = attributes.get("format", "")
    if not re.fullmatch(r"[rR]|[tTdDwW]*", wanted):
        raise BadMarkup("Invalid date format used")
    known = attributes.get("unix", "").isdigit()
    return {"unix_time": int(attributes["unix"]), "date_time_format": wanted} if known else None


_DETAILS: dict[str, Callable[[dict[str, str], str], Entity | None]]
_DETAILS = {"a": _link, "blockquote": _quote, "tg-emoji": _emoji, "tg-time": _time}


class _Parser:
    def __init__(self, source: str) -> None:
        self.source, self.at, self.length = source, 0, 0
        self.out: list[str] = []
        self.open: list[tuple[str, dict[str, str], int, int]] = []
        self.entities: list[Entity] = []

    def parse(self) -> Marked:
        while self.at < len(self.source):
            if self.source[self.at] == "<":
                self._end_tag() if self.source.startswith("</", self.at) else self._start_tag()
            elif plain := _PLAIN.match(self.source, self.at):
                self._put(plain[0])
                self.at = plain.end()
            else:
                self._put(self._character())
        if self.open:
            raise BadMarkup(f'Can\'t find end tag corresponding to start tag "{self.open[-1][0]}"')
        return "".join(self.out), self.entities

    def _put(self, text: str) -> None:
        self.out.append(text)
        self.length += utf16(text)

    def _character(self) -> str:
        """The next character; a lone `&`, or one before an unknown name, stands for itself."""
        found = _REFERENCE.match(self.source, self.at) if self.source[self.at] == "&" else None
        if found:
            code = int(found[1], 16) if found[1] else int(found[2] or 0)
            if found[3] or 0 < code < 0x10FFFF:
                self.at = found.end()
                return _NAMED[found[3]] if found[3] else chr(code)
        self.at += 1
        return self.source[self.at - 1]

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.source, self.at)
        assert found
        self.at = found.end()
        return found[0]

    def _peek(self) -> str:
        return self.source[self.at : self.at + 1]

    def _wrong(self, what: str, at: int, rest: str = "") -> BadMarkup:
        return BadMarkup(f"{what} at byte offset {len(self.source[:at].encode())}{rest}")

    def _start_tag(self) -> None:
        begin = self.at
        self.at += 1
        tag = self._take(_TAG_NAME).lower()
        if not self._peek():
            raise self._wrong("Unclosed start tag", begin)
        if tag not in _TAGS:
            raise self._wrong(f'Unsupported start tag "{tag}"', begin)
        attributes = self._attributes(tag, begin)
        if tag == "span" and attributes.get("class") != "spoiler":
            raise self._wrong('Tag "span" must have class "tg-spoiler"', begin)
        self.open.append((tag, attributes, self.length, len(self.out)))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        found: dict[str, str] = {}
        while True:
            self._take(_SPACE)
            if self._peek() == ">":
                self.at += 1
                return found
            name = self._take(_ATTRIBUTE_NAME)
            if not name:
                raise self._wrong(f'Empty attribute name in the tag "{tag}"', begin)
            self._take(_SPACE)
            value = self._value(tag, begin) if self._peek() == "=" else "1"
            if not self._peek():
                raise self._wrong(f'Unclosed start tag "{tag}"', begin)
            prefix = _CLASSES.get(tag, "") if name == "class" else ""
            if value.startswith(prefix):
                found[name] = value.removeprefix(prefix)

    def _value(self, tag: str, begin: int) -> str:
        self.at += 1
        self._take(_SPACE)
        quote = self._peek()
        if not quote:
            raise self._wrong(f'Unclosed start tag "{tag}"', begin)
        if quote not in "'\"":
            start = self.at
            token = self._take(_TOKEN).lower()
            if self._peek() not in (" ", "\t", "\n", ">", ""):
                raise self._wrong("Unexpected end of name token", start)
            return token
        self.at += 1
        value = []
        while self._peek() not in (quote, ""):
            value.append(self._character())
        self.at += 1
        return "".join(value)

    def _end_tag(self) -> None:
        begin = self.at
        if not self.open:
            raise self._wrong("Unexpected end tag", begin)
        self.at += 2
        name = self._take(_TAG_NAME).lower()
        self._take(_SPACE)
        if self._peek() != ">":
            raise self._wrong("Unclosed end tag", begin)
        self.at += 1
        tag, attributes, offset, position = self.open.pop()
        if name not in ("", tag):
            raise self._wrong("Unmatched end tag", begin, f', expected "</{tag}>", found "</{name}>"')
        if self.length > offset:
            entity = {"type": _TAGS[tag], "offset": offset, "length": self.length - offset}
            self._close(entity, tag, attributes, "".join(self.out[position:]))

    def _close(self, entity: Entity, tag: str, attributes: dict[str, str], inside: str) -> None:
        if tag in ("pre", "code"):
            self._close_code(entity, attributes)
            return
        details = _DETAILS[tag](attributes, inside) if tag in _DETAILS else {}
        if details is not None:
            self.entities.append(entity | details)

    def _close_code(self, entity: Entity, attributes: dict[str, str]) -> None:
        """`<pre><code class="language-x">` is one entity with a language, not two."""
        last = self.entities[-1] if self.entities else {}
        twin = {last.get("type"), entity["type"]} == {"pre", "code"}
        if twin and all(last[key] == entity[key] for key in ("offset", "length")):
            last["type"] = "pre"
            return
        if attributes.get("class"):
            entity["language"] = attributes["class"]
        self.entities.append(entity)


def parse_html(source: str) -> Marked:
    """Text and entities of `source`. Raises BadMarkup with Telegram's own words."""
    text, entities = _Parser(source).parse()
    for entity in entities:
        if entity["type"] == "code":
            entity.pop("language", None)
    return text, _fixed(entities)


def _fixed(entities: list[Entity]) -> list[Entity]:
    """Outer before inner; nothing lives inside code, and no quote inside a quote."""
    kept: list[Entity] = []
    for entity in in_order(entities):
        around = [each["type"] for each in kept if each["offset"] + each["length"] > entity["offset"]]
        quoted = "blockquote" in entity["type"] and any("blockquote" in each for each in around)
        if not quoted and not {"pre", "code"} & set(around):
            kept.append(entity)
    return kept
