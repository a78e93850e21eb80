"""Where persons who asked to be told can be written to."""

from typing import Any, Final

from sqlalchemy import Row

from storage.vault import Vault

FIELD: Final = "notice.address"


def address_row(petition_id: int, owner: bytes) -> str:
    """What an address is bound to."""
    return f"{petition_id}|{owner.hex()}"


def address_of(vault: Vault, row: Row[Any]) -> tuple[str, str]:
    """Account and locale in a row of `notice`."""
    account, locale = vault.open(FIELD, address_row(row.petition, row.owner), row.address)
    return str(account), str(locale)
