"""What members see of messages and modals: their text, buttons, fields and files."""

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .interactions import Interaction
    from .model import Message

(ROW, BUTTON, SELECT, INPUT, USER_SELECT, SECTION, TEXT_DISPLAY, MEDIA, CONTAINER, LABEL) = (
    1,
    2,
    3,
    4,
    5,
    9,
    10,
    12,
    17,
    18,
)
RADIO, CHECKBOXES, CHECKBOX = 21, 22, 23
SELECTS = {SELECT, USER_SELECT, 6, 7, 8}
LINK, PREMIUM = 5, 6
FILE, SPACE = 13, 14
_STORED = {
    CONTAINER: {"accent_color": None, "spoiler": False},
    FILE: {"spoiler": False},
    SPACE: {"divider": True, "spacing": 1},
}
"""What Discord adds where a component leaves it out, by its type."""


def walk(components: Iterable[dict[str, Any]] | None) -> Iterator[dict[str, Any]]:
    """Every component, from top to bottom, whatever it is nested in."""
    for part in components or ():
        yield part
        yield from walk(part.get("components"))
        yield from walk(filter(None, (part.get("component"), part.get("accessory"))))


def texts(data: dict[str, Any]) -> Iterator[str]:
    """What is to be read in a message or a modal: content, embeds, text displays."""
    if data.get("content"):
        yield data["content"]
    for embed in data.get("embeds") or ():
        fields = [text for f in embed.get("fields", ()) for text in (f["name"], f["value"])]
        footer = embed.get("footer", {}).get("text")
        yield from filter(None, [embed.get("title"), embed.get("description"), *fields, footer])
    yield from (part["content"] for part in walk(data.get("components")) if part["type"] == TEXT_DISPLAY)


