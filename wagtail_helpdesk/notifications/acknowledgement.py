"""Telling a customer that the request has arrived, without becoming a mail cannon."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from wagtail_helpdesk.channels.email.addresses import is_machine, own_addresses
from wagtail_helpdesk.models import (
    Consent,
    Contact,
    Delivery,
    Event,
    Identity,
    Ticket,
)

#: Acknowledgements to one address: so many in so long (EM25). Two machines that answer
#: each other stop here, whatever their mails look like.
CAPS = ((timedelta(hours=1), 3), (timedelta(days=1), 10))


def acknowledgements_for(event: Event, ticket: Ticket) -> list[Delivery]:
    """The acknowledgements that an event asks for, at most one for each person.

    One to whoever sent it; where that was a manager for a colleague, one to the
    colleague too, whose request it is.

    Runs inside the consumer's transaction.

    Args:
        event: Any event of the ticket.
        ticket: Its ticket.

    Returns:
        Unsaved deliveries; none to anybody where it is no new request, somebody of the
        staff opened it or the mail it came with wants no automatic answer, and none to
        somebody who is blocked, has withdrawn every consent or has no e-mail address,
        whose address is one of ours or a machine's, or has had its share.
    """
    sender = event.actor_contact
    if event.kind != Event.Kind.TICKET_OPENED or sender is None:
        return []
    if event.data.get("acknowledge") is False:
        return []
    if sender.pk == ticket.contact_id:
        found = [_acknowledgement(event, ticket, sender)]
    elif event.data.get("on_behalf_of") == ticket.contact_id:
        found = [
            _acknowledgement(event, ticket, ticket.contact),
            _acknowledgement(event, ticket, sender, suffix=f":{sender.pk}"),
        ]
    else:
        found = []
    return [delivery for delivery in found if delivery is not None]


def _acknowledgement(
    event: Event, ticket: Ticket, contact: Contact, *, suffix: str = ""
) -> Delivery | None:
    if contact.is_blocked or contact.erased_at:
        return None
    if Consent.objects.all_withdrawn_at(contact):
        return None
    address = contact.email
    if not address or is_machine(address) or address in own_addresses():
        return None
    key = f"acknowledgement:{ticket.pk}{suffix}"
    if Delivery.objects.filter(key=key).exists() or not _has_share_left(
        contact, address
    ):
        return None
    return Delivery(
        kind=Delivery.Kind.ACKNOWLEDGEMENT,
        key=key,
        ticket=ticket,
        conversation=event.conversation,
        event=event,
        contact=contact,
        address=address,
        run_at=timezone.now(),
    )


def _has_share_left(contact: Contact, address: str) -> bool:
    """Whether the caps leave room for one more mail to this address.

    The address's row is locked, so that parallel consumers count one after the other.
    """
    identity = Identity.objects.select_for_update().filter(
        contact=contact, kind=Identity.Kind.EMAIL, value=address
    )
    if not identity.values_list("pk", flat=True).first():
        return False
    now = timezone.now()
    longest = max(period for period, _count in CAPS)
    sent_at = list(
        Delivery.objects.filter(
            address=address,
            kind=Delivery.Kind.ACKNOWLEDGEMENT,
            created_at__gt=now - longest,
        )
        .order_by("-created_at")
        .values_list("created_at", flat=True)[: max(count for _period, count in CAPS)]
    )
    return all(
        sum(created > now - period for created in sent_at) < count
        for period, count in CAPS
    )
