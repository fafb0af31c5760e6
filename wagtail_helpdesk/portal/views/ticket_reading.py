"""Which ticket a customer reads, and which of its messages (R9, R10)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Window
from django.http import HttpResponse
from django.utils import timezone

from wagtail_helpdesk.models import Attachment, Contact, Message, Ticket
from wagtail_helpdesk.portal.entry import Visit
from wagtail_helpdesk.portal.unread import (
    news_values,
    with_unread,
    with_unread_since,
)
from wagtail_helpdesk.statements.querysets import ask, union_of_keys

#: Messages shown at first; the rest is one link away.
SHOWN = 20


def find_ticket(
    visit: Visit, public_id: str, *, with_news: bool = False
) -> Ticket | None:
    """The ticket with this id if the customer may see it (R9), else ``None``.

    Args:
        visit: The request.
        public_id: The ticket's.
        with_news: Whether to say what is unread of it (``unread.unread_since``).
    """
    if "\x00" in public_id:
        return None
    rules = visit.rules
    # What an action reads besides.
    is_more_needed = visit.request.method == "POST"

    def build(values: Mapping[str, Any]) -> QuerySet[Ticket]:
        tickets = Ticket.objects.visible_to_contact(
            Contact(pk=values["contact"]), rules
        )
        tickets = tickets.filter(public_id=values["public_id"]).select_related(
            "stage", "owner__user", "contact", "inbox__calendar"
        )
        if with_news:
            tickets = with_unread_since(tickets, rules, values)
        if is_more_needed:
            tickets = tickets.select_related("pipeline", "channel__inbox")
        return tickets[:1]

    key: tuple[Any, ...] = ("portal ticket", rules.visibility_key, is_more_needed)
    values: dict[str, Any] = {"contact": visit.contact.pk, "public_id": public_id}
    if with_news:
        key += ("with news", rules.thread_policy)
        values |= news_values(visit)
    found = ask(
        key,
        values,
        build,
        using=Ticket.objects.db,
    )
    return found[0] if found else None


def not_found(visit: Visit) -> HttpResponse:
    """The same answer for a ticket that is not there and one that is not theirs."""
    return visit.render("not_found.html", {}, status=404)


def newest_messages(
    visit: Visit, ticket: Ticket, number: int, *, since: datetime | None = None
) -> list[Any]:
    """The newest messages that the customer may read (R10), oldest first: never a note.

    Takes one query.

    Args:
        visit: The request.
        ticket: A ticket that ``find_ticket`` has let through.
        number: How many at most.
        since: When the oldest message was written that is shown all the same, with all
            after it; ``None``: nothing is unread.

    Returns:
        Messages with ``in_total``, how many there are, and ``has_files``; those since
        then as ``unread.with_unread`` gives them.
    """
    rules = visit.rules

    def build(values: Mapping[str, Any]) -> QuerySet[Message]:
        shown = Message.objects.shown_in(rules, now=values["now"])
        shown = shown.filter(conversation__ticket=values["ticket"])
        newest = ("-created_at", "-pk")
        files = Attachment.objects.filter(message=OuterRef("pk"))
        found: Any = shown.annotate(has_files=Exists(files)).select_related(
            "author_contact", "author_agent__user"
        )
        if since is None:
            return found.annotate(in_total=Window(Count("pk"))).order_by(*newest)[
                :number
            ]
        keys = union_of_keys([shown.order_by(*newest).values("pk")[:number]])
        counted = shown.order_by().values("conversation__ticket")
        total = counted.annotate(total=Count("pk")).values("total")
        found = with_unread(found, rules, values)
        return (
            found.annotate(in_total=Subquery(total))
            .filter(Q(created_at__gte=values["since"]) | Q(pk__in=keys))
            .order_by(*newest)
        )

    values = {"ticket": ticket.pk, "now": timezone.now()}
    if since is not None:
        values |= {**news_values(visit), "since": since}
    if number == SHOWN:
        key = ("portal messages", rules.thread_policy, since is not None)
        found = ask(key, values, build, using=Message.objects.db)
    else:
        found = list(build(values))
    return found[::-1]
