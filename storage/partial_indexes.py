"""Indexes of some rows only, for whoever makes tables or compares them.

Their conditions are told to each dialect by itself, and so load the drivers of both: a start need not wait for that.
"""

from sqlalchemy import Index, Table, text

from storage.columns import metadata
from storage.outreach_tables import announcement, board, delivery
from storage.review_tables import allowance
from storage.tables import signature

__all__ = ["metadata"]


def _partial(name: str, where: str, table: Table, *columns: str, unique: bool = False) -> None:
    condition = text(where)
    indexed = [table.c[column] for column in columns]
    Index(name, *indexed, unique=unique, sqlite_where=condition, postgresql_where=condition)


# One account signs a petition once. The account comes first, so that `of` needs no scan over petitions.
_stands = "status IN ('counted', 'held', 'struck')"
_partial("signature_account_once", _stands, signature, "account", "petition", unique=True)
_partial("signature_account_withdrawn", "status = 'withdrawn'", signature, "account")
_partial("signature_held", "status = 'held'", signature, "petition", "day", "form")
_partial("signature_public", "reach = 'everyone' AND status = 'counted'", signature, "petition", "number")
_partial("board_stands", "state = 'stands'", board, "follow", unique=True)
_partial("announcement_unspread", "state = 'ready'", announcement, "id")
_partial("delivery_due", "state IN ('due', 'in_flight')", delivery, "platform", "urgency", "due_at", "id")
# Whether anybody signs and withdraws all day is asked for every batch of signatures.
_partial("allowance_often", "count >= 10", allowance, "until")
