"""Inserts very many rows: with COPY on PostgreSQL, elsewhere with ``bulk_create``.

Rows are plain dicts of column attributes (``contact_id``, not ``contact``): making a
million model instances takes longer than storing them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.db import connections, models, router

#: Rows of one statement; SQLite and MySQL split it further if they must.
BATCH = 2_000

Row = dict[str, Any]


def insert(model: type[models.Model], rows: list[Row], key: str) -> None:
    """Insert new rows and write each row's ``id`` into it.

    Sends no signals. What a row does not have gets the field's default.

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
    objects = _create(model, rows)
    if objects[0].pk:
        for row, instance in zip(rows, objects, strict=True):
            row["id"] = instance.pk
        return
    # MySQL tells no ids of a bulk insert.
    ids: dict[Any, int] = {}
    for start in range(0, len(rows), BATCH):
        keys = [row[key] for row in rows[start : start + BATCH]]
        found = model._default_manager.filter(**{f"{key}__in": keys})
        ids.update(found.values_list(key, "pk"))
    for row in rows:
        row["id"] = ids[row[key]]


def insert_unkeyed(model: type[models.Model], rows: list[Row]) -> None:
    """Insert new rows whose ids nobody needs."""
    if rows and _can_copy(model):
        _copy(model, rows)
    else:
        _create(model, rows)


def insert_bare(model: type[models.Model], count: int) -> list[int]:
    """Insert rows that are nothing but their id, and return the ids, ascending."""
    created = _create(model, [{} for _ in range(count)])
    if created and not created[0].pk:
        # MySQL gives the ids of one statement out in a row.
        created = list(model._default_manager.order_by("-pk")[:count])
    return sorted(instance.pk for instance in created)


def _create(model: type[models.Model], rows: list[Row]) -> list[models.Model]:
    objects = [model(**row) for row in rows]
    return list(model._default_manager.bulk_create(objects, batch_size=BATCH))


def _can_copy(model: type[models.Model]) -> bool:
    connection = connections[router.db_for_write(model)]
    if connection.vendor != "postgresql":
        return False
    from django.db.backends.postgresql.psycopg_any import is_psycopg3

    return bool(is_psycopg3)


def _copy(model: type[models.Model], rows: list[Row]) -> None:
    """COPY knows no RETURNING, so the ids are drawn from the sequence before."""
    connection = connections[router.db_for_write(model)]
    table, fields = model._meta.db_table, model._meta.concrete_fields
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    getters = [_getter(field) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id'))"
            " FROM generate_series(1, %s)",
            [quote(table), len(rows)],
        )
        for row, (pk,) in zip(rows, cursor.fetchall(), strict=True):
            row["id"] = pk
        # Names of our own models, quoted.
        with cursor.copy(f"COPY {quote(table)} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row([getter(row) for getter in getters])


def _getter(field: models.Field[Any, Any]) -> Callable[[Row], Any]:
    """What reads a column of a row as the database driver wants it."""
    name, default = field.attname, field.get_default()
    if isinstance(field, models.JSONField):
        empty = json.dumps(default)
        return lambda row: json.dumps(row[name]) if name in row else empty
    return lambda row: row.get(name, default)
