"""Which ticket a customer reads, and which of its messages (R9, R10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import (
    Count,
    Exists,
    OuterRef,
    QuerySet,
    Window,
    prefetch_related_objects,
)
from django.http import HttpResponse
from django.utils import timezone

from wagtail_helpdesk.models import Attachment, Contact, Message, Ticket
from wagtail_helpdesk.portal.display import for_rows
from wagtail_helpdesk.portal.entry import Visit
from wagtail_helpdesk.statements.querysets import ask

#: Messages shown at first; the rest is one link away.
SHOWN = 20


def find_ticket(visit: Visit, public_id: str) -> Ticket | None:
    """The ticket with this id if the customer may see it (R9), else ``None``."""
    if "\x00" in public_id:
        return None
    rules = visit.rules
    # What an action reads besides, and what closing asks for.
    is_more_needed = visit.request.method == "POST" or rules.may_close

    def build(values: Mapping[str, Any]) -> QuerySet[Ticket]:
        tickets = Ticket.objects.visible_to_contact(
            Contact(pk=values["contact"]), rules
        )
        tickets = for_rows(tickets, rules).filter(public_id=values["public_id"])
        tickets = tickets.select_related("inbox__calendar")
        if is_more_needed:
            tickets = tickets.select_related("pipeline", "channel__inbox")
        return tickets[:1]

    found = ask(
        ("portal ticket", rules.visibility_key, rules.show_stages) + (is_more_needed,),
        {"contact": visit.contact.pk, "public_id": public_id},
        build,
        using=Ticket.objects.db,
    )
    return found[0] if found else None


def not_found(visit: Visit) -> HttpResponse:
    """The same answer for a ticket that is not there and one that is not theirs."""
    return visit.render("not_found.html", {}, status=404)


def newest_messages(visit: Visit, ticket: Ticket, number: int) -> list[Any]:
    """The newest messages that the customer may read (R10), oldest first: never a note.

    Takes two queries; one if no file came with them.

    Args:
        visit: The request.
        ticket: A ticket that ``find_ticket`` has let through.
        number: How many at most.

    Returns:
        Messages with ``in_total``, how many there are, and ``has_files``.
    """
    rules = visit.rules

    def build(values: Mapping[str, Any]) -> QuerySet[Message]:
        files = Attachment.objects.filter(message=OuterRef("pk"))
        return (
            Message.objects.shown_in(rules, now=values["now"])
            .filter(conversation__ticket=values["ticket"])
            .select_related("author_contact", "author_agent__user")
            .annotate(in_total=Window(Count("pk")), has_files=Exists(files))
            .order_by("-created_at", "-pk")[:number]
        )

    values = {"ticket": ticket.pk, "now": timezone.now()}
    using = Message.objects.db
    if number == SHOWN:
        key = ("portal messages", rules.thread_policy)
        found = ask(key, values, build, using=using)
    else:
        found = list(build(values))
    with_files = [message for message in found if message.has_files]
    if with_files:
        prefetch_related_objects(with_files, "attachments")
    return found[::-1]
