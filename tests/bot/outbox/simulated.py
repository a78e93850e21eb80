"""Time that passes only when everybody waits: a day of outbox in a second, and always the same."""

import asyncio
import selectors
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from msgspec.structs import replace

from bot.answer import Page, Picture
from bot.core import Core
from bot.document import plain
from bot.house import House
from bot.model.account import Account, Place, PlaceKind
from bot.model.community import Follow, Standing, Wishes
from bot.pictures import Pictures
from bot.sending import Gone, Lost, Outcome, Sent
from tests.bot.fakes import NOON, World
from tests.bot.outreach_fakes import Displaying, Sketcher


class SimulatedLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock jumps to the next timer instead of waiting for it."""

    def __init__(self) -> None:
        self.now = 0.0
        super().__init__(_Jumping(self))

    def time(self) -> float:
        return self.now

    def run_in_executor(self, executor, work, *arguments):
        """At once: a thread would take time that does not pass here."""
        done = self.create_future()
        try:
            done.set_result(work(*arguments))
        except Exception as error:  # noqa: BLE001 - it is raised where it is awaited
            done.set_exception(error)
        return done


class _Jumping(selectors.DefaultSelector):
    def __init__(self, loop: SimulatedLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout=None):
        if timeout is None:
            raise RuntimeError("everybody waits, and nothing will ever happen")
        if timeout > 0:
            self._loop.now += timeout
        return super().select(0)


class SimulatedWorld(World):
    """A world whose clock is the simulated loop's."""

    @property
    def now(self) -> datetime:
        try:
            return NOON + timedelta(seconds=asyncio.get_running_loop().time())
        except RuntimeError:
            return NOON

    @now.setter
    def now(self, now: datetime) -> None:
        """Nobody but the loop moves it."""


def simulate(coroutine):
    """Run a test on simulated time."""
    with asyncio.Runner(loop_factory=SimulatedLoop) as runner:
        return runner.run(coroutine)


@dataclass
class Message:
    """What stands in a community."""

    place: Place
    page: Page
    token: str
    at: float
    picture: Picture | None = None
    edits: list[float] = field(default_factory=list)
    pinned: bool = False

    @property
    def text(self) -> str:
        return plain(self.page.blocks)


@dataclass
class Platform:
    """A platform as the outbox meets it: what stands there, when each call came, and what goes wrong.

    `trouble(what, place)` may answer a call with an outcome instead of doing it; `lossy` is the chance that a call
    is done and its answer lost.
    """

    per_second: float = 30.0
    repeatable: bool = False
    delay: float = 0.05
    messages: dict[str, Message] = field(default_factory=dict)
    letters: list[tuple[Account, Page]] = field(default_factory=list)
    calls: list[tuple[float, str]] = field(default_factory=list)
    trouble: object = None
    seen: dict[str, tuple[str, float]] = field(default_factory=dict)
    remembers: float = 120.0
    readable: bool = True

    async def post(self, place: Place, page: Page, token: str, picture: Picture | None = None) -> Outcome:
        if (refused := await self._call("post", place)) is not None:
            return refused
        reference, at = self.seen.get(token, ("", -1e9))
        if not (self.repeatable and self._time() - at < self.remembers):
            reference = f"m{len(self.seen) + 1}"
            self.messages[reference] = Message(place, page, token, self._time(), picture)
            self.seen[token] = (reference, self._time())
        return await self._answer("post", Sent(reference))

    async def find(self, place: Place, token: str, since: datetime) -> str | None:
        await self._call("find", place)
        if not self.readable:
            raise LookupError(token)
        return next((r for r, m in self.messages.items() if m.token == token and m.place == place), None)

    async def edit(self, place: Place, reference: str, page: Page) -> Outcome:
        if (refused := await self._call("edit", place)) is not None:
            return refused
        if reference not in self.messages:
            return Gone(Lost.MESSAGE)
        self.messages[reference].page = page
        self.messages[reference].edits.append(self._time())
        return await self._answer("edit", Sent(reference))

    async def pin(self, place: Place, reference: str) -> Outcome:
        if (refused := await self._call("pin", place)) is not None:
            return refused
        self.messages[reference].pinned = True
        return Sent(reference)

    async def write(self, account: Account, page: Page, token: str) -> Outcome:
        if (refused := await self._call("write", account)) is not None:
            return refused
        self.letters.append((account, page))
        return await self._answer("write", Sent(token))

    def of(self, place: Place) -> list[Message]:
        return [message for message in self.messages.values() if message.place == place]

    async def _call(self, what: str, where: object) -> Outcome | None:
        self.calls.append((self._time(), what))
        await asyncio.sleep(self.delay)
        return self.trouble(what, where) if self.trouble else None

    async def _answer(self, what: str, outcome: Outcome) -> Outcome:
        lost = self.trouble(f"{what} done", outcome) if self.trouble else None
        return lost if lost is not None else outcome

    @staticmethod
    def _time() -> float:
        return asyncio.get_running_loop().time()


def town(number: int, *, discreet: bool = True, platform: str = "test") -> Place:
    return Place(platform, f"town{number}", PlaceKind.GROUP, f"Town {number}", discreet=discreet)


async def following(world: World, petition, number: int, wishes: Wishes | None = None, **place):
    """So many communities that follow; their boards are announced."""
    for each in range(number):
        await world.ports().follows.follow(town(each, **place), petition.id, "en", wishes or Wishes())


def settled(
    world: World, petition, number: int, wishes: Wishes | None = None, *, boards: bool = False, **place
):
    """So many communities that have followed for long. `boards`: each has a board that shows nothing yet."""
    for each in range(1, number + 1):
        where = town(each - 1, **place)
        world.places.append(replace(where, name=""))
        follow = Follow(each, each, petition.id, where, "en", Standing.ACTIVE, wishes or Wishes())
        world.outreach.follows[each] = follow
        world.outreach.digests[each] = (None, 0)
        if boards:
            board = Displaying(
                each, f"b{each}", world.now, "", world.now - timedelta(hours=number - each), world.now
            )
            world.outreach.place(board)


@asynccontextmanager
async def serving(world: World, platform: Platform, name: str = "test"):
    """A process with this platform attached; ends as processes end that are told to."""
    core = Core(world.ports(), House(), world.clock, Pictures(Sketcher()))
    async with core.outbox.attached(name, platform):
        yield core


async def quiet(world: World, platform: str = "test", *, within: float = 7200) -> None:
    """Wait until nothing is on its way any more."""
    for _ in range(int(within)):
        unspread = [state for _, state in world.outreach.told.values() if state == "ready"]
        if not unspread and await world.ports().outbox.soonest(platform) is None:
            return
        await asyncio.sleep(1)
    raise AssertionError("it is still on its way")
