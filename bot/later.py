"""Modules that are loaded when something of theirs is first called, so that members don't wait for them at a start.

Where one is used, type checkers are shown the module itself:

    if TYPE_CHECKING:
        from bot.words import formats
    else:
        formats = Later("bot.words.formats")
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any


class Later:
    """Stands for a module: each of its functions loads it, and does what it does there."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*args: Any, **named: Any) -> Any:
            return getattr(import_module(self._module), name)(*args, **named)

        return call
