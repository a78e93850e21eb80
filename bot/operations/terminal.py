"""Speaking to the person at the terminal, or to the script that runs the command."""

import json
import os
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NoReturn

import typer

from bot.errors import UndersignedError
from bot.ports import Finding, Level

SIGNS = {Level.OK: "✓", Level.WARNING: "!", Level.ERROR: "✗"}
_COLOURS = {Level.OK: typer.colors.GREEN, Level.WARNING: typer.colors.YELLOW, Level.ERROR: typer.colors.RED}


class WrongUse(Exception):  # noqa: N818 - not an error of the program
    """The command was called in a way that it can't be. Exit code 2."""


def say(text: str = "") -> None:
    """A line of output. Control characters of foreign text are made visible, so that they do nothing."""
    typer.echo(plain(text))


def warn(text: str) -> None:
    """A line that deserves a look, on stderr."""
    typer.echo(f"! {plain(text)}", err=True)


def plain(text: str) -> str:
    """`text` without what could steer a terminal or turn the line around."""
    return "".join(_visible(char) for char in text)


def _visible(char: str) -> str:
    harmful = unicodedata.category(char) == "Cc" or unicodedata.bidirectional(char) in _STEERING
    return "�" if harmful and char not in "\n\t" else char


_STEERING = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def fail(text: str) -> NoReturn:
    """End with one line on stderr and exit code 1."""
    raise UndersignedError(text)


def say_json(value: Any) -> None:
    """Output for scripts."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))


def say_findings(findings: Iterable[Finding]) -> bool:
    """A line each with its sign, the remedy below. Whether nothing is broken."""
    sound = True
    for finding in findings:
        sound = sound and finding.level is not Level.ERROR
        typer.echo(f"{_sign(finding.level)} {plain(finding.text)}")
        if finding.remedy:
            typer.echo(f"  → {plain(finding.remedy)}")
    return sound


def agreed(question: str, *, yes: bool) -> None:
    """Go on only with consent: `--yes`, or the answer to a question. Ends the command otherwise."""
    if yes:
        return
    if nobody_to_ask():
        raise WrongUse(f"{question} Add --yes to go ahead; there is nobody to ask here.")
    if not typer.confirm(plain(question)):
        say("Nothing was changed.")
        raise typer.Exit(1)


def _sign(level: Level) -> str:
    """Its sign, in colour where the terminal has some and wants it (https://no-color.org)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return SIGNS[level]
    return typer.style(SIGNS[level], fg=_COLOURS[level], bold=True)


def nobody_to_ask() -> bool:
    """Whether the input is not a terminal, so that a question would wait for ever or read what is meant otherwise."""
    return not sys.stdin.isatty()


def table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns, as wide as they need to be; the last one is cut at the edge of a terminal."""
    from rich.cells import cell_len, set_cell_size

    cells = [[plain(cell) for cell in row] for row in (heading, *rows)]
    widths = [max(cell_len(row[at]) for row in cells) for at in range(len(heading) - 1)]
    room = _width() - sum(widths) - 2 * len(widths)
    for row in cells:
        first = "  ".join(set_cell_size(cell, width) for cell, width in zip(row, widths, strict=False))
        last = (
            row[-1] if cell_len(row[-1]) <= room else set_cell_size(row[-1], max(room - 1, 1)).rstrip() + "…"
        )
        yield f"{first}  {last}".rstrip()


def _width() -> int:
    import shutil

    return shutil.get_terminal_size().columns if sys.stdout.isatty() else sys.maxsize


def fields(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    """`Name:  value` lines with the values below each other."""
    listed = list(pairs)
    width = max(len(name) for name, _ in listed) + 1
    return (f"  {name + ':':<{width}} {value}" for name, value in listed)
