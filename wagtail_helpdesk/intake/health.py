"""Does what comes in arrive? For the system check."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError
from django.utils import timezone

from wagtail_helpdesk.models import Receipt

#: What is due for longer than this wants a worker.
TOO_OLD = timedelta(minutes=5)


def oldest_due_age() -> timedelta | None:
    """How long the oldest receipt that is due has been waiting, or ``None``.

    What waits for its next attempt, or for its channel, is not due.
    """
    now = timezone.now()
    since = Receipt.objects.due(now).values_list("run_at", flat=True).first()
    return now - since if since is not None else None


@register(Tags.database)
def check_intake(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """W202 and W203: mail that waits, or failed (``check --database default``)."""
    if not databases or Receipt.objects.db not in databases:
        return []
    try:
        age = oldest_due_age()
        failed = Receipt.objects.failed().count()
    except DatabaseError:
        # No tables yet: the migrations have not been run.
        return []
    messages: list[CheckMessage] = []
    if age is not None and age > TOO_OLD:
        messages.append(
            Warning(
                "Mail that came in has been waiting for "
                f"{int(age.total_seconds() // 60)} minutes.",
                hint="Run “manage.py helpdesk_worker”, or “manage.py helpdesk_tick” "
                "every minute.",
                id="wagtail_helpdesk.W202",
            )
        )
    if failed:
        messages.append(
            Warning(
                f"{failed} received mails could not be used.",
                hint="Agents find them with their reasons under Help desk → Mail "
                "without a place, and may try again.",
                id="wagtail_helpdesk.W203",
            )
        )
    return messages
