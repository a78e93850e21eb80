"""What an edit of a petition changes, as data for a preview."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from difflib import SequenceMatcher
from enum import StrEnum

from msgspec import Struct

from bot.model.petition import Ask, Content, Text
from bot.petition_file.holds import KEYS as HOLD_KEYS

FieldValue = str | bool | int | datetime | Ask | tuple[str, ...] | tuple[int, ...] | None


class Part(StrEnum):
    """A part of a text. Only the background is not signed."""

    TITLE = "title"
    TO = "to"
    BACKGROUND = "background"
    LETTER = "letter"
    PRIVACY = "privacy"


class Mark(StrEnum):
    """What becomes of a line; GAP stands for lines left out between two changes."""

    KEPT = " "
    REMOVED = "-"
    ADDED = "+"
    GAP = "…"


class DiffLine(Struct, frozen=True):
    """A line of a text, before or after."""

    mark: Mark
    text: str = ""


class FieldChange(Struct, frozen=True):
    """A key whose value changes."""

    name: str
    old: FieldValue
    new: FieldValue


class TextChange(Struct, frozen=True):
    """One language: `old` is None where it is added, `new` where it is removed."""

    language: str
    old: Text | None
    new: Text | None
    lines: Mapping[Part, tuple[DiffLine, ...]]
    """By part that changes, the lines around each change."""

    @property
    def resigned(self) -> bool:
        """Whether what people sign is another text: earlier signatures stay bound to the old version."""
        return self.old is None or self.new is None or self.old.version != self.new.version


class Difference(Struct, frozen=True):
    """All that changes from one content to another; empty (and false) if nothing does."""

    fields: tuple[FieldChange, ...]
    texts: tuple[TextChange, ...]

    def __bool__(self) -> bool:
        return bool(self.fields or self.texts)

    @property
    def added(self) -> tuple[str, ...]:
        """The languages that are new."""
        return tuple(change.language for change in self.texts if change.old is None)

    @property
    def removed(self) -> tuple[str, ...]:
        """The languages that go."""
        return tuple(change.language for change in self.texts if change.new is None)


def difference(old: Content, new: Content) -> Difference:
    """What changes from `old` to `new`, both with contact and privacy lines filled in."""
    return Difference(tuple(_field_changes(old, new)), tuple(_text_changes(old, new)))


def _field_changes(old: Content, new: Content) -> Iterator[FieldChange]:
    for name in Content.__struct_fields__:
        before, after = getattr(old, name), getattr(new, name)
        if name not in {"texts", "hold"} and before != after:
            yield FieldChange(name, before, after)
    for key, name in HOLD_KEYS.items():
        before, after = getattr(old.hold, name), getattr(new.hold, name)
        if before != after:
            yield FieldChange(f"hold.{key}", before, after)
    if old.texts[0].language != new.texts[0].language:
        yield FieldChange("language", old.texts[0].language, new.texts[0].language)


def _text_changes(old: Content, new: Content) -> Iterator[TextChange]:
    before = {text.language: text for text in old.texts}
    after = {text.language: text for text in new.texts}
    for language in {**before, **after}:
        was, becomes = before.get(language), after.get(language)
        if was != becomes:
            yield TextChange(language, was, becomes, dict(_changed_parts(was, becomes)))


def _changed_parts(old: Text | None, new: Text | None) -> Iterator[tuple[Part, tuple[DiffLine, ...]]]:
    for part in Part:
        was, becomes = (getattr(text, part) if text else "" for text in (old, new))
        if was != becomes:
            yield part, tuple(changed_lines(_lines(was), _lines(becomes)))


def _lines(text: str) -> list[str]:
    return text.split("\n") if text else []


CONTEXT = 1
"""Lines shown around a change. In a letter a line is mostly a paragraph, or the empty one between two."""
COMPARED = 4_000_000
"""Pairs of lines compared at most (about a second); beyond, what differs is shown as removed and added whole."""


def changed_lines(old: Sequence[str], new: Sequence[str]) -> Iterator[DiffLine]:
    """The lines of a unified difference: each change with the lines around it."""
    if len(old) * len(new) > COMPARED:
        yield from (DiffLine(Mark.REMOVED, line) for line in old)
        yield from (DiffLine(Mark.ADDED, line) for line in new)
        return
    for number, group in enumerate(SequenceMatcher(None, old, new).get_grouped_opcodes(CONTEXT)):
        if number:
            yield DiffLine(Mark.GAP)
        for tag, old_start, old_end, new_start, new_end in group:
            if tag == "equal":
                yield from (DiffLine(Mark.KEPT, line) for line in old[old_start:old_end])
            else:
                yield from (DiffLine(Mark.REMOVED, line) for line in old[old_start:old_end])
                yield from (DiffLine(Mark.ADDED, line) for line in new[new_start:new_end])
