"""What an answer can fill: a ticket property, built-in or custom, or the contact."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from wagtail_helpdesk.models import Stage, TicketProperty

SUBJECT = "ticket.subject"
DESCRIPTION = "ticket.description"
PRIORITY = "ticket.priority"
TYPE = "ticket.type"
NAME = "contact.name"
EMAIL = "contact.email"
PHONE = "contact.phone"
ORGANIZATION = "contact.organization"

PROPERTY_PREFIX = "property:"

LABELS: dict[str, Any] = {
    SUBJECT: _("Ticket: subject"),
    DESCRIPTION: _("Ticket: description"),
    PRIORITY: _("Ticket: priority"),
    TYPE: _("Ticket: type"),
    NAME: _("Contact: name"),
    EMAIL: _("Contact: e-mail address"),
    PHONE: _("Contact: phone number"),
    ORGANIZATION: _("Contact: organization"),
}


class LookedUpChoiceBlock(blocks.ChoiceBlock):
    """A choice among rows of the database, looked up where an editor chooses.

    Reading a stored form looks nothing up: the values are texts as they are.
    """

    def to_python(self, value: Any) -> str:
        """The stored text; Wagtail's own would compare it with all the choices."""
        return str(value or "")


def property_key(binding: str) -> str:
    """The key of the custom property a binding names, or empty."""
    if not binding.startswith(PROPERTY_PREFIX):
        return ""
    return binding.removeprefix(PROPERTY_PREFIX)


def choices(
    built_in: Sequence[str], property_types: Sequence[str]
) -> Callable[[], list[tuple[str, Any]]]:
    """The bindings that fit a kind of field, looked up when the editor opens.

    Args:
        built_in: Built-in bindings.
        property_types: Types of custom ticket properties.
    """

    def fitting() -> list[tuple[str, Any]]:
        offered = [(name, LABELS[name]) for name in built_in]
        labels: dict[str, str] = {}
        for row in TicketProperty.objects.filter(type__in=property_types):
            labels.setdefault(row.key, row.label)
        custom = [(f"{PROPERTY_PREFIX}{key}", label) for key, label in labels.items()]
        return offered + custom

    return fitting


def stage_choices() -> list[tuple[str, str]]:
    """Every stage in which a ticket can start, with its pipeline."""
    stages = Stage.objects.open().with_labels().select_related("pipeline")
    return [
        (str(stage.pk), f"{stage.pipeline} – {stage.label}")
        for stage in stages.order_by("pipeline__order", "pipeline__name", "order", "pk")
    ]
