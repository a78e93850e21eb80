"""discord.py's client, reduced to what we need: interactions in, each handled by itself."""

import asyncio
import logging
import sys
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import discord

from adapters.discord import commands
from adapters.discord.answering import InteractionAnswer
from adapters.discord.attachments import Fetch, with_file
from adapters.discord.calls import Calls
from adapters.discord.interaction import Interaction
from adapters.discord.patience import Patience
from adapters.discord.rest import RestAt
from adapters.discord.translate import PLATFORM, translate
from bot import incidents
from bot.core import Core
from bot.log import LOG
from bot.settings import DiscordSettings

GOODBYE = 2.0
"""Seconds for telling the gateway that we leave."""
FINISH = 6.0
"""Seconds for the answers under way when we leave."""
LONGEST_WAIT = 60.0
"""Seconds that a request which no member waits for may be put off by a rate limit."""

AWAY = 4
"""After a failed try to reconnect the next comes within 2**AWAY seconds; discord.py's own limit is 17 minutes."""


class Client(discord.AutoShardedClient):
    """Hands interactions to the core. It asks for no intent and keeps no message, member or view.

    Interactions are taken as they come from the gateway: commands, buttons and forms are served from what they carry
    themselves, so that they work after a restart. It serves all shards, as many as Discord asks for, or those that
    the settings name.
    """

    def __init__(self, core: Core, settings: DiscordSettings, patience: Patience, calls: Calls) -> None:
        with _unwarned("discord.state", "discord.client"):  # of no intents and no voice, both on purpose
            super().__init__(
                intents=discord.Intents.none(),
                allowed_mentions=discord.AllowedMentions.none(),
                member_cache_flags=discord.MemberCacheFlags.none(),
                chunk_guilds_at_startup=False,
                max_messages=None,
                max_ratelimit_timeout=LONGEST_WAIT,
                shard_count=settings.shard_count or None,
                shard_ids=list(settings.shard_ids) or None,  # type: ignore[arg-type]  # its own default
            )
        if settings.api_url != discord.http.Route.BASE:
            self.http = self._connection.http = RestAt(settings.api_url, self.http)
        self._connection.parsers["INTERACTION_CREATE"] = self._take
        self._core, self._patience, self._calls = core, patience, calls
        self._moderators = settings.moderator_roles
        self._under_way: set[asyncio.Task[Any]] = set()

    async def setup_hook(self) -> None:
        self.start_task(self._register())

    async def on_shard_connect(self, number: int) -> None:
        """After an outage we are soon back: until then Discord tells members that we do not respond."""
        if (shard := self.get_shard(number)) is not None:
            shard._parent._backoff._max = AWAY  # noqa: SLF001 - there is no other way to it

    def _take(self, payload: Any) -> None:
        """One that can't be read is noted: an error here would end the connection, for everybody."""
        try:
            interaction = Interaction(payload)
            answer = InteractionAnswer(interaction, self._calls, self._patience)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next one must be served
            incidents.note(error, "interaction", PLATFORM)
            return
        self.start_task(serve(self._core, interaction, answer, self.http.get_from_cdn, self._moderators))

    async def on_error(self, event: str, /, *_: Any, **__: Any) -> None:
        """Nothing of ours raises; if it does, discord.py would log what people wrote."""
        LOG.error("event failed", platform=PLATFORM, of=event, error=type(sys.exception()).__name__)

    def start_task(self, work: Coroutine[Any, Any, None]) -> None:
        """Something that leaving waits for, as it does for answers."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def finish(self) -> None:
        """Take no more interactions, and end the answers under way; never longer than some seconds."""
        leaving = [asyncio.ensure_future(shard.disconnect()) for shard in self.shards.values()]
        if leaving:
            await asyncio.wait(leaving, timeout=GOODBYE)
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=FINISH)
            if late:
                LOG.warning("answers cut off", platform=PLATFORM, answers=len(late))

    async def _register(self) -> None:
        if self.application_id is None:
            return
        try:
            await commands.sync(self.http, self.application_id, self._core.specs)
        except (discord.DiscordException, OSError) as error:
            LOG.warning("commands not registered", platform=PLATFORM, error=type(error).__name__)


@contextmanager
def _unwarned(*names: str) -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in names]

    def hide(record: logging.LogRecord) -> bool:
        return record.levelno > logging.WARNING

    for logger in loggers:
        logger.addFilter(hide)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(hide)


async def serve(
    core: Core,
    interaction: Interaction,
    answer: InteractionAnswer,
    fetch: Fetch,
    moderators: Sequence[int] = (),
) -> None:
    """Answer one interaction. Never raises, and never leaves a member without an answer."""
    try:
        inbound = with_file(translate(interaction, moderators), interaction, fetch)
        with answer.in_time(core.plan(inbound.event)):
            await core.handle(inbound, answer)
        await answer.finished()
        unanswered = LookupError("an event was left without an answer")
        failure: Exception | None = None if answer.answered else unanswered
    except Exception as error:  # noqa: BLE001 - whatever it is, a member must not be left without an answer
        failure = error
    if failure is not None:
        await _apologise(answer, interaction, failure)


async def _apologise(answer: InteractionAnswer, interaction: Interaction, failure: Exception) -> None:
    incident = incidents.note(failure, interaction.what, PLATFORM)
    try:
        await answer.apologise(incident)
    except Exception as worse:  # noqa: BLE001 - nothing more can be said
        incidents.note(worse, interaction.what, PLATFORM)
