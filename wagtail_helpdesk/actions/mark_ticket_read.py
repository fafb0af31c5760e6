"""A customer has read a ticket in the portal.

It writes no event: the ledger says what was done to a ticket, and agents need not learn
when somebody looked at theirs.
"""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from wagtail_helpdesk.actions.base import Action
from wagtail_helpdesk.exceptions import ActionPermissionError
from wagtail_helpdesk.models import Contact, PortalRules, ReadMark, Ticket


class MarkTicketRead(Action[None]):
    """Keep how far a contact has read a ticket. Never goes back, also in a race.

    Args:
        ticket: The ticket.
        contact: Who has read it.
        portal: The rules of the portal it was read in.
        until: When the newest message that was shown came out.
    """

    def __init__(
        self, *, ticket: Ticket, contact: Contact, portal: PortalRules, until: datetime
    ) -> None:
        self.ticket = ticket
        self.actor = self.contact = contact
        self.portal = portal
        self.until = until

    def check(self) -> None:
        visible = Ticket.objects.visible_to_contact(self.contact, self.portal)
        if not visible.filter(pk=self.ticket.pk).exists():
            raise ActionPermissionError(_("You have no access to this request."))

    def perform(self) -> None:
        if self._move():
            return
        mark = ReadMark(contact=self.contact, ticket=self.ticket, read_until=self.until)
        ReadMark.objects.bulk_create([mark], ignore_conflicts=True)
        # Another tab may have made it meanwhile, and have read less.
        self._move()

    def _move(self) -> bool:
        marks = ReadMark.objects.filter(contact=self.contact, ticket=self.ticket)
        behind = marks.filter(read_until__lt=self.until)
        return bool(behind.update(read_until=self.until))
