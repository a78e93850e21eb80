"""The tables of what goes out: communities that follow, their boards, what is told, and how far it has got.

As in tables.py, what names a place or a person (`details`, `reference`, `owner`) is a keyed hash or ciphertext.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from bot.model.community import DeliveryState, Hears, Kind, Rhythm, Standing, Voice
from storage.columns import Id, Instant, metadata, one_of

community = Table(
    "community",
    metadata,
    Column("id", Id, primary_key=True),
    Column("platform", String(32), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("place", LargeBinary, nullable=False, unique=True),
    Column("details", LargeBinary),
    Column("since", Instant, nullable=False),
    Column("left_at", Instant),  # its ids are erased some days later
)

post = Table(
    "post",
    metadata,
    Column("community", Id, ForeignKey("community.id"), primary_key=True),
    Column("petition", Id, ForeignKey("petition.id"), primary_key=True),
    Column("reference", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
)

link = Table(
    "link",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("community", Id, ForeignKey("community.id"), nullable=False),
    Column("petition", Id, ForeignKey("petition.id"), nullable=False),
    UniqueConstraint("community", "petition"),
)

follow = Table(
    "follow",
    metadata,
    Column("id", Id, primary_key=True),
    Column("community", Id, ForeignKey("community.id"), nullable=False),
    Column("petition", Id, ForeignKey("petition.id"), nullable=False),
    Column("standing", String(10), nullable=False),
    Column("locale", String(35), nullable=False),
    Column("hears", String(10), nullable=False),
    Column("digest", String(10), nullable=False),
    Column("quiet_from", Integer),
    Column("quiet_to", Integer),
    Column("zone", String(64), nullable=False),
    Column("pinned", Boolean(create_constraint=False), nullable=False),
    Column("moves", Boolean(create_constraint=False), nullable=False, server_default=text("false")),
    Column("reason", String(20), nullable=False, server_default=text("''")),
    Column("untold", Boolean(create_constraint=False), nullable=False, server_default=text("false")),
    Column("digest_at", Instant, index=True),
    Column("digest_total", Integer, nullable=False, server_default=text("0")),
    UniqueConstraint("community", "petition"),
    one_of("standing", Standing),
    one_of("hears", Hears),
    one_of("digest", Rhythm),
)
Index("follow_petition", follow.c.petition, follow.c.standing, follow.c.id)

board = Table(
    "board",
    metadata,
    Column("id", Id, primary_key=True),
    Column("follow", Id, ForeignKey("follow.id"), nullable=False),
    Column("platform", String(32), nullable=False),
    Column("petition", Id, ForeignKey("petition.id"), nullable=False),
    Column("state", String(10), nullable=False),
    Column("reference", LargeBinary, nullable=False),
    Column("since", Instant, nullable=False),
    Column("face", String(100), nullable=False),
    Column("edited_at", Instant, nullable=False),
    Column("next_at", Instant, nullable=False),
    Column("strikes", Integer, nullable=False, server_default=text("0")),
    # leaving: it still has to say goodbye, or that it has moved; yielding: the same, to a milestone
    one_of("state", ("stands", "leaving", "yielding")),
)
Index("board_oldest", board.c.platform, board.c.petition, board.c.edited_at)

announcement = Table(
    "announcement",
    metadata,
    Column("id", Id, primary_key=True),
    Column("petition", Id, ForeignKey("petition.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("voice", String(20), nullable=False, server_default=text("'bot'")),
    Column("token", String(16), unique=True),
    Column("key", String(60)),
    Column("threshold", Integer),
    Column("total", Integer, nullable=False),
    Column("gained", Integer),
    Column("text", Text, nullable=False, server_default=text("''")),
    Column("follow", Id, ForeignKey("follow.id")),
    Column("state", String(10), nullable=False),
    Column("at", Instant, nullable=False),
    # How far its deliveries have been made out: the last follow, and the last person.
    Column("spread_to", Id, nullable=False, server_default=text("0")),
    Column("spread_owner", LargeBinary),
    UniqueConstraint("petition", "kind", "key"),
    # spread: its deliveries have been made
    one_of("state", ("proposed", "ready", "spread", "held_back")),
    one_of("kind", Kind),
    one_of("voice", Voice),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", Id, primary_key=True),
    Column("announcement", Id, ForeignKey("announcement.id"), nullable=False),
    Column("follow", Id, ForeignKey("follow.id")),
    Column("owner", LargeBinary),  # of a notice: a person who asked to be told
    Column("platform", String(32), nullable=False),
    Column("token", String(25), nullable=False, unique=True),
    Column("urgency", Integer, nullable=False),  # 0: somebody waits for it
    Column("state", String(10), nullable=False),
    Column("born_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("left_at", Instant),  # since when the request may have left
    Column("tries", Integer, nullable=False, server_default=text("0")),
    Column("reason", String(100), nullable=False, server_default=text("''")),
    Column("sent_at", Instant),
    UniqueConstraint("announcement", "follow"),
    UniqueConstraint("announcement", "owner"),
    one_of("state", DeliveryState),
    CheckConstraint("(follow IS NULL) <> (owner IS NULL)", name="whom"),
)

removal = Table(
    "removal",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("owner", LargeBinary, nullable=False),  # whom it was handed to
    Column("platform", String(32), nullable=False),
    Column("reference", LargeBinary, nullable=False),
    Column("due", Instant, nullable=False),
)
Index("removal_due", removal.c.platform, removal.c.due)

holder = Table(
    "holder",
    metadata,
    Column("platform", String(32), primary_key=True),
    Column("name", String(16), nullable=False),
    Column("until", Instant, nullable=False),
)

history = Table(
    "history",
    metadata,
    Column("petition", Id, ForeignKey("petition.id"), primary_key=True),
    Column("at", Instant, primary_key=True),
    Column("total", Integer, nullable=False),
)
