"""The words of new messages go behind those that the rows of a ticket have already.

Nothing old is read: the work does not grow with the thread.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db import connections, router
from django.db.models import QuerySet
from django.utils import timezone

from wagtail_helpdesk.fulltext import fields
from wagtail_helpdesk.fulltext.fields import Appended
from wagtail_helpdesk.indexing.rows import Entry, Taken, entries, take
from wagtail_helpdesk.models import Audience, Conversation, Message, TicketText
from wagtail_helpdesk.models.conversations import HIDDEN
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
    for row, taken in _taken(rows, messages, alias, now):
        if taken.last_message == row.last_message and taken.due_at == row.due_at:
            continue
        # Rows that get the same words at the same place get them in one statement.
        key = (row.last_message, row.length, taken.due_at, tuple(taken.words))
        changes[(*key, taken.last_message, taken.length)].append(row.pk)
    return all(
        _write(TicketText.objects.using(alias).filter(pk__in=keys), change) == len(keys)
        for change, keys in changes.items()
    )


def _taken(
    rows: list[TicketText], messages: list[Entry], alias: str, now: datetime
) -> list[tuple[TicketText, Taken]]:
    """What each row takes of the messages."""
    written_in = {entry.conversation for entry in messages}
    hidden: dict[int, Any] = {}
    if written_in:
        hidden = dict(
            Conversation.objects.using(alias)
            .filter(HIDDEN, pk__in=written_in)
            .values_list("pk", "deleted_at")
        )
    result = []
    for row in rows:
        if row.scope != WHOLE:
            members = {row.scope}
        elif row.audience == Audience.PUBLIC:
            members = written_in - hidden.keys()
        else:
            members = {pk for pk in written_in if not hidden.get(pk)}
        result.append(
            (
                row,
                take(
                    messages,
                    row.audience,
                    members,
                    now=now,
                    after=row.last_message,
                    length=row.length,
                ),
            )
        )
    return result


def _write(rows: QuerySet[TicketText], change: tuple[Any, ...]) -> int:
    """Write unless somebody else has written in between; how many rows were."""
    before, _length, due_at, words, last_message, length = change
    values: dict[str, Any] = {
        "last_message": last_message,
        "length": length,
        "due_at": due_at,
    }
    if words:
        database = fields.database(connections[rows.db])
        values["words"] = Appended("words", database.stored(words))
    return rows.filter(last_message=before).update(**values)
