"""A page of the ticket list: rows straight from the indexes, as light as they get."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from django.db import connections
from django.db.models import BigIntegerField, QuerySet, Value
from django.http import QueryDict

from wagtail_helpdesk.admin.filters import TicketList
from wagtail_helpdesk.models import Ticket
from wagtail_helpdesk.pagination import KeysetPage, beyond

PAGE_SIZE = 25
#: Most parts of a list that one statement merges. Each costs the web process a third of
#: a millisecond; with more inboxes than that, an agent sees so much of all tickets that
#: walking past the others is cheap.
MOST_PARTS = 4


class TicketPage(KeysetPage[Any]):
    """One page of a list of tickets, as named tuples.

    One statement, whatever the agent's inboxes: each part of the list is walked through
    its own index for a page of rows, and the parts are merged here.

    Args:
        tickets: The list.
        fields: What to read of each ticket, besides the columns of the order.
        params: The request's query parameters.
        size: Rows on a page.
    """

    def __init__(
        self,
        tickets: TicketList,
        *,
        fields: Sequence[str],
        params: QueryDict,
        size: int = PAGE_SIZE,
    ) -> None:
        ordering = tickets.ordering
        columns = (name.removeprefix("-") for name in ordering)
        self._columns = tuple(dict.fromkeys((*fields, *columns)))
        self._tickets = tickets
        # Names the columns of the order, of which one may be an annotation.
        queryset = Ticket.objects.annotate(match=Value(0, BigIntegerField()))
        super().__init__(queryset, ordering=ordering, params=params, size=size)

    def _rows(
        self, values: Sequence[Any] | None, *, backwards: bool = False
    ) -> list[Any]:
        order = [(name, down != backwards) for name, down in self._order]
        names = [f"-{name}" if down else name for name, down in order]
        most = _most_parts()
        parts: list[QuerySet[Any, Any]] = [
            part.order_by(*names).values_list(*self._columns, named=True)
            for part in self._tickets.branches(most)
        ]
        if values is not None and len(order) > 2 and len(parts) < most:
            # Most tickets share the first column, the priority: those that share the
            # row's are a range of the index, and so are those behind them.
            name, value = order[0][0], values[0]
            parts = [
                piece
                for part in parts
                for piece in (
                    part.filter(**{name: value}).filter(beyond(order[1:], values[1:])),
                    part.filter(beyond(order[:1], values[:1])),
                )
            ]
        elif values is not None:
            parts = [part.filter(beyond(order, values)) for part in parts]
        parts = [part[: self.size + 1] for part in parts]
        if not parts:
            return []
        if len(parts) == 1:
            return list(parts[0])
        # All columns of an order run the same way.
        merged = sorted(
            parts[0].union(*parts[1:], all=True),
            key=attrgetter(*(name for name, _down in order)),
            reverse=order[0][1],
        )
        return merged[: self.size + 1]


def _most_parts() -> int:
    """SQLite takes no LIMIT in the parts of a UNION; its planner gets one part."""
    features = connections[Ticket.objects.db].features
    return MOST_PARTS if features.supports_slicing_ordering_in_compound else 1
