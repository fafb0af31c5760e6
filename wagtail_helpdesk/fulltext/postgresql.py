"""PostgreSQL: a ``tsvector`` with a GIN index.

Words come folded, so the vector is written out rather than parsed: no configuration, no
dictionary and no extension is needed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet

from wagtail_helpdesk.fulltext.words import SEAM, Phrase

#: PostgreSQL keeps no more positions of one word.
_MOST_POSITIONS = 200


def stored(words: Sequence[str], heavy: int = 0) -> str:
    """Words as a ``tsvector`` literal.

    Args:
        words: Folded words; they hold letters, digits and underscores only.
        heavy: How many of the first ones count more when matches are ranked.
    """
    places: dict[str, list[str]] = {}
    for position, word in enumerate(words, start=1):
        if word != SEAM:
            place = f"{position}A" if position <= heavy else str(position)
            places.setdefault(word, []).append(place)
    return " ".join(
        f"'{word}':{','.join(positions[:_MOST_POSITIONS])}"
        for word, positions in places.items()
    )


def query(phrases: Sequence[Phrase]) -> str:
    """All of the phrases as a ``tsquery`` literal."""
    return " & ".join(
        "("
        + " <-> ".join(f"'{word}'" for word in phrase.words)
        + (":*" if phrase.is_prefix else "")
        + ")"
        for phrase in phrases
    )


def estimate(queryset: QuerySet[Any]) -> int:
    """How many rows the planner expects, without reading one of them."""
    sql, params = queryset.order_by().values("pk").query.sql_with_params()
    with connections[queryset.db].cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        (plan,) = cursor.fetchone()
    plan = json.loads(plan) if isinstance(plan, str) else plan
    return int(plan[0]["Plan"]["Plan Rows"])


def create(connection: BaseDatabaseWrapper, table: str, column: str) -> list[str]:
    """Statements that make the index.

    One for each audience, so that a change for one leaves the other alone. The pending
    list is short: searches read it from end to end, and writers have to empty it.
    """
    quote = connection.ops.quote_name
    return [
        f"CREATE INDEX {name} ON {quote(table)} USING gin ({quote(column)}) "
        f"WITH (gin_pending_list_limit = 256) WHERE audience = {audience} AND scope = 0"
        for name, audience in (
            ("helpdesk_text_public", 1),
            ("helpdesk_text_agents", 2),
        )
    ]


def drop(connection: BaseDatabaseWrapper, table: str, column: str) -> list[str]:
    """Statements that undo ``create``."""
    return [
        f"DROP INDEX IF EXISTS {name}"
        for name in ("helpdesk_text_public", "helpdesk_text_agents")
    ]
