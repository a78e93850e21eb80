"""Answering one interaction: a first response in time, then follow-ups and edits.

An interaction must be answered within three seconds, once; a modal must be that first answer. Later words are
follow-ups or edits, for a quarter of an hour.
"""

import asyncio
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import Enum, auto
from typing import Any

import discord

from adapters.discord import render
from adapters.discord.calls import Calls
from adapters.discord.calls import File as Upload
from adapters.discord.interaction import Interaction, Kind
from adapters.discord.modal import modal
from adapters.discord.patience import Patience, remaining
from adapters.discord.reaching import Reached, Reaching, Response
from adapters.discord.render import EPHEMERAL, Message
from bot.answer import Choice, File, Form, Handed, Offer, Page
from bot.core import Plan
from bot.words import chat
from bot.words import discord as say
from bot.words.catalog import Message as Sentence
from bot.words.catalog import Words

ORIGINAL = "@original"
"""Discord's name for the message that is an interaction's own response."""


class Stage(Enum):
    """What this interaction's own response is so far."""

    NOTHING = auto()
    WAITING = auto()  # a placeholder that says "thinking", for the actor alone
    HELD = auto()  # Discord is told that the pressed message may change
    SAID = auto()  # a message that stays
    REPLACED = auto()  # a message that the next `replace` may edit
    OVER = auto()  # nothing can follow


