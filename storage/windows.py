"""How often something may be done: counted in windows of time, which begin with the first, by all processes together.

Implements `bot.ports.Limits`; the functions count within a transaction of somebody else's.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, bindparam, case, delete, select, text
from sqlalchemy.engine.interfaces import Dialect

from bot.model.account import Account
from bot.ports import Clock
from storage.compiled import compiled
from storage.database import Database
from storage.instants import instant, micros
from storage.keys import Keys
from storage.lookup import Keys as Places
from storage.lookup import Lookup
from storage.tables import allowance
from storage.upsert import insert_or

OFTEN: Final = 10
"""So often is worth looking who it was, before signatures are taken."""
REMEMBERED: Final = 10_000
NOTICED: Final = timedelta(seconds=1)
TIDIED: Final = 100
"""So many that have passed are forgotten at a time."""


class Window(NamedTuple):
    """A window that is open: how often it was done, and when it closes."""

    times: int
    until: datetime


class Windows:
    """Counts, with statements compiled for one dialect."""

    def __init__(self, dialect: Dialect) -> None:
        self._find = Lookup(dialect, _find)
        self._any = compiled(_any_often(), dialect)
        self._count = compiled(_count(dialect), dialect)
        self._asked: datetime | None = None

    def counted(self, connection: Connection, who: Sequence[bytes], now: datetime) -> dict[bytes, Window]:
        """The windows of these that are open."""
        rows = self._find.rows(connection, {"who": who}, now=micros(now))
        return {bytes(row.who): Window(row.times, instant(row.until)) for row in rows}

    def any_often(self, connection: Connection, now: datetime) -> bool:
        """Whether anybody has done anything `OFTEN`; what others count is noticed within a second.

        It is asked for every signature, and answered by no more than a look at the clock.
        """
        if self._asked is not None and self._asked <= now < self._asked + NOTICED:
            return False
        found = bool(self._any.rows(connection, now=micros(now)))
        self._asked = None if found else now
        return found

    def count(
        self, connection: Connection, who: bytes, now: datetime, within: timedelta, times: int = 1
    ) -> None:
        """Count so many more; where no window is open, one begins. Some that have closed are forgotten.

        A window that would close later than one that begins now was made before the clock was put back.
        """
        self._asked = None
        self._count.run(connection, who=who, now=micros(now), until=micros(now + within), count=times)
        _tidy(connection, now)


class Limits:
    """Counts what members and communities do."""

    def __init__(self, database: Database, windows: Windows, keys: Keys, clock: Clock) -> None:
        self._database = database
        self._windows = windows
        self._keys = keys
        self._clock = clock
        self._refused: dict[bytes, datetime] = {}

    async def take(
        self, what: str, who: Account | int | str, most: int, within: timedelta, *, times: int = 1
    ) -> datetime | None:
        hashed = self._keys.allowance(f"{what}|{who}")
        until, now = self._refused.get(hashed), self._clock()
        if until is not None and now < until <= now + within:
            return until  # a flood costs no more than looking here

        def work(connection: Connection) -> datetime | None:
            now = self._clock()
            self._windows.count(connection, hashed, now, within, times)
            counted = self._windows.counted(connection, [hashed], now)[hashed]
            return None if counted.times <= most else counted.until

        until = await self._database.write(work)
        if until is not None:
            if len(self._refused) >= REMEMBERED:
                self._refused.clear()
            self._refused[hashed] = until
        return until


def _tidy(connection: Connection, now: datetime) -> None:
    closed = select(allowance.c.who).where(allowance.c.until <= now).limit(TIDIED)
    closed = closed.with_for_update(skip_locked=True)
    connection.execute(delete(allowance).where(allowance.c.who.in_(closed)))


def _find(keys: Callable[[str], Places]) -> Any:
    wanted = select(allowance.c.who, allowance.c.count.label("times"), allowance.c.until)
    return wanted.where(keys("who").match(allowance.c.who), allowance.c.until > bindparam("now"))


def _any_often() -> Any:
    often = text(f"allowance.count >= {OFTEN}")  # written as in the index that finds them
    return select(allowance.c.count).where(often, allowance.c.until > bindparam("now")).limit(1)


def _count(dialect: Dialect) -> Any:
    made = insert_or(allowance, dialect).values({name: bindparam(name) for name in ("who", "until", "count")})
    is_open = (allowance.c.until > bindparam("now")) & (allowance.c.until <= made.excluded.until)
    return made.on_conflict_do_update(
        index_elements=["who"],
        set_={
            "count": case((is_open, allowance.c.count + made.excluded.count), else_=made.excluded.count),
            "until": case((is_open, allowance.c.until), else_=made.excluded.until),
        },
    )
