"""Pages of lists that grow, and counts that stay cheap however long the list is.

A numbered page makes the database read and throw away everything before it, and shifts
when a row is added. A keyset page starts after the last row shown, through an index,
and never asks how many rows there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model, Q, QuerySet
from django.http import QueryDict

from wagtail_helpdesk.bounded_counts import (
    BoundedCount,
    bounded,
    bounded_count,
    bounded_counts,
    count_statement,
)
from wagtail_helpdesk.cursors import MAX_CURSOR_LENGTH, InvalidCursor, decode, encode

__all__ = [
    "MAX_CURSOR_LENGTH",
    "BoundedCount",
    "InvalidCursor",
    "KeysetPage",
    "beyond",
    "bounded",
    "bounded_count",
    "bounded_counts",
    "count_statement",
    "read_in_steps",
]

_M = TypeVar("_M", bound=Model)


class KeysetPage(Generic[_M]):
    """One page of a queryset, found by the row it starts after or ends before.

    The request's ``after`` and ``before`` parameters hold cursors: opaque texts that
    name a row by its values in the order's columns. A cursor that is cut, forged or
    from another order leads to the first page, never to an error.

    Reads the rows in ``__init__``: one query (a second one where a step back reaches
    the start, or where the rows a cursor points behind are gone).

    Args:
        queryset: The rows, filtered; any order on it is replaced.
        ordering: One to three columns as for ``order_by``; a key that makes the order
            total is added if it is missing. Columns may be the model's own fields or
            annotations, and hold no NULL (wrap one that does in ``Coalesce``).
        params: The request's query parameters; the links keep all others.
        size: Rows on a page.
        first: The same rows without a position, in the order and one more than the size
            at most, if the caller has a shorter way to them.

    Attributes:
        items: The rows, in order.
        next_cursor: The ``after`` of the page that follows, or an empty text.
        previous_cursor: The ``before`` of the page that precedes, or an empty text.
    """

    def __init__(
        self,
        queryset: QuerySet[_M],
        *,
        ordering: Sequence[str],
        params: QueryDict | None = None,
        size: int = 25,
        first: Callable[[], list[_M] | None] | None = None,
    ) -> None:
        self._params = QueryDict() if params is None else params
        self._order = _total_order(ordering)
        self._fields = [_field(queryset, name) for name, _down in self._order]
        self._queryset = queryset
        self._first = first
        self.size = size
        self.items: list[_M] = []
        self.next_cursor = ""
        self.previous_cursor = ""
        self._read()

    def __iter__(self) -> Iterator[_M]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def has_next(self) -> bool:
        """Whether rows follow."""
        return bool(self.next_cursor)

    @property
    def has_previous(self) -> bool:
        """Whether rows precede."""
        return bool(self.previous_cursor)

    @property
    def has_other_pages(self) -> bool:
        """Whether the list goes on in either direction."""
        return self.has_next or self.has_previous

    @property
    def next_url(self) -> str:
        """Query string of the page that follows, or an empty text."""
        return self._url("after", self.next_cursor)

    @property
    def previous_url(self) -> str:
        """Query string of the page that precedes, or an empty text."""
        return self._url("before", self.previous_cursor)

    @property
    def first_url(self) -> str:
        """Query string of the first page, with all other parameters kept."""
        return self._url("", "-")

    def _url(self, name: str, cursor: str) -> str:
        if not cursor:
            return ""
        params = self._params.copy()
        for parameter in ("after", "before", "p"):
            params.pop(parameter, None)
        if name:
            params[name] = cursor
        return f"?{params.urlencode()}"

    def _read(self) -> None:
        after, before = self._params.get("after"), self._params.get("before")
        if before:
            try:
                values = decode(before, self._fields)
            except InvalidCursor:
                return self._read_from_start()
            rows = self._rows(values, backwards=True)
            if len(rows) <= self.size:
                # The start is reached: show a whole first page, not its upper part.
                return self._read_from_start()
            self.items = rows[: self.size][::-1]
            self.previous_cursor = self._encode(self.items[0])
            self.next_cursor = self._encode(self.items[-1])
            return None
        if after:
            try:
                values = decode(after, self._fields)
            except InvalidCursor:
                return self._read_from_start()
            rows = self._rows(values)
            if not rows:
                return self._read_from_start()
            self._take(rows)
            self.previous_cursor = self._encode(self.items[0])
            return None
        return self._read_from_start()

    def _read_from_start(self) -> None:
        self._take(self._rows(None))

    def _take(self, rows: list[_M]) -> None:
        self.items = rows[: self.size]
        if len(rows) > self.size:
            self.next_cursor = self._encode(self.items[-1])

    def _rows(
        self, values: Sequence[Any] | None, *, backwards: bool = False
    ) -> list[_M]:
        """Up to one row more than a page, nearest first."""
        if values is None and self._first is not None:
            found = self._first()
            if found is not None:
                return found
        order = [(name, down != backwards) for name, down in self._order]
        queryset = self._queryset.order_by(
            *(f"-{name}" if down else name for name, down in order)
        )
        if values is not None:
            queryset = queryset.filter(beyond(order, values))
        return list(queryset[: self.size + 1])

    def _encode(self, row: _M) -> str:
        return encode([getattr(row, name) for name, _down in self._order])


def read_in_steps(
    page_from: Callable[[QueryDict], KeysetPage[Any]],
) -> Iterator[list[Any]]:
    """All rows of a list, a page of them in memory at a time: for exports.

    A page that finds nothing behind its cursor any more shows the list's beginning.
    Here that would write the whole list again, so reading ends instead.

    Args:
        page_from: Makes the page for query parameters: empty ones, then ``after``.

    Yields:
        The rows of a page; at least one list, which may be empty.
    """
    params = QueryDict(mutable=True)
    while True:
        page = page_from(params)
        if params and not page.has_previous:
            return
        yield page.items
        if not page.next_cursor:
            return
        params = QueryDict(mutable=True)
        params["after"] = page.next_cursor


def _total_order(ordering: Sequence[str]) -> list[tuple[str, bool]]:
    """Columns with whether they run downwards, ending in the primary key."""
    order = [(name.removeprefix("-"), name.startswith("-")) for name in ordering]
    if not order:
        raise ValueError("A keyset page needs at least one column to order by.")
    if order[-1][0] != "pk":
        order.append(("pk", order[-1][1]))
    return order


def _field(queryset: QuerySet[Any], name: str) -> Field[Any, Any]:
    """The field that reads and checks values of the column ``name``."""
    if name == "pk":
        return queryset.model._meta.pk
    annotation = queryset.query.annotations.get(name)
    if annotation is not None:
        return annotation.output_field
    field = queryset.model._meta.get_field(name)
    if not isinstance(field, Field):
        raise FieldDoesNotExist(f"{name} is a relation; order by a column.")
    return field


def beyond(order: Sequence[tuple[str, bool]], values: Sequence[Any]) -> Q:
    """Rows after the one with these values, in this order.

    Written as ``a <= x AND (a < x OR (…))`` rather than ``a < x OR (a = x AND …)``:
    the first part alone bounds the range, so that every database walks the index.

    Args:
        order: Pairs of a column and whether it runs downwards.
        values: The row's value of each.
    """
    (name, down), value = order[0], values[0]
    strict = Q(**{f"{name}__{'lt' if down else 'gt'}": value})
    if len(order) == 1:
        return strict
    bound = Q(**{f"{name}__{'lte' if down else 'gte'}": value})
    return bound & (strict | beyond(order[1:], values[1:]))
