"""How the difference between two readings of a petition is shown."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from bot.operations.telling import when

if TYPE_CHECKING:
    from bot.petition_file.difference import Difference, FieldValue, TextChange


def lines(difference: "Difference") -> Iterator[str]:
    """What changes: keys on a line each, texts line by line with `-` and `+`."""
    for change in difference.fields:
        yield f"{change.name}: {_value(change.old)} → {_value(change.new)}"
    for text in difference.texts:
        yield from _text(text)


def _text(change: "TextChange") -> Iterator[str]:
    if change.new is None:
        yield f"{change.language}: this language goes"
        return
    yield f"{change.language}: {'a new language' if change.old is None else 'the text changes'}"
    for part, changed in change.lines.items():
        yield f"  {part}"
        yield from (f"    {line.mark} {line.text}".rstrip() for line in changed)


def _value(value: "FieldValue") -> str:
    from bot.model.petition import Ask

    if isinstance(value, datetime):
        return when(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Ask):
        said = [
            (value.question, value.options),
            *((each.question, each.options) for each in value.translations),
        ]
        return " · ".join(f"{question} ({', '.join(options)})" for question, options in said)
    if isinstance(value, tuple):
        return ", ".join(str(each) for each in value) or "none"
    return "none" if value in {None, ""} else str(value)
