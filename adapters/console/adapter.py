"""The loop: a line in, an event to the core, its answers out."""

import asyncio
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TextIO

from msgspec.structs import replace

from adapters.console import pages
from adapters.console.files import keep
from adapters.console.reading import interrupted
from adapters.console.screen import PLACE, Screen, numbered, person
from adapters.console.terminal import Person, Script, Terminal
from adapters.console.translate import translate
from adapters.console.wishes import OWN_COMMANDS, Again, As, Language, NoButton, Quit, SeveralButtons, Wish
from bot.answer import Choice, File, Form, Offer, Page
from bot.core import Core
from bot.inbound import Command, Event, Inbound
from bot.tokens import random_id
from bot.words import console as say
from bot.words.catalog import Message, Value, Words


class Console:
    """Chat in the terminal. Several people may take turns at it, each with a screen of their own."""

    def __init__(  # noqa: PLR0913 - what a conversation begins with, each with a plain default
        self,
        core: Core,
        *,
        input: TextIO | None = None,  # noqa: A002 - as the system names it
        output: TextIO | None = None,
        interactive: bool | None = None,
        locale: str = "en",
        name: str = "Ana",
        folder: Path | None = None,
    ) -> None:
        """By default the process's own terminal, interactive if it is one; files are saved in its folder."""
        source, sink = input or sys.stdin, output or sys.stdout
        self._core = core
        self._specs = {spec.name: spec for spec in core.specs}
        commands = [f"/{name}" for name in (*self._specs, *OWN_COMMANDS)]
        self.interactive = source.isatty() and sink.isatty() if interactive is None else interactive
        self.terminal: Terminal = Person(source, sink, commands) if self.interactive else Script(source, sink)
        self.t = Words(locale)
        self.folder = folder or Path.cwd()
        self.screens: dict[str, Screen] = {}
        self.posted = Screen()
        self._actor = person(name)
        self._sent: dict[str, Inbound] = {}
        self._run, self._lines, self._open = random_id(), 0, True

    async def run(self) -> None:
        """Talk until the input ends, somebody leaves, or (with a person at the keyboard) Ctrl-C."""
        with self._ended_by_ctrl_c():
            if self.interactive:
                self.terminal.note(pages.greeting(self.t, self._actor))
            while self._open:
                line = await self.terminal.read(f"{self._actor.name}> ")
                if line is None:
                    break
                await self._take(line)
        if self.interactive:
            self._remark(say.GOODBYE)

    def _ended_by_ctrl_c(self) -> AbstractContextManager[None]:
        return interrupted(self.terminal.end) if self.interactive else nullcontext()

    async def _take(self, line: str) -> None:
        screen = self.screens.get(self._actor.account.user_id, self.posted)
        match translate(line, screen, self._specs):
            case None:
                pass
            case As() | Language() | Again() | Quit() | NoButton() | SeveralButtons() as wish:
                await self._grant(wish)
            case event:
                await self._send(self._inbound(event))

    async def _grant(self, wish: Wish) -> None:
        match wish:
            case As(name):
                self._actor = person(name) if name else self._actor
                self.terminal.note(pages.who(self.t, self._actor))
            case Language(code):
                self._speak(code)
            case Again():
                await self._send_again()
            case NoButton(number):
                self._remark(say.NO_SUCH_BUTTON, number=str(number))
            case SeveralButtons():
                self._remark(say.SEVERAL_BUTTONS)
            case Quit():
                self._open = False

    def _speak(self, code: str) -> None:
        if not code:
            self.terminal.note(pages.spoken(self.t))
        elif pages.known(code):
            self.t = Words(code)
            self._remark(say.LANGUAGE_IS)
        else:
            self._remark(say.LANGUAGE_UNKNOWN, code=code)

    async def _send_again(self) -> None:
        if inbound := self._sent.get(self._actor.account.user_id):
            await self._send(inbound)
        else:
            self._remark(say.NOTHING_AGAIN)

    def _inbound(self, event: Event) -> Inbound:
        self._lines += 1
        return Inbound(f"{self._run}-{self._lines}", self._actor, PLACE, self.t.locale, event)

    async def _send(self, inbound: Inbound) -> None:
        self._sent[self._actor.account.user_id] = inbound
        await self._core.handle(inbound, TerminalAnswer(self, inbound))
        if isinstance(inbound.event, Command) and inbound.event.name == "help":
            self.terminal.note(pages.own_help(self.t))

    def _remark(self, message: Message, **values: Value) -> None:
        self.terminal.note(pages.remark(self.t, message, **values))


class TerminalAnswer:
    """Answers to one line. Their buttons are numbered through, and take the place of those before them."""

    whole_forms = False
    lasting = False
    largest_file = None

    def __init__(self, console: Console, inbound: Inbound) -> None:
        self._console, self._user_id = console, inbound.actor.account.user_id
        self._before = console.screens.get(self._user_id, console.posted)
        self._now = Screen()
        if isinstance(inbound.event, Command) or not console.interactive:
            self._before = replace(self._before, letter=())

    async def show(self, page: Page) -> None:
        """An answer without buttons leaves those on the screen alive, as the messages above it are."""
        first = max(self._now.buttons, default=0) + 1
        new = numbered(page, first)
        self._console.terminal.write(pages.folded(page, self._before.letter), first)
        self._now = Screen(
            {**self._now.buttons, **new},
            asked=self._now.asked or page.prompt is not None,
            letter=pages.opening(page) or self._now.letter,
        )
        self._console.screens[self._user_id] = self._now.over(self._before)
        if not page.private:
            self._console.posted = Screen(new)

    async def replace(self, page: Page) -> None:
        """What has been printed stays; its buttons are gone."""
        await self.remove()
        await self.show(page)

    async def remove(self, reference: str | None = None) -> None:  # noqa: ARG002 - one terminal, one reference
        """The same, with nothing in its place."""
        self._before = Screen(letter=self._before.letter)
        self._console.screens[self._user_id] = self._now.over(self._before)

    async def form(self, form: Form) -> None:
        raise NotImplementedError("a terminal asks step by step")

    async def offer(self, offers: Sequence[Offer]) -> None:
        raise NotImplementedError("a terminal has no other chats to post in")

    async def menu(self, commands: Sequence[tuple[str, str]]) -> None:
        """A terminal lists nothing: /help does."""

    async def suggest(self, choices: Sequence[Choice]) -> None:
        self._console.terminal.note(pages.suggestions(self._console.t, choices))

    async def file(self, file: File) -> None:
        console = self._console
        try:
            path = await asyncio.to_thread(keep, file.path, file.name, console.folder)
        except OSError:
            console.terminal.note(pages.remark(console.t, say.FILE_NOT_SAVED, folder=str(console.folder)))
        else:
            await self.show(pages.saved(console.t, file, path))
