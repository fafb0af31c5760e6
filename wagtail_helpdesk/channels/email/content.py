"""What the kinds of outgoing mail have in common, and what they differ in."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from wagtail_helpdesk.access.portals import TicketReader, ticket_url
from wagtail_helpdesk.channels.email.rendering import Body
from wagtail_helpdesk.models import Attachment, Contact, Delivery, Ticket

# RFC 3834, section 5. The rest is for servers that know no Auto-Submitted.
ANSWERS_BY_ITSELF = {
    "Auto-Submitted": "auto-replied",
    "X-Auto-Response-Suppress": "All",
    "Precedence": "auto_reply",
}
WRITES_BY_ITSELF = {
    "Auto-Submitted": "auto-generated",
    "X-Auto-Response-Suppress": "All",
    "Precedence": "bulk",
}


class NoLongerWanted(Exception):
    """The reason for a mail has gone since it was queued; it is not sent."""


@dataclass(frozen=True, slots=True)
class Content:
    """What the kinds of mail differ in."""

    subject: str
    body: Body
    sender: str
    recipient_name: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    files: list[Attachment] = field(default_factory=list)


def ticket_of(delivery: Delivery) -> Ticket:
    """The ticket of a mail that is about one.

    Raises:
        NoLongerWanted: There is none.
    """
    if delivery.ticket is None:
        raise NoLongerWanted(_("The ticket is gone."))
    return delivery.ticket


def refuse_unwanted(contact: Contact, mail: Contact.Mail | None = None) -> None:
    """Write nothing to a contact who is erased or blocked, or has said no to it.

    Args:
        contact: Who would read the mail, as they are now.
        mail: What kind it is, if it is one that a contact may switch off.

    Raises:
        NoLongerWanted: It may not be sent.
    """
    if contact.erased_at is not None:
        raise NoLongerWanted(_("The contact was erased."))
    if contact.is_blocked:
        raise NoLongerWanted(_("The contact is blocked."))
    if mail is not None and not contact.wants(mail):
        raise NoLongerWanted(_("The contact has switched off such mails."))


def link_for(delivery: Delivery, language: str) -> str:
    """Where the customer who gets a mail about a ticket reads it, or empty.

    Args:
        delivery: The mail. What it links to is for its reader alone.
        language: The reader's language.
    """
    ticket = ticket_of(delivery)
    reader = TicketReader(delivery.contact or ticket.contact, delivery.address)
    return ticket_url(ticket, language=language, reader=reader)


def is_verified(contact: Contact, address: str) -> bool:
    """Whether the contact has shown that the address is theirs."""
    return any(
        identity.value == address and identity.verified_at is not None
        for identity in contact.identities.all()
    )


def with_reference(subject: str, ticket: Ticket) -> str:
    """The subject with the ticket's number, which is never translated."""
    if ticket.reference in subject:
        return subject
    return f"[{ticket.reference}] {subject}"
