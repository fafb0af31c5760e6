"""The words of new messages go behind those that the rows of a ticket have already.

Nothing old is read: the work does not grow with the thread.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db import connections, router
from django.db.models import F, QuerySet
from django.utils import timezone

from wagtail_helpdesk.fulltext import fields
from wagtail_helpdesk.fulltext.fields import Appended
from wagtail_helpdesk.indexing.rows import Entry, entries, take
from wagtail_helpdesk.models import Audience, Message, TicketText
from wagtail_helpdesk.models.ticket_texts import WHOLE


def append_messages(ticket: int) -> bool:
    """Bring the rows of a ticket up to date with its messages.

    Args:
        ticket: Its id.

    Returns:
        Off: that cannot be done by appending, or somebody else was at it.
    """
    alias = router.db_for_write(TicketText)
    rows = list(TicketText.objects.using(alias).filter(ticket=ticket).defer("words"))
    if not rows:
        return False
    known = {row.conversation_id for row in rows} - {None}
    new = Message.objects.using(alias).filter(
        conversation__ticket=ticket, pk__gt=min(row.last_message for row in rows)
    )
    messages = [entry for _ticket, entry in entries(new)]
    written_in = {entry.conversation for entry in messages}
    if not written_in <= known:
        return False
    now = timezone.now()
    changes: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for row in rows:
        taken = take(
            messages,
            row.audience,
            _conversations(row, messages),
            now=now,
            after=row.last_message,
            length=row.length,
        )
        if taken.last_message == row.last_message and taken.due_at == row.due_at:
            continue
        # Rows that get the same words get them in one statement.
        change = (row.last_message, taken.last_message, taken.due_at)
        changes[(*change, tuple(taken.words))].append(row.pk)
    return all(
        _write(TicketText.objects.using(alias).filter(pk__in=keys), *change)
        == len(keys)
        for change, keys in changes.items()
    )


def _conversations(row: TicketText, messages: list[Entry]) -> set[int]:
    """Those whose messages the row has."""
    if row.scope != WHOLE:
        return {row.scope}
    if row.audience == Audience.PUBLIC:
        return {entry.conversation for entry in messages if not entry.is_hidden}
    return {entry.conversation for entry in messages if not entry.is_trashed}


def _write(
    rows: QuerySet[TicketText],
    before: int,
    last_message: int,
    due_at: datetime | None,
    words: tuple[str, ...],
) -> int:
    """Write unless somebody else has written in between; how many rows were."""
    values: dict[str, Any] = {"last_message": last_message, "due_at": due_at}
    if words:
        stored = fields.database(connections[rows.db]).stored(words)
        values["words"] = Appended("words", stored)
        values["length"] = F("length") + len(words)
    return rows.filter(last_message=before).update(**values)
