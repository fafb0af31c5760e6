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

    Takes one statement where it is known whether there are marks already.

    Args:
        ticket: The ticket.
        contact: Who has read it.
        portal: The rules of the portal it was read in.
        until: When the newest message that was shown came out.
        parts: Keys of those tickets of which something new was shown: the ticket, and
            ones merged into it; none: the ticket alone.
        marked: Keys of those parts that have a mark of the contact; ``None``: unknown.
    """

    def __init__(
        self,
        *,
        ticket: Ticket,
        contact: Contact,
        portal: PortalRules,
        until: datetime,
        parts: Collection[int] = (),
        marked: Collection[int] | None = None,
    ) -> None:
        self.ticket = ticket
        self.parts = sorted(parts) or [ticket.pk]
        self.actor = self.contact = contact
        self.portal = portal
        self.until = until
        self.marked = marked

    def check(self) -> None:
        visible = Ticket.objects.visible_to_contact(self.contact, self.portal)
        merged = self.ticket.merged.values_list("pk", flat=True)
        if not visible.filter(pk=self.ticket.pk).exists() or not {
            self.ticket.pk,
            *merged,
        }.issuperset(self.parts):
            raise ActionPermissionError(_("You have no access to this request."))

    def perform(self) -> None:
        marks = ReadMark.objects.filter(contact=self.contact, ticket__in=self.parts)
        marked = self.marked
        if marked is None:
            marked = marks.values_list("ticket", flat=True)
        new = set(self.parts).difference(marked)
        if len(new) < len(self.parts):
            unread = marks.filter(read_until__lt=self.until)
            unread.update(read_until=self.until)
        if new:
            # Where another tab makes one at the same moment, that one stays: what it
            # has not read is new once more.
            made = [
                ReadMark(contact=self.contact, ticket_id=part, read_until=self.until)
                for part in sorted(new)
            ]
            ReadMark.objects.bulk_create(made, ignore_conflicts=True)
