"""Querysets that are put together once and asked often, with other values each time.

Django takes longer over the SQL of a large condition than PostgreSQL over its rows. A
page that everyone opens has the same few statements for everyone: only the values in
them differ. ``ask`` builds and compiles such a queryset once for each database
connection, with stand-ins for the values, and puts the values in their place later.

A stand-in is a value that no row has. Should one ever stay in a statement, it finds
nothing; it cannot show the rows of somebody else.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import IntegerField, QuerySet
from django.db.models.expressions import RawSQL

_Build = Callable[[Mapping[str, Any]], "QuerySet[Any]"]

#: Statements that one connection keeps; the shapes of a page are far fewer.
MOST = 200
_KEPT = "_helpdesk_prepared"
# Fits the narrowest primary key, an integer of 32 bits.
_INTEGER = 2_147_400_000
_MOMENT = datetime(1234, 5, 6, 7, 8, 9, 123456, tzinfo=UTC)


class _Prepared:
    """A queryset with its statement, and where in it which value goes."""

    def __init__(
        self, queryset: QuerySet[Any], stand_ins: Mapping[str, Any], using: str
    ) -> None:
        """Compile the queryset.

        Raises:
            LookupError: A stand-in does not come through as it is.
            EmptyResultSet: The condition holds for no row.
        """
        self._queryset = queryset
        self._compiler = queryset.query.get_compiler(using=using)
        self._sql, params = self._compiler.as_sql()
        self._params = list(params)
        self._places: list[tuple[int, str]] = []
        for name, stand_in in stand_ins.items():
            adapted = self._adapted(stand_in)
            places = [
                place
                for place, value in enumerate(self._params)
                if type(value) is not bool and value in (stand_in, adapted)
            ]
            mentions = sum(str(stand_in) in str(value) for value in self._params)
            if not places or mentions > len(places) or str(stand_in) in self._sql:
                raise LookupError(name)
            self._places += [(place, name) for place in places]
        taken = {place for place, _name in self._places}
        for place, value in enumerate(self._params):
            # The time of day is another one the next time.
            if isinstance(value, datetime) and place not in taken:
                raise LookupError(value)

    def _adapted(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return self._compiler.connection.ops.adapt_datetimefield_value(value)
        return value

    def ask(self, values: Mapping[str, Any]) -> list[Any]:
        """The rows for these values."""
        params = list(self._params)
        for place, name in self._places:
            params[place] = self._adapted(values[name])
        queryset = self._queryset._chain()  # type: ignore[attr-defined]
        compiler = self._compiler
        # Running a query asks its compiler for the statement; this one knows it.
        compiler.as_sql = lambda *_args, **_kwargs: (self._sql, tuple(params))
        queryset.query.get_compiler = lambda *_args, **_kwargs: compiler
        return list(queryset)


def ask(
    key: Hashable | None, values: Mapping[str, Any], build: _Build, *, using: str
) -> list[Any]:
    """The rows of a queryset whose statement is kept for the next time.

    Args:
        key: Names the queryset and all about it that is not among ``values``, such as
            its order: with the same key, ``build`` makes the same queryset. ``None``:
            it is another one each time, and is not kept.
        values: Integers, texts and aware datetimes that the queryset compares with.
        build: Makes the queryset from values of the same names. It takes them from its
            argument alone: they may be stand-ins.
        using: The alias of the database.

    Returns:
        What ``list(build(values))`` is.
    """
    stand_ins = None if key is None else _stand_ins(values)
    if stand_ins is None:
        return _ask_once(values, build, using)
    connection: Any = connections[using]
    kept: dict[Hashable, _Prepared | None] = connection.__dict__.setdefault(_KEPT, {})
    whole_key = (key, tuple(type(value) for value in values.values()))
    if whole_key not in kept:
        if len(kept) >= MOST:
            kept.clear()
        try:
            kept[whole_key] = _Prepared(build(stand_ins).using(using), stand_ins, using)
        except (LookupError, EmptyResultSet):
            kept[whole_key] = None
    prepared = kept[whole_key]
    return _ask_once(values, build, using) if prepared is None else prepared.ask(values)


def _ask_once(values: Mapping[str, Any], build: _Build, using: str) -> list[Any]:
    try:
        return list(build(values).using(using))
    except EmptyResultSet:  # One of the parts that ``union_of_keys`` compiles.
        return []


def union_of_keys(querysets: Sequence[QuerySet[Any]], *, limit: int = 0) -> RawSQL:
    """The keys that any of these querysets gives, each with its own order and limit.

    Django's ``union`` takes no limited parts on SQLite, and MariaDB none within ``IN``.

    Args:
        querysets: Querysets of one column, the primary key.
        limit: How many keys at most; 0: all.

    Returns:
        An expression for ``pk__in``.
    """
    parts, params = [], []
    for number, queryset in enumerate(querysets):
        # By the name of its column in the result, which is the key's own.
        sql, values = queryset.query.get_compiler(queryset.db).as_sql()
        parts.append(f"SELECT * FROM ({sql}) part_{number}")  # noqa: S608  (made by the ORM, values apart)
        params += values
    union = " UNION ".join(parts)
    if limit:
        union = f"{union} LIMIT {limit:d}"
    return RawSQL(union, params)  # noqa: S611


def count_of_keys(querysets: Sequence[QuerySet[Any]], *, limit: int) -> RawSQL:
    """How many different keys these querysets give, counted no further than a limit.

    Args:
        querysets: As for ``union_of_keys``; none needs more rows than the limit.
        limit: Where counting stops.
    """
    keys = union_of_keys(querysets, limit=limit)
    sql = f"SELECT COUNT(*) FROM ({keys.sql}) counted"  # noqa: S608
    return RawSQL(sql, keys.params, output_field=IntegerField())  # noqa: S611


def _stand_ins(values: Mapping[str, Any]) -> dict[str, Any] | None:
    """A value of the same type for each, or ``None`` if one is of another type."""
    found: dict[str, Any] = {}
    for number, (name, value) in enumerate(values.items()):
        if type(value) is int:
            found[name] = _INTEGER + number
        elif type(value) is str:
            found[name] = f"helpdesk~stand-in~{number}~"
        elif type(value) is datetime and value.tzinfo is not None:
            found[name] = _MOMENT + timedelta(days=number)
        else:
            return None
    return found
