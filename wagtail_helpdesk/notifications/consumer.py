"""From events that are due to deliveries in the outbox."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable

from django.db import transaction

from wagtail_helpdesk.models import Delivery, Event
from wagtail_helpdesk.notifications.acknowledgement import acknowledgements_for
from wagtail_helpdesk.notifications.agent_notices import notices_for
from wagtail_helpdesk.notifications.ratings import rating_requests_for

logger = logging.getLogger("wagtail_helpdesk.notifications")


def handle_event(event: Event) -> list[Delivery]:
    """Queue the mails that follow from one event, and mark it as seen.

    One transaction: either the mails are queued and the event is seen, or neither.

    Args:
        event: Any event; one that is not due changes nothing.

    Returns:
        The mails asked for, also those that were queued before.
    """
    with transaction.atomic():
        # Two consumers of one event wait for each other here.
        due = Event.objects.select_for_update().values_list("due", flat=True)
        if not due.get(pk=event.pk) & Event.Consumer.NOTIFICATIONS:
            return []
        deliveries = _deliveries(
            Event.objects.select_related(
                "ticket__inbox", "conversation", "actor_contact"
            ).get(pk=event.pk)
        )
        if deliveries:
            Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
        Event.objects.filter(pk=event.pk).mark_seen(Event.Consumer.NOTIFICATIONS)
    return deliveries


def _deliveries(event: Event) -> list[Delivery]:
    if event.ticket is None or event.ticket.deleted_at is not None:
        return []
    conversation = event.conversation
    if conversation is not None and conversation.status == conversation.Status.SPAM:
        return []
    return [
        *acknowledgements_for(event, event.ticket),
        *notices_for(event, event.ticket),
        *rating_requests_for(event, event.ticket),
    ]


def handle_events(events: Iterable[Event], *, ends_at: float | None = None) -> int:
    """Handle several events; one that fails stays due and does not stop the others.

    Args:
        events: Events, the oldest first.
        ends_at: Begin no further one after this time of ``time.monotonic()``.

    Returns:
        How many were handled.
    """
    handled = 0
    for event in events:
        if ends_at is not None and time.monotonic() >= ends_at:
            break
        try:
            handle_event(event)
        except Event.DoesNotExist:
            # Deleted meanwhile, together with its ticket.
            continue
        except Exception:
            logger.exception("Event %s could not be handled; it stays due", event.pk)
        else:
            handled += 1
    return handled


def handle_due(*, ends_at: float | None = None, limit: int = 1000) -> int:
    """Handle what a crash between commit and task has left behind.

    Args:
        ends_at: Begin no further one after this time of ``time.monotonic()``.
        limit: How many at most.

    Returns:
        How many events were handled.
    """
    due = Event.objects.due(Event.Consumer.NOTIFICATIONS)
    return handle_events(due[:limit], ends_at=ends_at)
