"""The columns of the ticket list, the same on the screen and in the export (R18)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from unicodedata import combining, is_normalized

from django.db.models import BigAutoField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Left
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.admin.base import admin_url
from wagtail_helpdesk.admin.choices import Choices
from wagtail_helpdesk.conf import helpdesk_settings
from wagtail_helpdesk.models import Contact, Conversation, Message, Priority, Ticket
from wagtail_helpdesk.statements.slots import Slot
from wagtail_helpdesk.templatetags.helpdesk_admin_tags import short_times
from wagtail_helpdesk.templatetags.helpdesk_tags import hd_iso, hd_time_text

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


#: What a row is made of, read without making a single instance of a model.
ROW_FIELDS = (
    *("pk", "number", "version", "public_id", "subject", "is_closed", "priority"),
    *("last_activity_at", "last_customer_message_at", "last_agent_message_at"),
    *("stage_id", "owner_id", "contact_id", "contact__name", "organization__name"),
    "preview",
)


@dataclass(frozen=True, slots=True)
class Row:
    """A ticket in the list, as plain texts.

    Attributes:
        number: The ticket's number; names the row in the page.
        version: The ticket's version, as the page shows it.
        preview: The beginning of its newest message or note, on one line.
        waits_for_answer: Whether the customer wrote last.
        when: ``last_activity_at`` in short, in full and for machines.
    """

    number: int
    version: int
    url: str
    public_id: str
    reference: str
    contact: str
    organization: str
    subject: str
    preview: str
    stage: str
    category: str
    priority: int
    priority_label: str
    owner: str
    waits_for_answer: bool
    when: tuple[str, str, str]


def rows(found: Sequence[Any], choices: Choices) -> list[Row]:
    """The rows of a page: the same number of queries, however many tickets.

    Args:
        found: Named tuples of ``ROW_FIELDS``.
        choices: Of the agent who looks.
    """
    if not found:
        return []
    stages = choices.stage_texts()
    owners = choices.owner_names({t.owner_id for t in found if t.owner_id})
    contacts = _addresses({t.contact_id for t in found if not t.contact__name})
    before, _id, behind = admin_url("ticket", "0").rpartition("0")
    prefix = helpdesk_settings.TICKET_PREFIX
    priorities = {int(value): str(label) for value, label in Priority.choices}
    when = short_times()
    return [
        Row(
            number=ticket.number,
            version=ticket.version,
            url=f"{before}{ticket.public_id}{behind}",
            public_id=ticket.public_id,
            reference=f"{prefix}{ticket.number}",
            contact=ticket.contact__name or contacts[ticket.contact_id],
            organization=ticket.organization__name or "",
            subject=ticket.subject,
            preview=one_line(ticket.preview or ""),
            stage=stages[ticket.stage_id][0],
            category=stages[ticket.stage_id][1],
            priority=ticket.priority,
            priority_label=priorities.get(ticket.priority, ""),
            owner=owners.get(ticket.owner_id, ""),
            waits_for_answer=_waits(ticket),
            when=(
                when(ticket.last_activity_at),
                hd_time_text(ticket.last_activity_at),
                hd_iso(ticket.last_activity_at),
            ),
        )
        for ticket in found
    ]


def _waits(ticket: Any) -> bool:
    asked, answered = ticket.last_customer_message_at, ticket.last_agent_message_at
    if asked is None or ticket.is_closed:
        return False
    return answered is None or bool(asked > answered)


def _addresses(keys: set[int]) -> dict[int, str]:
    """What stands for contacts without a name."""
    if not keys:
        return {}
    nameless = Contact.objects.filter(pk__in=keys).prefetch_related("identities")
    return {contact.pk: contact.display_name for contact in nameless}


def with_preview(
    tickets: QuerySet[Ticket, Any], readable: int
) -> QuerySet[Ticket, Any]:
    """With the beginning of the newest message or note that the agent may read.

    Args:
        tickets: Any tickets, for a ``KeptQuery``.
        readable: How many inboxes the agent works; their keys are the slot of that
            name.
    """
    if not readable:
        return tickets.annotate(preview=Value(""))
    # By the index over (conversation, seq): one entry, however long the thread.
    text = (
        Message.objects.filter(conversation=OuterRef("pk"))
        .order_by("-seq")
        .values_list(Left("body_text", PREVIEW_LENGTH * 4))[:1]
    )
    latest = (
        Conversation.objects.live()
        .filter(
            ticket=OuterRef("pk"),
            inbox__in=Slot("readable", BigAutoField(), readable),
        )
        .order_by("-last_message_at", "-pk")
        .values_list(Subquery(text))[:1]
    )
    return tickets.annotate(preview=Subquery(latest))


def one_line(text: str) -> str:
    """The beginning of a text, its white space folded."""
    folded = " ".join(text.split())
    if len(folded) <= PREVIEW_LENGTH:
        return folded
    is_plain = folded.isascii() or (
        is_normalized("NFC", folded) and not any(map(combining, folded))
    )
    if is_plain:
        # The same, sooner: without marks that combine, letters need no closer look.
        return f"{folded[: PREVIEW_LENGTH - 1]}…"
    return Truncator(folded).chars(PREVIEW_LENGTH)
