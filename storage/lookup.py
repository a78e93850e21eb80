"""Looking up many keys by a statement of constant shape, so that it is compiled and planned once.

PostgreSQL takes the keys as one array. SQLite has no arrays: its statement has 1, 8, 64 or 512 places, and
places left over repeat the first key.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from msgspec import Struct
from sqlalchemy import ARRAY, Column, ColumnElement, Connection, any_, bindparam
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.sql.expression import ClauseElement

from storage.compiled import compiled
from storage.statements import Statement

SHAPES: Final = (1, 8, 64, 512)


class Keys(Struct, frozen=True):
    """A place for keys in a statement. `places` is None where they come as one array."""

    name: str
    places: int | None

    def match(self, column: Column[Any]) -> ColumnElement[bool]:
        """The column is one of the keys."""
        if self.places is None:
            return column == any_(bindparam(self.name, type_=ARRAY(column.type)))
        places = [bindparam(f"{self.name}.{place}", type_=column.type) for place in range(self.places)]
        return column.in_(places)


class Lookup:
    """A statement with one or more sets of keys, built by `build(places)` for each shape when it is first used."""

    def __init__(self, dialect: Dialect, build: Callable[[Callable[[str], Keys]], ClauseElement]) -> None:
        self._dialect, self._build = dialect, build
        self._shapes: dict[int | None, _Shape] = {}

    def rows(self, connection: Connection, keys: Mapping[str, Sequence[Any]], **values: Any) -> Sequence[Any]:
        """Run it for sets of keys of one length, none of them empty, at most 512; its rows."""
        length = max(map(len, keys.values()))
        arrays = self._dialect.name == "postgresql"
        shape = self._shape(None if arrays else SHAPES[bisect_left(SHAPES, length)])
        return shape.statement.rows_of(connection, shape.values(keys, values))

    def _shape(self, places: int | None) -> "_Shape":
        shape = self._shapes.get(places)
        if shape is None:
            statement = compiled(self._build(_placer(places)), self._dialect)
            shape = self._shapes[places] = _Shape(places, statement)
        return shape


class _Shape:
    """One shape of the statement, and the order in which it takes keys and values."""

    def __init__(self, places: int | None, statement: Statement) -> None:
        self.places = places
        self.statement = statement
        self._order = list(dict.fromkeys(name.partition(".")[0] for name in statement.names))

    def values(self, keys: Mapping[str, Sequence[Any]], values: Mapping[str, Any]) -> list[Any]:
        given: list[Any] = []
        for name in self._order:
            found = keys.get(name)
            if found is None:
                given.append(values[name])
            elif self.places is None:
                given.append(list(found))
            else:
                given += found
                given += [found[0]] * (self.places - len(found))
        return given


def _placer(places: int | None) -> Callable[[str], Keys]:
    return lambda name: Keys(name, places)
