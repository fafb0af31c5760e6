"""Counts that stay cheap however long the list is: they stop at a limit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from wagtail_helpdesk.statements.slots import KeptQuery, compiled


@dataclass(frozen=True, slots=True)
class BoundedCount:
    """How many rows there are, counted no further than a limit.

    Attributes:
        value: The number of rows, at most the limit.
        is_exact: Off: there are more than ``value``.
    """

    value: int
    is_exact: bool

    def __str__(self) -> str:
        number = number_format(self.value, force_grouping=True)
        if self.is_exact:
            return number
        # Translators: a count that stopped at a limit, as in "1,000+".
        return _("%(count)s+") % {"count": number}

    def __int__(self) -> int:
        return self.value

    def __bool__(self) -> bool:
        return self.value > 0


def bounded_count(queryset: QuerySet[Any], limit: int = 1000) -> BoundedCount:
    """Count rows, but no further than ``limit``: the work stays the same for any table.

    Args:
        queryset: The rows to count.
        limit: Where counting stops; the text is then ``1,000+``.
    """
    counted = queryset.order_by()[: limit + 1].count()
    return BoundedCount(value=min(counted, limit), is_exact=counted <= limit)


def bounded_counts(
    querysets: Mapping[str, QuerySet[Any]], limit: int = 1000
) -> dict[str, BoundedCount]:
    """Several bounded counts in one statement.

    Args:
        querysets: What to count, each under a name.
        limit: Where each counting stops.
    """
    counted = dict.fromkeys(querysets, 0)
    found = count_statement(querysets, limit)
    if found is not None:
        counted |= found.rows({})[0]._asdict()
    return {name: bounded(number, limit) for name, number in counted.items()}


def bounded(number: int, limit: int = 1000) -> BoundedCount:
    """What was counted as far as one row behind the limit."""
    return BoundedCount(value=min(number, limit), is_exact=number <= limit)


def count_statement(
    querysets: Mapping[str, QuerySet[Any]], limit: int = 1000
) -> KeptQuery | None:
    """What counts several querysets, as far as one row behind a limit.

    Args:
        querysets: What to count, each under a name; those that are clearly empty are
            left out of the row.
        limit: Where each counting stops.
    """
    columns, params, using = {}, [], ""
    for name, queryset in querysets.items():
        text = compiled(queryset.order_by().values("pk")[: limit + 1])
        if text is not None:
            columns[name] = f"(SELECT COUNT(*) FROM ({text[0]}) helpdesk_counted)"  # noqa: S608  (made by the ORM, values apart)
            params += text[1]
            using = queryset.db
    if not columns:
        return None
    return KeptQuery(using, f"SELECT {', '.join(columns.values())}", params, columns)
