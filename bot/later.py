"""Modules that are loaded when something of theirs is first used, so that members don't wait for them at a start.

Where one is used, type checkers are shown the module itself:

    if TYPE_CHECKING:
        from bot.words import formats
    else:
        formats = Later("bot.words.formats")
"""

from importlib import import_module
from typing import Any


class Later:
    """Stands for a module. A function loads it when it is called, a constant or class when it is asked for."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        if name[0].isupper():
            return getattr(import_module(self._module), name)

        def call(*args: Any, **named: Any) -> Any:
            return getattr(import_module(self._module), name)(*args, **named)

        return call
