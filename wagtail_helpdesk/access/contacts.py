"""Which contact a signed-in account is, and whom that contact may know by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet

from wagtail_helpdesk.access.viewed import is_stand_in, viewed_contact
from wagtail_helpdesk.models import Contact, Identity, Participant, PortalRules
from wagtail_helpdesk.models.ticket_visibility import sharing_memberships
from wagtail_helpdesk.statements.querysets import ask

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def contact_for(user: User | AnonymousUser | None) -> Contact | None:
    """The contact of an account that has proved at least one address (R17).

    An account without a verified address sees nothing, whatever address it claims.
    """
    if user is None or not user.is_authenticated or not user.is_active:
        return None
    if is_stand_in(user):
        return viewed_contact(user)
    using = Contact.objects.db
    found = ask("contact", {"user": user.pk}, _contacts_of, using=using)
    return found[0] if found else None


def proved_contacts() -> QuerySet[Contact]:
    """Contacts who have proved an address (R17), and are neither blocked nor erased."""
    proved = Identity.objects.filter(
        contact=OuterRef("pk"),
        kind=Identity.Kind.EMAIL,
        verified_at__isnull=False,
    )
    return Contact.objects.filter(Exists(proved), erased_at=None, is_blocked=False)


def _contacts_of(values: Mapping[str, Any]) -> QuerySet[Contact]:
    """Contacts of a user, with whether they take part in others' tickets."""
    takes_part = Exists(Participant.objects.filter(contact=OuterRef("pk")))
    contacts = proved_contacts().filter(user=values["user"])
    return contacts.annotate(takes_part=takes_part)[:1]


def colleagues_of(contact: Contact, portal: PortalRules) -> QuerySet[Contact]:
    """Those whom a contact may know by name: of an organization that shares (B16).

    Args:
        contact: Who looks.
        portal: The rules of the portal: which organizations count there.
    """
    members = sharing_memberships(portal)
    organizations = members.filter(contact=contact).values("organization")
    people = members.filter(organization__in=organizations).values("contact")
    return (
        Contact.objects.filter(pk__in=people, is_blocked=False, erased_at=None)
        .exclude(pk=contact.pk)
        .exclude(name="")
    )
