"""The custom properties of tickets as customers read them (B62)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wagtail_helpdesk.models import Ticket, TicketProperty


def definitions(keys: Iterable[str] | None = None) -> list[TicketProperty]:
    """The properties that customers may see, in all languages.

    Args:
        keys: Of those only; ``None``: all.
    """
    rows = TicketProperty.objects.filter(is_customer_visible=True)
    if keys is not None:
        rows = rows.filter(key__in=list(keys))
    return list(rows.select_related("locale"))


def visible_properties(
    ticket: Ticket, defined: Iterable[TicketProperty] | None = None
) -> list[tuple[str, str]]:
    """Labels and values of the custom properties that customers may see.

    Args:
        ticket: The ticket.
        defined: What ``definitions`` says, where many tickets are shown.
    """
    if not ticket.properties:
        return []
    if defined is None:
        defined = definitions(ticket.properties)
    language = get_language() or ""
    by_key: dict[str, TicketProperty] = {}
    for row in defined:
        if row.key not in ticket.properties:
            continue
        if row.key not in by_key or row.locale.language_code == language:
            by_key[row.key] = row
    found = []
    for row in sorted(by_key.values(), key=lambda row: row.label):
        value = ticket.properties[row.key]
        if row.type == TicketProperty.Type.CHECKBOX:
            text = _("Yes") if value else _("No")
        elif isinstance(value, list):
            labels = row.choice_labels()
            text = ", ".join(labels.get(str(item), str(item)) for item in value)
        else:
            text = row.choice_labels().get(str(value), str(value))
        if value not in (None, "", []):
            found.append((row.label, text))
    return found
