"""A customer has read a ticket in the portal.

It writes no event: the ledger says what was done to a ticket, and agents need not learn
when somebody looked at theirs.
"""

from __future__ import annotations

from collections.abc import Collection
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
        parts: Keys of those tickets of which something new was shown: the ticket, and
            ones merged into it; none: the ticket alone.
    """

    def __init__(
        self,
        *,
        ticket: Ticket,
        contact: Contact,
        portal: PortalRules,
        until: datetime,
        parts: Collection[int] = (),
    ) -> None:
        self.ticket = ticket
        self.parts = sorted(parts) or [ticket.pk]
        self.actor = self.contact = contact
        self.portal = portal
        self.until = until

    def check(self) -> None:
        visible = Ticket.objects.visible_to_contact(self.contact, self.portal)
        merged = self.ticket.merged.values_list("pk", flat=True)
        if not visible.filter(pk=self.ticket.pk).exists() or not {
            self.ticket.pk,
            *merged,
        }.issuperset(self.parts):
            raise ActionPermissionError(_("You have no access to this request."))

    def perform(self) -> None:
        if self._move() == len(self.parts):
            return
        marks = [
            ReadMark(contact=self.contact, ticket_id=part, read_until=self.until)
            for part in self.parts
        ]
        ReadMark.objects.bulk_create(marks, ignore_conflicts=True)
        # Another tab may have made it meanwhile, and have read less.
        self._move()

    def _move(self) -> int:
        marks = ReadMark.objects.filter(contact=self.contact, ticket__in=self.parts)
        return marks.filter(read_until__lt=self.until).update(read_until=self.until)