def number(components: list[dict[str, Any]], links: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """As Discord stores them: each with an id, and `attachment://` links resolved."""
    if not components:
        return components
    taken = {part["id"] for part in walk(components) if part.get("id")}
    free = (n for n in itertools.count(1) if n not in taken)
    for part in walk(components):
        part["id"] = part.get("id") or next(free)
        part.update(_STORED.get(part["type"], {}) | part)
        for item in media(part):
            attachment = (links or {}).get(item["url"])
            if attachment:
                item.update(id=attachment["id"], url=attachment["url"], proxy_url=attachment["url"])
            if attachment and "file" in part:
                part.update(name=attachment["filename"], size=attachment["size"])
        for item in part.get("items", ()):
            item.update({"description": None, "spoiler": False} | item)
    return components


def media(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The media items ({'url': …}) of a file, thumbnail or gallery component."""
    yield from (part[key] for key in ("file", "media") if isinstance(part.get(key), dict))
    yield from (item["media"] for item in part.get("items", ()))


_MENTION = re.compile(r"@(everyone|here)|<@!?(\d+)>|<@&(\d+)>")


def pings(text: str, allowed: dict[str, Any] | None) -> list[str]:
    """The mentions in a text that would notify; without `allowed_mentions`, all of them."""
    allowed = {"parse": ["everyone", "users", "roles"]} if allowed is None else allowed
    parsed, found = allowed.get("parse") or [], []
    for match in _MENTION.finditer(text):
        wide, user, role = match.groups()
        kind, one = ("users", user) if user else ("roles", role)
        by_name = one is not None and one in map(str, allowed.get(kind) or ())
        if ("everyone" in parsed) if wide else (kind in parsed or by_name):
            found.append(wide or match[0])
    return found


@dataclass(frozen=True, slots=True)
class File:
    name: str
    data: bytes = field(repr=False)

    @property
    def text(self) -> str:
        return self.data.decode("utf-8")


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    custom_id: str | None
    url: str | None
    style: int
    disabled: bool
    message: "Message" = field(repr=False)

    @classmethod
    def of(cls, part: dict[str, Any], message: "Message") -> "Button":
        label = part.get("label") or (part.get("emoji") or {}).get("name") or ""
        disabled = bool(part.get("disabled"))
        return cls(label, part.get("custom_id"), part.get("url"), part["style"], disabled, message)


def find_button(buttons: list[Button], wanted: str) -> Button:
    """By label or custom id: the first, if several match."""
    for button in buttons:
        if wanted in {button.label, button.custom_id}:
            return button
    raise AssertionError(f"no button {wanted!r} among {[b.label for b in buttons]}")


@dataclass(slots=True)
class Field:
    """One question of a modal, with what a member finds filled in."""

    label: str
    description: str | None
    part: dict[str, Any] = field(repr=False)
    value: Any = None

    def __post_init__(self) -> None:
        chosen = [o["value"] for o in self.options if o.get("default")]
        first = chosen[0] if chosen else None
        prefilled = {
            INPUT: self.part.get("value") or "",
            RADIO: first,
            CHECKBOX: self.part.get("default", False),
        }
        self.value = prefilled.get(self.part["type"], chosen)

    @property
    def custom_id(self) -> str:
        return self.part["custom_id"]

    @property
    def options(self) -> list[dict[str, Any]]:
        return self.part.get("options") or []

    @property
    def required(self) -> bool:
        return self.part.get("required", True) is not False

    def fill(self, answer: Any) -> None:
        """Answer as the Discord app lets people: options by label or value; AssertionError if it would not."""
        if self.part["type"] == INPUT:
            self.value = str(answer)
        elif self.part["type"] == CHECKBOX:
            self.value = bool(answer)
        elif self.part["type"] == RADIO:
            self.value = None if answer is None else self._option(answer)
        else:
            answers = answer if isinstance(answer, list | tuple) else [answer]
            self.value = [self._option(one) for one in answers] if self.options else [str(a) for a in answers]

    def _option(self, wanted: str) -> str:
        values = [o["value"] for o in self.options if wanted in {o["label"], o["value"]}]
        assert values, f"no option {wanted!r} in {self.label!r}: {[o['label'] for o in self.options]}"
        return values[0]

    def json(self) -> dict[str, Any]:
        """As submitted; AssertionError where the app would not let the member press *Submit*."""
        assert self.value not in (None, "", []) or not self.required, f"{self.label!r} is required"
        kind, part = self.part["type"], self.part
        if kind == INPUT and self.value:
            least, most = part.get("min_length") or 0, part.get("max_length") or 4000
            assert least <= len(self.value) <= most, f"{self.label!r}: {len(self.value)} characters"
        if isinstance(self.value, list) and self.value:
            least, most = part.get("min_values") or 0, part.get("max_values") or 1
            assert least <= len(self.value) <= most, f"{self.label!r}: {len(self.value)} chosen"
        several = isinstance(self.value, list)
        shared = {"type": kind, "id": part["id"], "custom_id": self.custom_id}
        return shared | {"values" if several else "value": self.value}


class Modal:
    """An open form, held by the member until they submit it, if ever."""

    def __init__(self, data: dict[str, Any], opener: "Interaction") -> None:
        self.opener = opener
        self.title: str = data["title"]
        self.custom_id: str = data["custom_id"]
        self._data = data
        self.fields = [one for part in data["components"] for one in _fields(part)]

    @property
    def text(self) -> str:
        return "\n".join(texts(self._data))

    def __getitem__(self, wanted: str) -> Field:
        """A field by label or custom id, or by a piece of the label that only it has; KeyError otherwise."""
        key = _plain(wanted)
        exact = [f for f in self.fields if key in {_plain(f.label), _plain(f.custom_id)}]
        found = exact or [f for f in self.fields if key in _plain(f.label)]
        if len(found) != 1:
            raise KeyError(f"{wanted!r} is {len(found)} of the fields {[f.label for f in self.fields]}")
        return found[0]

    def json(self) -> dict[str, Any]:
        answers = {field.custom_id: field.json() for field in self.fields}
        return {
            "custom_id": self.custom_id,
            "components": [_submitted(part, answers) for part in self._data["components"]],
        }


def _plain(name: str) -> str:
    return name.replace("_", " ").casefold().strip()


def _fields(part: dict[str, Any]) -> Iterator[Field]:
    if part["type"] == LABEL:
        yield Field(part["label"], part.get("description"), part["component"])
    elif part["type"] == ROW:
        yield from (Field(one.get("label") or "", None, one) for one in part["components"])


def _submitted(part: dict[str, Any], answers: dict[str, Any]) -> dict[str, Any]:
    shared = {"type": part["type"], "id": part["id"]}
    if part["type"] == LABEL:
        return shared | {"component": answers[part["component"]["custom_id"]]}
    if part["type"] == ROW:
        return shared | {"components": [answers[one["custom_id"]] for one in part["components"]]}
    return shared
