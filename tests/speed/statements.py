"""Records the statements that a piece of code sends to the database."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.speed.explain import TRAFFIC

_STEERING = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "SET ", "EXPLAIN")
_COUNT = re.compile(r"\bCOUNT\s*\(", re.IGNORECASE)
_WORD = re.compile(r"\(|\)|\bFROM\b|\bLIMIT\b|\bUNION\b", re.IGNORECASE)


@dataclass
class Statements:
    """What was sent, in its order, with the values written into it."""

    sent: list[str] = field(default_factory=list)

    def __iter__(self) -> Iterator[str]:
        return iter(self.sent)

    def __len__(self) -> int:
        return len(self.sent)

    def about(self, tables: frozenset[str] = TRAFFIC) -> list[str]:
        """Those that name one of the tables."""
        return [sql for sql in self.sent if any(f'"{t}"' in sql for t in tables)]


Recorder = Callable[[], "contextmanager[Statements]"]


@contextmanager
def recorded() -> Iterator[Statements]:
    """Record the statements of the block; savepoints and the like are left out."""
    statements = Statements()
    with CaptureQueriesContext(connection) as captured:
        yield statements
    statements.sent += [
        query["sql"]
        for query in captured.captured_queries
        if not query["sql"].upper().startswith(_STEERING)
    ]


def unbounded_counts(sql: str, tables: frozenset[str] = TRAFFIC) -> list[str]:
    """The pieces of a statement that count rows of the tables without an end.

    A bounded count reads from a selection with a LIMIT of its own:
    ``SELECT COUNT(*) FROM (SELECT ... LIMIT 1001)``.
    """
    sql = sql.replace("`", '"')
    found = []
    for match in _COUNT.finditer(sql):
        source = _source(sql, match.end())
        if any(f'"{table}"' in source for table in tables) and not _is_limited(source):
            found.append(sql[match.start() :][:300])
    return found


def _source(sql: str, start: int) -> str:
    """What the selection reads from, whose list of columns ``start`` stands in."""
    depth, begin = 1, None  # inside the bracket of COUNT(
    base = 0
    for word in _WORD.finditer(sql, start):
        token = word.group().upper()
        if token == "(":
            depth += 1
        elif token == ")":
            depth -= 1
            if begin is not None and depth < base:
                return sql[begin : word.start()]
        elif token == "FROM" and depth <= 0 and begin is None:
            base, begin = depth, word.end()
    return sql[begin or start :]


def _is_limited(source: str) -> bool:
    """Whether it is one selection in brackets that has a LIMIT of its own."""
    if not source.lstrip().startswith("("):
        return False
    depth = 0
    for word in _WORD.finditer(source):
        token = word.group().upper()
        depth += {"(": 1, ")": -1}.get(token, 0)
        if depth == 0:
            return False
        if token == "LIMIT" and depth == 1:
            return True
    return False
