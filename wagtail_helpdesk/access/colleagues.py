"""For whom a manager of an organization may send requests."""

from __future__ import annotations

from django.db.models import QuerySet

from wagtail_helpdesk.models import (
    Contact,
    Identity,
    Membership,
    Organization,
    normalise_email,
)


def colleagues_of(contact: Contact) -> QuerySet[Membership]:
    """The memberships of all others in the organizations that a contact manages.

    Nobody who is blocked or erased.

    Args:
        contact: Who may be a manager.
    """
    managed = Membership.objects.filter(
        contact=contact, role=Membership.Role.MANAGER
    ).values("organization")
    return Membership.objects.filter(
        organization__in=managed, contact__is_blocked=False, contact__erased_at=None
    ).exclude(contact=contact)


def colleague_by_address(contact: Contact, address: str) -> Membership | None:
    """The colleague with an e-mail address, if the contact manages them.

    Args:
        contact: Who may be a manager.
        address: What was typed.
    """
    known = Identity.objects.filter(
        kind=Identity.Kind.EMAIL, value=normalise_email(address)
    ).values("contact")
    found = colleagues_of(contact).filter(contact__in=known)
    return (
        found.select_related("contact", "organization")
        .order_by("-is_primary", "pk")
        .first()
    )


def may_send_for(sender: Contact, contact: Contact, organization: Organization) -> bool:
    """Whether somebody may send a request that becomes a contact's.

    Args:
        sender: Who sends it.
        contact: Whose it will be.
        organization: The organization that makes one the other's manager.
    """
    return (
        colleagues_of(sender).filter(contact=contact, organization=organization)
    ).exists()
