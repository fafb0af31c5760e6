"""The kick after a commit: consumers look at the new events, then mail leaves.

A task is only a kick. Nothing depends on it: what it does not do, because the process
died or the queue lost it, the next sweep finds in the database.
"""

from __future__ import annotations

import time
from typing import Any

from django_tasks import task

from wagtail_helpdesk import indexing, intake, notifications, outbox
from wagtail_helpdesk.after_response import after_response
from wagtail_helpdesk.conf import helpdesk_settings
from wagtail_helpdesk.models import Event
from wagtail_helpdesk.sweep import may_send_in_requests, remember

#: A kick may run in a process that answers visitors, so it ends after so many seconds.
BUDGET_SECONDS = 5.0


@task()
def work_on_events(event_ids: list[int]) -> None:
    """Handle new events and send what is due.

    Args:
        event_ids: Ids of events that were just committed.
    """
    ends_at = time.monotonic() + BUDGET_SECONDS
    due = Event.objects.filter(pk__in=event_ids).exclude(due=0).order_by("pk")
    events = list(due)
    notifications.handle_events(
        [event for event in events if event.due & Event.Consumer.NOTIFICATIONS],
        ends_at=ends_at,
    )
    indexing.handle_events(events, ends_at=ends_at)
    left = ends_at - time.monotonic()
    if left > 0 and may_send_in_requests():
        remember(outbox.run_due(budget_seconds=left))


def kick(sender: Any, *, event_ids: list[int], due: int, **kwargs: Any) -> None:
    """Receive ``signals.events_recorded``, which is sent after the commit.

    Args:
        sender: The action's class.
        event_ids: Ids of the events it recorded.
        due: The consumers that have to look at them; none: there is nothing to do.
        kwargs: What a later version may send besides.
    """
    if due and helpdesk_settings.KICK_AFTER_COMMIT and not intake.is_taking_in():
        after_response(lambda: work_on_events.enqueue(event_ids=event_ids))
