"""A customer has read a ticket in the portal.

It writes no event: the ledger says what was done to a ticket, and agents need not learn
when somebody looked at theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import Case, DateTimeField, F, Value, When
from django.utils.translation import gettext as _

from wagtail_helpdesk.actions.base import Action
from wagtail_helpdesk.exceptions import ActionPermissionError
from wagtail_helpdesk.models import Contact, PortalRules, ReadMark, Ticket

#: Marks that one statement moves.
_AT_ONCE = 500


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
        keep_marks(
            self.contact, dict.fromkeys(self.parts, self.until), marked=self.marked
        )


def keep_marks(
    contact: Contact,
    read: Mapping[int, datetime],
    *,
    marked: Collection[int] | None = None,
) -> None:
    """Write how far a contact has read tickets; no mark goes back.

    Args:
        contact: Who has read them.
        read: Until when, by the tickets' keys.
        marked: Keys of those that have a mark of the contact; ``None``: unknown, which
            takes one query more.
    """
    marks = ReadMark.objects.filter(contact=contact, ticket__in=list(read))
    if marked is None:
        marked = marks.values_list("ticket", flat=True)
    known = sorted(read.keys() & set(marked))
    for start in range(0, len(known), _AT_ONCE):
        part = known[start : start + _AT_ONCE]
        later = [
            When(ticket=ticket, read_until__lt=read[ticket], then=Value(read[ticket]))
            for ticket in part
        ]
        until = Case(*later, default=F("read_until"), output_field=DateTimeField())
        marks.filter(ticket__in=part).update(read_until=until)
    # Where another tab makes one at the same moment, that one stays: what it has not
    # read is new once more.
    new = [
        ReadMark(contact=contact, ticket_id=ticket, read_until=read[ticket])
        for ticket in sorted(read.keys() - set(known))
    ]
    if new:
        ReadMark.objects.bulk_create(new, ignore_conflicts=True)
