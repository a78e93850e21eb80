"""What a message says: text with entities, a file, a keyboard; and what Telegram refuses about each."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from .entities import Entity, clean, detected, trimmed, utf16
from .markup import BadMarkup, checked_link, parse_html

TEXT_LIMIT, CAPTION_LIMIT, DATA_LIMIT, BUTTONS_LIMIT = 4096, 1024, 64, 100
_ACTIONS = {
    *("url", "callback_data", "web_app", "login_url", "copy_text", "callback_game", "pay"),
    *("switch_inline_query", "switch_inline_query_current_chat", "switch_inline_query_chosen_chat"),
}


class BadContent(ValueError):  # noqa: N818 - Telegram calls it a bad request
    """Refused; the message is what stands after "Bad Request: "."""


@dataclass(frozen=True, slots=True)
class Button:
    text: str
    data: str | None = None
    url: str | None = None
    raw: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def switch_inline(self) -> str | None:
        """The inline query that the button starts, in any chat or in this one."""
        return self.raw.get("switch_inline_query", self.raw.get("switch_inline_query_current_chat"))


@dataclass(frozen=True, slots=True)
class File:
    id: str
    kind: str  # document or photo
    name: str
    data: bytes
    mime: str

    def json(self) -> dict[str, Any]:
        known = {"file_id": self.id, "file_unique_id": f"u{self.id}", "file_size": len(self.data)}
        if self.kind == "photo":
            width, height = image_size(self.data)
            return {"photo": [known | {"width": width, "height": height}]}
        return {"document": known | {"file_name": self.name, "mime_type": self.mime}}


@dataclass(frozen=True, slots=True)
class Content:
    text: str = ""
    entities: list[Entity] = field(default_factory=list)
    markup: dict[str, Any] | None = None
    file: File | None = None
    preview: dict[str, Any] | None = None  # link_preview_options

    @property
    def rows(self) -> list[list[Button]]:
        keyboard = (self.markup or {}).get("inline_keyboard", [])
        return [[Button(b["text"], b.get("callback_data"), b.get("url"), b) for b in row] for row in keyboard]

    def json(self) -> dict[str, Any]:
        known: dict[str, Any] = self.file.json() if self.file else {}
        names = ("caption", "caption_entities") if self.file else ("text", "entities")
        known |= {name: value for name, value in zip(names, (self.text, self.entities), strict=True) if value}
        if self.markup and self.markup.get("inline_keyboard"):
            known["reply_markup"] = self.markup
        return known

    def with_markup(self, markup: dict[str, Any] | None) -> "Content":
        return replace(self, markup=markup)


def text_content(source: Callable[[str], Any], key: str = "text") -> Content:
    """Read a message text from the fields of a call or an object. Raises BadContent."""
    if not source(key):
        raise BadContent("message text is empty")
    text, entities = _marked(source, key, "entities")
    if not text:
        raise BadContent("text must be non-empty")
    if utf16(text) > TEXT_LIMIT:
        raise BadContent("message is too long")
    return Content(text, detected(text, entities), preview=source("link_preview_options"))


def caption_content(source: Callable[[str], Any], file: File | None) -> Content:
    """Read a caption. Raises BadContent."""
    text, entities = _marked(source, "caption", "caption_entities")
    if utf16(text) > CAPTION_LIMIT:
        raise BadContent("message caption is too long")
    return Content(text, detected(text, entities), file=file)


def _marked(source: Callable[[str], Any], key: str, entities_key: str) -> tuple[str, list[Entity]]:
    text, mode = clean(source(key) or ""), (source("parse_mode") or "").lower()
    if mode not in ("", "html"):
        raise BadContent(f"this server reads HTML only, not {mode}")
    if not mode:
        return trimmed(text, source(entities_key) or [])
    try:
        return trimmed(*parse_html(text))
    except BadMarkup as wrong:
        raise BadContent(f"can't parse entities: {wrong}") from None


def checked_markup(markup: Any, kind: str, *, inline_only: bool = False) -> dict[str, Any] | None:
    """A reply markup that Telegram would take in a chat of this kind. Raises BadContent."""
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise BadContent("object expected as reply markup")
    if "inline_keyboard" not in markup:
        if inline_only or kind == "channel":
            raise BadContent("inline keyboard expected")
        return markup
    buttons = [button for row in markup["inline_keyboard"] for button in row]
    if len(buttons) > BUTTONS_LIMIT:
        raise BadContent("reply markup is too long")
    for button in buttons:
        _check_button(button, kind)
    return markup if buttons else None


def _check_button(button: dict[str, Any], kind: str) -> None:
    if not button.get("text"):
        raise BadContent("inline keyboard button text must be non-empty")
    if len(_ACTIONS & button.keys()) != 1:
        raise BadContent("Text buttons are unallowed in the inline keyboard")
    if not 1 <= len(button.get("callback_data", "x").encode()) <= DATA_LIMIT:
        raise BadContent("BUTTON_DATA_INVALID")
    if "web_app" in button and kind != "private":
        raise BadContent("BUTTON_TYPE_INVALID")
    url = button.get("url", "tg://resolve")
    if checked_link(url) is None:
        raise BadContent(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def image_size(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG; a nominal size for other pictures. Raises BadContent for no picture."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    if data.startswith((b"\xff\xd8\xff", b"GIF8")) or data[8:12] == b"WEBP":
        return 1280, 720
    raise BadContent("IMAGE_PROCESS_FAILED")


def check_photo(data: bytes) -> None:
    """Telegram's own limits for pictures sent as such."""
    width, height = image_size(data)
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise BadContent("PHOTO_INVALID_DIMENSIONS")
    if len(data) > 10 << 20:
        raise BadContent("file of size is too big for a photo")
