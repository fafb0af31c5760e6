"""Visibility filters: which tickets a portal shows at all, as plain values (B18).

A filter narrows what a contact would see; ``TicketQuerySet.visible_to_contact`` asks
for all of them to hold. A filter that makes no sense hides everything: one that cannot
be read, one that names a property that is gone, or excludes a stage that is gone. So
nothing comes to light because somebody tidied up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Exists, Model, OuterRef, Q, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.db.models.lookups import Contains, StartsWith

from wagtail_helpdesk.models.agents import Team
from wagtail_helpdesk.models.channels import Channel, Inbox
from wagtail_helpdesk.models.contacts import Organization
from wagtail_helpdesk.models.filter_ranges import (
    DATE_RANGES,
    RANGES,
    created_within,
    is_range,
    property_within,
)
from wagtail_helpdesk.models.pipelines import Pipeline, Stage
from wagtail_helpdesk.models.properties import TicketProperty

IS, IS_NOT, IS_SET, IS_EMPTY = "is", "is_not", "is_set", "is_empty"
#: Before the key of a custom property.
CUSTOM = "property:"
#: Filters of a portal, and values of a filter.
MAX_FILTERS, MAX_VALUES = 10, 50

#: Keys that the ORM can only read as a key.
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*")
_Value = str | int | float | bool
#: Properties whose values are keys of rows.
ROWS: dict[str, type[Model]] = {
    "pipeline": Pipeline,
    "stage": Stage,
    "inbox": Inbox,
    "team": Team,
    "organization": Organization,
}
_LISTED = (IS, IS_NOT)
_OPTIONAL = (IS, IS_NOT, IS_SET, IS_EMPTY)
#: Each property with what may be asked about it.
OPERATORS: dict[str, tuple[str, ...]] = {
    "pipeline": _LISTED,
    "stage": _LISTED,
    "category": _LISTED,
    "inbox": _LISTED,
    "channel_type": _LISTED,
    "priority": _LISTED,
    "type": _OPTIONAL,
    "tag": _OPTIONAL,
    "owner": (IS_SET, IS_EMPTY),
    "team": _OPTIONAL,
    "language": _OPTIONAL,
    "created": tuple(DATE_RANGES),
    "organization": _OPTIONAL,
}


@dataclass(frozen=True, slots=True)
class TicketFilter:
    """One condition on tickets.

    Attributes:
        property: A key of ``OPERATORS``, or ``property:`` with a custom property's key;
            empty: what was stored makes no sense.
        operator: What is asked about it.
        values: Any of these, or with ``is_not`` none of them; of a range its bounds,
            which are included, except what ``before`` names.
    """

    property: str
    operator: str = ""
    values: tuple[_Value, ...] = ()


#: Stands for what makes no sense, and hides everything.
BROKEN = TicketFilter("")


def operators_of(name: str) -> tuple[str, ...]:
    """What may be asked about a property; nothing about an unknown one.

    Of a custom property, what may be asked about any: only its row knows the type.
    """
    if not name.startswith(CUSTOM):
        return OPERATORS.get(name, ())
    is_key = _KEY.fullmatch(name.removeprefix(CUSTOM))
    return (*_OPTIONAL, *RANGES) if is_key else ()


def filters_of(stored: Any) -> tuple[TicketFilter, ...]:
    """The filters that a portal has stored; one that makes no sense is ``BROKEN``.

    Args:
        stored: A list of ``{"property": …, "operator": …, "values": […]}``.
    """
    if not isinstance(stored, list) or len(stored) > MAX_FILTERS:
        return (BROKEN,)
    return tuple(_filter_of(row) for row in stored)


def _filter_of(row: Any) -> TicketFilter:
    if not isinstance(row, dict):
        return BROKEN
    name, operator = row.get("property"), row.get("operator")
    values = row.get("values")
    if not isinstance(name, str) or operator not in operators_of(name):
        return BROKEN
    if not isinstance(values, list) or len(values) > MAX_VALUES:
        return BROKEN
    if not all(_fits(name, value) for value in values):
        return BROKEN
    if operator in RANGES and not is_range(operator, values):
        return BROKEN
    if bool(values) == (operator in (IS_SET, IS_EMPTY)):
        return BROKEN
    return TicketFilter(name, operator, tuple(values))


def _fits(name: str, value: Any) -> bool:
    if name.startswith(CUSTOM):
        return isinstance(value, str | int | float)
    if name in ROWS or name in ("tag", "priority"):
        return type(value) is int and 0 < value < 2**31
    return isinstance(value, str)


def passing(filters: Iterable[TicketFilter]) -> Q:
    """Tickets for which all these filters hold.

    Args:
        filters: The filters of a portal.
    """
    found = Q()
    for one in filters:
        found &= _condition(one)
    return found


def _condition(one: TicketFilter) -> Q:
    if one.operator not in operators_of(one.property):
        return Q(pk__in=[])
    if one.property.startswith(CUSTOM):
        return _custom(one)
    if one.property == "created":
        return created_within(one.operator, one.values)
    if one.operator == IS_EMPTY:
        return _empty(one.property)
    if one.operator == IS_SET:
        return ~_empty(one.property)
    found = _any_of(one.property, one.values)
    return found if one.operator == IS else ~found & _known(one.property, one.values)


def _any_of(name: str, values: Sequence[Any]) -> Q:
    """Tickets that have one of these values."""
    if name == "category":
        return Q(stage__in=Stage.objects.filter(category__in=values).values("pk"))
    if name == "channel_type":
        return Q(channel__in=Channel.objects.filter(type__in=values).values("pk"))
    if name == "tag":
        return Q(Exists(_tags().filter(ticket=OuterRef("pk"), tag__in=values)))
    return Q(**{f"{name}__in": values})


def _known(name: str, values: Sequence[Any]) -> Q:
    """Always, if all these rows are there; else never."""
    found = Q()
    if name == "tag":
        from wagtail_helpdesk.models.tickets import Tag

        rows: Any = Tag.objects
    elif name in ROWS:
        rows = ROWS[name]._default_manager
    else:
        return found
    for value in values:
        found &= Q(Exists(rows.filter(pk=value)))
    return found


def _empty(name: str) -> Q:
    """Tickets without a value."""
    if name in ("type", "language"):
        return Q(**{name: ""})
    if name == "tag":
        return ~Q(Exists(_tags().filter(ticket=OuterRef("pk"))))
    return Q(**{f"{name}__isnull": True})


def _tags() -> Any:
    from wagtail_helpdesk.models.tickets import Ticket

    return Ticket.tags.through._default_manager.all()


def _custom(one: TicketFilter) -> Q:
    """The same of a custom property, which has to be defined."""
    key = one.property.removeprefix(CUSTOM)
    if one.operator in RANGES:
        return property_within(key, one.operator, one.values)
    path = f"properties__{key}"
    defined = TicketProperty.objects.filter(key=key)
    is_defined = Q(Exists(defined))
    is_missing = Q(**{f"{path}__isnull": True})
    if one.operator in (IS_SET, IS_EMPTY):
        nothing: tuple[Any, ...] = (None, "", [])
        holds_nothing = Q()
        for value in nothing:
            holds_nothing |= Q(**{f"{path}__exact": value})
        is_empty = is_missing | holds_nothing
        if one.operator == IS_EMPTY:
            return is_defined & is_empty
        return is_defined & ~is_missing & ~holds_nothing
    found = Q()
    text = Coalesce(KT(path), Value(""), output_field=CharField())
    # Several choices are stored as a list. Their values have no quotation marks.
    is_list = Q(Exists(defined.filter(type=TicketProperty.Type.CHOICE))) & Q(
        StartsWith(text, "[")
    )
    for value in one.values:
        found |= Q(**{f"{path}__exact": value})
        if isinstance(value, str):
            found |= is_list & Q(Contains(text, f'"{value}"'))
    if one.operator == IS:
        return is_defined & ~is_missing & found
    return is_defined & (is_missing | ~found)
