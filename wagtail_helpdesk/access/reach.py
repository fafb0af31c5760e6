"""In which ways a customer's tickets are theirs, each in a form an index answers.

``TicketQuerySet.visible_to_contact`` is the rule, and every surface asks it. It is an
OR ("mine, or I take part, or my organization's"), and no database walks three indexes
in order for an OR: it reads and sorts all of them, or scans the table. So a list asks
the rule once for each way, and puts the answers together; see
``portal.reading``.

A way only ever narrows what the rule has let through: forgetting one would hide rows,
none can show more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from wagtail_helpdesk.models import Contact, Participant, PortalRules
from wagtail_helpdesk.models.ticket_visibility import shared_organizations
from wagtail_helpdesk.statements.querysets import ask

#: So many organizations are walked one by one.
MOST_WAYS = 8


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a contact sees.

    Attributes:
        contact: The contact's key.
        organizations: Keys of the organizations whose tickets they see.
        takes_part: Whether they take part in tickets of others.
    """

    contact: int
    organizations: tuple[int, ...] = ()
    takes_part: bool = False

    def ways(self) -> list[Q]:
        """The ways in which tickets are theirs, the widest first."""
        # As keys, not as a subquery: only then does the index also give the order.
        ways = [Q(organization=pk) for pk in self.organizations]
        if len(ways) > MOST_WAYS:
            # For the few who are in so many, a sort costs less than so many walks.
            ways = [Q(organization__in=self.organizations)]
        ways.append(Q(contact=self.contact))
        if self.takes_part:
            joined = Participant.objects.filter(contact=self.contact)
            ways.append(Q(pk__in=joined.values("ticket")))
        return ways


def reach_of(contact: Contact, portal: PortalRules) -> Reach:
    """How far a contact sees through a portal.

    Takes one query where organizations share, and one more for a contact that
    ``contact_for`` has not read.

    Args:
        contact: The signed-in contact.
        portal: The rules of the portal.
    """
    organizations: list[int] = []
    if portal.shares:

        def build(values: Mapping[str, Any]) -> QuerySet[Any]:
            shared = shared_organizations(Contact(pk=values["contact"]), portal)
            return shared.order_by().values_list("organization", flat=True)

        organizations = ask(
            ("organizations", portal.sharing, portal.all_organizations),
            {"contact": contact.pk},
            build,
            using=Contact.objects.db,
        )
    takes_part = getattr(contact, "takes_part", None)
    if takes_part is None:
        takes_part = Participant.objects.filter(contact=contact).exists()
    return Reach(contact.pk, tuple(organizations), takes_part)


def ways_to_tickets(contact: Contact, portal: PortalRules) -> list[Q]:
    """The ways in which a contact sees tickets through a portal, the widest first.

    Args:
        contact: The signed-in contact.
        portal: The rules of the portal.

    Returns:
        Conditions on tickets. Together they match what ``visible_to_contact`` does.
    """
    return reach_of(contact, portal).ways()
