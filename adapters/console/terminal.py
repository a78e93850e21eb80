"""Two kinds of terminal: one with a person at it, and one whose lines come from a script."""

import io
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol, TextIO

from rich.console import Console as RichConsole
from rich.console import RenderableType

from adapters.console.reading import Reader
from adapters.console.render import plain, plain_note, rich, rich_note, safe
from bot.answer import Page

WIDEST = 88


class Terminal(Protocol):
    """Lines in, pages out."""

    async def read(self, prompt: str) -> str | None:
        """The next line; None at the end."""

    def write(self, page: Page, first: int) -> None:
        """Show a page at once, its buttons numbered from `first`."""

    def note(self, page: Page) -> None:
        """Show a remark of the console's own."""

    def end(self) -> None:
        """Read no further line, and stop waiting for one."""


class Script:
    """Plain text and no prompt; what was read is written too, so that the output is a whole transcript."""

    def __init__(self, source: TextIO, sink: TextIO) -> None:
        self._sink = sink
        self._lines = Reader(source.readline)
        _never_fail(source, encoding="utf-8")
        _never_fail(sink)

    async def read(self, prompt: str) -> str | None:
        """A line that begins with `# ` is a remark of the script's author."""
        while line := await self._lines.next():
            typed = line.strip()
            remark = typed == "#" or typed.startswith("# ")
            if typed:
                self._print(safe(typed if remark else prompt + typed))
            if not remark:
                return typed
        return None

    def write(self, page: Page, first: int) -> None:
        self._print(plain(page, first))

    def note(self, page: Page) -> None:
        self._print(plain_note(page) + "\n")

    def end(self) -> None:
        self._lines.end()

    def _print(self, text: str) -> None:
        try:
            print(text, file=self._sink, flush=True)
        except BrokenPipeError:  # whoever read along has seen enough, as `| head` has
            self.end()
            _discard(self._sink)


class Person:
    """Frames and colours as far as the terminal has them; a prompt with history, and Tab for commands."""

    def __init__(self, source: TextIO, sink: TextIO, commands: Sequence[str]) -> None:
        self._source, self._sink = source, sink
        self._edited = source is sys.stdin and sink is sys.stdout
        self._prompt = ""
        self._lines = Reader(self._read)
        self._restore = _restorer(source)
        _never_fail(source)
        _never_fail(sink)
        self._rich = RichConsole(file=sink, markup=False, emoji=False, highlight=False)
        self._marks = _edit_lines(commands) if self._edited else False

    async def read(self, prompt: str) -> str | None:
        self._prompt = self._bold(safe(prompt))
        line = None
        try:
            line = await self._lines.next()
        finally:
            if line is None:  # Ctrl-D, or an interruption, which leaves the line editor behind in its thread
                self._restore()
                with suppress(OSError):  # the terminal may be gone
                    print(file=self._sink)
        return line

    def write(self, page: Page, first: int) -> None:
        self._print(rich(page, first, ascii_only=self._rich.options.ascii_only))

    def note(self, page: Page) -> None:
        self._print(rich_note(page, ascii_only=self._rich.options.ascii_only))

    def end(self) -> None:
        self._lines.end()

    def _print(self, shown: RenderableType) -> None:
        self._rich.print(shown, width=min(self._rich.width, WIDEST))

    def _read(self) -> str | None:
        if self._edited:
            return input(self._prompt)
        print(self._prompt, end="", file=self._sink, flush=True)
        return self._source.readline() or None

    def _bold(self, prompt: str) -> str:
        """Bold, where the line editor can be told that the escapes for it take no room (readline(3))."""
        if not (self._marks and self._rich.color_system):
            return prompt
        return f"\x01\x1b[1m\x02{prompt}\x01\x1b[0m\x02"


def _never_fail(stream: TextIO, encoding: str | None = None) -> None:
    """Bytes that are no text, and text that the terminal has no letters for, become a question mark."""
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding=encoding, errors="replace")


def _discard(sink: TextIO) -> None:
    """Whatever is still written goes nowhere, at the interpreter's exit too."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sink.fileno())
    os.close(nowhere)


def _restorer(source: TextIO) -> Callable[[], None]:
    """What puts the terminal back as it is now. Windows' consoles look after that themselves."""
    try:
        import termios  # noqa: PLC0415 - not on Windows
    except ImportError:
        return lambda: None
    try:
        state = termios.tcgetattr(source.fileno())
    except (OSError, termios.error):
        return lambda: None

    def restore() -> None:
        with suppress(OSError, termios.error):  # the terminal may be gone
            termios.tcsetattr(source.fileno(), termios.TCSADRAIN, state)

    return restore


def _edit_lines(commands: Sequence[str]) -> bool:
    """Give `input` history and completion, where the system has a line editor. Whether it is GNU readline."""
    try:
        import readline  # noqa: PLC0415 - not on Windows, and importing it changes `input`
    except ImportError:
        return False

    def complete(text: str, state: int) -> str | None:
        return next(iter([f"{command} " for command in commands if command.startswith(text)][state:]), None)

    gnu = "libedit" not in (readline.__doc__ or "")
    readline.set_completer(complete)
    readline.set_completer_delims(" ")
    readline.parse_and_bind("tab: complete" if gnu else "bind ^I rl_complete")
    readline.parse_and_bind("set enable-bracketed-paste off")  # Ctrl-C would leave the terminal in that mode
    return gnu
