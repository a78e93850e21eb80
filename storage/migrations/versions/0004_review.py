"""Why a signature is held, what organisers decided, how often something may be done; telling of what is held."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FORM = sa.String(length=64).with_variant(sa.String(length=64, collation="C"), "postgresql")
INSTANT = sa.BigInteger()  # microseconds since 1970-01-01 UTC

HELD = sa.text("status = 'held'")
OFTEN = sa.text("count >= 10")
STATUSES = "('counted', 'held', 'withdrawn', 'struck')"
KINDS = "'update', 'board', 'retention', 'exported'"


def upgrade() -> None:
    op.create_index(
        "signature_held", "signature", ["petition", "day", "form"], sqlite_where=HELD, postgresql_where=HELD
    )
    _hold()
    _actions()
    _counts()
    _kind()


def _hold() -> None:
    op.create_table(
        "hold",
        sa.Column("form", FORM, _key("hold", "form", "signature.form"), nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "rule IN ('account_age', 'membership_age', 'lookalike', 'listed_name', 'community_rate')",
            name=op.f("hold_rule"),
        ),
        sa.PrimaryKeyConstraint("form", "rule", name="hold_pk"),
    )


def _actions() -> None:
    op.create_table(
        "action",
        sa.Column("id", ID, nullable=False),
        sa.Column("token", sa.String(length=16), nullable=False),
        sa.Column("petition", ID, _key("action", "petition", "petition.id"), nullable=False),
        sa.Column("change", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("actor", sa.String(length=16)),
        sa.Column("reason", sa.LargeBinary()),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "change IN ('accept', 'withdraw', 'strike', 'unstrike')", name=op.f("action_change")
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'begun', 'done', 'undoing', 'undone')", name=op.f("action_state")
        ),
        sa.PrimaryKeyConstraint("id", name="action_pk"),
        sa.UniqueConstraint("token", name="action_token_unique"),
    )
    op.create_index("action_petition", "action", ["petition", "id"])
    op.create_table(
        "decision",
        sa.Column("action", ID, _key("decision", "action", "action.id"), nullable=False, autoincrement=False),
        sa.Column("position", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("form", FORM, _key("decision", "form", "signature.form"), nullable=False),
        sa.Column("before", sa.String(length=10), nullable=False),
        sa.Column("after", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("at", INSTANT),
        sa.CheckConstraint(f"before IN {STATUSES}", name=op.f("decision_before")),
        sa.CheckConstraint(f"after IN {STATUSES}", name=op.f("decision_after")),
        sa.CheckConstraint(
            "state IN ('planned', 'done', 'skipped', 'undone', 'kept')", name=op.f("decision_state")
        ),
        sa.PrimaryKeyConstraint("action", "position", name="decision_pk"),
        sa.UniqueConstraint("form", "action", name="decision_form_action_unique"),
    )


def _counts() -> None:
    op.create_table(
        "surge",
        sa.Column(
            "petition", ID, _key("surge", "petition", "petition.id"), nullable=False, autoincrement=False
        ),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("burst", INSTANT),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("petition", name="surge_pk"),
    )
    op.create_table(
        "allowance",
        sa.Column("who", sa.LargeBinary(), nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("count >= 1", name=op.f("allowance_counted")),
        sa.PrimaryKeyConstraint("who", name="allowance_pk"),
    )
    op.create_index(op.f("allowance_until"), "allowance", ["until"])
    op.create_index("allowance_often", "allowance", ["until"], sqlite_where=OFTEN, postgresql_where=OFTEN)


def _kind() -> None:
    """Let announcements tell of what is held."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("announcement_kind", "announcement")
        op.create_check_constraint(
            op.f("announcement_kind"),
            "announcement",
            "kind IN ('milestone', 'goal', 'opened', 'last_hours', 'closed', 'delivered', 'text', 'digest',"
            f" {KINDS}, 'held')",
        )
        return
    # SQLite can't alter a constraint, and a system's own SQLite may forbid what follows: so 0002 makes new databases
    # with this kind already. Those that are older get it in the manual's way for a change that leaves every row as
    # it is (ALTER TABLE, "Making Other Kinds Of Table Schema Changes"): the table's definition is rewritten.
    definition = sa.text("SELECT sql FROM sqlite_master WHERE name = 'announcement'")
    if "'held')" in op.get_bind().execute(definition).scalar_one():
        return
    version = op.get_bind().execute(sa.text("PRAGMA schema_version")).scalar_one()
    op.execute("PRAGMA writable_schema = ON")
    op.get_bind().execute(
        sa.text("UPDATE sqlite_master SET sql = replace(sql, :old, :new) WHERE name = 'announcement'"),
        {"old": KINDS + ")", "new": KINDS + ", 'held')"},
    )
    op.execute(f"PRAGMA schema_version = {version + 1}")
    op.execute("PRAGMA writable_schema = OFF")


def _key(table: str, column: str, target: str) -> sa.ForeignKey:
    return sa.ForeignKey(target, name=f"{table}_{column}_of_{target.partition('.')[0]}")
