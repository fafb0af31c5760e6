"""Somebody without an account asks for a new link to their request (F10)."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from wagtail_helpdesk.actions.base import Action
from wagtail_helpdesk.models import (
    Contact,
    Delivery,
    Event,
    Identity,
    PortalRules,
    Ticket,
    normalise_email,
)

#: Mails with a new link that one address gets when somebody asks for them.
PER_DAY = 3


class SendGuestLink(Action[bool]):
    """Mail a new link to a ticket, if the typed address belongs to it.

    Whoever asks must not learn whether it does: only the owner of the address does, by
    the mail. So the same statements run in each case, and what must not be is taken
    back; the mail leaves with the next sweep, after the answer.

    Args:
        email: What was typed.
        ticket: The public id of a ticket, or what somebody says is one.
        portal: The rules by which a guest sees tickets.

    Returns:
        Whether a mail is on its way; for tests, not for a visitor.
    """

    def __init__(self, *, email: str, ticket: str, portal: PortalRules) -> None:
        self.email = normalise_email(email)
        self.ticket = ticket
        self.portal = portal

    def perform(self) -> bool:
        # Locked, so that requests at the same moment are counted one after the other.
        identities = Identity.objects.select_for_update().filter(
            kind=Identity.Kind.EMAIL, value=self.email
        )
        key = identities.values_list("contact", flat=True).first() or 0
        contact = Contact.objects.filter(pk=key).first()
        # Whoever is nobody, or blocked, is asked for too: the answer takes as long.
        tickets = Ticket.objects.visible_to_contact(Contact(pk=key), self.portal)
        ticket = tickets.named(self.ticket).first()
        may_have_it = (
            contact is not None
            and not contact.is_blocked
            and contact.erased_at is None
            and ticket is not None
        )
        may_have_it = self._has_share_left() and may_have_it
        self.actor = contact if may_have_it else None
        Delivery.objects.create(
            kind=Delivery.Kind.GUEST_LINK,
            key=f"guest-link:{uuid.uuid4()}",
            ticket=ticket,
            contact=contact,
            address=self.email,
            run_at=timezone.now(),
        )
        self.record(Event.Kind.GUEST_LINK_SENT, ticket=ticket)
        if not may_have_it:
            transaction.set_rollback(True)
        return may_have_it

    def _has_share_left(self) -> bool:
        lately = Delivery.objects.filter(
            address=self.email,
            kind=Delivery.Kind.GUEST_LINK,
            created_at__gt=timezone.now() - timedelta(days=1),
        )
        return lately.count() < PER_DAY
