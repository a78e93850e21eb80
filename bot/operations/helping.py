"""Help as people read it: arguments by their names alone, without Typer's types and braces."""

import re
from typing import Any, Final

from typer.core import TyperCommand

_TYPE: Final = re.compile(r"^(  [A-Z]+) <[^>]+>", re.MULTILINE)
_BRACES: Final = re.compile(r"\{([A-Z]+)\}")


class Command(TyperCommand):
    """A command with such a help page."""

    def get_help(self, ctx: Any) -> str:
        text = _TYPE.sub(lambda found: found[1].ljust(len(found[0])), super().get_help(ctx))
        return _BRACES.sub(r"\1", text)
