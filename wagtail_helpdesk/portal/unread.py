"""Which tickets and messages have answers that a customer has not read (F6, F7).

What counts as unread is decided by ``models.read_marks.unread_messages``, of the
messages that the portal shows, and asked about tickets the customer sees: a mark tells
nobody of a message they may not read.

Guests get no marks and leave none: programs that look through mails open their links.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from wagtail_helpdesk.access.viewed import is_stand_in
from wagtail_helpdesk.actions import MarkTicketRead
from wagtail_helpdesk.models import Message, Ticket
from wagtail_helpdesk.models.read_marks import unread_messages
from wagtail_helpdesk.portal.entry import Visit
from wagtail_helpdesk.portal.views.ticket_reading import newest_messages
from wagtail_helpdesk.statements.querysets import ask


@dataclass(frozen=True, slots=True)
class Unread:
    """What a customer has not read of one ticket.

    Attributes:
        keys: Keys of the messages, the oldest first.
        since: When the oldest of them was written.
        tickets: Keys of the tickets they were written on: this one, or merged ones.
    """

    keys: tuple[int, ...] = ()
    since: datetime | None = None
    tickets: frozenset[int] = frozenset()


def unread_of(visit: Visit, ticket: Ticket) -> Unread:
    """What is unread when a page is opened; on a form that comes back, nothing.

    Takes one query.

    Args:
        visit: The request.
        ticket: A ticket that ``find_ticket`` has let through.
    """
    if visit.is_guest or visit.request.method not in ("GET", "HEAD"):
        return Unread()
    contact, rules = visit.contact, visit.rules

    def build(values: Mapping[str, Any]) -> QuerySet[Any]:
        unread: Any = unread_messages(
            values["contact"],
            rules,
            read_until=values["read_until"],
            now=values["now"],
        )
        found = unread.filter(conversation__ticket=values["ticket"])
        return found.order_by("created_at", "pk").values_list(
            "pk", "created_at", "came_from"
        )

    values = {
        "contact": contact.pk,
        "ticket": ticket.pk,
        "read_until": contact.read_until,
        "now": timezone.now(),
    }
    key = ("portal unread", rules.thread_policy)
    found = ask(key, values, build, using=Message.objects.db)
    if not found:
        return Unread()
    return Unread(
        keys=tuple(pk for pk, _at, _ticket in found),
        since=found[0][1],
        tickets=frozenset(key for _pk, _at, key in found),
    )


def reach_back(
    visit: Visit, ticket: Ticket, unread: Unread, thread: list[Any]
) -> list[Any]:
    """The thread as far back as what is unread: that is never among what is folded.

    Takes queries only where more is unread than a page shows at first.

    Args:
        visit: The request.
        ticket: A ticket that ``find_ticket`` has let through.
        unread: What is unread of it.
        thread: Its newest messages, the oldest first.
    """
    if not unread.keys or any(message.pk == unread.keys[0] for message in thread):
        return thread
    at = unread.since
    since = Q(created_at__gt=at) | Q(created_at=at, pk__gte=unread.keys[0])
    shown = Message.objects.shown_in(visit.rules).filter(conversation__ticket=ticket)
    return newest_messages(visit, ticket, shown.filter(since).count())


def note_reading(
    visit: Visit, ticket: Ticket, thread: Sequence[Message], unread: Unread
) -> None:
    """Keep that a customer has opened a ticket on which something was unread.

    Not what a browser fetches in advance (``Sec-Purpose``, Fetch standard), nor what an
    agent does who looks at the site as the customer.

    Args:
        visit: The request.
        ticket: A ticket that ``find_ticket`` has let through.
        thread: The messages of its page, the newest among them.
        unread: What ``unread_of`` has found.
    """
    request = visit.request
    if request.method != "GET" or _is_prefetch(request) or is_stand_in(request.user):
        return
    out = [message for message in thread if not message.is_from_customer]
    if out:
        MarkTicketRead(
            ticket=ticket,
            parts=unread.tickets,
            contact=visit.contact,
            portal=visit.rules,
            until=max(message.release_at or message.created_at for message in out),
        ).execute(skip_permission_checks=True)  # ``find_ticket`` has asked the rule.


def _is_prefetch(request: HttpRequest) -> bool:
    """Whether nobody looks at it yet; ``Purpose`` is what older browsers say."""
    told = (request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose"))
    return any("prefetch" in text.casefold() for text in told)
