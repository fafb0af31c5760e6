"""Visibility filters in words: what an editor and a reason read (B18).

Rows are stored by key, so that a filter goes on when a pipeline is renamed; people read
and write names. What they write is read by ``filter_parsing``.
"""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from wagtail_helpdesk.models import Priority, Stage, Tag, TicketProperty
from wagtail_helpdesk.models.filter_ranges import (
    AT_LEAST,
    AT_MOST,
    BEFORE,
    BETWEEN,
    FROM,
    RANGES,
    type_of_bounds,
)
from wagtail_helpdesk.models.ticket_filters import (
    CUSTOM,
    IS,
    IS_EMPTY,
    IS_NOT,
    IS_SET,
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
    AT_LEAST: gettext_lazy("is at least"),
    AT_MOST: gettext_lazy("is at most"),
    # Translators: two numbers or dates follow.
    BETWEEN: gettext_lazy("is between (both included)"),
}
#: The values of those that have names of their own.
CHOICES: dict[str, Any] = {"category": Stage.Category, "priority": Priority}


def property_choices() -> list[tuple[str, str | Promise]]:
    """Every property that can be asked about, with its name. Takes one query."""
    custom = [
        (f"{CUSTOM}{row.key}", row.label)
        for row in definitions(TicketProperty.objects.all()).values()
        if operators_of(f"{CUSTOM}{row.key}")
    ]
    return [*PROPERTIES.items(), *custom]


def definitions(rows: Any) -> dict[str, TicketProperty]:
    """Custom properties, each in the active language where it is translated.

    Args:
        rows: All languages of these properties.

    Returns:
        The rows by their keys.
    """
    language, found = get_language(), {}
    for row in rows.select_related("locale").order_by("label", "pk"):
        if row.key not in found or row.locale.language_code == language:
            found[row.key] = row
    return found


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
        if (
            one.operator in RANGES
            and not TicketProperty.objects.filter(
                key=key, type=type_of_bounds(one.values)
            ).exists()
        ):
            return _(
                "The property “%(key)s” of a visibility filter is of another type now, "
                "so customers see no tickets."
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
    if one.property in CHOICES:
        choices = {c.value: c.label for c in CHOICES[one.property]}
    elif one.property.startswith(CUSTOM):
        key = one.property.removeprefix(CUSTOM)
        row = definitions(TicketProperty.objects.filter(key=key)).get(key)
        if row is not None and row.type == TicketProperty.Type.CHOICE:
            choices = row.choice_labels()
        elif row is not None and row.type == TicketProperty.Type.CHECKBOX:
            choices = {True: _("Yes"), False: _("No")}
    return [
        (str(choices.get(value, value)), not choices or value in choices)
        for value in one.values
    ]


def name_of(name: str, row: Any) -> str:
    """What tells a row from others of the same name.

    Args:
        name: The property that it is a value of.
        row: The row.
    """
    if name == "stage":
        return f"{row.pipeline.name} · {row.name}"
    # Organizations alone may share a name.
    return f"#{row.pk}" if name != "tag" else str(row.name)


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
            named.append((name_of(name, row), True))
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
        row = definitions(TicketProperty.objects.filter(key=key)).get(key)
        label = row.label if row else key
    if not label:
        return _("cannot be read")
    condition = OPERATOR_LABELS.get(one.operator, "")
    if not one.values:
        return f"{label} {condition}"
    return f"{label} {condition}: {', '.join(texts_of(one))}"
