"""The first schema: petitions, signatures, counts, people."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

STANDING = sa.text("status IN ('counted', 'held', 'struck')")
PUBLIC = sa.text("reach = 'everyone' AND status = 'counted'")

# Spelled out, not imported from tables.py: a migration must not change when the tables do.
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FORM = sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql")
INSTANT = sa.BigInteger()  # microseconds since 1970-01-01 UTC


def upgrade() -> None:
    _petitions()
    _signatures()
    _counts()
    _people()
    _keep_audit()


def _petitions() -> None:
    op.create_table(
        "petition",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.String(length=8), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("opens", INSTANT),
        sa.Column("closes", INSTANT),
        sa.Column("opened_at", INSTANT),
        sa.Column("closed_at", INSTANT),
        sa.Column("delivered_at", INSTANT),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.Column("added", INSTANT, nullable=False),
        sa.CheckConstraint(
            "state IN ('draft', 'open', 'paused', 'closed', 'delivered')", name=op.f("petition_state")
        ),
        sa.CheckConstraint("revision >= 1", name=op.f("petition_revision")),
        sa.PrimaryKeyConstraint("id", name="petition_pk"),
        sa.UniqueConstraint("key", name="petition_key_unique"),
        sa.UniqueConstraint("slug", name="petition_slug_unique"),
    )
    op.create_table(
        "text_version",
        sa.Column("id", ID, nullable=False),
        _reference("text_version", "petition", "petition"),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("addressee", sa.Text(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("privacy", sa.Text(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("text_version_sha256")),
        sa.PrimaryKeyConstraint("id", name="text_version_pk"),
        sa.UniqueConstraint("petition", "sha256", name="text_version_petition_sha256_unique"),
    )
    op.create_table(
        "revision_text",
        _reference("revision_text", "petition", "petition"),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        _reference("revision_text", "text_version", "text_version"),
        sa.Column("background", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("petition", "revision", "position", name="revision_text_pk"),
    )


def _signatures() -> None:
    op.create_table(
        "signature",
        sa.Column("form", FORM, nullable=False),
        _reference("signature", "petition", "petition"),
        sa.Column("number", sa.Integer()),
        sa.Column("account", sa.LargeBinary()),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("reach", sa.String(length=10), nullable=False),
        _reference("signature", "text_version", "text_version"),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("platform", sa.String(length=32), nullable=False),
        sa.Column("code", sa.LargeBinary()),
        sa.Column("identity", sa.LargeBinary()),
        sa.Column("context", sa.LargeBinary()),
        sa.CheckConstraint("reach IN ('organisers', 'addressee', 'everyone')", name=op.f("signature_reach")),
        sa.CheckConstraint(
            "status <> 'counted' OR number IS NOT NULL", name=op.f("signature_counted_is_numbered")
        ),
        sa.CheckConstraint(
            "status <> 'withdrawn' OR identity IS NULL", name=op.f("signature_withdrawn_is_scrubbed")
        ),
        sa.CheckConstraint(
            "status IN ('counted', 'held', 'withdrawn', 'struck')", name=op.f("signature_status")
        ),
        sa.CheckConstraint("length(day) = 10", name=op.f("signature_day")),
        sa.CheckConstraint("length(form) BETWEEN 1 AND 64", name=op.f("signature_form")),
        sa.CheckConstraint("number >= 1", name=op.f("signature_number")),
        sa.PrimaryKeyConstraint("form", name="signature_pk"),
        sa.UniqueConstraint("code", name="signature_code_unique"),
        sa.UniqueConstraint("petition", "number", name="signature_petition_number_unique"),
    )
    op.create_index(
        "signature_account_once",
        "signature",
        ["account", "petition"],
        unique=True,
        sqlite_where=STANDING,
        postgresql_where=STANDING,
    )
    op.create_index(
        "signature_public", "signature", ["petition", "number"], sqlite_where=PUBLIC, postgresql_where=PUBLIC
    )
    op.create_table(
        "draft",
        sa.Column("form", FORM, nullable=False),
        sa.Column("owner", sa.LargeBinary(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("asking", sa.String(length=64)),
        sa.Column("answers", sa.LargeBinary(), nullable=False),
        sa.Column("expires", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("form", "owner", name="draft_pk"),
    )
    op.create_index(op.f("draft_expires"), "draft", ["expires"])
    op.create_index("draft_owner", "draft", ["owner"])


def _counts() -> None:
    op.create_table(
        "totals",
        _reference("totals", "petition", "petition"),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("withdrawn", sa.Integer(), nullable=False),
        sa.Column("struck", sa.Integer(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("peak", sa.Integer(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("shown_counted", sa.Integer(), nullable=False),
        sa.Column("shown_held", sa.Integer(), nullable=False),
        sa.Column("shown_withdrawn", sa.Integer(), nullable=False),
        sa.Column("shown_struck", sa.Integer(), nullable=False),
        sa.Column("shown_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "counted >= 0 AND held >= 0 AND withdrawn >= 0 AND struck >= 0 AND counted <= last_number",
            name=op.f("totals_not_negative"),
        ),
        sa.PrimaryKeyConstraint("petition", name="totals_pk"),
    )
    op.create_table(
        "counter",
        _reference("counter", "petition", "petition"),
        sa.Column("dimension", sa.String(length=20), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.CheckConstraint(
            "dimension IN ('day', 'platform', 'language', 'community', 'answer', 'text_version', 'reach')",
            name=op.f("counter_dimension"),
        ),
        sa.CheckConstraint("count >= 0", name=op.f("counter_not_negative")),
        sa.PrimaryKeyConstraint("petition", "dimension", "value", name="counter_pk"),
    )


def _people() -> None:
    op.create_table(
        "notice",
        _reference("notice", "petition", "petition"),
        sa.Column("owner", sa.LargeBinary(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("petition", "owner", name="notice_pk"),
    )
    op.create_table(
        "organiser",
        sa.Column("account", sa.LargeBinary(), nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=False),
        sa.Column("actor", sa.String(length=16), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("account", name="organiser_pk"),
        sa.UniqueConstraint("actor", name="organiser_actor_unique"),
    )
    op.create_table(
        "claim",
        sa.Column("code", sa.LargeBinary(), nullable=False),
        sa.Column("expires", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT),
        sa.PrimaryKeyConstraint("code", name="claim_pk"),
    )
    op.create_table(
        "audit",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("actor", sa.String(length=16)),
        sa.Column("what", sa.String(length=40), nullable=False),
        _reference("audit", "petition", "petition", nullable=True),
        sa.Column("detail", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="audit_pk"),
    )
    op.create_table(
        "meta",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="meta_pk"),
    )


def _reference(table: str, column: str, target: str, *, nullable: bool = False) -> sa.Column[int]:
    key = sa.ForeignKey(f"{target}.id", name=f"{table}_{column}_of_{target}")
    return sa.Column(column, ID, key, nullable=nullable, autoincrement=False)


def _keep_audit() -> None:
    """Let the database itself refuse to change or delete what is in the audit log."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER audit_no_{act} BEFORE {act} ON audit"
                " BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_is_kept() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'audit is append-only'; END $$"
    )
    op.execute("CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE ON audit EXECUTE FUNCTION audit_is_kept()")
