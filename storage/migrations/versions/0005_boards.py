"""A community's boards: one that stands, and those that have yet to say that it has moved; milestones as boards."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger()  # microseconds since 1970-01-01 UTC

STANDS = sa.text("state = 'stands'")


def upgrade() -> None:
    moves: sa.Column[bool] = sa.Column("moves", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    op.add_column("follow", moves)
    before = op.get_bind().execute(sa.text("SELECT * FROM board WHERE state <> 'gone'")).mappings().all()
    op.drop_table("board")
    board = _boards()
    if before:
        op.bulk_insert(board, [dict(row) for row in before])


def _boards() -> sa.Table:
    board = op.create_table(
        "board",
        sa.Column("id", ID, nullable=False),
        _reference("follow"),
        sa.Column("platform", sa.String(length=32), nullable=False),
        _reference("petition"),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reference", sa.LargeBinary(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("face", sa.String(length=100), nullable=False),
        sa.Column("edited_at", INSTANT, nullable=False),
        sa.Column("next_at", INSTANT, nullable=False),
        sa.Column("strikes", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("state IN ('stands', 'leaving', 'yielding')", name=op.f("board_state")),
        sa.PrimaryKeyConstraint("id", name="board_pk"),
    )
    op.create_index("board_oldest", "board", ["platform", "petition", "edited_at"])
    op.create_index(
        "board_stands", "board", ["follow"], unique=True, sqlite_where=STANDS, postgresql_where=STANDS
    )
    return board


def _reference(target: str) -> sa.Column[Any]:
    return sa.Column(
        target, ID, sa.ForeignKey(f"{target}.id", name=f"board_{target}_of_{target}"), nullable=False
    )
