"""Questions at the terminal, or down a pipe: each answer is tested before it counts."""

import sys
from collections.abc import Callable
from typing import TypeVar

from msgspec import Struct

from bot.errors import UndersignedError
from bot.operations.terminal import plain, say

T = TypeVar("T")
NOTHING = "-"
"""Typed to leave empty what has a default."""


class Question(Struct, frozen=True):
    """What is asked. Enter takes the default, which `hint` stands for where it should not be shown."""

    text: str
    default: str = ""
    hint: str = ""
    secret: bool = False

    @property
    def prompt(self) -> str:
        shown = self.hint or self.default
        return f"{self.text} [{plain(shown)}]: " if shown else f"{self.text}: "


def ask(question: Question) -> str:
    """One line of answer; `-` leaves empty what has a default. Raises EOFError where input ends."""
    typed = _typed(question.prompt, secret=question.secret).strip()
    return "" if typed == NOTHING else typed or question.default


def ask_until(question: Question, test: Callable[[str], T]) -> T:
    """Ask until `test` takes the answer; what is wrong with one is the text of its UndersignedError."""
    while True:
        try:
            return test(ask(question))
        except UndersignedError as error:
            say(f"  ✗ {error}")


def _typed(prompt: str, *, secret: bool) -> str:
    if sys.stdin.isatty():
        return _hidden(prompt) if secret else input(prompt)
    sys.stdout.write(f"{prompt}\n")
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line


def _hidden(prompt: str) -> str:
    from getpass import getpass

    return getpass(prompt)
