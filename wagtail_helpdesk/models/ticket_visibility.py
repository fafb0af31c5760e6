"""The parts of the rule which tickets a contact sees; the rule itself is one method.

``TicketQuerySet.visible_to_contact`` puts them together. Others ask for a part alone,
such as why somebody sees a ticket, and never put together a rule of their own.
"""

from __future__ import annotations

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.lookups import IsNull

from wagtail_helpdesk.models.contacts import Contact, Membership, Organization
from wagtail_helpdesk.models.portal_rules import PortalRules, Sharing


def ways_to_see(contact: Contact, portal: PortalRules) -> dict[str, Q]:
    """By what a ticket may be shown to a contact: a part of ``visible_to_contact``.

    Args:
        contact: The contact.
        portal: The rules of the portal.

    Returns:
        A condition for each of ``own``, ``participant`` and, where the portal shares,
        ``organization``; one of them is enough.
    """
    from wagtail_helpdesk.models.ticket_people import Participant

    ways = {
        "own": Q(contact=contact),
        "participant": Q(
            pk__in=Participant.objects.filter(contact=contact).values("ticket")
        ),
    }
    if portal.shares:
        shared = shared_organizations(contact, portal).values("organization")
        ways["organization"] = Q(organization__in=shared)
    return ways


def not_spam() -> Q:
    """Tickets of which some conversation is no spam; a part of the same rule."""
    from wagtail_helpdesk.models.conversations import Conversation

    # A single value is looked up for each row of a page, through an index; for an
    # EXISTS, PostgreSQL may choose to read all conversations first.
    conversations = Conversation.objects.filter(ticket=OuterRef("pk")).order_by()
    spam = conversations.filter(status=Conversation.Status.SPAM).values("pk")[:1]
    other = conversations.exclude(status=Conversation.Status.SPAM).values("pk")[:1]
    return Q(IsNull(Subquery(spam), True)) | Q(IsNull(Subquery(other), False))


def sharing_memberships(portal: PortalRules) -> QuerySet[Membership]:
    """The memberships that count in a portal, of organizations that share (L10).

    Args:
        portal: The rules of the portal.
    """
    rows = Membership.objects.filter(
        organization__sharing=Organization.Sharing.ORGANIZATION
    )
    return rows if portal.all_organizations else rows.filter(is_primary=True)


def granting_memberships(portal: PortalRules) -> QuerySet[Membership]:
    """The memberships that show others' tickets in a portal, whoever asks (B15, B16).

    Args:
        portal: The rules of the portal.
    """
    rows = sharing_memberships(portal)
    if portal.sharing == Sharing.ORGANIZATION:
        return rows
    if portal.sharing == Sharing.MANAGERS:
        return rows.filter(role=Membership.Role.MANAGER)
    if portal.sharing == Sharing.CHOSEN:
        return rows.filter(sees_tickets=True)
    return rows.none()


def shared_organizations(contact: Contact, portal: PortalRules) -> QuerySet[Membership]:
    """The memberships through which a contact sees others' tickets (B15, B16, L10).

    Args:
        contact: The contact.
        portal: The rules of the portal.
    """
    return granting_memberships(portal).filter(contact=contact)
