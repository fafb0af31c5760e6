"""A page of the ticket list: rows straight from the indexes, as light as they get."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connections
from django.db.models import BigAutoField, BigIntegerField, F, QuerySet, Value
from django.http import QueryDict

from wagtail_helpdesk.admin.filter_form import BEST
from wagtail_helpdesk.admin.filters import TicketList
from wagtail_helpdesk.admin.tables import with_preview
from wagtail_helpdesk.models import Ticket
from wagtail_helpdesk.pagination import KeysetPage, beyond
from wagtail_helpdesk.statements.slots import (
    KeptQuery,
    Slot,
    Verbatim,
    compiled,
    kept_query,
)

PAGE_SIZE = 25
#: Most parts of a list that one statement merges. Each costs the web process a third of
#: a millisecond; with more inboxes than that, an agent sees so much of all tickets that
#: walking past the others is cheap.
MOST_PARTS = 4

_PREVIEW = "preview"
_KEY = "helpdesk_key"


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
        tickets, shape = self._tickets, self._tickets.shape
        is_first = values is None
        keys = tickets.choices.inbox_keys if _PREVIEW in self._columns else ()
        key = shape and (
            *("page", *shape, len(keys)),
            *(self._columns, self.size, is_first, backwards),
        )
        using = Ticket.objects.all().db
        found = kept_query(
            using, key, lambda: self._statement(is_first=is_first, backwards=backwards)
        )
        if found is None:
            return []
        after = {f"value{number}": value for number, value in enumerate(values or ())}
        return found.rows({**tickets.slots, **after, "readable": keys})

    def _statement(self, *, is_first: bool, backwards: bool) -> KeptQuery | None:
        order = [(name, down != backwards) for name, down in self._order]
        names = [f"-{name}" if down else name for name, down in order]
        most = _most_parts()
        parts: list[QuerySet[Any, Any]] = list(self._tickets.branches(most))
        values = [
            Slot(f"value{number}", field) for number, field in enumerate(self._fields)
        ]
        if is_first:
            pass
        elif len(order) > 2 and len(parts) < most:
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
        else:
            parts = [part.filter(beyond(order, values)) for part in parts]
        parts = [part.order_by(*names)[: self.size + 1] for part in parts]
        if _PREVIEW not in self._columns:
            return self._union(parts, self._columns, order)
        reach = len(self._tickets.choices.inbox_keys)
        if self._tickets.sort == BEST:
            return KeptQuery.of(with_preview(parts[0], reach), self._columns)
        # The keys of the page first, from the indexes alone; only then what stands in
        # its rows.
        columns = (_KEY, *(name for name, _down in order if name != "pk"))
        keyed = [part.annotate(**{_KEY: F("pk")}) for part in parts]
        keys = self._union(keyed, columns, [*order[:-1], (_KEY, order[-1][1])])
        if keys is None:
            return None
        found = Verbatim(
            f"SELECT {_KEY} FROM ({keys.sql}) helpdesk_keys",  # noqa: S608  (made by the ORM, values apart)
            keys.params,
            BigAutoField(),
        )
        page = Ticket.objects.filter(pk__in=found).order_by(*names)
        return KeptQuery.of(with_preview(page, reach), self._columns)

    def _union(
        self,
        parts: Sequence[QuerySet[Any, Any]],
        columns: Sequence[str],
        order: Sequence[tuple[str, bool]],
    ) -> KeptQuery | None:
        """The first rows of all parts, merged by the database."""
        listed = [part.values_list(*columns) for part in parts]
        texts = [(part, text) for part in listed if (text := compiled(part))]
        if not texts:
            return None
        like, (sql, params) = texts[0]
        if len(texts) > 1:
            by = (f"{columns.index(n) + 1} {'DESC' if d else 'ASC'}" for n, d in order)
            sql = " UNION ALL ".join(f"({part_sql})" for _part, (part_sql, _p) in texts)
            sql += f" ORDER BY {', '.join(by)} LIMIT {self.size + 1}"
            params = [param for _part, (_sql, values) in texts for param in values]
        return KeptQuery(like.db, sql, params, columns, like)


def _most_parts() -> int:
    """SQLite takes no LIMIT in the parts of a UNION; its planner gets one part."""
    features = connections[Ticket.objects.db].features
    return MOST_PARTS if features.supports_slicing_ordering_in_compound else 1
