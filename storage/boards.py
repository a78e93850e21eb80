"""The boards that stand. Implements `bot.ports.Boards`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, delete, false, func, insert, or_, select, update

from bot.model.community import Board, Displayed, Kind, Settled, Standing
from bot.ports import Clock
from storage.database import Database
from storage.following import as_follow, follows
from storage.outreach_tables import board, follow
from storage.tables import totals
from storage.vault import Vault

_FIELD: Final = "board.reference"


class Boards:
    """Where each board stands, what it shows, and when it may be edited next."""

    def __init__(self, database: Database, vault: Vault, clock: Clock) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock

    async def stale(
        self, platform: str, faces: Mapping[int, str], now: datetime, limit: int
    ) -> Sequence[Board]:
        columns = [board.c[name] for name in ("id", "reference", "since", "strikes", "state")]
        wanted = (
            follows()
            .add_columns(*(column.label(f"its_{column.name}") for column in columns))
            .join(board, board.c.follow == follow.c.id)
            .join(totals, totals.c.petition == follow.c.petition)
            .where(_to_edit(platform, faces), board.c.next_at <= now)
            .order_by((board.c.state == "stands").asc(), totals.c.shown_at.desc(), board.c.edited_at)
            .limit(limit)
        )

        def work(connection: Connection) -> list[Board]:
            return [self._board(row) for row in connection.execute(wanted)]

        return await self._database.read(work)

    async def soonest(self, platform: str, faces: Mapping[int, str]) -> datetime | None:
        wanted = select(func.min(board.c.next_at)).select_from(
            board.join(follow, follow.c.id == board.c.follow)
        )
        wanted = wanted.where(_to_edit(platform, faces))
        return await self._database.read(lambda on: on.execute(wanted).scalar())

    async def display(self, displayed: Sequence[Displayed]) -> None:
        def work(connection: Connection) -> None:
            for each in displayed:
                _display(connection, each, self._clock())

        if displayed:
            await self._database.write(work)

    async def count(self, platform: str) -> int:
        wanted = select(func.count()).where(board.c.platform == platform, board.c.state == "stands")
        return await self._database.read(lambda on: on.execute(wanted).scalar_one())

    def _board(self, row: Any) -> Board:
        return Board(
            id=row.its_id,
            follow=as_follow(self._vault, row),
            reference=self._vault.open(_FIELD, str(row.id), row.its_reference),
            since=row.its_since,
            strikes=row.its_strikes,
            leaving=row.its_state != "stands",
        )


def place_board(connection: Connection, vault: Vault, its: Any, settled: Settled, now: datetime) -> None:
    """Note which message is the board of a community (a row with `follow`, `platform`, `petition`, `standing`).

    The one before says so next; a milestone becomes the board only if there is one before. One that came up while its
    community left says goodbye next.
    """
    instead = settled.job.announcement.telling.kind is not Kind.BOARD
    before = (board.c.follow == its.follow) & (board.c.state == "stands")
    replaced = {"state": "yielding" if instead else "leaving", "next_at": now}
    if not connection.execute(update(board).where(before).values(replaced)).rowcount and instead:
        return
    values = {
        "follow": its.follow,
        "platform": its.platform,
        "petition": its.petition,
        "state": "leaving" if its.standing == Standing.LEFT else "stands",
        "reference": vault.seal(_FIELD, str(its.follow), settled.reference),
        "since": now,
        "face": settled.face,
        "edited_at": now,
        "next_at": now,
    }
    connection.execute(insert(board).values(values))


def end_boards(connection: Connection, follow_id: int, now: datetime) -> None:
    """Let the board of a community say goodbye."""
    stands = (board.c.follow == follow_id) & (board.c.state == "stands")
    connection.execute(update(board).where(stands).values(state="leaving", next_at=now))


def drop_boards(connection: Connection, follow_id: int) -> None:
    """Forget the boards of a community: they can't be changed any more."""
    connection.execute(delete(board).where(board.c.follow == follow_id))


def _display(connection: Connection, displayed: Displayed, now: datetime) -> None:
    mine = board.c.id == displayed.board
    if displayed.deleted:
        _take_back(connection, displayed.board)
    if displayed.gone:
        connection.execute(delete(board).where(mine))
        return
    values: dict[str, Any] = {"next_at": displayed.again, "strikes": displayed.strikes}
    if displayed.face is not None:
        values |= {"face": displayed.face, "edited_at": now}
    connection.execute(update(board).where(mine).values(values))


def _take_back(connection: Connection, board_id: int) -> None:
    """A board was deleted. If a milestone had just taken its place it is none: what is deleted stays deleted."""
    its = connection.execute(
        select(board.c.follow, board.c.state).where(board.c.id == board_id)
    ).one_or_none()
    if its is not None and its.state == "yielding":
        stands = (board.c.follow == its.follow) & (board.c.state == "stands")
        connection.execute(delete(board).where(stands))


def _to_edit(platform: str, faces: Mapping[int, str]) -> Any:
    """Boards on this platform that show another face than they should, or have to say that they are none any more."""
    changed = (and_(board.c.petition == petition, board.c.face != face) for petition, face in faces.items())
    served = (board.c.state == "stands") & (follow.c.standing == "active") & or_(false(), *changed)
    return (board.c.platform == platform) & (served | (board.c.state != "stands"))
