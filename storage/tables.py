"""The tables. What the database can check, it checks; migrations/ brings a database to this shape.

What names a person or a place is either a keyed hash (`account`, `owner`, `place`) or ciphertext
(`identity`, `context`, `details`, `reference`, `answers`, `address`): see keys.py and vault.py. What goes out to
communities is in outreach_tables.py, what is held and reviewed in review_tables.py.
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

from bot.model.petition import Reach, State
from bot.model.signature import Dimension, Status
from storage.columns import FormId, Id, Instant, metadata, one_of
from storage.outreach_tables import (
    announcement,
    board,
    community,
    delivery,
    follow,
    history,
    holder,
    link,
    post,
    removal,
)
from storage.review_tables import action, allowance, decision, hold, surge

__all__ = [
    "action", "allowance", "announcement", "audit", "board", "claim", "community", "counter", "decision",
    "delivery", "draft", "follow", "history", "hold", "holder", "link", "meta", "metadata", "milestone", "notice",
    "organiser", "petition", "post", "removal", "revision_text", "signature", "surge", "text_version", "totals",
]  # fmt: skip

petition = Table(
    "petition",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String(8), nullable=False, unique=True),
    Column("slug", String(100), nullable=False, unique=True),
    Column("state", String(10), nullable=False),
    Column("opens", Instant),
    Column("closes", Instant),
    Column("opened_at", Instant),
    Column("closed_at", Instant),
    Column("delivered_at", Instant),
    Column("anonymised_at", Instant),  # since when its signatures are being scrubbed; they may not all be yet
    Column("revision", Integer, nullable=False),
    Column("settings", Text, nullable=False),
    Column("added", Instant, nullable=False),
    one_of("state", State),
    CheckConstraint("revision >= 1", name="revision"),
)

text_version = Table(
    "text_version",
    metadata,
    Column("id", Id, primary_key=True),
    Column("petition", Id, ForeignKey("petition.id"), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("language", String(35), nullable=False),
    Column("title", Text, nullable=False),
    Column("addressee", Text, nullable=False),
    Column("letter", Text, nullable=False),
    Column("privacy", Text, nullable=False),
    UniqueConstraint("petition", "sha256"),
    CheckConstraint("length(sha256) = 64", name="sha256"),
)

revision_text = Table(
    "revision_text",
    metadata,
    Column("petition", Id, ForeignKey("petition.id"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("text_version", Id, ForeignKey("text_version.id"), nullable=False),
    Column("background", Text, nullable=False),
)

signature = Table(
    "signature",
    metadata,
    Column("form", FormId, primary_key=True),
    Column("petition", Id, ForeignKey("petition.id"), nullable=False),
    Column("number", Integer),
    Column("account", LargeBinary),
    Column("status", String(10), nullable=False),
    Column("reach", String(10), nullable=False),
    Column("text_version", Id, ForeignKey("text_version.id"), nullable=False),
    Column("day", String(10), nullable=False),
    Column("platform", String(32), nullable=False),
    Column("code", LargeBinary, unique=True),
    Column("identity", LargeBinary),
    Column("context", LargeBinary),
    UniqueConstraint("petition", "number"),
    one_of("status", Status),
    one_of("reach", Reach),
    CheckConstraint("number >= 1", name="number"),
    CheckConstraint("status <> 'counted' OR number IS NOT NULL", name="counted_is_numbered"),
    CheckConstraint("status <> 'withdrawn' OR identity IS NULL", name="withdrawn_is_scrubbed"),
    CheckConstraint("length(form) BETWEEN 1 AND 64", name="form"),
    CheckConstraint("length(day) = 10", name="day"),
)

totals = Table(
    "totals",
    metadata,
    Column("petition", Id, ForeignKey("petition.id"), primary_key=True, autoincrement=False),
    *(Column(status.value, Integer, nullable=False) for status in Status),
    Column("last_number", Integer, nullable=False),
    Column("peak", Integer, nullable=False),  # the highest total ever shown: milestones lie beyond it
    Column("changed_at", Instant, nullable=False),
    *(Column(f"shown_{status.value}", Integer, nullable=False) for status in Status),
    Column("shown_at", Instant, nullable=False),
    CheckConstraint(
        "counted >= 0 AND held >= 0 AND withdrawn >= 0 AND struck >= 0 AND counted <= last_number",
        name="not_negative",
    ),
)

counter = Table(
    "counter",
    metadata,
    Column("petition", Id, ForeignKey("petition.id"), primary_key=True),
    Column("dimension", String(20), primary_key=True),
    Column("value", Text, primary_key=True),
    Column("count", Integer, nullable=False),
    Column("shown", Integer, nullable=False, server_default=text("0")),
    one_of("dimension", Dimension),
    CheckConstraint("count >= 0", name="not_negative"),
)

milestone = Table(
    "milestone",
    metadata,
    Column("petition", Id, ForeignKey("petition.id"), primary_key=True),
    Column("threshold", Integer, primary_key=True),
    Column("total", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    # Null where a burst passed it on the way to a higher one.
    Column("announcement", Id, ForeignKey("announcement.id")),
    CheckConstraint("threshold BETWEEN 1 AND total", name="reached"),
)

draft = Table(
    "draft",
    metadata,
    Column("form", FormId, primary_key=True),
    Column("owner", LargeBinary, primary_key=True),
    Column("token", String(64), nullable=False),
    Column("step", Integer, nullable=False),
    Column("asking", String(64)),
    Column("answers", LargeBinary, nullable=False),
    Column("expires", Instant, nullable=False, index=True),
    Index("draft_owner", "owner"),
)

notice = Table(
    "notice",
    metadata,
    Column("petition", Id, ForeignKey("petition.id"), primary_key=True),
    Column("owner", LargeBinary, primary_key=True),
    Column("address", LargeBinary, nullable=False),
    Column("since", Instant, nullable=False),
)

organiser = Table(
    "organiser",
    metadata,
    Column("account", LargeBinary, primary_key=True),
    Column("address", LargeBinary, nullable=False),
    Column("actor", String(16), nullable=False, unique=True),  # stands for the person in `audit`
    Column("claimed", Boolean(create_constraint=False), nullable=False, server_default=text("true")),
    Column("recipient", LargeBinary),  # the age key that exports for them are encrypted to
    Column("since", Instant, nullable=False),
)

claim = Table(
    "claim",
    metadata,
    Column("code", LargeBinary, primary_key=True),
    Column("expires", Instant, nullable=False),
    Column("used_at", Instant),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("role", String(20), nullable=False),
    Column("actor", String(16)),
    Column("what", String(40), nullable=False),
    Column("petition", Id, ForeignKey("petition.id")),
    Column("detail", Text, nullable=False, server_default=text("''")),
)

meta = Table(
    "meta",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)
