"""The columns of the ticket list, the same on the screen and in the export (R18)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.models import Conversation, Message, Ticket

PREVIEW_LENGTH = 140


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the list.

    Attributes:
        key: Names the column in style sheets and tests.
        label: Its heading.
        text: A ticket's value as plain text.
    """

    key: str
    label: Any
    text: Callable[[Ticket], str]


def local_time(ticket: Ticket) -> str:
    """When something last happened on the ticket, in the agent's time zone."""
    return date_format(timezone.localtime(ticket.last_activity_at), "Y-m-d H:i")


COLUMNS: tuple[Column, ...] = (
    Column("reference", _("Ticket"), lambda ticket: ticket.reference),
    Column("contact", _("Contact"), lambda ticket: ticket.contact.display_name),
    Column(
        "organization",
        _("Organization"),
        lambda ticket: ticket.organization.name if ticket.organization else "",
    ),
    Column("subject", _("Subject"), lambda ticket: ticket.subject),
    Column("stage", _("Stage"), lambda ticket: ticket.stage.label),
    Column("priority", _("Priority"), lambda ticket: ticket.get_priority_display()),
    Column(
        "owner",
        _("Owner"),
        lambda ticket: ticket.owner.full_name if ticket.owner else "",
    ),
    Column("activity", _("Last activity"), local_time),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A ticket in the list.

    Attributes:
        ticket: The ticket, read with ``for_list()``.
        preview: The beginning of its newest message or note, on one line.
    """

    ticket: Ticket
    preview: str

    @property
    def waits_for_answer(self) -> bool:
        """Whether the customer wrote last."""
        asked = self.ticket.last_customer_message_at
        answered = self.ticket.last_agent_message_at
        if asked is None or self.ticket.is_closed:
            return False
        return answered is None or asked > answered


def rows(tickets: Iterable[Ticket]) -> list[Row]:
    """The rows of a page: two queries, however many tickets."""
    tickets = list(tickets)
    newest = (
        Conversation.objects.live()
        .filter(ticket__in=[ticket.pk for ticket in tickets])
        .order_by()
        .values("ticket")
        .annotate(newest=Max("messages__pk"))
        .values_list("ticket", "newest")
    )
    by_ticket = dict(newest)
    texts = dict(
        Message.objects.filter(
            pk__in=[pk for pk in by_ticket.values() if pk]
        ).values_list("pk", "body_text")
    )
    return [
        Row(ticket, _one_line(texts.get(by_ticket.get(ticket.pk) or 0, "")))
        for ticket in tickets
    ]


def _one_line(text: str) -> str:
    return Truncator(" ".join(text[: PREVIEW_LENGTH * 4].split())).chars(PREVIEW_LENGTH)
