"""What a typed line means, given what is on the screen. Pure, but that it looks whether a file is there."""

import asyncio
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from adapters.console.screen import Screen
from adapters.console.wishes import Again, As, Language, NoButton, Quit, SeveralButtons, Wish
from bot.commands.spec import CommandSpec
from bot.inbound import Attached, Command, Event, Press, Suggest, Typed

_SLASH = re.compile(r"/(\w+)(?:\s+(.*))?", re.DOTALL)
_NUMBER = re.compile(r"\d{1,4}")


def translate(line: str, screen: Screen, specs: Mapping[str, CommandSpec]) -> Event | Wish | None:
    """What `line` asks of the core or of the console itself; None if it is empty."""
    line = line.removeprefix("\ufeff").strip()
    if not line:
        return None
    if slash := _SLASH.fullmatch(line):
        name, rest = slash[1], (slash[2] or "").strip()
        if _NUMBER.fullmatch(name):
            return _press(int(name), screen)
        return _own(name.lower(), rest) or _command(name.lower(), rest, specs)
    if screen.asked:
        return Typed(line)
    if _NUMBER.fullmatch(line):
        return _press(int(line), screen)
    return _labelled(line, screen) or Typed(line)


def _own(name: str, rest: str) -> Wish | None:
    match name:
        case "as":
            return As(" ".join(rest.split()))
        case "language":
            return Language(rest)
        case "again":
            return Again()
        case "quit" | "exit":
            return Quit()
    return None


def _press(number: int, screen: Screen) -> Press | NoButton:
    button = screen.buttons.get(number)
    return Press(button.token) if button else NoButton(number)


def _labelled(line: str, screen: Screen) -> Press | SeveralButtons | None:
    tokens = {button.token for button in screen.buttons.values() if _same(button.label) == _same(line)}
    if len(tokens) > 1:
        return SeveralButtons()
    return Press(tokens.pop()) if tokens else None


def _same(label: str) -> str:
    return " ".join(label.split()).casefold()


def _command(name: str, rest: str, specs: Mapping[str, CommandSpec]) -> Command | Suggest:
    spec = specs.get(name)
    if spec is None or not spec.arguments:
        return Command(name)
    words = [argument for argument in spec.arguments if not argument.file]
    if len(words) < len(spec.arguments):
        rest, file = _file(rest, all_of_it=not words)
        return Command(name, _arguments([argument.name for argument in words], rest), file)
    names = [argument.name for argument in spec.arguments]
    if rest == "?" or rest.endswith((" ?", "\t?")):
        given = _arguments(names, rest[:-1].rstrip())
        asked = spec.arguments[min(len(given), len(names) - 1)]
        if asked.suggest:
            return Suggest(name, asked.name, given.get(asked.name, ""))
    return Command(name, _arguments(names, rest))


def _file(rest: str, *, all_of_it: bool) -> tuple[str, Attached | None]:
    """What is typed without the path at its end, and the file there, if there is one."""
    before, _, last = ("", "", rest) if all_of_it else rest.rpartition(" ")
    named = os.path.expanduser(last)  # noqa: PTH111 - unlike pathlib's these two never raise, whatever is typed
    if not os.path.isfile(named):  # noqa: PTH113 - the same
        return rest, None
    path = Path(named)
    return before, Attached(path.name, path.stat().st_size, lambda: _read(path))


async def _read(path: Path) -> bytes:
    try:
        return await asyncio.to_thread(path.read_bytes)
    except OSError as error:
        raise ConnectionError(error.strerror) from None


def _arguments(names: Sequence[str], rest: str) -> Mapping[str, str]:
    """One word for each argument; the last one takes what is left."""
    return dict(zip(names, rest.split(maxsplit=len(names) - 1), strict=False))
