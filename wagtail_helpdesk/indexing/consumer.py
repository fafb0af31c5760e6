"""From events that are due to words that are found."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable

from django.db import transaction

from wagtail_helpdesk.indexing.appending import append_messages
from wagtail_helpdesk.indexing.rebuilding import BATCH, index_tickets
from wagtail_helpdesk.models import Event, Ticket, TicketText

logger = logging.getLogger("wagtail_helpdesk.indexing")

#: After these only new messages are looked at; after others all of the ticket.
_ONLY_NEW = frozenset(
    {Event.Kind.MESSAGE_RECEIVED, Event.Kind.MESSAGE_SENT, Event.Kind.NOTE_ADDED}
)


def handle_events(events: Iterable[Event], *, ends_at: float | None = None) -> int:
    """Index what several events have changed, each ticket once.

    What fails stays due and does not stop the rest.

    Args:
        events: Events, the oldest first; those that are not due change nothing.
        ends_at: Begin no further ticket after this time of ``time.monotonic()``.

    Returns:
        How many events were handled.
    """
    by_subject: dict[tuple[str, int | None], list[Event]] = {}
    for event in events:
        if not event.due & Event.Consumer.SEARCH:
            continue
        key = (
            ("ticket", event.ticket_id)
            if event.ticket_id is not None
            else ("contact", event.contact_id)
        )
        by_subject.setdefault(key, []).append(event)
    handled = 0
    for (kind, pk), about in by_subject.items():
        if ends_at is not None and time.monotonic() >= ends_at:
            break
        try:
            with transaction.atomic():
                if pk is not None and kind == "contact":
                    _index_tickets_of(pk)
                elif pk is not None:
                    _index(pk, only_new={event.kind for event in about} <= _ONLY_NEW)
                Event.objects.filter(pk__in=[event.pk for event in about]).mark_seen(
                    Event.Consumer.SEARCH
                )
        except Exception:
            logger.exception(
                "The %s %s could not be indexed; its events stay due", kind, pk
            )
        else:
            handled += len(about)
    return handled


def _index(ticket: int, *, only_new: bool) -> None:
    if not (only_new and append_messages(ticket)):
        index_tickets([ticket])


def _index_tickets_of(contact: int) -> None:
    """Tickets hold their contact's name."""
    tickets = Ticket.objects.filter(contact=contact).order_by("pk")
    keys = list(tickets.values_list("pk", flat=True))
    for start in range(0, len(keys), BATCH):
        index_tickets(keys[start : start + BATCH])


def handle_due(*, ends_at: float | None = None, limit: int = 1000) -> int:
    """Index what a crash has left behind, and replies that are released by now.

    Args:
        ends_at: Begin no further ticket after this time of ``time.monotonic()``.
        limit: How many events and tickets at most.

    Returns:
        How many events and tickets were handled.
    """
    events = Event.objects.due(Event.Consumer.SEARCH)
    handled = handle_events(events[:limit], ends_at=ends_at)
    waiting = TicketText.objects.due().order_by("due_at").values_list("ticket", "pk")
    for ticket in dict.fromkeys(ticket for ticket, _pk in waiting[:limit]):
        if ends_at is not None and time.monotonic() >= ends_at:
            break
        try:
            with transaction.atomic():
                _index(ticket, only_new=True)
        except Exception:
            logger.exception("Ticket %s could not be indexed; it stays due", ticket)
        else:
            handled += 1
    return handled
