"""Looking up many keys by a statement of constant shape, so that it is compiled and planned once.

PostgreSQL takes the keys as one array. SQLite has no arrays: its statement has 1, 8, 64 or 512 places, and
places left over repeat the first key.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ARRAY, Column, ColumnElement, Connection, CursorResult, any_, bindparam
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.sql.expression import ClauseElement

from storage.statements import Statement

SHAPES: Final = (1, 8, 64, 512)


@dataclass(frozen=True, slots=True)
class Keys:
    """A place for keys in a statement. `places` is None where they come as one array."""

    name: str
    places: int | None

    def match(self, column: Column[Any]) -> ColumnElement[bool]:
        """The column is one of the keys."""
        if self.places is None:
            return column == any_(bindparam(self.name, type_=ARRAY(column.type)))
        return column.in_(
            [bindparam(f"{self.name}_{place}", type_=column.type) for place in range(self.places)]
        )


class Lookup:
    """A statement with one or more sets of keys, built by `build(places)` for each shape."""

    def __init__(self, dialect: Dialect, build: Callable[[Callable[[str], Keys]], ClauseElement]) -> None:
        shapes = (None,) if dialect.name == "postgresql" else SHAPES
        self._shapes = [(places, Statement(build(_placer(places)), dialect)) for places in shapes]

    def run(self, connection: Connection, keys: dict[str, Sequence[Any]], **values: Any) -> CursorResult[Any]:
        """Run it for sets of keys of one length, none of them empty, at most 512."""
        length = max(map(len, keys.values()))
        places, statement = next(shape for shape in self._shapes if shape[0] is None or shape[0] >= length)
        if places is None:
            return statement.run(connection, **values, **{name: list(found) for name, found in keys.items()})
        for name, found in keys.items():
            padded = [*found, *[found[0]] * (places - len(found))]
            values |= {f"{name}_{place}": key for place, key in enumerate(padded)}
        return statement.run(connection, **values)


def _placer(places: int | None) -> Callable[[str], Keys]:
    return lambda name: Keys(name, places)
