"""Full-text search in the SQL that each database does best, without an ORM.

Words are looked up in an index of their own; no more than 1,000 matches are sorted or
ranked. A word with more matches than that is found quickly by walking the newest
tickets. On SQLite the words are in a contentless FTS5 table with the tickets' ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

#: Matches that are sorted or ranked.
MOST = 1000

_POSTGRES_TABLES = """
CREATE TABLE floor_text (
    ticket_id bigint PRIMARY KEY,
    last_activity_at timestamptz NOT NULL,
    vector tsvector NOT NULL
);
"""
_POSTGRES_INDEXES = """
CREATE INDEX floor_text_vector ON floor_text USING gin (vector) WITH (fastupdate = off);
CREATE INDEX floor_text_newest ON floor_text (last_activity_at DESC, ticket_id DESC);
"""
_SQLITE_TABLES = "CREATE VIRTUAL TABLE floor_text USING fts5(words, content='')"

_POSTGRES_FEW = """
WITH found AS MATERIALIZED (
    SELECT ticket_id, last_activity_at FROM floor_text
    WHERE vector @@ plainto_tsquery('simple', %s) LIMIT %s
)
SELECT ticket_id, (SELECT count(*) FROM found) FROM found
ORDER BY last_activity_at DESC, ticket_id DESC LIMIT %s
"""
_POSTGRES_MANY = """
SELECT ticket_id FROM floor_text WHERE vector @@ plainto_tsquery('simple', %s)
ORDER BY last_activity_at DESC, ticket_id DESC LIMIT %s
"""
_POSTGRES_BEST = """
SELECT ticket_id FROM (
    SELECT ticket_id, vector FROM floor_text
    WHERE vector @@ plainto_tsquery('simple', %s) LIMIT %s
) AS found
ORDER BY ts_rank(vector, plainto_tsquery('simple', %s)) DESC, ticket_id DESC LIMIT %s
"""
_SQLITE_FEW = """
WITH found AS MATERIALIZED (
    SELECT rowid AS ticket_id FROM floor_text WHERE floor_text MATCH %s LIMIT %s
)
SELECT ticket_id, (SELECT count(*) FROM found) FROM found
JOIN floor_listedticket ON id = ticket_id
ORDER BY last_activity_at DESC, id DESC LIMIT %s
"""
_SQLITE_MANY = """
SELECT id FROM floor_listedticket
WHERE id IN (SELECT rowid FROM floor_text WHERE floor_text MATCH %s)
ORDER BY last_activity_at DESC, id DESC LIMIT %s
"""
_SQLITE_BEST = """
SELECT rowid FROM floor_text WHERE floor_text MATCH %s AND rank MATCH 'bm25()'
ORDER BY rank LIMIT %s
"""


def create_tables() -> None:
    """Make the place for the words."""
    is_postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(_POSTGRES_TABLES if is_postgres else _SQLITE_TABLES)


def create_indexes() -> None:
    """Make what is made faster once the rows are in."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(_POSTGRES_INDEXES)


def add(rows: Sequence[tuple[int, datetime, str]]) -> None:
    """Take in tickets.

    Args:
        rows: Id, last activity and all words of each ticket.
    """
    if connection.vendor == "postgresql":
        statement = (
            "INSERT INTO floor_text SELECT id, at, to_tsvector('simple', left(words, "
            "200000)) FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[]) "
            "AS new (id, at, words)"
        )
        columns = [list(column) for column in zip(*rows, strict=True)]
        with connection.cursor() as cursor:
            cursor.execute(statement, columns)
    else:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO floor_text (rowid, words) VALUES (%s, %s)",
                [(pk, words) for pk, _at, words in rows],
            )


def newest(word: str, size: int) -> list[int]:
    """Ids of the tickets with a word, the last active first."""
    is_postgres = connection.vendor == "postgresql"
    few = _POSTGRES_FEW if is_postgres else _SQLITE_FEW
    found = _fetch(few, [word, MOST + 1, size])
    if found and found[0][1] > MOST:
        found = _fetch(_POSTGRES_MANY if is_postgres else _SQLITE_MANY, [word, size])
    return [row[0] for row in found]


def best(word: str, size: int) -> list[int]:
    """Ids of the tickets with a word, the best match first, of at most 1,000."""
    if connection.vendor == "postgresql":
        found = _fetch(_POSTGRES_BEST, [word, MOST, word, size])
    else:
        found = _fetch(_SQLITE_BEST, [word, size])
    return [row[0] for row in found]


def _fetch(statement: str, params: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())
