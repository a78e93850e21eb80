"""How updates reach the bot: fetched by getUpdates, or pushed to its webhook."""

import asyncio
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

import aiohttp

from .world import Json, Refusal, bad, given

NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
LONGEST_POLL = 50  # seconds, as Telegram caps it
_FIRST_RETRY, _LAST_RETRY = 0.05, 1.0  # seconds; the real ones are longer


@dataclass(eq=False, slots=True)
class Waiting:
    """An update that the bot has not confirmed yet."""

    update: Json
    queue: int  # updates of one chat or person are pushed one after another
    fetched: bool = False


@dataclass(slots=True)
class Webhook:
    url: str
    secret: str
    max_connections: int
    last_error: str | None = None
    last_error_at: int | None = None


class Updates:
    """The queue. `log` keeps every update ever made, also those that the bot did not ask for."""

    def __init__(self, now: Callable[[], float], changed: Callable[[], None]) -> None:
        self.log: list[Json] = []
        self.waiting: list[Waiting] = []
        self.allowed: frozenset[str] | None = None
        self.webhook: Webhook | None = None
        self._proxies: dict[str, list[str]] = {}
        self._turns = count()
        self.deliveries: list[tuple[str, int]] = []  # (URL, HTTP status) of each push
        self._now, self._changed = now, changed
        self._poller: asyncio.Future[None] | None = None
        self._pushing: dict[int, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None

    def put(self, kind: str, payload: Json, queue: int) -> Json:
        """Make an update and queue it if the bot takes its kind."""
        update = {"update_id": 1000 + len(self.log), kind: payload}
        self.log.append(update)
        takes = kind not in NOT_BY_DEFAULT if self.allowed is None else kind in self.allowed
        if takes:
            self.queue(update, queue)
        return update

    def queue(self, update: Json, queue: int = 0) -> None:
        """Queue an update as it is: a replayed or an invented one."""
        self.waiting.append(Waiting(update, queue))
        self.waiting.sort(key=lambda each: each.update["update_id"])
        self._wake()

    def _wake(self) -> None:
        if self._poller and not self._poller.done():
            self._poller.set_result(None)
        self._push()
        self._changed()

    def allow(self, kinds: list[str] | None) -> None:
        if kinds is not None:
            self.allowed = frozenset(kinds) or None

    # Long polling

    async def poll(self, offset: int, limit: int, within: float) -> list[Json]:
        """What getUpdates answers. Raises Refusal 409 where a webhook or a newer poller takes over."""
        if self.webhook:
            raise Refusal(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        self._conflict("other getUpdates request; make sure that only one bot instance is running")
        self._confirm(offset)
        if not self.waiting and within:
            await self._long_poll(min(within, LONGEST_POLL))
        batch = self.waiting[: max(1, min(limit, 100))]
        for each in batch:
            each.fetched = True
        return [each.update for each in batch]

    async def _long_poll(self, within: float) -> None:
        self._poller = mine = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(within):
                await mine
        except TimeoutError:
            pass
        finally:
            if self._poller is mine:
                self._poller = None

    def _conflict(self, reason: str) -> None:
        if self._poller and not self._poller.done():
            self._poller.set_exception(Refusal(409, f"Conflict: terminated by {reason}"))

    def _confirm(self, offset: int) -> None:
        """Forget what was fetched below `offset`; a negative one keeps only that many."""
        if offset < 0:
            self.waiting = self.waiting[offset:]
        self.waiting = [
            each for each in self.waiting if not each.fetched or each.update["update_id"] >= offset
        ]
        self._changed()

    @property
    def polled(self) -> bool:
        """Whether a long poll is under way."""
        return self._poller is not None

    # Webhook

    def proxy(self, public: str, *listeners: str) -> None:
        """Stand in for a reverse proxy: what is pushed below `public` goes to the listeners in turn."""
        self._proxies[public] = list(listeners)

    def _target(self, url: str) -> str:
        for public, listeners in self._proxies.items():
            if url.startswith(public):
                return listeners[next(self._turns) % len(listeners)] + url.removeprefix(public)
        return url

    def set_webhook(self, url: str, secret: str, max_connections: int, *, drop: bool) -> None:
        """Start, change or (empty `url`) stop pushing. Raises Refusal for what Telegram refuses."""
        if url and not url.startswith("https://") and "//127.0.0.1" not in url and "//localhost" not in url:
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if len(secret) > 256 or not re.fullmatch(r"[\w-]*", secret, re.ASCII):
            raise bad("secret token contains unallowed characters")
        if drop:
            self.waiting.clear()
        if url:
            self._conflict("setWebhook request")
        self.webhook = Webhook(url, secret, max_connections or 40) if url else None
        self._push()
        self._changed()

    def webhook_info(self) -> Json:
        hook = self.webhook
        return {
            "url": hook.url if hook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self.waiting),
        } | given(
            allowed_updates=self.allowed and sorted(self.allowed),
            max_connections=hook and hook.max_connections,
            last_error_message=hook and hook.last_error,
            last_error_date=hook and hook.last_error_at,
        )

    def _push(self) -> None:
        """Give every queue that has something waiting its own courier."""
        if not self.webhook:
            return
        for queue in {each.queue for each in self.waiting} - set(self._pushing):
            if len(self._pushing) < self.webhook.max_connections:
                self._pushing[queue] = asyncio.create_task(self._courier(queue))

    async def _courier(self, queue: int) -> None:
        try:
            pause = _FIRST_RETRY
            while mine := deque(each for each in self.waiting if each.queue == queue):
                if not self.webhook:
                    return
                if await self._post(self.webhook, mine[0].update):
                    self.waiting = [each for each in self.waiting if each is not mine[0]]
                    pause = _FIRST_RETRY
                else:
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, _LAST_RETRY)
                self._changed()
        finally:
            del self._pushing[queue]
            self._push()

    async def _post(self, hook: Webhook, update: Json) -> bool:
        self._session = self._session or aiohttp.ClientSession()
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook.secret} if hook.secret else {}
        url = self._target(hook.url)
        try:
            async with self._session.post(url, json=update, headers=headers, allow_redirects=False) as answer:
                status, wrong = (
                    answer.status,
                    f"Wrong response from the webhook: {answer.status} {answer.reason}",
                )
        except (aiohttp.ClientError, TimeoutError) as error:
            status, wrong = 0, f"Connection failed: {error}"
        self.deliveries.append((url, status))
        if 200 <= status < 300:
            return True
        hook.last_error, hook.last_error_at = wrong, int(self._now())
        return False

    async def close(self) -> None:
        """Let a waiting poll go and stop all couriers."""
        if self._poller and not self._poller.done():
            self._poller.set_result(None)
        couriers: list[Any] = list(self._pushing.values())
        for courier in couriers:
            courier.cancel()
        await asyncio.gather(*couriers, return_exceptions=True)
        if self._session:
            await self._session.close()
            self._session = None
