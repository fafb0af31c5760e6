"""Writes very many rows into the tables of a Django project, as fast as it takes them.

Works for any project: models come as an argument. PostgreSQL gets COPY, SQLite
``executemany``. Rows bring their own ids, so that the same data has the same ids.
"""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models, transaction


class Sink:
    """A table that is being filled.

    What a row does not have gets the field's default, which must not be random.

    Args:
        model: Whose table.
        names: The attributes (``contact_id``, not ``contact``) that rows have; empty:
            all of them.
        own_id: Off where nobody needs the ids: the database gives them.
        first_id: What ``next_id`` begins with.
    """

    def __init__(
        self,
        model: type[models.Model],
        names: Sequence[str] = (),
        *,
        own_id: bool = True,
        first_id: int = 1,
    ) -> None:
        self.model = model
        self._first_id = first_id
        self.count = 0
        fields = [
            field
            for field in model._meta.concrete_fields
            if own_id or not field.primary_key
        ]
        self._fields = fields
        self._given = frozenset(names or (field.attname for field in fields))
        unknown = self._given - {field.attname for field in fields}
        if unknown:
            raise ValueError(f"{model.__name__} has no {sorted(unknown)}")
        self._rows: list[tuple[Any, ...]] = []
        self._getters = [self._getter(field) for field in fields]
        self._instance = operator.attrgetter(*(field.attname for field in fields))

    def _getter(
        self, field: models.Field[Any, Any]
    ) -> Callable[[Mapping[str, Any]], Any]:
        name, default = field.attname, field.get_default()
        if connection.vendor != "postgresql":
            prepare = field.get_db_prep_save
            return lambda row: prepare(row.get(name, default), connection)
        if isinstance(field, models.JSONField):
            empty = json.dumps(default)
            return lambda row: json.dumps(row[name]) if name in row else empty
        return lambda row: row.get(name, default)

    @property
    def next_id(self) -> int:
        """The id for the next row."""
        return self._first_id + self.count + len(self._rows)

    def add(self, row: Mapping[str, Any]) -> None:
        """Take one row; it is written with the next ``flush``."""
        self._rows.append(tuple([getter(row) for getter in self._getters]))

    def add_instance(self, instance: models.Model) -> None:
        """Take an unsaved instance with all its fields."""
        names = [field.attname for field in self._fields]
        self.add(dict(zip(names, self._instance(instance), strict=True)))

    def add_all(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Take many rows and write them now and then."""
        for row in rows:
            self.add(row)
            if len(self._rows) >= 20_000:
                self.flush()
        self.flush()

    def flush(self) -> None:
        """Write what has been taken."""
        rows, self._rows = self._rows, []
        if not rows:
            return
        self.count += len(rows)
        quote = connection.ops.quote_name
        table = quote(self.model._meta.db_table)
        columns = ", ".join(quote(str(field.column)) for field in self._fields)
        with connection.cursor() as cursor:
            # Names of the project's own tables, quoted.
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
                return
            marks = ", ".join(["%s"] * len(self._fields))
            statement = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608
            cursor.executemany(statement, rows)


@contextmanager
def bulk_loading(tables: Sequence[type[models.Model]]) -> Iterator[None]:
    """Load the tables without their indexes and without foreign key checks.

    Afterwards the indexes are there again and sequences go on behind the last id. The
    rows must be right: nobody checks them. Other databases than PostgreSQL and SQLite
    are loaded as they are.

    Args:
        tables: The models whose tables are filled, large ones above all.
    """
    names = [model._meta.db_table for model in tables]
    for model in tables:
        for field in model._meta.many_to_many:
            through: Any = field.remote_field.through
            if through._meta.auto_created:
                names.append(through._meta.db_table)
    restore = _unguard(names)
    with transaction.atomic():
        yield
    with connection.cursor() as cursor:
        for statement in restore:
            cursor.execute(statement)
        for statement in connection.ops.sequence_reset_sql(no_style(), tables):
            cursor.execute(statement)


def _unguard(tables: Sequence[str]) -> list[str]:
    """Take indexes away and checks off; returns what brings them back."""
    restore: list[str] = []
    if connection.vendor not in ("postgresql", "sqlite"):
        return restore
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            if not connection.in_atomic_block:
                cursor.execute("PRAGMA foreign_keys = OFF")
                cursor.execute("PRAGMA synchronous = OFF")
                restore += ["PRAGMA foreign_keys = ON", "PRAGMA synchronous = NORMAL"]
            found = cursor.execute(
                "SELECT name, tbl_name, sql FROM sqlite_master"
                " WHERE type = 'index' AND sql IS NOT NULL"
            ).fetchall()
            for name, table, sql in found:
                if table in tables:
                    cursor.execute(f'DROP INDEX "{name}"')
                    restore.append(sql)
            return restore
        # What waits for the end of a transaction would be in the way.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET maintenance_work_mem = '512MB'")
        cursor.execute("SET synchronous_commit = off")
        cursor.execute(
            "SELECT conrelid::regclass::text, quote_ident(conname),"
            " pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'u' AND conrelid = ANY(%s::regclass[])",
            [list(tables)],
        )
        for table, name, definition in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
            restore.append(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)"
            " FROM pg_index WHERE NOT indisprimary"
            " AND indrelid = ANY(%s::regclass[])",
            [list(tables)],
        )
        for name, definition in cursor.fetchall():
            cursor.execute(f"DROP INDEX {name}")
            restore.append(definition)
        return [
            *restore,
            "SET session_replication_role = DEFAULT",
            "SET synchronous_commit = DEFAULT",
        ]


def settle() -> None:
    """Leave the database as after a quiet night: statistics, visibility, no WAL."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("CHECKPOINT")
        else:
            cursor.execute("ANALYZE")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
