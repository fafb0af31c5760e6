"""In which ways a customer's tickets are theirs, each in a form an index answers.

``TicketQuerySet.visible_to_contact`` is the rule, and every surface asks it. It is an
OR ("mine, or I take part, or my organization's"), and no database walks three indexes
in order for an OR: it reads and sorts all of them, or scans the table. So a list asks
the rule once for each way, and puts the answers together; see ``KeysetPage``.

A way only ever narrows what the rule has let through: forgetting one would hide rows,
none can show more.
"""

from __future__ import annotations

from django.db.models import Q

from wagtail_helpdesk.models import Contact, Participant, PortalRules
from wagtail_helpdesk.models.tickets import shared_organizations


def ways_to_tickets(contact: Contact, portal: PortalRules) -> list[Q]:
    """The ways in which a contact sees tickets through a portal, the widest first.

    Takes one query, and a second one where organizations share.

    Args:
        contact: The signed-in contact.
        portal: The rules of the portal.

    Returns:
        Conditions on tickets. Together they match what ``visible_to_contact`` does.
    """
    ways: list[Q] = []
    joined = Participant.objects.filter(contact=contact)
    if portal.sharing == "organization":
        # As ids, not as a subquery: only then does the index also give the order.
        organizations = shared_organizations(contact).values_list(
            "organization", flat=True
        )
        ways += [Q(organization=pk) for pk in organizations.order_by()]
    ways.append(Q(contact=contact))
    if joined.exists():
        ways.append(Q(pk__in=joined.values("ticket")))
    return ways
