"""Records whose fields must not get into logs or error reports."""

from typing import Any

from msgspec import Struct


class Hidden(Struct, frozen=True):
    """A record that shows nothing of what it holds, wherever it is printed."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(…)"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """What Rich asks for instead, to print the variables of a traceback."""
        return []
