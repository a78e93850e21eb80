"""The boards that stand. Implements `bot.ports.Boards`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, and_, delete, false, func, insert, or_, select, update

from bot.model.community import Board, Displayed, Standing
from bot.ports import Clock
from storage.database import Database
from storage.following import as_follow, follows
from storage.outreach_tables import board, follow
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
        leaving = board.c.state == "leaving"
        columns = [board.c[name] for name in ("reference", "since", "strikes", "state")]
        wanted = (
            follows()
            .add_columns(*(column.label(f"its_{column.name}") for column in columns))
            .where(_to_edit(platform, faces), board.c.next_at <= now)
            .order_by(leaving.desc(), board.c.edited_at)
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
                if each.gone:
                    connection.execute(delete(board).where(board.c.follow == each.follow))
                    continue
                values: dict[str, Any] = {"next_at": each.again, "strikes": each.strikes}
                if each.face is not None:
                    values |= {"face": each.face, "edited_at": self._clock()}
                connection.execute(update(board).where(board.c.follow == each.follow).values(values))

        if displayed:
            await self._database.write(work)

    async def count(self, platform: str) -> int:
        wanted = select(func.count()).where(board.c.platform == platform, board.c.state == "stands")
        return await self._database.read(lambda on: on.execute(wanted).scalar_one())

    def _board(self, row: Any) -> Board:
        reference = self._vault.open(_FIELD, str(row.id), row.its_reference)
        return Board(
            as_follow(self._vault, row), reference, row.its_since, row.its_strikes, row.its_state == "leaving"
        )


def former_board(connection: Connection, vault: Vault, follow_id: int) -> str | None:
    """The reference of the message that was a community's board until now, if one was and has not been deleted."""
    sealed = connection.execute(select(board.c.reference).where(board.c.follow == follow_id)).scalar()
    return None if sealed is None else str(vault.open(_FIELD, str(follow_id), sealed))


def place_board(
    connection: Connection, vault: Vault, its: Any, reference: str, face: str, now: datetime
) -> None:
    """Note that the board of a community (a row with `follow`, `platform`, `petition`, `standing`) stands now.

    One that came up while its community left says goodbye next.
    """
    values = {
        "state": "leaving" if its.standing == Standing.LEFT else "stands",
        "reference": vault.seal(_FIELD, str(its.follow), reference),
        "since": now,
        "face": face,
        "edited_at": now,
        "next_at": now,
        "strikes": 0,
    }
    if not connection.execute(update(board).where(board.c.follow == its.follow).values(values)).rowcount:
        made = {"follow": its.follow, "platform": its.platform, "petition": its.petition}
        connection.execute(insert(board).values(values | made))


def _to_edit(platform: str, faces: Mapping[int, str]) -> Any:
    """Boards on this platform that show another face than they should, or have to say goodbye."""
    changed = (and_(board.c.petition == petition, board.c.face != face) for petition, face in faces.items())
    served = (board.c.state == "stands") & (follow.c.standing == "active") & or_(false(), *changed)
    return (board.c.platform == platform) & (served | (board.c.state == "leaving"))
