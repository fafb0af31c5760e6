"""Does the mail get out? For the system check and the banner in the workspace."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError
from django.utils import timezone

from wagtail_helpdesk.models import Delivery, Event

#: Mail that is due for longer than this wants a worker.
TOO_OLD = timedelta(minutes=5)


def oldest_due_age() -> timedelta | None:
    """How long the oldest due mail, or event that mails may follow, has been waiting.

    Mail that waits for its next attempt after a failure is not due.

    Returns:
        ``None`` when nothing waits.
    """
    now = timezone.now()
    events = Event.objects.due(Event.Consumer.NOTIFICATIONS).values_list(
        "created_at", flat=True
    )
    since = [
        time for time in (Delivery.objects.oldest_due(now), events.first()) if time
    ]
    return now - min(since) if since else None


@register(Tags.database)
def check_outbox(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Warn when mail is due and nobody sends it (``check --database default``)."""
    if not databases or Delivery.objects.db not in databases:
        return []
    try:
        age = oldest_due_age()
    except DatabaseError:
        # No tables yet: the migrations have not been run.
        return []
    if age is None or age <= TOO_OLD:
        return []
    return [
        Warning(
            f"Mail has been due for {int(age.total_seconds() // 60)} minutes.",
            hint="Run “manage.py helpdesk_worker”, or “manage.py helpdesk_tick” every "
            "minute, so that mail leaves when nobody uses the site.",
            id="wagtail_helpdesk.W201",
        )
    ]
