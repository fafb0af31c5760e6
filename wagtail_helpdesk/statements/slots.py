"""Queries with slots: put together by the ORM once, and then only filled in.

Putting a query together takes the ORM longer than the database takes to answer it. What
every page and every poll asks again with other values is kept here as a text, for each
connection; the values stay apart from it. ``querysets`` does this for whole querysets;
here are the pieces for texts that are made of several.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Expression, Field, QuerySet

#: Most shapes that one connection keeps.
_MOST_KEPT = 500
_KEPT = "_helpdesk_kept_queries"


class Slot(Expression):
    """A place for a value in a query, or for a list of values with ``count``.

    Args:
        name: Names the value; see ``KeptQuery.rows``.
        output_field: What the value is.
        count: The place of so many values, for ``in``; their number is part of the
            query's shape.
    """

    def __init__(
        self, name: str, output_field: Field[Any, Any], count: int = 0
    ) -> None:
        super().__init__(output_field=output_field)
        self.name, self.count = name, count

    @property
    def identity(self) -> Any:
        return (type(self), self.name, self.count)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """Placeholders, and in place of the values where they come from."""
        field = self.output_field
        if not self.count:
            return "%s", [_Place(self.name, None, field)]
        places = [_Place(self.name, number, field) for number in range(self.count)]
        return f"({', '.join(['%s'] * self.count)})", places


class Verbatim(Expression):
    """Another query inside a query, as ``compiled`` gave it.

    Args:
        sql: The text, made by the ORM.
        params: Its values and places.
        output_field: What it gives.
    """

    def __init__(
        self, sql: str, params: Iterable[Any], output_field: Field[Any, Any]
    ) -> None:
        super().__init__(output_field=output_field)
        self.sql, self.params = sql, tuple(params)

    @property
    def identity(self) -> Any:
        return (type(self), self.sql, self.params)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """The text in brackets."""
        return f"({self.sql})", list(self.params)


class _Place:
    """Stands among a query's values for one that comes later."""

    __slots__ = ("field", "name", "number")

    def __init__(self, name: str, number: int | None, field: Field[Any, Any]) -> None:
        self.name, self.number, self.field = name, number, field

    def value(self, values: Mapping[str, Any], connection: Any) -> Any:
        """What goes here, as the database's driver takes it."""
        value = values[self.name]
        if self.number is not None:
            value = value[self.number]
        return self.field.get_db_prep_value(value, connection)


class KeptQuery:
    """A query of rows, ready to be filled in.

    Args:
        using: The alias of the database.
        sql: The text; see ``compiled``.
        params: Its values and places.
        names: What the columns are called in the rows.
        like: A query with the same columns, which knows how to read them; ``None``:
            they are numbers.
    """

    def __init__(
        self,
        using: str,
        sql: str,
        params: Iterable[Any],
        names: Iterable[str],
        like: QuerySet[Any, Any] | None = None,
    ) -> None:
        self._connection = connections[using]
        self.sql, self.params = sql, tuple(params)
        self._row = _row_type(tuple(names))
        self._converters: Any = {}
        if like is not None:
            self._compiler = like.query.get_compiler(using)
            self._compiler.as_sql()
            columns = [column[0] for column in self._compiler.select]
            self._converters = self._compiler.get_converters(columns)

    @classmethod
    def of(cls, queryset: QuerySet[Any, Any], names: Sequence[str]) -> KeptQuery | None:
        """The query of one queryset; ``None`` if it is clear that it finds nothing.

        Args:
            queryset: Any rows; they may have a ``Slot`` in the place of a value.
            names: The fields to read, which name the columns.
        """
        queryset = queryset.values_list(*names)
        text = compiled(queryset)
        return None if text is None else cls(queryset.db, *text, names, queryset)

    def rows(self, values: Mapping[str, Any]) -> list[Any]:
        """The rows as named tuples.

        Args:
            values: The value of each ``Slot``, by name.
        """
        connection = self._connection
        params = [
            param.value(values, connection) if isinstance(param, _Place) else param
            for param in self.params
        ]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            found: Any = cursor.fetchall()
        if self._converters:
            found = self._compiler.apply_converters(found, self._converters)
        return list(map(self._row._make, found))


def compiled(queryset: QuerySet[Any, Any]) -> tuple[str, list[Any]] | None:
    """A query as text and values; ``None`` if it is clear that it finds nothing."""
    try:
        sql, params = queryset.query.get_compiler(queryset.db).as_sql()
    except EmptyResultSet:
        return None
    return sql, list(params)


def kept_query(
    using: str, key: tuple[Any, ...] | None, build: Callable[[], KeptQuery | None]
) -> KeptQuery | None:
    """The query of this shape: the one that is there, or a new one.

    Args:
        using: The alias of the database.
        key: Whatever the shape depends on; ``None``: it is not worth keeping.
        build: Makes it.
    """
    if key is None:
        return build()
    connection: Any = connections[using]
    kept: dict[Any, KeptQuery | None] = connection.__dict__.setdefault(_KEPT, {})
    if key not in kept:
        if len(kept) >= _MOST_KEPT:
            kept.clear()
        kept[key] = build()
    return kept[key]


@lru_cache(maxsize=100)
def _row_type(names: tuple[str, ...]) -> Any:
    return namedtuple("Row", names)
