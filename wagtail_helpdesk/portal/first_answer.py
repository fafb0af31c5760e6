"""By when a ticket is answered first, as long as it is not (N17)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from wagtail_helpdesk.conf import helpdesk_settings
from wagtail_helpdesk.models import Message, Stage, Ticket
from wagtail_helpdesk.portal.entry import Visit
from wagtail_helpdesk.promises import Promise, first_answer_due, promise_for


def first_answer(
    visit: Visit, ticket: Ticket, thread: Iterable[Message] = ()
) -> Promise | None:
    """The promise of a ticket that waits for its first answer.

    Told from what the customer can read: a reply that may still be taken back is none.

    Args:
        visit: The visit.
        ticket: A ticket that ``find_ticket`` has let through.
        thread: The messages that the customer reads.

    Returns:
        The promise; ``None`` if nothing was promised, or it was kept, or nobody waits.
    """
    if ticket.is_closed or ticket.stage.category == Stage.Category.WAITING:
        return None
    if any(not message.is_from_customer for message in thread):
        return None
    replied_at = ticket.first_replied_at
    undo = timedelta(seconds=helpdesk_settings.UNDO_SEND_SECONDS)
    if replied_at is not None and replied_at + undo <= timezone.now():
        return None
    due = first_answer_due(ticket.inbox, ticket.created_at)
    return promise_for(visit.contact, due)
