"""Communities that follow, their boards, what is told to them, and how far it has got."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.BigInteger()  # microseconds since 1970-01-01 UTC

READY = sa.text("state = 'ready'")
UNDER_WAY = sa.text("state IN ('due', 'in_flight')")


def upgrade() -> None:
    _communities()
    _follows()
    _announcements()
    _deliveries()
    _counts()


def _communities() -> None:
    op.create_table(
        "community",
        sa.Column("id", ID, nullable=False),
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("place", sa.LargeBinary(), nullable=False),
        sa.Column("details", sa.LargeBinary()),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("left_at", INSTANT),
        sa.PrimaryKeyConstraint("id", name="community_pk"),
        sa.UniqueConstraint("place", name="community_place_unique"),
    )
    op.create_table(
        "post",
        _reference("post", "community", "community"),
        _reference("post", "petition", "petition"),
        sa.Column("reference", sa.LargeBinary(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("community", "petition", name="post_pk"),
    )
    op.create_table(
        "link",
        sa.Column("id", sa.String(length=16), nullable=False),
        _reference("link", "community", "community"),
        _reference("link", "petition", "petition"),
        sa.PrimaryKeyConstraint("id", name="link_pk"),
        sa.UniqueConstraint("community", "petition", name="link_community_petition_unique"),
    )


def _follows() -> None:
    op.create_table(
        "follow",
        sa.Column("id", ID, nullable=False),
        _reference("follow", "community", "community"),
        _reference("follow", "petition", "petition"),
        sa.Column("standing", sa.String(length=10), nullable=False),
        sa.Column("locale", sa.String(length=35), nullable=False),
        sa.Column("hears", sa.String(length=10), nullable=False),
        sa.Column("digest", sa.String(length=10), nullable=False),
        sa.Column("quiet_from", sa.Integer()),
        sa.Column("quiet_to", sa.Integer()),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=20), server_default=sa.text("''"), nullable=False),
        sa.Column("untold", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("digest_at", INSTANT),
        sa.Column("digest_total", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint(
            "standing IN ('waiting', 'active', 'aside', 'left')", name=op.f("follow_standing")
        ),
        sa.CheckConstraint("hears IN ('all', 'milestones', 'none')", name=op.f("follow_hears")),
        sa.CheckConstraint("digest IN ('off', 'daily', 'weekly')", name=op.f("follow_digest")),
        sa.PrimaryKeyConstraint("id", name="follow_pk"),
        sa.UniqueConstraint("community", "petition", name="follow_community_petition_unique"),
    )
    op.create_index(op.f("follow_digest_at"), "follow", ["digest_at"])
    op.create_index("follow_petition", "follow", ["petition", "standing", "id"])
    op.create_table(
        "board",
        _reference("board", "follow", "follow"),
        sa.Column("platform", sa.String(length=32), nullable=False),
        _reference("board", "petition", "petition"),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reference", sa.LargeBinary(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("face", sa.String(length=100), nullable=False),
        sa.Column("edited_at", INSTANT, nullable=False),
        sa.Column("next_at", INSTANT, nullable=False),
        sa.Column("strikes", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint("state IN ('stands', 'leaving', 'gone')", name=op.f("board_state")),
        sa.PrimaryKeyConstraint("follow", name="board_pk"),
    )
    op.create_index("board_oldest", "board", ["platform", "petition", "edited_at"])


def _announcements() -> None:
    op.create_table(
        "announcement",
        sa.Column("id", ID, nullable=False),
        _reference("announcement", "petition", "petition"),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("voice", sa.String(length=20), server_default=sa.text("'bot'"), nullable=False),
        sa.Column("token", sa.String(length=16)),
        sa.Column("key", sa.String(length=60)),
        sa.Column("threshold", sa.Integer()),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("gained", sa.Integer()),
        sa.Column("text", sa.Text(), server_default=sa.text("''"), nullable=False),
        _reference("announcement", "follow", "follow", nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("spread_to", ID, server_default=sa.text("0"), nullable=False),
        sa.Column("spread_owner", sa.LargeBinary()),
        sa.CheckConstraint(
            "kind IN ('milestone', 'goal', 'opened', 'last_hours', 'closed', 'delivered', 'text', 'digest',"
            " 'update', 'board', 'retention', 'exported', 'held')",  # 'held' is 0004's, which see
            name=op.f("announcement_kind"),
        ),
        sa.CheckConstraint("voice IN ('bot', 'moderators', 'organisers')", name=op.f("announcement_voice")),
        sa.CheckConstraint(
            "state IN ('proposed', 'ready', 'spread', 'held_back')", name=op.f("announcement_state")
        ),
        sa.PrimaryKeyConstraint("id", name="announcement_pk"),
        sa.UniqueConstraint("token", name="announcement_token_unique"),
        sa.UniqueConstraint("petition", "kind", "key", name="announcement_petition_kind_key_unique"),
    )
    op.create_index(
        "announcement_unspread", "announcement", ["id"], sqlite_where=READY, postgresql_where=READY
    )
    op.create_table(
        "milestone",
        _reference("milestone", "petition", "petition"),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        _reference("milestone", "announcement", "announcement", nullable=True),
        sa.CheckConstraint("threshold BETWEEN 1 AND total", name=op.f("milestone_reached")),
        sa.PrimaryKeyConstraint("petition", "threshold", name="milestone_pk"),
    )


def _deliveries() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", ID, nullable=False),
        _reference("delivery", "announcement", "announcement"),
        _reference("delivery", "follow", "follow", nullable=True),
        sa.Column("owner", sa.LargeBinary()),
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("token", sa.String(length=25), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("born_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("left_at", INSTANT),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("reason", sa.String(length=100), server_default=sa.text("''"), nullable=False),
        sa.Column("sent_at", INSTANT),
        sa.CheckConstraint(
            "state IN ('due', 'in_flight', 'sent', 'unknown', 'failed', 'held_back', 'skipped')",
            name=op.f("delivery_state"),
        ),
        sa.CheckConstraint("(follow IS NULL) <> (owner IS NULL)", name=op.f("delivery_whom")),
        sa.PrimaryKeyConstraint("id", name="delivery_pk"),
        sa.UniqueConstraint("token", name="delivery_token_unique"),
        sa.UniqueConstraint("announcement", "follow", name="delivery_announcement_follow_unique"),
        sa.UniqueConstraint("announcement", "owner", name="delivery_announcement_owner_unique"),
    )
    op.create_index(
        "delivery_due",
        "delivery",
        ["platform", "urgency", "due_at", "id"],
        sqlite_where=UNDER_WAY,
        postgresql_where=UNDER_WAY,
    )
    op.create_table(
        "holder",
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("platform", name="holder_pk"),
    )


def _counts() -> None:
    op.create_table(
        "history",
        _reference("history", "petition", "petition"),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("petition", "at", name="history_pk"),
    )


def _reference(table: str, column: str, target: str, *, nullable: bool = False) -> sa.Column[int]:
    key = sa.ForeignKey(f"{target}.id", name=f"{table}_{column}_of_{target}")
    return sa.Column(column, ID, key, nullable=nullable, autoincrement=False)
