"""Visibility filters in words: what an editor writes, and what a reason says (B18).

Rows are stored by key, so that a filter goes on when a pipeline is renamed; people read
and write names.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import Channel, Priority, Stage, Tag, TicketProperty
from wagtail_helpdesk.models.ticket_filters import (
    BEFORE,
    CUSTOM,
    FROM,
    IS,
    IS_EMPTY,
    IS_NOT,
    IS_SET,
    MAX_VALUES,
    OPERATORS,
    ROWS,
    TicketFilter,
    operators_of,
)

PROPERTIES: dict[str, str | Promise] = {
    "pipeline": gettext_lazy("Pipeline"),
    "stage": gettext_lazy("Stage"),
    "category": gettext_lazy("Kind of stage"),
    "inbox": gettext_lazy("Inbox"),
    "channel_type": gettext_lazy("Type of channel"),
    "priority": gettext_lazy("Priority"),
    "type": gettext_lazy("Type"),
    "tag": gettext_lazy("Tag"),
    "owner": gettext_lazy("Owner"),
    "team": gettext_lazy("Team"),
    "language": gettext_lazy("Language"),
    "created": gettext_lazy("Created"),
    "organization": gettext_lazy("Organization"),
}
OPERATOR_LABELS: dict[str, str | Promise] = {
    IS: gettext_lazy("is one of"),
    IS_NOT: gettext_lazy("is none of"),
    IS_SET: gettext_lazy("has a value"),
    IS_EMPTY: gettext_lazy("has no value"),
    FROM: gettext_lazy("is on or after"),
    BEFORE: gettext_lazy("is before"),
}
_CHOICES: dict[str, Any] = {"category": Stage.Category, "priority": Priority}


class FilterError(ActionError):
    """A filter cannot be understood."""

    def __init__(self, problem: str, field: str = "values") -> None:
        super().__init__("bad_filter", problem, field=field)


def property_choices() -> list[tuple[str, str | Promise]]:
    """Every property that can be asked about, with its name. Takes one query."""
    custom = [
        (f"{CUSTOM}{row.key}", row.label)
        for row in _definitions(TicketProperty.objects.all()).values()
        if operators_of(f"{CUSTOM}{row.key}")
    ]
    return [*PROPERTIES.items(), *custom]


def _definitions(rows: Any) -> dict[str, TicketProperty]:
    """Custom properties, each in the active language where it is translated."""
    language, found = get_language(), {}
    for row in rows.select_related("locale").order_by("label", "pk"):
        if row.key not in found or row.locale.language_code == language:
            found[row.key] = row
    return found


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
        custom = _definitions(TicketProperty.objects.filter(key=key)).get(key)
    if custom is None and name not in OPERATORS:
        raise FilterError(_("Choose a property that tickets have."), "property")
    if operator not in operators_of(name):
        allowed = ", ".join(str(OPERATOR_LABELS[o]) for o in operators_of(name))
        raise FilterError(
            _("This property takes these conditions only: %(conditions)s.")
            % {"conditions": allowed},
            "operator",
        )
    given = list(dict.fromkeys(texts))
    if operator in (IS_SET, IS_EMPTY):
        if given:
            raise FilterError(_("This condition takes no values. Delete them."))
        return TicketFilter(name, operator)
    if not given:
        raise FilterError(_("Write a value."))
    if len(given) > MAX_VALUES:
        raise FilterError(_("Write at most 50 values."))
    if name == "created" and len(given) > 1:
        raise FilterError(_("Write one date."))
    values = [
        _custom_value(custom, text) if custom else _value(name, text) for text in given
    ]
    return TicketFilter(name, operator, tuple(dict.fromkeys(values)))


def _value(name: str, text: str) -> Any:
    if len(text) > 200 or "\x00" in text:
        raise FilterError(_("A value has at most 200 characters."))
    if name in _CHOICES:
        return _of_choices(text, {c.value: c.label for c in _CHOICES[name]})
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
        % {"value": text, "values": ", ".join(_name_of(name, row) for row in found)}
    )


def _name_of(name: str, row: Any) -> str:
    if name == "stage":
        return f"{row.pipeline.name} · {row.name}"
    # Organizations alone may share a name.
    return f"#{row.pk}" if name != "tag" else str(row.name)


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
        if not number.is_finite() or abs(number) > 10**15:
            raise FilterError(_("“%(value)s” is no number.") % {"value": text})
        return int(number) if number == int(number) else float(number)
    return text


def texts_of(one: TicketFilter) -> list[str]:
    """The values of a filter as ``parse_filter`` takes them, by name."""
    return [text for text, _is_there in _named(one)]


def problem_of(one: TicketFilter) -> str:
    """What is wrong with a stored filter, in a sentence; empty if nothing is.

    Args:
        one: A filter as ``filters_of`` reads it.
    """
    if not operators_of(one.property):
        return _("A visibility filter cannot be read, so customers see no tickets.")
    if one.property.startswith(CUSTOM):
        key = one.property.removeprefix(CUSTOM)
        if not TicketProperty.objects.filter(key=key).exists():
            return _(
                "The property “%(key)s” of a visibility filter is gone, so customers "
                "see no tickets."
            ) % {"key": key}
    if all(is_there for _text, is_there in _named(one)):
        return ""
    return _("The visibility filter “%(filter)s” names something that is gone.") % {
        "filter": describe(one)
    }


def _named(one: TicketFilter) -> list[tuple[str, bool]]:
    """Each value by its name, and whether there is such a thing."""
    if one.property in ROWS or one.property == "tag":
        return _named_rows(one)
    choices: dict[Any, Any] = {}
    if one.property in _CHOICES:
        choices = {c.value: c.label for c in _CHOICES[one.property]}
    elif one.property.startswith(CUSTOM):
        key = one.property.removeprefix(CUSTOM)
        row = _definitions(TicketProperty.objects.filter(key=key)).get(key)
        if row is not None and row.type == TicketProperty.Type.CHOICE:
            choices = row.choice_labels()
        elif row is not None and row.type == TicketProperty.Type.CHECKBOX:
            choices = {True: _("Yes"), False: _("No")}
    return [
        (str(choices.get(value, value)), not choices or value in choices)
        for value in one.values
    ]


def _named_rows(one: TicketFilter) -> list[tuple[str, bool]]:
    name = one.property
    model: Any = Tag if name == "tag" else ROWS[name]
    rows = model._default_manager.all()
    if name == "stage":
        rows = rows.select_related("pipeline")
    found = rows.in_bulk(list(one.values))
    named = []
    for pk in one.values:
        row = found.get(pk)
        if row is None:
            named.append((f"#{pk}", False))
        elif name == "stage":
            named.append((_name_of(name, row), True))
        else:
            same = model._default_manager.filter(name__iexact=row.name)
            is_one = len(same.values_list("pk")[:2]) == 1
            named.append((row.name if is_one else f"#{pk}", True))
    return named


def describe(one: TicketFilter) -> str:
    """A filter in words, such as “Pipeline is one of: Support, Sales”."""
    label = PROPERTIES.get(one.property, one.property.removeprefix(CUSTOM))
    if one.property.startswith(CUSTOM):
        key = one.property.removeprefix(CUSTOM)
        row = _definitions(TicketProperty.objects.filter(key=key)).get(key)
        label = row.label if row else key
    if not label:
        return _("cannot be read")
    condition = OPERATOR_LABELS.get(one.operator, "")
    if not one.values:
        return f"{label} {condition}"
    return f"{label} {condition}: {', '.join(texts_of(one))}"
