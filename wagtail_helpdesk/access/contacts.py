"""Which contact a signed-in account is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser

from wagtail_helpdesk.models import Contact, Identity

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def contact_for(user: User | AnonymousUser | None) -> Contact | None:
    """The contact of an account that has proved at least one address (R17).

    An account without a verified address sees nothing, whatever address it claims.
    """
    if user is None or not user.is_authenticated or not user.is_active:
        return None
    return (
        Contact.objects.filter(
            user=user,
            erased_at=None,
            is_blocked=False,
            identities__kind=Identity.Kind.EMAIL,
            identities__verified_at__isnull=False,
        )
        .distinct()
        .first()
    )
