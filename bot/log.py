"""Logging: readable on a terminal, JSON otherwise, and never a secret.

Whoever logs must not log names, comments or account ids. The redaction of the configured secrets is the last
line of defence, for what a library may put into a message.
"""

import logging
import os
import re
import sys
import traceback
from collections.abc import Iterable, Iterator
from typing import Any, TextIO
from urllib.parse import quote

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

_LIBRARIES = ("aiohttp", "alembic", "discord", "httpcore", "httpx", "sqlalchemy", "telegram")
_HIDDEN = "[secret]"
_FRAMES = 6
_TOKENS = (
    r"\b[0-9]{6,}:[A-Za-z0-9_-]{30,}",  # Telegram's
    r"\b[A-Za-z0-9_-]{23,28}\.[A-Za-z0-9_-]{6,7}\.[A-Za-z0-9_-]{27,}",  # Discord's
)


def configure(secrets: Iterable[str], *, stream: TextIO | None = None, level: int = logging.INFO) -> None:
    """Send everything that is logged from `level` on, by us or by a library, to `stream` (stderr) in one form."""
    target = stream or sys.stderr
    shared = _shared()
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_ending(target, secrets),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _LIBRARIES:  # their INFO holds urls, and so tokens; their DEBUG holds what people wrote
        logging.getLogger(name).setLevel(logging.WARNING)


def _shared() -> list[Processor]:
    return [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        _without_data,
    ]


def _ending(stream: TextIO, secrets: Iterable[str]) -> list[Processor]:
    on_terminal = stream.isatty()
    colours = on_terminal and not os.environ.get("NO_COLOR")
    return [
        structlog.dev.ConsoleRenderer(colors=colours, pad_event_to=0)
        if on_terminal
        else structlog.processors.JSONRenderer(ensure_ascii=False),
        Redactor(secrets),
    ]


def _without_data(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """An exception as its types and the places it came through: its text may quote what people wrote."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["raised"] = " from ".join(_described(error))
    return event


def _described(error: BaseException | None) -> Iterator[str]:
    while error is not None:
        frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
        places = ", ".join(f"{frame.filename}:{frame.lineno}" for frame in frames)
        yield f"{type(error).__qualname__} ({places})" if places else type(error).__qualname__
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


class Redactor:
    """The last processor: takes what looks like a secret, and the known ones, out of the rendered line."""

    def __init__(self, secrets: Iterable[str]) -> None:
        known = {form for secret in secrets if secret for form in (secret, quote(secret, safe=""))}
        longest_first = sorted(map(re.escape, known), key=len, reverse=True)
        self._pattern = re.compile("|".join([*longest_first, *_TOKENS]))

    def __call__(self, _logger: WrappedLogger, _method: str, line: Any) -> str:
        return self._pattern.sub(_HIDDEN, str(line))
