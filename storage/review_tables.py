"""The tables of what is held and reviewed: why a signature waits, what organisers decided, how often and how fast.

As in tables.py, what names a person (`reason`, `who`) is ciphertext or a keyed hash.
"""

from sqlalchemy import (
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
)

from bot.model.holding import Rule
from bot.model.signature import Change, Status
from storage.columns import FormId, Id, Instant, metadata, one_of

hold = Table(
    "hold",
    metadata,
    Column("form", FormId, ForeignKey("signature.form"), primary_key=True),
    Column("rule", String(20), primary_key=True),
    one_of("rule", Rule),
)

action = Table(
    "action",
    metadata,
    Column("id", Id, primary_key=True),
    Column("token", String(16), nullable=False, unique=True),
    Column("petition", Id, ForeignKey("petition.id"), nullable=False),
    Column("change", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    Column("actor", String(16)),
    Column("reason", LargeBinary),
    Column("at", Instant, nullable=False),  # laid down, then begun
    one_of("change", Change),
    one_of("state", ("planned", "begun", "done", "undoing", "undone")),
)
Index("action_petition", action.c.petition, action.c.id)

decision = Table(
    "decision",
    metadata,
    Column("action", Id, ForeignKey("action.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("form", FormId, ForeignKey("signature.form"), nullable=False),
    Column("before", String(10), nullable=False),
    Column("after", String(10), nullable=False),
    Column("state", String(10), nullable=False),
    Column("at", Instant),  # since when it is done
    UniqueConstraint("form", "action"),  # the form first: who asks wants the decisions on a signature
    one_of("before", Status),
    one_of("after", Status),
    # done, unless it was changed since the preview: skipped; undone, unless it was changed since: kept
    one_of("state", ("planned", "done", "skipped", "undone", "kept")),
)

surge = Table(
    "surge",
    metadata,
    Column("petition", Id, ForeignKey("petition.id"), primary_key=True, autoincrement=False),
    Column("since", Instant, nullable=False),  # the hour that runs
    Column("burst", Instant),  # when the surge began that it is part of
    Column("rules", Text, nullable=False),  # how many were held, in all and for which reason (JSON)
)

allowance = Table(
    "allowance",
    metadata,
    Column("who", LargeBinary, primary_key=True),  # a keyed hash of what, who, and where
    Column("until", Instant, nullable=False, index=True),
    Column("count", Integer, nullable=False),
    CheckConstraint("count >= 1", name="counted"),
)