class InteractionAnswer:
    """`bot.answer.Answer` for one interaction."""

    whole_forms = True
    lasting = False

    def __init__(self, interaction: Interaction, calls: Calls, patience: Patience) -> None:
        self._it, self._patience = interaction, patience
        self._to = Reaching(calls, interaction.application_id, interaction.id, interaction.token)
        self._t = Words(interaction.locale)
        self._stage, self._seen, self._hidden = Stage.NOTHING, False, True
        self._lock = asyncio.Lock()
        self._late: asyncio.Task[None] | None = None
        self._latest = ORIGINAL

    @property
    def largest_file(self) -> int:
        return self._it.filesize_limit

    @property
    def answered(self) -> bool:
        """Whether the member has seen something, or can't be reached any more."""
        return self._seen or self._stage is Stage.OVER

    @contextmanager
    def in_time(self, plan: Plan) -> Iterator[None]:
        """While the core works: Discord is told to wait if that takes long, at once if it surely will."""
        age = (discord.utils.utcnow() - self._it.created_at).total_seconds()
        within = self._patience.form if plan.opens_form else self._patience.answer
        after = 0.0 if plan.slow else remaining(within, age)
        timer = asyncio.get_running_loop().call_later(after, self._tell_to_wait)
        try:
            yield
        finally:
            timer.cancel()

    async def show(self, page: Page) -> None:
        await self._put(page, over=False)

    async def replace(self, page: Page) -> None:
        await self._put(page, over=True)

    async def form(self, form: Form) -> None:
        """As a modal. Too late for one, the member is asked to try again: nothing has been stored yet."""
        async with self._lock:
            if self._stage is Stage.NOTHING:
                await self._respond(Stage.OVER, Response.MODAL, modal(form))
        if self._stage is not Stage.OVER:
            await self._tell(chat.BUSY)

    async def menu(self, commands: Sequence[tuple[str, str]]) -> None:
        """Discord lists the same to everybody."""

    async def suggest(self, choices: Sequence[Choice]) -> None:
        async with self._lock:
            await self._respond(Stage.OVER, Response.CHOICES, {"choices": render.choices(choices)})

    async def file(self, file: File) -> Handed | None:
        """For the actor alone. One that Discord would not take is explained instead.

        It is found again by the interaction's token, for as long as Discord takes that.
        """
        if (await asyncio.to_thread(file.path.stat)).st_size > self.largest_file:
            await self._tell(say.FILE_TOO_LARGE)
            return None
        name = re.sub(r"[^A-Za-z0-9_.-]", "_", file.name)
        data = await asyncio.to_thread(file.path.read_bytes)
        async with self._lock:
            await self._deliver(render.caption(file.caption, name, data), hidden=True, over=False)
            path = f"webhooks/{self._it.application_id}/{self._it.token}/messages/{self._latest}"
            return None if self._stage is Stage.OVER else Handed(path, self._it.expires_at)

    async def remove(self, reference: str | None = None) -> None:  # noqa: ARG002 - only what was pressed is removed
        """The pressed message, if nobody else sees it: what stands in a channel is not a member's to remove."""
        async with self._lock:
            if self._stage is Stage.NOTHING and self._it.on_message:
                await self._respond(Stage.HELD, Response.HOLD)
            if self._stage is Stage.HELD and self._alone:
                await self._to.delete()
            self._seen = True

    async def offer(self, offers: Sequence[Offer]) -> None:
        raise NotImplementedError("Discord has no place to browse from")

    async def apologise(self, incident: str) -> None:
        """The last resort, which needs nothing of what may have failed before."""
        words = self._t(chat.APOLOGY, incident=incident)
        async with self._lock:
            await self._deliver(render.note(words), hidden=True, over=False)

    async def finished(self) -> None:
        """Wait until nothing of this answer is under way."""
        if self._late is not None:
            await asyncio.wait([self._late])

    @property
    def _alone(self) -> bool:
        """Whether there is a pressed message that nobody but the actor sees."""
        it = self._it
        return it.on_message and (it.on_ephemeral or it.in_our_dm)

    @property
    def _guest(self) -> bool:
        """Whether we are where only the actor has brought us, and so speak to nobody else."""
        it = self._it
        return not (it.in_our_server or it.in_our_dm)

    async def _tell(self, message: Sentence) -> None:
        await self.show(Page((self._t.paragraph(message),), locale=self._t.locale))

    async def _put(self, page: Page, *, over: bool) -> None:
        messages = render.page(page)
        hidden = page.private or page.names_a_person or self._guest
        async with self._lock:
            for number, message in enumerate(messages):
                await self._deliver(message, hidden=hidden, over=over and number == 0)

    async def _deliver(self, message: Message, *, hidden: bool, over: bool) -> None:
        after = Stage.REPLACED if over else Stage.SAID
        match self._stage:
            case Stage.OVER:
                return
            case Stage.NOTHING:
                await self._begin(message, hidden=hidden, over=over)
            case Stage.WAITING if hidden:
                await self._edit(message, after)
            case Stage.WAITING:
                await self._edit(render.note(self._t(say.POSTED)), Stage.SAID)
                await self._follow_up(message, hidden=False)
            case Stage.HELD | Stage.REPLACED if over and hidden is self._hidden:
                await self._edit(message, Stage.REPLACED)
            case _:
                await self._follow_up(message, hidden=hidden)

    async def _begin(self, message: Message, *, hidden: bool, over: bool) -> None:
        it, after = self._it, Stage.REPLACED if over else Stage.SAID
        self._hidden = hidden
        if it.kind == Kind.TYPING:
            await self._respond(Stage.OVER, Response.CHOICES, {"choices": []})
        elif over and it.on_message and (self._alone or not hidden):
            await self._respond(after, Response.UPDATE, message.body(), message.uploads)
        else:
            await self._respond(after, Response.MESSAGE, message.body(hidden=hidden), message.uploads)

    async def _edit(self, message: Message, after: Stage) -> None:
        """Whatever file the message had goes; what the text is about has changed."""
        reached = await self._to.edit(message.body(), message.uploads)
        if reached is Reached.NO_MESSAGE:  # it has been dismissed or deleted meanwhile
            await self._follow_up(message, hidden=True)
        else:
            self._note(reached, after)

    async def _follow_up(self, message: Message, *, hidden: bool) -> None:
        reached, number = await self._to.follow_up(message.body(hidden=hidden), message.uploads)
        self._note(reached, self._stage)
        self._latest, self._seen = number or self._latest, True

    async def _respond(
        self, after: Stage, kind: Response, data: Any = None, files: Sequence[Upload] = ()
    ) -> None:
        self._note(await self._to.respond(kind, data, files), after)

    def _note(self, reached: Reached, after: Stage) -> None:
        self._stage = after if reached is Reached.YES else Stage.OVER
        self._seen = self._seen or after in {Stage.SAID, Stage.REPLACED}

    def _tell_to_wait(self) -> None:
        if self._stage is Stage.NOTHING and self._it.kind != Kind.TYPING:
            self._late = asyncio.create_task(self._wait())

    async def _wait(self) -> None:
        async with self._lock:
            if self._stage is not Stage.NOTHING:
                return
            if self._alone:
                await self._respond(Stage.HELD, Response.HOLD)
            else:
                await self._respond(Stage.WAITING, Response.LATER, {"flags": EPHEMERAL})
