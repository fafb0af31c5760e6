"""Whom a company's provider may sign in, and whom never (security.md 0.8 and 1.3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from wagtail_helpdesk.access.sso import is_admitted
from wagtail_helpdesk.models import Agent, Identity, IdentityProvider

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialLogin
    from django.contrib.auth.models import User


def works_in_an_admin(user: User) -> bool:
    """Whether no provider of a customer may ever sign this user in.

    Args:
        user: An account; switched off or not.
    """
    if user.is_staff or user.is_superuser:
        return True
    # Of an account that is switched off ``has_perm`` and ``agent_for`` know nothing.
    enters = Permission.objects.filter(
        Q(user=user) | Q(group__user=user),
        content_type__app_label="wagtailadmin",
        codename="access_admin",
    )
    return Agent.objects.filter(user=user).exists() or enters.exists()


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
    if sociallogin.state.get("process") not in {None, "", "login"}:
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
    user = sociallogin.user if sociallogin.is_existing else None
    if any(map(works_in_an_admin, _holders(email, user))):
        return "staff", _(
            "%(email)s belongs to somebody who works here, and does not sign in this "
            "way. Sign in with your password."
        ) % {"email": email}
    if user is not None and _has_foreign(user, row):
        return "foreign_address", _(
            "Your account also opens what belongs to an address that %(provider)s does "
            "not vouch for. Sign in with your password."
        ) % {"provider": row}
    if not _is_free_for(user, email) or _is_anothers(sociallogin):
        return "held", _(
            "%(email)s belongs to another account here. Ask our support."
        ) % {"email": email}
    if not is_admitted(row, email):
        return "group", _(
            "%(email)s is not among those who may enter. Ask our support."
        ) % {"email": email}
    return None


def _holders(email: str, user: User | None) -> Iterable[User]:
    """The account that was found, and all that have the address, proven or not."""
    named = EmailAddress.objects.filter(email__iexact=email).values("user")
    known = Q(email__iexact=email) | Q(pk__in=named)
    if user is not None:
        known |= Q(pk=user.pk)
    return get_user_model()._default_manager.filter(known)


def _has_foreign(user: User, row: IdentityProvider) -> bool:
    """Whether an account opens what belongs to addresses outside the domains.

    Also to addresses that it gave up: their tickets are still the contact's.
    """
    proven = EmailAddress.objects.filter(user=user, verified=True)
    own = Identity.objects.filter(contact__user=user, kind=Identity.Kind.EMAIL)
    addresses = [*proven.values_list("email", flat=True)]
    addresses += own.values_list("value", flat=True)
    return not all(map(row.vouches_for, addresses))


def _is_anothers(sociallogin: SocialLogin) -> bool:
    """Whether the account that has the address is another person's at the provider.

    The company may have given the address of somebody who left to somebody new.
    """
    if not sociallogin.is_existing or sociallogin.account.pk:
        return False
    accounts = SocialAccount.objects.filter(
        user=sociallogin.user, provider=sociallogin.account.provider
    )
    return accounts.exclude(uid=sociallogin.account.uid).exists()


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


@transaction.atomic
def free_unproven(email: str) -> None:
    """Take an address from accounts that typed it and never proved it.

    Somebody may have signed up with it first, waiting for its owner (security.md 1.3).

    Args:
        email: The address; its provider vouches for it, and its person was let in.
    """
    EmailAddress.objects.filter(email__iexact=email, verified=False).delete()
    for user in get_user_model()._default_manager.filter(email__iexact=email):
        if not works_in_an_admin(user) and not has_proven(user, email):
            user.email = ""
            user.save(update_fields=["email"])
