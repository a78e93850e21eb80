"""Lines of text with something before them: bars, bullets, labels. Wrapped for people, whole for scripts."""

from collections.abc import Iterable, Iterator

from msgspec import Struct, field
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text


class Line(Struct, frozen=True):
    """One line: `first` stands before its first row, `then` before the rows that it is wrapped to."""

    text: Text
    first: Text = field(default_factory=Text)
    then: Text = field(default_factory=Text)

    def __str__(self) -> str:
        return f"{self.first}{self.text}".rstrip()


def hang(first: Text, then: Text, lines: Iterable[Line]) -> Iterator[Line]:
    """`lines` with `first` before the first of them and `then` before the others."""
    for number, line in enumerate(lines):
        yield Line(line.text, (then if number else first) + line.first, then + line.then)


def split(text: Text) -> Iterator[Line]:
    """A line for each line of `text`."""
    yield from map(Line, text.split("\n", allow_blank=True))


class Wrapped:
    """Lines as a Rich renderable: wrapped to the width that there is, with nothing cut off."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = tuple(lines)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for line in self._lines:
            before, then = line.first, line.then
            if cell_len(before.plain) > options.max_width // 2:  # it would leave no room: a row of its own
                yield from before.wrap(console, options.max_width, overflow="fold")
                before = then = then[: min(4, options.max_width // 4)]
            room = max(1, options.max_width - cell_len(before.plain))
            for number, row in enumerate(line.text.wrap(console, room, overflow="fold")):
                yield (then if number else before) + row
