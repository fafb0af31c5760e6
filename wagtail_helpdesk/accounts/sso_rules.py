"""Whom a company's provider may sign in, and whom never (security.md 0.8 and 1.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from wagtail_helpdesk.models import (
    AccessMembership,
    Identity,
    IdentityProvider,
    normalise_email,
)
from wagtail_helpdesk.permissions import agent_for

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialLogin
    from django.contrib.auth.models import User


def works_in_an_admin(user: User) -> bool:
    """Whether no provider of a customer may ever sign this user in.

    Args:
        user: An account; switched off or not.
    """
    return (
        user.is_staff
        or user.is_superuser
        or user.has_perm("wagtailadmin.access_admin")
        or agent_for(user) is not None
    )


def why_not(
    row: IdentityProvider, email: str, sociallogin: SocialLogin
) -> tuple[str, str] | None:
    """Why a provider may not sign somebody in.

    Args:
        row: The provider.
        email: The address it told.
        sociallogin: Who signs in, with the account found for them.

    Returns:
        A word for the log and a text for the person; ``None`` lets them in.
    """
    if sociallogin.state.get("process") == "connect":
        return "connect", _(
            "An account is not connected with %(provider)s by hand. Sign out, and sign "
            "in with %(provider)s."
        ) % {"provider": row}
    if not email:
        return "no_address", _(
            "%(provider)s did not tell us your e-mail address. Ask whoever runs it."
        ) % {"provider": row}
    if not row.vouches_for(email):
        return "domain", _(
            "%(provider)s cannot sign in %(email)s: the address is not one of its own."
        ) % {"provider": row, "email": email}
    user = sociallogin.user if sociallogin.is_existing else _holder(email)
    if user is not None and works_in_an_admin(user):
        return "staff", _(
            "%(email)s belongs to somebody who works here, and does not sign in this "
            "way. Sign in with your password."
        ) % {"email": email}
    if user is not None and _has_foreign(user, row):
        return "foreign_address", _(
            "Your account also has an address that %(provider)s does not vouch for. "
            "Sign in with your password, or remove that address first."
        ) % {"provider": row}
    if not _is_free_for(user, email):
        return "held", _(
            "%(email)s belongs to another account here. Ask our support."
        ) % {"email": email}
    if not _is_admitted(row, email):
        return "group", _(
            "%(email)s is not among those who may enter. Ask our support."
        ) % {"email": email}
    return None


def _holder(email: str) -> User | None:
    """Whoever has an address, proven or not."""
    address = EmailAddress.objects.filter(email__iexact=email).first()
    if address is not None:
        holder: User = address.user
        return holder
    users = get_user_model()._default_manager.filter(email__iexact=email)
    found: User | None = users.first()
    return found


def _has_foreign(user: User, row: IdentityProvider) -> bool:
    """Whether an account opens what belongs to addresses outside the domains."""
    proven = EmailAddress.objects.filter(user=user, verified=True)
    return any(not row.vouches_for(address.email) for address in proven)


def _is_free_for(user: User | None, email: str) -> bool:
    """Whether no other account has proven the address."""
    holders = EmailAddress.objects.filter(email__iexact=email, verified=True)
    others = holders.exclude(user=user) if user is not None else holders
    return not others.exists()


def has_proven(user: User, email: str) -> bool:
    """Whether an account confirmed an address.

    Args:
        user: The account.
        email: The address.
    """
    return EmailAddress.objects.filter(
        user=user, email__iexact=email, verified=True
    ).exists()


def _is_admitted(row: IdentityProvider, email: str) -> bool:
    groups = list(row.groups.all())
    if not groups:
        return True
    known = Identity.objects.filter(
        kind=Identity.Kind.EMAIL, value=normalise_email(email)
    )
    members = AccessMembership.objects.filter(group__in=groups)
    return members.filter(contact__in=known.values("contact")).exists()


@transaction.atomic
def free_unproven(email: str) -> None:
    """Take an address from accounts that typed it and never proved it.

    Somebody may have signed up with it first, waiting for its owner (security.md 1.3).

    Args:
        email: The address; its provider vouches for it.
    """
    EmailAddress.objects.filter(email__iexact=email, verified=False).delete()
    for user in get_user_model()._default_manager.filter(email__iexact=email):
        if not works_in_an_admin(user) and not has_proven(user, email):
            user.email = ""
            user.save(update_fields=["email"])
