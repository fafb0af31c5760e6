"""What stands beside a ticket, read with few and small queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wagtail_helpdesk.admin.ticket_reading import other_rows
from wagtail_helpdesk.admin.ticket_rows import StageChoice
from wagtail_helpdesk.conf import helpdesk_settings
from wagtail_helpdesk.models import Agent, Stage, Ticket, TicketProperty
from wagtail_helpdesk.pagination import BoundedCount

#: Other tickets of the contact that the card lists.
SHOWN = 5
#: How far the others are counted.
COUNTED = 100


@dataclass(frozen=True, slots=True)
class OtherTicket:
    """Another ticket of the same contact, as the card lists it."""

    public_id: str
    reference: str
    subject: str
    stage: StageChoice | Stage


def other_tickets(
    ticket: Ticket, agent: Agent, stages: Iterable[StageChoice]
) -> tuple[list[OtherTicket], BoundedCount]:
    """The contact's other tickets that the agent may see, latest activity first.

    Args:
        ticket: The ticket they stand beside.
        agent: Who looks.
        stages: Stages that have been read, with their labels.

    Returns:
        The first few, and how many there are.
    """
    rows = other_rows(ticket, agent, COUNTED + 1)
    known: dict[int, StageChoice | Stage] = {stage.pk: stage for stage in stages}
    missing = {stage for *_rest, stage in rows[:SHOWN]} - known.keys()
    if missing:
        found = Stage.objects.filter(pk__in=missing).with_labels()
        known.update((stage.pk, stage) for stage in found)
    prefix = helpdesk_settings.TICKET_PREFIX
    return [
        OtherTicket(public_id, f"{prefix}{number}", subject, known[stage])
        for public_id, number, subject, stage in rows[:SHOWN]
    ], BoundedCount(min(len(rows), COUNTED), is_exact=len(rows) <= COUNTED)


def custom_properties(ticket: Ticket) -> list[tuple[str, str]]:
    """Custom properties that are set, with their labels."""
    values = ticket.properties
    if not values:
        return []
    labels: dict[str, TicketProperty] = {}
    for row in TicketProperty.objects.filter(key__in=list(values)):
        labels.setdefault(row.key, row)
    shown = []
    for key, value in values.items():
        found = labels.get(key)
        choices = found.choice_labels() if found else {}
        label = found.label if found else key
        shown.append((label, str(choices.get(str(value), value))))
    return shown
