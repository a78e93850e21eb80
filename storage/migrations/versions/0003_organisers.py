"""Organisers of the configuration too, their age keys; petitions that are scrubbed; finding what was withdrawn."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

WITHDRAWN = sa.text("status = 'withdrawn'")


def upgrade() -> None:
    claimed: sa.Column[bool] = sa.Column(
        "claimed", sa.Boolean(), server_default=sa.text("true"), nullable=False
    )
    op.add_column("organiser", claimed)
    op.add_column("organiser", sa.Column("recipient", sa.LargeBinary()))
    op.add_column("petition", sa.Column("anonymised_at", sa.BigInteger()))
    op.create_index(
        "signature_account_withdrawn",
        "signature",
        ["account"],
        sqlite_where=WITHDRAWN,
        postgresql_where=WITHDRAWN,
    )
