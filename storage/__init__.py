"""Tables, the signature intake, the repositories, the vault and the migrations.

Importing this package is cheap; SQLAlchemy is loaded when one of its two names is first used, so that
`undersigned --help` need not wait for it.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from storage.maintenance import SqlMaintenance
    from storage.opening import open_storage

__all__ = ["SqlMaintenance", "open_storage"]


def __getattr__(name: str) -> Any:
    from importlib import import_module  # noqa: PLC0415  # see above

    homes = {"SqlMaintenance": "storage.maintenance", "open_storage": "storage.opening"}
    if name not in homes:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(homes[name]), name)
