"""Tokens of invitations: in a mail as they are, in the database as a hash."""

from __future__ import annotations

import hashlib
import uuid
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from wagtail_helpdesk.models import (
    AccessGroup,
    AccessInvitation,
    AccessMembership,
    Contact,
    Identity,
)

#: How long an invitation can be accepted.
LIFETIME = timedelta(days=14)
_SALT = "wagtail_helpdesk.access.invitations"
_MAX_TOKEN = 100


def token_for(delivery_token: uuid.UUID) -> str:
    """The token that a mail carries.

    It is made of the mail's own random id and the site's secret key, so that a mail
    which is sent once more carries the same one, and the database alone none.

    Args:
        delivery_token: ``Delivery.token``.
    """
    return salted_hmac(_SALT, delivery_token.hex, algorithm="sha256").hexdigest()


def hash_of(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def invitation_for(token: str) -> AccessInvitation | None:
    """The invitation behind a token that still leads to an account.

    Args:
        token: From the address of a page; anything at all.

    Returns:
        ``None`` for a token that is forged, used, replaced or too old.
    """
    if len(token) > _MAX_TOKEN:
        return None
    usable = AccessInvitation.objects.usable(timezone.now())
    return (
        usable.filter(token_hash=hash_of(token))
        .select_related("contact", "group")
        .first()
    )


def invitation_to_renew(address: str) -> AccessInvitation | None:
    """The newest invitation of the contact behind an address, however old.

    Args:
        address: Normalised.

    Returns:
        ``None`` if nobody with this address was invited, or they have an account.
    """
    contacts = Contact.objects.filter(
        identities__kind="email",
        identities__value=address,
        user=None,
        is_blocked=False,
        erased_at=None,
    )
    invitations = AccessInvitation.objects.filter(
        contact__in=contacts.values("pk"), address=address, accepted_at=None
    )
    return invitations.select_related("contact", "group").order_by("-issued_at").first()


def members_without_account(group: AccessGroup) -> QuerySet[Contact]:
    """Members of a group whom a registration mail may reach."""
    members = AccessMembership.objects.filter(group=group)
    addresses = Identity.objects.filter(kind=Identity.Kind.EMAIL)
    return Contact.objects.filter(
        pk__in=members.values("contact"),
        user=None,
        is_blocked=False,
        erased_at=None,
    ).filter(pk__in=addresses.values("contact"))
