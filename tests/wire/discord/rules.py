"""What Discord refuses though its description allows it. Each rule yields a readable line per fault.

Sources: Discord's documentation of components, messages, modals and application commands.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from .model import COMPONENTS_V2, Message
from .parts import (
    BUTTON,
    CHECKBOXES,
    INPUT,
    LABEL,
    LINK,
    PREMIUM,
    RADIO,
    ROW,
    SELECT,
    SELECTS,
    TEXT_DISPLAY,
    File,
    media,
    walk,
)  # fmt: skip

LOCALES = frozenset({
    "ar", "bg", "cs", "da", "de", "el", "en-GB", "en-US", "es-419", "es-ES", "fi", "fr", "he", "hi", "hr",
    "hu", "id", "it", "ja", "ko", "lt", "nl", "no", "pl", "pt-BR", "ro", "ru", "sv-SE", "th",
    "tr", "uk", "vi", "zh-CN", "zh-TW",
})  # fmt: skip
FILE_LIMIT = 10 * 1024 * 1024  # bytes


def message_faults(body: dict[str, Any], files: list[File], stored: Message | None) -> Iterator[str]:
    """For a message to create or, where `stored` is given, to edit."""
    before = stored.data if stored else {"flags": 0, "content": "", "embeds": [], "components": []}
    after = before | {key: value for key, value in body.items() if key in before}
    v2 = bool(((body.get("flags") or 0) | before["flags"]) & COMPONENTS_V2)
    names = [file.name for file in files] + [file.name for file in (stored.files if stored else ())]
    parts = list(walk(after["components"]))
    if len(after["content"] or "") > 2000:
        yield "content: must be 2000 or fewer in length"
    if not (
        after["content"] or after["embeds"] or parts or names or body.get("poll") or body.get("sticker_ids")
    ):
        yield "Cannot send an empty message"
    if body.get("attachments") is not None:
        yield from _attachment_faults(body["attachments"], files, stored)
    yield from (
        f"{file.name}: larger than {FILE_LIMIT} bytes" for file in files if len(file.data) > FILE_LIMIT
    )
    yield from _v2_faults(after, parts, names) if v2 else _classic_faults(after)
    yield from component_faults(parts)


def _attachment_faults(listed: list[Any], files: list[File], stored: Message | None) -> Iterator[str]:
    known = {a["id"] for a in stored.data["attachments"]} if stored else set()
    known |= {str(index) for index in range(len(files))}
    yield from (f"attachments: {a['id']} was not uploaded" for a in listed if str(a["id"]) not in known)


def _v2_faults(after: dict[str, Any], parts: list[dict[str, Any]], names: list[str]) -> Iterator[str]:
    if after["content"] or after["embeds"]:
        yield "IS_COMPONENTS_V2: content and embeds cannot be used"
    if len(parts) > 40:
        yield f"components: {len(parts)} in all, at most 40"
    length = sum(len(part["content"]) for part in parts if part["type"] == TEXT_DISPLAY)
    if length > 4000:
        yield f"components: {length} characters of text, at most 4000"
    for item in (item for part in parts for item in media(part)):
        if item["url"].startswith("attachment://") and item["url"][13:] not in names:
            yield f"{item['url']}: no such attachment"


def _classic_faults(after: dict[str, Any]) -> Iterator[str]:
    rows = after["components"] or ()
    if any(row["type"] != ROW for row in rows):
        yield "components: only action rows without IS_COMPONENTS_V2"
    if len(rows) > 5:
        yield "components: at most 5 rows"
    if sum(len(text) for embed in after["embeds"] or () for text in _strings(embed)) > 6000:
        yield "embeds: at most 6000 characters in all"


def _strings(embed: dict[str, Any]) -> Iterator[str]:
    yield from (embed.get("title") or "", embed.get("description") or "")
    yield from ((embed.get("footer") or {}).get("text") or "", (embed.get("author") or {}).get("name") or "")
    yield from (text for field in embed.get("fields") or () for text in (field["name"], field["value"]))


def component_faults(parts: list[dict[str, Any]]) -> Iterator[str]:
    """For every component of a message or a modal."""
    for key in ("custom_id", "id"):
        times = Counter(part[key] for part in parts if part.get(key))
        yield from (f"{key}: {value!r} is there {n} times" for value, n in times.items() if n > 1)
    for part in parts:
        check = _CHECKS.get(part["type"])
        name = part.get("custom_id") or part.get("label") or part["type"]
        yield from (f"{name}: {fault}" for fault in (check(part) if check else ()))


def _row_faults(row: dict[str, Any]) -> Iterator[str]:
    kinds = [part["type"] for part in row["components"]]
    if len(kinds) > 5 or (len(kinds) > 1 and set(kinds) != {BUTTON}):
        yield f"an action row holds 1 to 5 buttons or one select, not {kinds}"


def _button_faults(button: dict[str, Any]) -> Iterator[str]:
    style, has_id, has_url = button["style"], bool(button.get("custom_id")), bool(button.get("url"))
    if style != PREMIUM and (has_id, has_url) != ((False, True) if style == LINK else (True, False)):
        yield "a link has a url, any other button a custom_id, and neither has both"
    if style != PREMIUM and not (button.get("label") or button.get("emoji")):
        yield "a button has a label or an emoji"
    if len(button.get("label") or "") > 80:
        yield "label: at most 80 characters"


def _choice_faults(part: dict[str, Any]) -> Iterator[str]:
    """Selects, radio groups and checkbox groups: how many options, their lengths, what is chosen before."""
    options, kind = part.get("options") or [], part["type"]
    least, most = {SELECT: (1, 25), RADIO: (2, 10), CHECKBOXES: (1, 10)}.get(kind, (0, 0))
    if not least <= len(options) <= most:
        yield f"options: {len(options)}, not {least} to {most}"
    values = Counter(option["value"] for option in options)
    yield from (f"options: the value {value!r} is there {n} times" for value, n in values.items() if n > 1)
    for option in options:
        if any(len(option.get(key) or "") > 100 for key in ("label", "value", "description")):
            yield f"option {option['label'][:20]!r}: label, value and description have at most 100 characters"
    low, high = part.get("min_values"), part.get("max_values")
    low, high = 1 if low is None else low, 1 if high is None else high
    if kind != RADIO and (low > high or (options and high > len(options))):
        yield f"min_values {low}, max_values {high} of {len(options)} options"
    chosen = sum(bool(option.get("default")) for option in options) + len(part.get("default_values") or ())
    if chosen > (1 if kind == RADIO else high):
        yield f"{chosen} chosen by default, more than can be"


def _input_faults(part: dict[str, Any]) -> Iterator[str]:
    least, most = part.get("min_length") or 0, part.get("max_length") or 4000
    if not least <= most <= 4000:
        yield f"min_length {least}, max_length {most}"
    if part.get("value") and not least <= len(part["value"]) <= most:
        yield f"value: {len(part['value'])} characters, not {least} to {most}"


_CHECKS = {ROW: _row_faults, BUTTON: _button_faults, INPUT: _input_faults}
_CHECKS |= dict.fromkeys(SELECTS | {RADIO, CHECKBOXES}, _choice_faults)


def modal_faults(modal: dict[str, Any]) -> Iterator[str]:
    top = modal["components"]
    if len(modal["title"]) > 45 or len(modal["custom_id"]) > 100:
        yield "title: at most 45 characters; custom_id: at most 100"
    if len(top) > 5:
        yield f"components: {len(top)}, at most 5"
    for part in top:
        if part["type"] == LABEL and (len(part["label"]) > 45 or part["component"].get("label")):
            yield f"{part['label'][:20]!r}: at most 45 characters, and no label of its own inside"
        if part["type"] == ROW and not part["components"][0].get("label"):
            yield "a text input in an action row has a label"
    yield from component_faults(list(walk(top)))


_COMMAND_NAME = re.compile(r"[-_'\w]{1,32}")


def commands_faults(commands: list[dict[str, Any]]) -> Iterator[str]:
    """For the whole list of a bulk overwrite."""
    yield from _twice("command", (f"{c['name']} (type {c.get('type', 1)})" for c in commands))
    if sum(c.get("type", 1) == 1 for c in commands) > 100:
        yield "at most 100 slash commands"
    for command in commands:
        is_slash = command.get("type", 1) == 1
        yield from (f"/{command['name']} {fault}" for fault in _entry_faults(command, slash=is_slash))
        if command_size(command) > 8000:
            yield f"/{command['name']}: {command_size(command)} characters, at most 8000"


def _entry_faults(entry: dict[str, Any], *, slash: bool = True) -> Iterator[str]:
    """A command or one of its options, and theirs."""
    names = [entry["name"], *(entry.get("name_localizations") or {}).values()]
    if slash:
        yield from (f"bad name {n!r}" for n in names if not _COMMAND_NAME.fullmatch(n) or n != n.lower())
        descriptions = [entry.get("description"), *(entry.get("description_localizations") or {}).values()]
        if not all(1 <= len(text or "") <= 100 for text in descriptions):
            yield "description: 1 to 100 characters in every language"
    used = {*(entry.get("name_localizations") or {}), *(entry.get("description_localizations") or {})}
    yield from (f"no locale {code!r}" for code in sorted(used - LOCALES))
    options = entry.get("options") or []
    needed = [bool(option.get("required")) for option in options]
    if needed != sorted(needed, reverse=True):
        yield "required options must be placed before non-required options"
    if entry.get("autocomplete") and entry.get("choices"):
        yield "choices and autocomplete exclude each other"
    yield from _twice("option", (option["name"] for option in options))
    yield from (f"{option['name']}: {fault}" for option in options for fault in _entry_faults(option))


def _twice(what: str, names: Iterable[str]) -> Iterator[str]:
    yield from (f"{what} {name} is there {n} times" for name, n in Counter(names).items() if n > 1)


def command_size(entry: dict[str, Any]) -> int:
    """Characters of names, descriptions and values, in the longest language of each."""
    size = sum(
        max(len(text or "") for text in (entry.get(key), *(entry.get(f"{key}_localizations") or {}).values()))
        for key in ("name", "description")
    )
    choices = sum(len(str(choice["value"])) + len(choice["name"]) for choice in entry.get("choices") or ())
    return size + choices + sum(map(command_size, entry.get("options") or ()))


def autocomplete_faults(choices: list[dict[str, Any]]) -> Iterator[str]:
    if len(choices) > 25:
        yield f"choices: {len(choices)}, at most 25"
    for choice in choices:
        if not 1 <= len(choice["name"]) <= 100 or len(str(choice["value"])) > 100:
            yield f"choice {choice['name'][:20]!r}: name and value have at most 100 characters"
