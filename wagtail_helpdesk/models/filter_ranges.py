"""Ranges of numbers and dates in visibility filters (B18)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import CharField, Exists, Func, Q
from django.db.models.fields.json import KT, KeyTransform
from django.db.models.lookups import (
    GreaterThanOrEqual,
    In,
    LessThan,
    LessThanOrEqual,
    Regex,
)
from django.utils.timezone import get_default_timezone, make_aware

from wagtail_helpdesk.models.properties import TicketProperty

FROM, BEFORE, BETWEEN = "from", "before", "between"
AT_LEAST, AT_MOST = "at_least", "at_most"
#: What may be asked about numbers and about dates, and how many values that takes.
NUMBER_RANGES = {AT_LEAST: 1, AT_MOST: 1, BETWEEN: 2}
DATE_RANGES = {FROM: 1, BEFORE: 1, BETWEEN: 2}
RANGES = {**NUMBER_RANGES, **DATE_RANGES}
#: Numbers between this and its negative fit each database.
MAX_NUMBER = 10**15
_DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
#: What the databases call the type of a number.
_NUMBERS = ("number", "integer", "real", "INTEGER", "DOUBLE", "DECIMAL")


def midnight(text: str, *, days: int = 0) -> datetime | None:
    """When a day begins in the site's time zone, as databases write it.

    Args:
        text: The day, as ISO 8601 writes it.
        days: How many days later.

    Returns:
        The time; ``None``: that is no day, or none that databases know.
    """
    try:
        day = date.fromisoformat(text) + timedelta(days=days)
        return make_aware(
            datetime.combine(day, time.min), get_default_timezone()
        ).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def is_range(operator: str, values: Sequence[Any]) -> bool:
    """Whether these are bounds of one kind, as many as it takes, and in order.

    Args:
        operator: One of ``RANGES``.
        values: Numbers, or days as texts.
    """
    if len(values) != RANGES[operator]:
        return False
    if all(type(value) in (int, float) for value in values):
        is_known = operator in NUMBER_RANGES
        fits = all(abs(value) <= MAX_NUMBER for value in values)
    elif all(isinstance(value, str) for value in values):
        is_known = operator in DATE_RANGES
        fits = all(re.fullmatch(_DAY, value) and midnight(value) for value in values)
    else:
        return False
    return is_known and fits and list(values) == sorted(values)


def type_of_bounds(values: Sequence[Any]) -> TicketProperty.Type:
    """Of which type a custom property has to be that a range is about.

    Args:
        values: Its bounds.
    """
    types = TicketProperty.Type
    return types.DATE if isinstance(values[0], str) else types.NUMBER


def created_within(operator: str, values: Sequence[Any]) -> Q:
    """Tickets that were opened on these days of the site's time zone.

    Args:
        operator: One of ``DATE_RANGES``.
        values: Days as texts, for which ``is_range`` holds.
    """
    first = midnight(values[0])
    if operator == BEFORE:
        return Q(created_at__lt=first)
    found = Q(created_at__gte=first)
    # The last day counts as a whole. After the last day of all there is none.
    after = midnight(values[1], days=1) if operator == BETWEEN else None
    return found & Q(created_at__lt=after) if after else found


def property_within(key: str, operator: str, values: Sequence[Any]) -> Q:
    """Tickets with a number or date in a range, if the property is of that type.

    A value of another type lies in none, whatever the database would say: PostgreSQL
    orders texts before numbers, SQLite after them, and MariaDB reads them as 0.

    Args:
        key: Key of the custom property, which the ORM can only read as a key.
        operator: One of ``RANGES``.
        values: Numbers, or days as texts, for which ``is_range`` holds.
    """
    low, high, kind = values[0], values[-1], type_of_bounds(values)
    is_defined = Q(Exists(TicketProperty.objects.filter(key=key, type=kind)))
    path = f"properties__{key}"
    if kind == TicketProperty.Type.NUMBER:
        found = Q(In(_TypeOf(KeyTransform(key, "properties")), _NUMBERS))
        if operator != AT_MOST:
            found &= Q(**{f"{path}__gte": low})
        if operator != AT_LEAST:
            found &= Q(**{f"{path}__lte": high})
        return is_defined & found
    # Days are stored as ISO 8601 writes them, and so texts are in the order of time.
    text = KT(path)
    found = Q(Regex(text, _DAY))
    if operator == BEFORE:
        return is_defined & found & Q(LessThan(text, low))
    found &= Q(GreaterThanOrEqual(text, low))
    if operator == BETWEEN:
        found &= Q(LessThanOrEqual(text, high))
    return is_defined & found


class _TypeOf(Func):
    """The type of a value in JSON, by the database's own name; NULL: there is none."""

    function = "JSON_TYPE"
    output_field = CharField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, function="JSONB_TYPEOF", **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        # The value itself is no JSON any more; the function takes its path.
        (value,) = self.get_source_expressions()
        column, params, keys = value.preprocess_lhs(compiler, connection)
        return f"JSON_TYPE({column}, %s)", (*params, f'$."{keys[0]}"')
