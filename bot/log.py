"""Logging: readable on a terminal, JSON otherwise, and never a secret.

Whoever logs must not log names, comments or account ids. The redaction of the configured secrets is the last
line of defence, for what a library may put into a message.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, TextIO
from urllib.parse import quote

from msgspec import Struct, field

NAME = "undersigned"
"""The logger of what we say ourselves."""
_LIBRARIES = ("aiohttp", "alembic", "discord", "httpcore", "httpx", "sqlalchemy", "telegram")
_HIDDEN = "[secret]"
_FRAMES = 6
_TOKENS = (
    r"\b[0-9]{6,}:[A-Za-z0-9_-]{30,}",  # Telegram's
    r"\b[A-Za-z0-9_-]{23,28}\.[A-Za-z0-9_-]{6,7}\.[A-Za-z0-9_-]{27,}",  # Discord's
)


class Log(Struct, frozen=True):
    """Says events, each with the values that belong to it, and with those that it was bound to."""

    bound: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    def bind(self, **values: object) -> "Log":
        """The same, which says these values with every event."""
        return Log({**self.bound, **values})

    def info(self, event: str, **values: object) -> None:
        self._say(logging.INFO, event, values)

    def warning(self, event: str, **values: object) -> None:
        self._say(logging.WARNING, event, values)

    def error(self, event: str, **values: object) -> None:
        self._say(logging.ERROR, event, values)

    def _say(self, level: int, event: str, values: Mapping[str, object]) -> None:
        logging.getLogger(NAME).log(level, "%s", event, extra={"values": {**self.bound, **values}})


LOG = Log()
"""Where we say what happens."""


def values_of(record: logging.LogRecord) -> Mapping[str, object]:
    """What was said with an event; nothing, if a library said it."""
    values: Mapping[str, object] = getattr(record, "values", {})
    return values


def configure(secrets: Iterable[str], *, stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Send everything that is logged from `level` on, by us or by a library, to `stream` (stderr) in one form."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_Lines(secrets, for_people=handler.stream.isatty()))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _LIBRARIES:  # their INFO holds urls, and so tokens; their DEBUG holds what people wrote
        logging.getLogger(name).setLevel(logging.WARNING)


class _Lines(logging.Formatter):
    """A line for each event, without what looks like a secret and without the known ones."""

    def __init__(self, secrets: Iterable[str], *, for_people: bool) -> None:
        super().__init__()
        known = {form for secret in secrets if secret for form in (secret, quote(secret, safe=""))}
        longest_first = sorted(map(re.escape, known), key=len, reverse=True)
        self._secret = re.compile("|".join([*longest_first, *_TOKENS]))
        self._written = _for_people if for_people else _as_json

    def format(self, record: logging.LogRecord) -> str:
        return self._secret.sub(_HIDDEN, self._written(_entry(record)))


def _entry(record: logging.LogRecord) -> dict[str, Any]:
    """An exception as its types and the places it came through: its text may quote what people wrote."""
    error = record.exc_info[1] if record.exc_info else None
    raised = {"raised": " from ".join(map(_described, causes(error)))} if error else {}
    return {
        **values_of(record),
        **raised,
        "event": record.getMessage(),
        "level": record.levelname.lower(),
        "logger": record.name,
        "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z"),
    }


def _as_json(entry: Mapping[str, Any]) -> str:
    return json.dumps(entry, ensure_ascii=False, default=repr)


def _for_people(entry: Mapping[str, Any]) -> str:
    """When, how grave and what; then what belongs to it."""
    values = " ".join(f"{key}={value!r}" for key, value in entry.items() if key not in _SHOWN)
    return "{timestamp} [{level}] {event} ".format_map(entry) + values


_SHOWN = frozenset({"timestamp", "level", "event"})


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what it came from, as a traceback would tell them."""
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def places(error: BaseException) -> list[str]:
    """The last files and lines that an error came through."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return [f"{frame.filename}:{frame.lineno}" for frame in frames]


def _described(error: BaseException) -> str:
    through, kind = ", ".join(places(error)), type(error).__qualname__
    return f"{kind} ({through})" if through else kind
