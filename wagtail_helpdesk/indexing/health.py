"""Are all tickets found? For the system check."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError
from django.utils import timezone

from wagtail_helpdesk.indexing.rebuilding import unindexed
from wagtail_helpdesk.models import Ticket

#: A ticket that was opened longer ago ought to be found.
TOO_OLD = timedelta(minutes=10)


@register(Tags.database)
def check_index(
    app_configs: Any, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Warn when tickets have no words in the search (``check --database default``)."""
    if not databases or Ticket.objects.db not in databases:
        return []
    try:
        older = timezone.now() - TOO_OLD
        is_missing = unindexed().filter(created_at__lt=older).exists()
    except DatabaseError:
        # No tables yet: the migrations have not been run.
        return []
    if not is_missing:
        return []
    return [
        Warning(
            "There are tickets that no search finds by their words.",
            hint="Run “manage.py helpdesk_index_tickets”.",
            id="wagtail_helpdesk.W204",
        )
    ]
