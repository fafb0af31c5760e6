"""A database of its own for one trial, filled by the site's migrations."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql


@contextmanager
def fresh_database(name: str) -> Iterator[None]:
    """Create it, set Django up on it, and drop it in the end."""
    os.environ["SCALE_DB"] = name
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.scale.settings"
    place = {
        "host": os.environ.get("PGHOST", "127.0.0.1"),
        "port": os.environ.get("PGPORT", "5432"),
        "user": os.environ.get("PGUSER", "postgres"),
        "password": os.environ.get("PGPASSWORD", ""),
        "dbname": "postgres",
    }

    def run(statement: str) -> None:
        with psycopg.connect(**place, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(name)))

    run("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    run("CREATE DATABASE {}")
    try:
        import django
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        call_command("migrate", verbosity=0)
        yield
        connections.close_all()
    finally:
        run("DROP DATABASE IF EXISTS {} WITH (FORCE)")
