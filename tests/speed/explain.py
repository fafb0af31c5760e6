"""What PostgreSQL does for a statement, as a tree that tests can ask.

A plan knows no milliseconds here: which index, how many rows were read and sorted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import QuerySet

#: The tables that grow with the traffic: one row a ticket, and many rows a ticket.
TRAFFIC = frozenset(
    f"wagtail_helpdesk_{name}"
    for name in (
        *("ticket", "tickettext", "conversation", "message"),
        *("event", "delivery", "attachment", "receipt"),
    )
)


@dataclass(frozen=True)
class Node:
    """One step of a plan.

    Attributes:
        kind: Such as ``Seq Scan``, ``Index Scan``, ``Bitmap Heap Scan``, ``Sort``.
        table: The table that it reads, or empty.
        index: The index that it reads, or empty.
        rows: How many rows came out of it in all: counted when the statement was run,
            else as the planner expects.
        dropped: How many more it read and threw away because of a filter.
        children: The steps it takes its rows from.
    """

    kind: str
    table: str
    index: str
    rows: int
    dropped: int
    children: tuple[Node, ...] = field(repr=False)

    def walk(self) -> Iterator[Node]:
        """This step and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def took(self) -> int:
        """How many rows went into it."""
        return sum(child.rows for child in self.children)


@dataclass(frozen=True)
class Plan:
    """How PostgreSQL answers one statement.

    Attributes:
        sql: The statement.
        top: The last step.
    """

    sql: str
    top: Node

    def __str__(self) -> str:
        lines = [self.sql[:2_000]]

        def write(node: Node, depth: int) -> None:
            lines.append(
                f"{'  ' * depth}{node.kind} {node.table} {node.index} "
                f"rows={node.rows} dropped={node.dropped}"
            )
            for child in node.children:
                write(child, depth + 1)

        write(self.top, 1)
        return "\n".join(lines)

    @property
    def indexes(self) -> set[str]:
        """The indexes it reads."""
        return {node.index for node in self.top.walk() if node.index}

    def uses(self, index: str) -> bool:
        """Whether it reads this index."""
        return index in self.indexes

    def sequential_scans(
        self, tables: frozenset[str] = TRAFFIC, *, stops_after: int = 1_100
    ) -> set[str]:
        """Those of the tables that it reads from one end to the other.

        Args:
            tables: The tables to look for.
            stops_after: A scan that had enough after so many rows is none: a count up
                to a thousand of nearly all rows needs no index.
        """
        return {
            node.table
            for node in self.top.walk()
            if node.kind == "Seq Scan" and node.table in tables
            if node.rows + node.dropped > stops_after
        }

    def rows_read(self, tables: frozenset[str] = TRAFFIC) -> int:
        """How many rows of the tables it looks at, shown or not."""
        return sum(
            node.rows + node.dropped for node in self.top.walk() if node.table in tables
        )

    @property
    def rows_sorted(self) -> int:
        """How many rows go into its largest sort."""
        sorts = {"Sort", "Incremental Sort"}
        taken = [node.took for node in self.top.walk() if node.kind in sorts]
        return max(taken, default=0)


def explain(query: QuerySet[Any] | str) -> Plan:
    """The plan of a queryset, or of a statement with its values written into it.

    What only reads is run, so that rows are counted; what writes is planned only, and
    its rows are what the planner expects.
    """
    if not isinstance(query, str):
        sql, params = query.query.sql_with_params()
        with connection.cursor() as cursor:
            query = cursor.mogrify(sql, params)
            query = query.decode() if isinstance(query, bytes) else query
    options = "FORMAT JSON"
    if query.lstrip("( ").upper().startswith(("SELECT", "WITH")):
        options += ", ANALYZE, TIMING OFF, BUFFERS OFF"
    with connection.cursor() as cursor:
        # No params: a percent sign in the text stays one.
        cursor.execute(f"EXPLAIN ({options}) {query}")
        (found,) = cursor.fetchone()
    if isinstance(found, str):
        found = json.loads(found)
    return Plan(sql=query, top=_node(found[0]["Plan"]))


def _node(plan: dict[str, Any]) -> Node:
    loops = plan.get("Actual Loops", 1)
    rows = plan.get("Actual Rows", plan["Plan Rows"])
    return Node(
        kind=plan["Node Type"],
        table=plan.get("Relation Name", ""),
        index=plan.get("Index Name", ""),
        rows=round(rows * loops),
        dropped=round(plan.get("Rows Removed by Filter", 0) * loops)
        + round(plan.get("Rows Removed by Index Recheck", 0) * loops),
        children=tuple(_node(child) for child in plan.get("Plans", ())),
    )
