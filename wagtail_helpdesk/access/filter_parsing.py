"""Visibility filters as editors write them: by name, a condition and values (B18)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from wagtail_helpdesk.access.ticket_filters import (
    CHOICES,
    OPERATOR_LABELS,
    definitions,
    name_of,
)
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import Channel, Tag, TicketProperty
from wagtail_helpdesk.models.filter_ranges import (
    DATE_RANGES,
    MAX_NUMBER,
    NUMBER_RANGES,
    RANGES,
)
from wagtail_helpdesk.models.ticket_filters import (
    CUSTOM,
    IS_EMPTY,
    IS_SET,
    MAX_VALUES,
    OPERATORS,
    ROWS,
    TicketFilter,
    operators_of,
)


class FilterError(ActionError):
    """A filter cannot be understood."""

    def __init__(self, problem: str, field: str = "values") -> None:
        super().__init__("bad_filter", problem, field=field)


def parse_filter(name: str, operator: str, texts: Iterable[str]) -> TicketFilter:
    """Understand one filter as an editor writes it.

    Args:
        name: A property; see ``property_choices``.
        operator: A key of ``OPERATOR_LABELS``.
        texts: The values by their names, or by their keys.

    Raises:
        FilterError: It says something outside of the vocabulary.
    """
    custom = None
    if name.startswith(CUSTOM) and operators_of(name):
        key = name.removeprefix(CUSTOM)
        custom = definitions(TicketProperty.objects.filter(key=key)).get(key)
    if custom is None and name not in OPERATORS:
        raise FilterError(_("Choose a property that tickets have."), "property")
    known = _operators(name, custom)
    if operator not in known:
        allowed = ", ".join(str(OPERATOR_LABELS[o]) for o in known)
        raise FilterError(
            _("This property takes these conditions only: %(conditions)s.")
            % {"conditions": allowed},
            "operator",
        )
    given = list(texts)
    if operator in (IS_SET, IS_EMPTY):
        if given:
            raise FilterError(_("This condition takes no values. Delete them."))
        return TicketFilter(name, operator)
    if not given:
        raise FilterError(_("Write a value."))
    if operator in RANGES and len(given) != RANGES[operator]:
        if RANGES[operator] == 1:
            raise FilterError(_("Write one value only."))
        raise FilterError(_("Write two values, each on a line of its own."))
    if len(dict.fromkeys(given)) > MAX_VALUES:
        raise FilterError(_("Write at most 50 values."))
    values = [
        _custom_value(custom, text) if custom else _value(name, text) for text in given
    ]
    if operator in RANGES:
        return TicketFilter(name, operator, tuple(sorted(values)))
    return TicketFilter(name, operator, tuple(dict.fromkeys(values)))


def _operators(name: str, custom: TicketProperty | None) -> tuple[str, ...]:
    """What may be asked about a property, of a custom one by its type."""
    if custom is None:
        return operators_of(name)
    types = TicketProperty.Type
    known = {types.NUMBER.value: NUMBER_RANGES, types.DATE.value: DATE_RANGES}
    ranges = known.get(custom.type, {})
    return tuple(o for o in operators_of(name) if o not in RANGES or o in ranges)


def _value(name: str, text: str) -> Any:
    if len(text) > 200 or "\x00" in text:
        raise FilterError(_("A value has at most 200 characters."))
    if name in CHOICES:
        return _of_choices(text, {c.value: c.label for c in CHOICES[name]})
    if name in ROWS or name == "tag":
        return _row(name, text)
    if name == "created":
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            raise FilterError(
                _("“%(value)s” is no date, such as 2026-01-31.") % {"value": text}
            ) from None
    if name == "channel_type" and not Channel.objects.filter(type=text).exists():
        raise FilterError(_("No channel is of the type “%(value)s”.") % {"value": text})
    return text


def _of_choices(text: str, choices: dict[Any, Any]) -> Any:
    wanted = text.casefold()
    for value, label in choices.items():
        if wanted in (str(value).casefold(), str(label).casefold()):
            return value
    raise FilterError(
        _("“%(value)s” is not known. Use one of: %(values)s.")
        % {"value": text, "values": ", ".join(map(str, choices.values()))}
    )


def _row(name: str, text: str) -> int:
    """The key of the one row with this name; of stages also ``Pipeline · Stage``."""
    model: Any = Tag if name == "tag" else ROWS[name]
    named = Q(name__iexact=text)
    if name == "stage" and "·" in text:
        pipeline, stage = (part.strip() for part in text.split("·", 1))
        named |= Q(pipeline__name__iexact=pipeline, name__iexact=stage)
    if name == "organization":
        named |= Q(public_id=text)
    if text.startswith("#") and text[1:].isascii() and text[1:].isdigit():
        named |= Q(pk=min(int(text[1:]), 2**31 - 1))
    found = list(model._default_manager.filter(named).order_by("pk")[:6])
    if len(found) == 1:
        return int(found[0].pk)
    if not found:
        raise FilterError(
            _("There is no “%(value)s”; it may have been deleted.") % {"value": text}
        )
    raise FilterError(
        _("There are several “%(value)s”. Use one of: %(values)s.")
        % {"value": text, "values": ", ".join(name_of(name, row) for row in found)}
    )


def _custom_value(row: TicketProperty, text: str) -> Any:
    if len(text) > 200 or "\x00" in text:
        raise FilterError(_("A value has at most 200 characters."))
    if row.type == TicketProperty.Type.CHOICE:
        return _of_choices(text, row.choice_labels())
    if row.type == TicketProperty.Type.CHECKBOX:
        return _of_choices(text, {True: _("Yes"), False: _("No")})
    if row.type == TicketProperty.Type.DATE:
        return _value("created", text)
    if row.type == TicketProperty.Type.NUMBER:
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or abs(number) > MAX_NUMBER:
            raise FilterError(_("“%(value)s” is no number.") % {"value": text})
        return int(number) if number == int(number) else float(number)
    return text
