"""How tickets, people and messages appear to a customer (R10 to R12)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wagtail_helpdesk.models import (
    Agent,
    Attachment,
    Contact,
    Message,
    PortalRules,
    Stage,
    StageLabel,
    Ticket,
)
from wagtail_helpdesk.models.tickets import TicketQuerySet

#: Where on a ticket's page the first message is that was not read.
ANCHOR = "new"


@dataclass(frozen=True, slots=True)
class Status:
    """A ticket's status in words, with the shape that goes with them.

    Attributes:
        state: ``new``, ``open``, ``waiting`` or ``closed``.
        label: What the customer reads.
    """

    state: str
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list.

    Attributes:
        reference: The ticket's number as people write it.
        subject: Its subject, the link to it.
        url: Where that leads.
        values: What the other columns hold, by their keys.
        is_unread: Whether there is an answer that the reader has not read.
    """

    reference: str
    subject: str
    url: str
    values: Mapping[str, Any]
    is_unread: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One message of the conversation with what stands around it.

    Attributes:
        message: The message.
        author: The name to show.
        is_support: Whether an agent wrote it.
        attachments: Its files.
        is_new: Whether the reader has not read it, or it came while they were writing.
        is_first_unread: Whether it is the first one they had not read.
    """

    message: Message
    author: str
    is_support: bool
    attachments: list[Attachment]
    is_new: bool = False
    is_first_unread: bool = False


def ticket_status(ticket: Ticket, rules: PortalRules) -> Status:
    """Open or closed, or the stage's customer label where stages show (R11, B43, B44).

    Args:
        ticket: Read with its stage (``for_rows``).
        rules: The portal's rules.
    """
    return status_of(ticket.stage, ticket.is_closed, rules)


def status_of(stage: Stage | None, is_closed: bool, rules: PortalRules) -> Status:
    """The same, of a ticket that was not read.

    Args:
        stage: Its stage, needed where stages show.
        is_closed: Whether it is closed.
        rules: The portal's rules.
    """
    if rules.show_stages and stage is not None and stage.is_customer_visible:
        return Status(stage.category, stage.public_label)
    if is_closed:
        return Status(Stage.Category.CLOSED, pgettext("status of a request", "Closed"))
    return Status(Stage.Category.OPEN, pgettext("status of a request", "Open"))


def agent_name(agent: Agent | None, rules: PortalRules) -> str:
    """The name of an agent as this portal shows it; never an address (R12, B42).

    Args:
        agent: Read with its account; ``None`` is someone who has left.
        rules: The portal's rules.
    """
    support = _("Support team")
    if agent is None:
        return support
    user = agent.user
    names = {
        "name": getattr(user, "first_name", ""),
        "full": user.get_full_name(),
        "surname": getattr(user, "last_name", ""),
        "alias": agent.display_alias,
    }
    return names.get(rules.owner_display, "") or agent.display_alias or support


def contact_name(contact: Contact | None, viewer: Contact) -> str:
    """A customer's name as another customer, or they themselves, read it.

    Args:
        contact: The customer.
        viewer: Who reads.
    """
    if contact is None:
        return _("Unknown contact")
    return customer_name(contact.pk, contact.name, viewer)


def customer_name(pk: int, name: str, viewer: Contact) -> str:
    """The same, of a contact that was not read.

    Args:
        pk: The contact's key.
        name: The contact's name.
        viewer: Who reads.
    """
    if pk == viewer.pk:
        return pgettext("author of a message", "You")
    # A name only: nobody is shown the address of another.
    return name or _("Unknown contact")


def for_rows(tickets: TicketQuerySet, rules: PortalRules) -> TicketQuerySet:
    """Tickets with what their rows show, in as few queries as the rules allow.

    Args:
        tickets: The tickets.
        rules: The portal's rules: labels of stages are read where stages show.
    """
    tickets = tickets.select_related("stage", "owner__user", "contact")
    if rules.show_stages:
        labels = StageLabel.objects.select_related("locale")
        tickets = tickets.prefetch_related(Prefetch("stage__labels", labels))
    return tickets


def entries_of(
    messages: Iterable[Any],
    *,
    viewer: Contact,
    rules: PortalRules,
    news: Set[int] = frozenset(),
    unread: Sequence[int] = (),
    files: Mapping[int, list[Attachment]] | None = None,
) -> list[Entry]:
    """The lines of a conversation.

    Args:
        messages: Messages the viewer may see, with ``has_files``.
        viewer: Who reads.
        rules: The portal's rules.
        news: Keys of the messages that came while the reader was writing.
        unread: Keys of those that the reader has not read, the oldest first.
        files: The files by message, where they were not read with the messages.
    """
    entries = []
    first_unread = unread[0] if unread else None
    fresh = news | set(unread)
    for message in messages:
        is_support = not message.is_from_customer
        entries.append(
            Entry(
                message=message,
                author=agent_name(message.author_agent, rules)
                if is_support
                else contact_name(message.author_contact, viewer),
                is_support=is_support,
                attachments=_files_of(message, files),
                is_new=message.pk in fresh,
                is_first_unread=message.pk == first_unread,
            )
        )
    return entries


def _files_of(
    message: Any, files: Mapping[int, list[Attachment]] | None
) -> list[Attachment]:
    if not message.has_files:
        return []
    if files is not None:
        return files.get(message.pk, [])
    return list(message.attachments.all())


def status_sentence(ticket: Ticket, newest: Message | None) -> tuple[str, datetime]:
    """Where a ticket stands, in a sentence, and since when.

    Told from what the customer can read, not from the stage or the ticket's times: a
    note, or a reply that may still be taken back, says nothing here.

    Args:
        ticket: The ticket.
        newest: The newest message that the reader may see.
    """
    if ticket.is_closed:
        return _("It is closed."), ticket.closed_at or ticket.last_activity_at
    if newest is None:
        return _("We have it and will answer here."), ticket.created_at
    if newest.is_from_customer:
        return _("We have the latest message and will answer here."), newest.created_at
    if ticket.stage.category == Stage.Category.WAITING:
        return _("We have answered. It is your turn."), newest.created_at
    return _("We have answered."), newest.created_at
