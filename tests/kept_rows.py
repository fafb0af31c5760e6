"""The rows that migrations made, put back after a test that commits.

Django does that row by row through its models, which takes longer than most tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper


class KeptRows:
    """All rows of the database, table by table, as the driver gives and takes them."""

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        quote = connection.ops.quote_name
        self.tables: list[tuple[str, str, Sequence[Any]]] = []
        names = connection.introspection.django_table_names(only_existing=True)
        with connection.cursor() as cursor:
            for name in sorted(names):
                cursor.execute(f"SELECT * FROM {quote(name)}")  # noqa: S608
                rows = cursor.fetchall()
                if not rows:
                    continue
                columns = [column[0] for column in cursor.description]
                places = ", ".join(["%s"] * len(columns))
                into = ", ".join(quote(column) for column in columns)
                insert = f"INSERT INTO {quote(name)} ({into}) VALUES ({places})"  # noqa: S608
                self.tables.append((f"DELETE FROM {quote(name)}", insert, rows))  # noqa: S608

    def put_back(self, connection: BaseDatabaseWrapper) -> None:
        """Write them into their tables, which are empty or as they were.

        Whether they fit together is not asked again: they came from one database, and
        on MariaDB the question takes longer than most tests.

        Args:
            connection: Any connection to the database they came from.
        """
        with (
            transaction.atomic(using=connection.alias),
            connection.constraint_checks_disabled(),
            connection.cursor() as cursor,
        ):
            for delete, insert, rows in self.tables:
                cursor.execute(delete)
                cursor.executemany(insert, rows)
