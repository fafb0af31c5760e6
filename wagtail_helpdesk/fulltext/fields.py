"""The column that holds words, how rows are found by it, and its index."""

# ruff: noqa: S608  (only names of our own tables)

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.operations.base import Operation
from django.db.models import F, Func, Lookup, QuerySet
from django.db.models.expressions import Subquery

from wagtail_helpdesk.fulltext import mysql, postgresql, sqlite
from wagtail_helpdesk.fulltext.words import Phrase

_DATABASES: dict[str, ModuleType] = {
    "mysql": mysql,
    "postgresql": postgresql,
    "sqlite": sqlite,
}


def database(connection: BaseDatabaseWrapper) -> ModuleType:
    """How the database behind a connection does full text.

    Raises:
        NotImplementedError: It is none of the three.
    """
    try:
        return _DATABASES[connection.vendor]
    except KeyError:
        raise NotImplementedError(
            f"Tickets cannot be searched on {connection.display_name}: "
            "use PostgreSQL, MariaDB, MySQL or SQLite."
        ) from None


class WordsField(models.TextField):
    """Words as the database stores them: what ``database(…).stored()`` has made."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str | None:
        if connection.vendor == "postgresql":
            return "tsvector"
        return super().db_type(connection)

    def get_placeholder(
        self, value: Any, compiler: Any, connection: BaseDatabaseWrapper
    ) -> str:
        """PostgreSQL has to be told what the text is."""
        return "%s::tsvector" if connection.vendor == "postgresql" else "%s"


@WordsField.register_lookup
class Matches(Lookup):
    """``words__matches=phrases``: rows that have all of the phrases."""

    lookup_name = "matches"
    prepare_rhs = False

    def _parts(self, compiler: Any, connection: Any) -> tuple[str, list[Any], str]:
        lhs, params = self.process_lhs(compiler, connection)
        return lhs, list(params), database(connection).query(self.rhs)

    def get_db_prep_lookup(self, value: Any, connection: Any) -> Any:
        return "%s", [value]

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        raise NotImplementedError(database(connection))

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        lhs, params, query = self._parts(compiler, connection)
        return f"{lhs} @@ %s::tsquery", [*params, query]

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        query = database(connection).query(self.rhs)
        alias, fts = _names(self.lhs, connection)
        return (
            f"{alias}.id IN (SELECT rowid FROM {fts} WHERE {fts} MATCH %s)",
            [query],
        )

    def as_mysql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        lhs, params, query = self._parts(compiler, connection)
        return f"MATCH({lhs}) AGAINST (%s IN BOOLEAN MODE)", [*params, query]


def _names(column: Any, connection: Any) -> tuple[str, str]:
    """The alias of a column's table, and the FTS5 table that belongs to it."""
    table = column.target.model._meta.db_table
    quote = connection.ops.quote_name
    return quote(column.alias), quote(sqlite.table_of_words(table))


class Rank(Func):
    """How well the words of a row fit, as a whole number; more is better.

    Args:
        field: The name of the column.
        phrases: What is searched for.
    """

    output_field = models.BigIntegerField()

    def __init__(self, field: str, phrases: Sequence[Phrase] = ()) -> None:
        self.phrases = tuple(phrases)
        super().__init__(F(field))

    @property
    def identity(self) -> Any:
        return (*super().identity, self.phrases)

    def _rank(self, compiler: Any, connection: Any, shape: str) -> Any:
        lhs, params = compiler.compile(self.source_expressions[0])
        query = database(connection).query(self.phrases)
        return shape % {"lhs": lhs, "query": "%s"}, [*params, query]

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        shape = "(ts_rank(%(lhs)s, %(query)s::tsquery, 1) * 1000000)::bigint"
        return self._rank(compiler, connection, shape)

    def as_mysql(self, compiler: Any, connection: Any) -> Any:
        shape = (
            "CAST(MATCH(%(lhs)s) AGAINST (%(query)s IN BOOLEAN MODE) * 1000000"
            " AS SIGNED)"
        )
        return self._rank(compiler, connection, shape)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        alias, fts = _names(self.source_expressions[0], connection)
        query = database(connection).query(self.phrases)
        return (
            f"COALESCE((SELECT CAST(-bm25({fts}) * 1000000 AS INTEGER) FROM {fts} "
            f"WHERE {fts} MATCH %s AND rowid = {alias}.id), 0)",
            [query],
        )


class Appended(Func):
    """The words of a column with more behind them.

    Args:
        field: The name of the column.
        words: What ``database(…).stored()`` has made.
    """

    output_field = WordsField()

    def __init__(self, field: str, words: str) -> None:
        self.words = words
        super().__init__(F(field))

    @property
    def identity(self) -> Any:
        return (*super().identity, self.words)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        lhs, params = compiler.compile(self.source_expressions[0])
        return f"{lhs} || ' ' || %s", [*params, self.words]

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        lhs, params = compiler.compile(self.source_expressions[0])
        return f"{lhs} || %s::tsvector", [*params, self.words]

    def as_mysql(self, compiler: Any, connection: Any) -> Any:
        lhs, params = compiler.compile(self.source_expressions[0])
        return f"CONCAT({lhs}, ' ', %s)", [*params, self.words]


class OneOf(Func):
    """Whether a key is one that a query gives, where the query has to run first.

    PostgreSQL would otherwise weigh the query against the rest of the statement, and
    knows too little about words to choose well.

    Args:
        field: The name of the key.
        keys: A queryset of one column.
    """

    output_field = models.BooleanField()

    def __init__(self, field: str, keys: QuerySet[Any]) -> None:
        super().__init__(F(field), Subquery(keys))

    def as_sql(  # type: ignore[override]
        self, compiler: Any, connection: Any, **context: Any
    ) -> Any:
        key, key_params = compiler.compile(self.source_expressions[0])
        # Raises EmptyResultSet where the query can have no rows, as a lookup does.
        keys, params = compiler.compile(self.source_expressions[1])
        return f"{key} = ANY(ARRAY{keys})", [*key_params, *params]


class IndexWords(Operation):
    """Migration operation: what each database needs to find rows by their words.

    Args:
        model_name: The model, made by an operation before this one.
        field_name: Its ``WordsField``.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, model_name: str, field_name: str) -> None:
        self.model_name = model_name
        self.field_name = field_name

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return (
            "IndexWords",
            [],
            {"model_name": self.model_name, "field_name": self.field_name},
        )

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Models know nothing of it."""

    def _run(self, verb: str, app_label: str, schema_editor: Any, state: Any) -> None:
        model = state.apps.get_model(app_label, self.model_name)
        connection = schema_editor.connection
        if not self.allow_migrate_model(connection.alias, model):
            return
        column = model._meta.get_field(self.field_name).column
        make = getattr(database(connection), verb)
        for statement in make(connection, model._meta.db_table, column):
            schema_editor.execute(statement, params=None)

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        self._run("create", app_label, schema_editor, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        self._run("drop", app_label, schema_editor, from_state)

    def describe(self) -> str:
        return f"Index the words of {self.model_name}.{self.field_name}"
