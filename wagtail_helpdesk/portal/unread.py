"""Which tickets and messages have answers that a customer has not read (F6, F7).

What counts as unread is decided by ``models.read_marks.unread_messages``, of the
messages that the portal shows, and asked about tickets the customer sees: a mark tells
nobody of a message they may not read.

Guests get no marks and leave none: programs that look through mails open their links.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.http import HttpRequest
from django.utils import timezone

from wagtail_helpdesk.access.viewed import is_stand_in
from wagtail_helpdesk.actions import MarkTicketRead
from wagtail_helpdesk.models import PortalRules, ReadMark, Ticket
from wagtail_helpdesk.models.messages import MessageQuerySet
from wagtail_helpdesk.models.read_marks import came_from_ticket, unread_messages
from wagtail_helpdesk.models.tickets import TicketQuerySet
from wagtail_helpdesk.portal.entry import Visit


def notices_news(visit: Visit) -> bool:
    """Whether a page tells what is new: when it is opened, not on a form come back."""
    return not visit.is_guest and visit.request.method in ("GET", "HEAD")


def news_values(visit: Visit) -> dict[str, Any]:
    """What the functions below compare with, by name."""
    contact = visit.contact
    return {
        "contact": contact.pk,
        "read_until": contact.read_until,
        "now": timezone.now(),
    }


def with_unread_since(
    tickets: TicketQuerySet, rules: PortalRules, values: Mapping[str, Any]
) -> TicketQuerySet:
    """Tickets with ``unread_since``: when the oldest unread message was written.

    Args:
        tickets: Tickets that the contact sees.
        rules: The portal's rules.
        values: As ``news_values`` gives them.
    """
    unread: Any = _unread(rules, values).filter(conversation__ticket=OuterRef("pk"))
    oldest = unread.order_by("created_at", "pk").values("created_at")[:1]
    return tickets.annotate(unread_since=Subquery(oldest))


def unread_since(ticket: Ticket) -> datetime | None:
    """What that says of a ticket; ``None`` where it was not asked."""
    return getattr(ticket, "unread_since", None)


def with_unread(
    messages: MessageQuerySet, rules: PortalRules, values: Mapping[str, Any]
) -> MessageQuerySet:
    """Messages with ``is_unread``, ``came_from`` and ``is_marked``.

    ``came_from`` is the key of the ticket they were written on: theirs, or one that was
    merged into it; ``is_marked`` says whether the contact has a mark on that one.

    Args:
        messages: Messages that the portal shows the contact.
        rules: The portal's rules.
        values: As ``news_values`` gives them.
    """
    unread = _unread(rules, values).filter(pk=OuterRef("pk"))
    marks = ReadMark.objects.filter(
        contact=values["contact"], ticket=OuterRef("came_from")
    )
    return messages.annotate(
        is_unread=Exists(unread), came_from=came_from_ticket(), is_marked=Exists(marks)
    )


def _unread(rules: PortalRules, values: Mapping[str, Any]) -> MessageQuerySet:
    return unread_messages(
        values["contact"], rules, read_until=values["read_until"], now=values["now"]
    )


def unread_keys(thread: Sequence[Any]) -> list[int]:
    """Keys of the unread messages of a thread, the oldest first.

    Args:
        thread: Messages, the oldest first; none is unread where that was not asked.
    """
    return [message.pk for message in thread if getattr(message, "is_unread", False)]


def note_reading(visit: Visit, ticket: Ticket, thread: Sequence[Any]) -> None:
    """Keep that a customer has opened a ticket on which something was unread.

    Not what a browser fetches in advance (``Sec-Purpose``, Fetch standard), nor what an
    agent does who looks at the site as the customer.

    Args:
        visit: The request.
        ticket: A ticket that ``find_ticket`` has let through.
        thread: The messages of its page, with ``is_unread``.
    """
    request = visit.request
    if request.method != "GET" or _is_prefetch(request) or is_stand_in(request.user):
        return
    unread = [message for message in thread if message.is_unread]
    out = [message for message in thread if not message.is_from_customer]
    if out:
        MarkTicketRead(
            ticket=ticket,
            parts={message.came_from for message in unread},
            marked={message.came_from for message in unread if message.is_marked},
            contact=visit.contact,
            portal=visit.rules,
            until=max(message.release_at or message.created_at for message in out),
        ).execute(skip_permission_checks=True)  # ``find_ticket`` has asked the rule.


def _is_prefetch(request: HttpRequest) -> bool:
    """Whether nobody looks at it yet; ``Purpose`` is what older browsers say."""
    told = (request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose"))
    return any("prefetch" in text.casefold() for text in told)
