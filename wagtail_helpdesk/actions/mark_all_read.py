"""A customer has read everything that is new to them in a portal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Max
from django.utils import timezone

from wagtail_helpdesk.access.reach import ways_to_tickets
from wagtail_helpdesk.actions.base import Action
from wagtail_helpdesk.actions.mark_ticket_read import keep_marks
from wagtail_helpdesk.models import Contact, PortalRules, Ticket
from wagtail_helpdesk.models.read_marks import unread_messages
from wagtail_helpdesk.statements.querysets import union_of_keys


class MarkAllRead(Action[int]):
    """Mark what is new to a contact as read, in all tickets that a portal shows them.

    What the portal hides from them stays as new as it is: another one may show it. The
    same few statements for one ticket and for hundreds; no mark ever goes back.

    Args:
        contact: Who has read it; with the ``read_until`` that is in the database.
        portal: The rules of the portal.
        until: When they looked: what came out later stays new. Never later than now.
    """

    def __init__(
        self, *, contact: Contact, portal: PortalRules, until: datetime
    ) -> None:
        self.actor = self.contact = contact
        self.portal = portal
        self.until = min(until, timezone.now())

    def perform(self) -> int:
        """Do it; in how many tickets something was new, merged ones by themselves."""
        if self.until <= self.contact.read_until:
            return 0
        newest = self._newest()
        if newest:
            keep_marks(self.contact, newest)
        return len(newest)

    def _newest(self) -> dict[int, datetime]:
        """By ticket that something new was written on: when the newest came out.

        No later: what the portal hides may have come out in between.
        """
        seen = Ticket.objects.visible_to_contact(self.contact, self.portal).order_by()
        ways = ways_to_tickets(self.contact, self.portal)
        try:
            # One by one, each by its index: see ``access.reach``.
            keys = union_of_keys([seen.filter(way).values("pk") for way in ways])
        except EmptyResultSet:
            return {}
        # Its annotation is none of the model's fields.
        unread: Any = unread_messages(
            self.contact.pk,
            self.portal,
            read_until=self.contact.read_until,
            now=self.until,
        ).filter(conversation__ticket__in=Ticket.objects.filter(pk__in=keys))
        found = unread.filter(came_out__lte=self.until).order_by()
        return dict(found.values_list("came_from").annotate(Max("came_out")))
