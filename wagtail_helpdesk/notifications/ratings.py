"""Asking a customer by mail how our help was, after their ticket was closed (F13)."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from wagtail_helpdesk.access.portals import TicketReader, rating_link
from wagtail_helpdesk.channels.email.addresses import is_machine, own_addresses
from wagtail_helpdesk.channels.email.languages import contact_language
from wagtail_helpdesk.channels.email.ratings import rating_key
from wagtail_helpdesk.models import Consent, Contact, Delivery, Event, Identity, Ticket

#: A ticket that was closed by mistake is open again before anybody is asked.
WAIT = timedelta(minutes=10)
#: Questions that one address gets in a day, however many tickets are closed at once.
PER_DAY = 3


def rating_requests_for(event: Event, ticket: Ticket) -> list[Delivery]:
    """The mail that asks the contact of a ticket that was just closed, if any.

    Runs inside the consumer's transaction.

    Args:
        event: Any event of the ticket.
        ticket: Its ticket, as it is now.

    Returns:
        One unsaved delivery; none where no portal asks, where nobody had answered, to
        whoever closed it themselves and so has the question before them, and to
        somebody who gets no mail of ours or has had their share.
    """
    if event.kind != Event.Kind.STAGE_CHANGED or not ticket.is_closed:
        return []
    contact = ticket.contact
    if event.actor_contact_id == contact.pk or ticket.first_replied_at is None:
        return []
    address = contact.email
    if not _may_be_written_to(contact, address) or not _has_share_left(address):
        return []
    language = contact_language(contact, ticket)
    reader = TicketReader(contact, address)
    if rating_link(ticket, language=language, reader=reader) is None:
        return []
    return [
        Delivery(
            kind=Delivery.Kind.RATING,
            key=rating_key(ticket),
            ticket=ticket,
            # Of no conversation: a reply that comes before it need not wait for it.
            event=event,
            contact=contact,
            address=address,
            run_at=timezone.now() + WAIT,
        )
    ]


def _may_be_written_to(contact: Contact, address: str) -> bool:
    if (
        contact.is_blocked
        or contact.erased_at
        or not contact.wants(Contact.Mail.RATING)
    ):
        return False
    if Consent.objects.all_withdrawn_at(contact):
        return False
    return bool(address) and not is_machine(address) and address not in own_addresses()


def _has_share_left(address: str) -> bool:
    """Whether one more question may go there; one consumer looks after the other."""
    identity = Identity.objects.select_for_update().filter(
        kind=Identity.Kind.EMAIL, value=address
    )
    identity.values_list("pk", flat=True).first()
    lately = Delivery.objects.filter(
        address=address,
        kind=Delivery.Kind.RATING,
        created_at__gt=timezone.now() - timedelta(days=1),
    )
    return len(lately.values_list("pk")[:PER_DAY]) < PER_DAY
