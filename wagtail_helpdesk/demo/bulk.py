"""Inserts very many rows: with COPY on PostgreSQL, elsewhere with ``bulk_create``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db import connections, models, router

#: Rows of one statement; SQLite and MySQL split it further if they must.
BATCH = 2_000

Row = TypeVar("Row", bound=models.Model)


def insert(model: type[Row], rows: list[Row], key: str) -> None:
    """Insert new rows and tell each its id.

    Sends no signals and follows no relation: foreign keys are set by their ids.

    Args:
        model: The model of the rows.
        rows: Not yet saved.
        key: The name of a unique field, to find the ids by where the database does
            not tell them.
    """
    if not rows:
        return
    if _can_copy(model):
        _copy(model, rows)
        return
    manager = model._default_manager
    manager.bulk_create(rows, batch_size=BATCH)
    if rows[0].pk:
        return
    # MySQL tells no ids of a bulk insert.
    ids: dict[Any, int] = {}
    for start in range(0, len(rows), BATCH):
        keys = [getattr(row, key) for row in rows[start : start + BATCH]]
        ids.update(manager.filter(**{f"{key}__in": keys}).values_list(key, "pk"))
    for row in rows:
        row.pk = ids[getattr(row, key)]


def insert_unkeyed(model: type[Row], rows: list[Row]) -> None:
    """Insert new rows whose ids nobody needs."""
    if rows and _can_copy(model):
        _copy(model, rows)
    else:
        model._default_manager.bulk_create(rows, batch_size=BATCH)


def insert_bare(model: type[Row], rows: list[Row]) -> list[int]:
    """Insert rows that are nothing but their id, and return the ids, ascending."""
    manager = model._default_manager
    created = manager.bulk_create(rows, batch_size=BATCH)
    if created and not created[0].pk:
        # MySQL gives the ids of one statement out in a row.
        created = list(manager.order_by("-pk")[: len(rows)])
    return sorted(row.pk for row in created)


def _can_copy(model: type[models.Model]) -> bool:
    connection = connections[router.db_for_write(model)]
    if connection.vendor != "postgresql":
        return False
    from django.db.backends.postgresql.psycopg_any import is_psycopg3

    return bool(is_psycopg3)


def _copy(model: type[models.Model], rows: Iterable[models.Model]) -> None:
    """COPY knows no RETURNING, so the ids are drawn from the sequence before."""
    rows = list(rows)
    connection = connections[router.db_for_write(model)]
    table, fields = model._meta.db_table, model._meta.concrete_fields
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    getters = [_getter(field) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s))"
            " FROM generate_series(1, %s)",
            [quote(table), model._meta.pk.column, len(rows)],
        )
        for row, (pk,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = pk
        # Names of our own models, quoted.
        statement = f"COPY {quote(table)} ({columns}) FROM STDIN"
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row([getter(row) for getter in getters])
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _getter(field: models.Field[Any, Any]) -> Callable[[models.Model], Any]:
    """What reads a field's value as the database driver wants it."""
    name = field.attname
    if isinstance(field, models.JSONField):
        return lambda row: json.dumps(getattr(row, name))
    if getattr(field, "auto_now_add", False):
        return lambda row: field.pre_save(row, add=True)
    return lambda row: getattr(row, name)
