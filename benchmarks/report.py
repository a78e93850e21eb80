"""RESULTS.md: a section for each benchmark, which its newest run replaces."""

import os
import platform
import re
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.figure import Figure

RESULTS = Path(__file__).with_name("RESULTS.md")
_HEAD = """\
# Results

What is fast, measured beside its limit in the same run. `make bench` measures all of it again, and
`make bench ARGS='intake'` some of it. A limit is what a bare program does with the same work on the same
machine, so the ratio says more than either number. *Load* is what else the machine did when it began, in
processes that wanted a core: above 1 the others took part of the time, and the figures shift.
"""
_COLUMNS = "| what | measured | against | its limit | ratio | goal | |\n|---|---:|---|---:|---:|---:|---|\n"


def machine() -> str:
    """What was measured on; names nobody and no place."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return (
        f"{cores} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()},"
        f" SQLite {sqlite3.sqlite_version}{load}"
    )


def row(figure: Figure) -> str:
    """One line of a table."""
    goal = f"{'≥' if figure.should_be == 'at least' else '≤'} {figure.goal:g}"
    cells = (
        figure.name,
        _number(figure.value, figure.unit),
        figure.limit_name,
        _number(figure.limit, figure.unit),
        f"{figure.ratio:.2f}",
        goal,
        "met" if figure.met else "**missed**",
    )
    return f"| {' | '.join(cells)} |"


def save(name: str, on: str, figures: Sequence[Figure]) -> None:
    """Put the section of this benchmark into RESULTS.md; the others stay as they are."""
    sections = _sections()
    rows = "\n".join(map(row, figures))
    sections[name] = f"*{datetime.now(UTC):%d %B %Y}, {on}*\n\n{_COLUMNS}{rows}\n"
    parts = (f"## {title}\n\n{text}" for title, text in sorted(sections.items()))
    RESULTS.write_text("\n".join((_HEAD, *parts)), encoding="utf-8")


def _sections() -> dict[str, str]:
    if not RESULTS.exists():
        return {}
    _, *parts = re.split(r"^## (.+)\n\n", RESULTS.read_text("utf-8"), flags=re.MULTILINE)
    return {title: f"{text.rstrip()}\n" for title, text in zip(parts[::2], parts[1::2], strict=True)}


def _number(value: float, unit: str) -> str:
    shown = f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
    return shown + unit if unit.startswith("/") else f"{shown} {unit}"
