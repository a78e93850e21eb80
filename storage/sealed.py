"""Every column that holds ciphertext, and what each value is bound to: what a key rotation has to encrypt anew.

A test compares this with the tables, so that no new column is forgotten.
"""

from collections.abc import Callable
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import Column, Row, Table

from storage.people import FIELD as NOTICE_ADDRESS
from storage.people import address_row
from storage.tables import action, board, community, draft, notice, organiser, post, removal, signature


class Sealed(Struct, frozen=True):
    """A column, bound as in `Vault.seal`. `row_of` reads columns of the primary key, and those that it `needs`."""

    column: Column[Any]
    field: str
    row_of: Callable[[Row[Any]], str]
    needs: tuple[Column[Any], ...] = ()


def _of(column: Column[Any], row_of: Callable[[Row[Any]], str], *needs: Column[Any]) -> Sealed:
    return Sealed(column, f"{column.table.name}.{column.name}", row_of, needs)


_form: Final[Callable[[Row[Any]], str]] = lambda row: str(row.form)  # noqa: E731  one line, three uses
_account: Final[Callable[[Row[Any]], str]] = lambda row: row.account.hex()  # noqa: E731  the same

SEALED: Final[dict[Table, tuple[Sealed, ...]]] = {
    signature: (_of(signature.c.identity, _form), _of(signature.c.context, _form)),
    community: (_of(community.c.details, lambda row: row.place.hex(), community.c.place),),
    board: (_of(board.c.reference, lambda row: str(row.follow), board.c.follow),),
    post: (_of(post.c.reference, lambda row: f"{row.community}|{row.petition}"),),
    draft: (_of(draft.c.answers, lambda row: f"{row.form}|{row.owner.hex()}"),),
    notice: (Sealed(notice.c.address, NOTICE_ADDRESS, lambda row: address_row(row.petition, row.owner)),),
    removal: (_of(removal.c.reference, lambda row: str(row.id)),),
    action: (_of(action.c.reason, lambda row: str(row.token), action.c.token),),
    organiser: (_of(organiser.c.address, _account), _of(organiser.c.recipient, _account)),
}
HASHES: Final = frozenset(
    {
        *(
            "signature.account",
            "signature.code",
            "community.place",
            "draft.owner",
            "notice.owner",
            "claim.code",
        ),
        *(
            "organiser.account",
            "delivery.owner",
            "announcement.spread_owner",
            "removal.owner",
            "allowance.who",
        ),
    }
)
"""Columns of bytes that are keyed hashes: under the pepper, which is never rotated."""
