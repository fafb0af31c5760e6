"""SQLite: an FTS5 table over the words, kept in step by triggers.

Triggers, so that rows that go in a cascade take their words along. A migration that
makes SQLite rebuild the table has to run ``drop`` before and ``create`` after.
"""

# ruff: noqa: S608  (only names of our own tables)

from __future__ import annotations

from collections.abc import Sequence

from django.db.backends.base.base import BaseDatabaseWrapper

from wagtail_helpdesk.fulltext.words import Phrase

_TOKENS = "unicode61 remove_diacritics 0 tokenchars '_'"


def stored(words: Sequence[str], heavy: int = 0) -> str:
    """Words as a text; FTS5 cuts it at the spaces."""
    return " ".join(words)


def query(phrases: Sequence[Phrase]) -> str:
    """All of the phrases in the language of FTS5."""
    return " AND ".join(
        f'"{" ".join(phrase.words)}"' + (" *" if phrase.is_prefix else "")
        for phrase in phrases
    )


def table_of_words(table: str) -> str:
    """The name of the FTS5 table that belongs to a table."""
    return f"{table}_fts"


def create(connection: BaseDatabaseWrapper, table: str, column: str) -> list[str]:
    """Statements that make the FTS5 table, its triggers and its content."""
    quote = connection.ops.quote_name
    own, col = quote(table), quote(column)
    fts = quote(table_of_words(table))
    forget = (
        f"INSERT INTO {fts}({fts}, rowid, {col}) VALUES ('delete', old.id, old.{col});"
    )
    learn = f"INSERT INTO {fts}(rowid, {col}) VALUES (new.id, new.{col});"
    return [
        f"CREATE VIRTUAL TABLE {fts} USING fts5({col}, content={own}, "
        f"content_rowid='id', tokenize=\"{_TOKENS}\")",
        f"CREATE TRIGGER {quote(table + '_learn')} AFTER INSERT ON {own} "
        f"BEGIN {learn} END",
        f"CREATE TRIGGER {quote(table + '_forget')} AFTER DELETE ON {own} "
        f"BEGIN {forget} END",
        f"CREATE TRIGGER {quote(table + '_change')} AFTER UPDATE OF {col} ON {own} "
        f"BEGIN {forget} {learn} END",
        f"INSERT INTO {fts}({fts}) VALUES ('rebuild')",
    ]


def drop(connection: BaseDatabaseWrapper, table: str, column: str) -> list[str]:
    """Statements that undo ``create``."""
    quote = connection.ops.quote_name
    return [
        *(
            f"DROP TRIGGER IF EXISTS {quote(f'{table}_{name}')}"
            for name in ("learn", "forget", "change")
        ),
        f"DROP TABLE IF EXISTS {quote(table_of_words(table))}",
    ]
