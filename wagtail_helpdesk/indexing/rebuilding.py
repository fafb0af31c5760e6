"""The rows of tickets from scratch: one ticket whose conversations changed, or all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db import connections, router, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from wagtail_helpdesk.fulltext import fields
from wagtail_helpdesk.indexing.rows import WRITTEN, Entry, entries, rows_of, threads
from wagtail_helpdesk.models import Conversation, Message, Ticket, TicketText
from wagtail_helpdesk.models.tickets import TicketQuerySet

#: Tickets of one transaction, in which nobody can write on them: a tenth of a second.
BATCH = 200


def unindexed() -> TicketQuerySet:
    """Tickets that no search finds, because they came before the index or past it."""
    rows = TicketText.objects.filter(ticket=OuterRef("pk"))
    return Ticket.objects.filter(~Exists(rows))


def index_tickets(tickets: Iterable[int]) -> int:
    """Write all rows of these tickets anew.

    Their words are found when this returns. Call it after writing or erasing text past
    the actions, such as in an import.

    Args:
        tickets: Ids; those of tickets that are gone are left out.

    Returns:
        How many tickets were there.
    """
    alias = router.db_for_write(TicketText)
    connection = connections[alias]
    database = fields.database(connection)
    now = timezone.now()
    with transaction.atomic(using=alias):
        # Whoever writes on these tickets waits, or has been waited for: no row can
        # miss a message whose event has been looked at.
        locked = list(
            Ticket.objects.using(alias)
            .select_for_update(of=_own_table(connection.features))
            .filter(pk__in=list(tickets))
            .select_related("contact")
            .only("subject", "contact__name")
            .order_by("pk")
        )
        keys = [ticket.pk for ticket in locked]
        conversations = threads(
            Conversation.objects.using(alias).filter(ticket__in=keys)
        )
        messages: dict[int, list[Entry]] = defaultdict(list)
        found = Message.objects.using(alias).filter(conversation__ticket__in=keys)
        for ticket_id, entry in entries(found):
            messages[ticket_id].append(entry)
        rows = [
            row
            for ticket in locked
            for row in rows_of(
                ticket,
                conversations[ticket.pk],
                messages[ticket.pk],
                database=database,
                now=now,
            )
        ]
        # A conversation that left the ticket leaves its row behind.
        present = {row.scope for row in rows}
        TicketText.objects.using(alias).filter(ticket__in=keys).exclude(
            scope__in=present
        ).delete()
        TicketText.objects.using(alias).bulk_create(
            rows,
            batch_size=BATCH * 2,
            update_conflicts=True,
            update_fields=WRITTEN,
            unique_fields=("ticket", "audience", "scope")
            if connection.features.supports_update_conflicts_with_target
            else None,
        )
    return len(keys)


def _own_table(features: object) -> tuple[str, ...]:
    return ("self",) if getattr(features, "has_select_for_update_of", False) else ()


def rebuild(*, everything: bool = False, after: int = 0) -> Iterator[tuple[int, int]]:
    """Index tickets in batches; may be stopped and begun again at any time.

    Args:
        everything: Also those that have rows.
        after: Begin behind the ticket with this id.

    Yields:
        After each transaction: how many tickets are done, and the id of the last one.
    """
    tickets = Ticket.objects.all() if everything else unindexed()
    done = 0
    while True:
        keys = list(
            tickets.filter(pk__gt=after)
            .order_by("pk")
            .values_list("pk", flat=True)[:BATCH]
        )
        if not keys:
            return
        done += index_tickets(keys)
        after = keys[-1]
        yield done, after
