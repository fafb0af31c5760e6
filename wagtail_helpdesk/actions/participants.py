"""Customers add people to a request, and take them away again (F7, L23)."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_helpdesk.access.contacts import colleagues_of
from wagtail_helpdesk.actions.base import Action, lock_ticket
from wagtail_helpdesk.actions.resolve_contact import ResolveContact
from wagtail_helpdesk.conf import helpdesk_settings
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.models import (
    Contact,
    Delivery,
    Event,
    MayAddPeople,
    Participant,
    PortalRules,
    Ticket,
    normalise_email,
)

#: Mails about having been added that one address gets in a day, from all tickets.
PER_DAY = 5


class AddParticipant(Action[bool]):
    """A customer lets somebody else read a request, who is told by a mail.

    An address that nobody has yet makes a new contact. Whether it did, whoever adds it
    cannot tell: the same follows in each case.

    Args:
        ticket: The ticket.
        contact: Who adds.
        portal: The rules of the portal; they say who may be added.
        email: The address of the new one, or empty.
        colleague: The public id of a colleague, in place of an address.

    Returns:
        Whether anything changed; for tests, not for a visitor.
    """

    def __init__(
        self,
        *,
        ticket: Ticket,
        contact: Contact,
        portal: PortalRules,
        email: str = "",
        colleague: str = "",
    ) -> None:
        self.ticket = ticket
        self.actor = self.contact = contact
        self.portal = portal
        self.email = normalise_email(email)
        self.colleague = colleague

    def check(self) -> None:
        visible = Ticket.objects.visible_to_contact(self.contact, self.portal)
        if not visible.filter(pk=self.ticket.pk).exists():
            raise ActionPermissionError(_("You have no access to this request."))
        if self.portal.may_add_people == MayAddPeople.NOBODY or (
            self.email and self.portal.may_add_people != MayAddPeople.ANYONE
        ):
            raise ActionPermissionError(_("People cannot be added here."))

    def perform(self) -> bool:
        ticket = lock_ticket(self.ticket)
        # Before anybody is looked for: the answer must not depend on who it is.
        self._check_limit(ticket)
        person = self._person()
        if person.pk == ticket.contact_id:
            return False
        row, is_new = Participant.objects.get_or_create(
            ticket=ticket,
            contact=person,
            defaults={"added_by": self.contact, "address": self.email},
        )
        if is_new:
            self.record(Event.Kind.PARTICIPANT_ADDED, ticket=ticket, contact=person)
            self._write_to(person, row)
        elif row.merged_from_id is not None:
            # Whom a customer adds stays, also when the merge is undone.
            row.merged_from = None
            row.save(update_fields=["merged_from"])
        return is_new

    def _check_limit(self, ticket: Ticket) -> None:
        most = helpdesk_settings.MAX_PARTICIPANTS
        found = Participant.objects.filter(ticket=ticket).values_list("pk")[:most]
        if len(found) >= most:
            raise ActionError(
                "too_many_people",
                _("%(max)s people take part already, and no more can be added.")
                % {"max": most},
            )

    def _person(self) -> Contact:
        if self.email:
            # In the transaction of this action, which an error undoes as a whole.
            resolving = ResolveContact(email=self.email, language=self.ticket.language)
            return resolving.execute()
        found = None
        if self.colleague and "\x00" not in self.colleague:
            colleagues = colleagues_of(self.contact, self.portal)
            found = colleagues.filter(public_id=self.colleague).first()
        if found is None:
            raise ActionError(
                "no_colleague",
                _("Choose somebody from the list."),
                field="colleague",
            )
        return found

    def _write_to(self, person: Contact, row: Participant) -> None:
        address = self.email or person.email
        lately = Delivery.objects.filter(
            address=address,
            kind=Delivery.Kind.PARTICIPANT,
            created_at__gt=timezone.now() - timedelta(days=1),
        )
        if not address or len(lately.values_list("pk")[:PER_DAY]) >= PER_DAY:
            return
        Delivery.objects.create(
            kind=Delivery.Kind.PARTICIPANT,
            key=f"participant:{row.pk}:{uuid.uuid4()}",
            ticket=row.ticket,
            contact=person,
            address=address,
            run_at=timezone.now(),
        )


class RemoveParticipant(Action[Participant]):
    """A customer takes somebody off a request: anybody off their own, else themselves.

    Args:
        ticket: The ticket.
        contact: Who does it.
        portal: The rules of the portal.
        participant: Key of the ``Participant`` to remove; ``None``: their own.
    """

    def __init__(
        self,
        *,
        ticket: Ticket,
        contact: Contact,
        portal: PortalRules,
        participant: int | None = None,
    ) -> None:
        self.ticket = ticket
        self.actor = self.contact = contact
        self.portal = portal
        self.participant = participant

    def check(self) -> None:
        visible = Ticket.objects.visible_to_contact(self.contact, self.portal)
        if not visible.filter(pk=self.ticket.pk).exists():
            raise ActionPermissionError(_("You have no access to this request."))

    def perform(self) -> Participant:
        ticket = lock_ticket(self.ticket)
        rows = Participant.objects.filter(ticket=ticket).select_related("contact")
        if ticket.contact_id != self.contact.pk:
            rows = rows.filter(contact=self.contact)
        if self.participant is None:
            row = rows.filter(contact=self.contact).first()
        else:
            row = rows.filter(pk=self.participant).first()
        if row is None:
            raise ActionPermissionError(_("You cannot remove this person."))
        person = row.contact
        Participant.objects.filter(pk=row.pk).delete()
        self.record(Event.Kind.PARTICIPANT_REMOVED, ticket=ticket, contact=person)
        return row
