"""What was logged meanwhile, for tests to look at."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bot.log import NAME, values_of


@contextmanager
def capture_logs() -> Iterator[list[dict[str, Any]]]:
    """Every event of ours while the context lasts: its values, `event` and `log_level`."""
    said: list[dict[str, Any]] = []
    logger = logging.getLogger(NAME)
    handler, level = _Keeping(said), logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        yield said
    finally:
        logger.setLevel(level)
        logger.removeHandler(handler)


class _Keeping(logging.Handler):
    def __init__(self, said: list[dict[str, Any]]) -> None:
        super().__init__()
        self._said = said

    def emit(self, record: logging.LogRecord) -> None:
        entry = {**values_of(record), "event": record.getMessage(), "log_level": record.levelname.lower()}
        self._said.append(entry)
