"""A verified address claims its contact and tickets; an unverified one does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed, email_confirmed, email_removed
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from wagtail_helpdesk.actions import ClaimContact, ReleaseAddress
from wagtail_helpdesk.permissions import agent_for

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@receiver(email_confirmed, dispatch_uid="helpdesk_claim_confirmed")
def claim_confirmed(email_address: EmailAddress, **kwargs: Any) -> None:
    """Give a user the contact of an address as soon as it is confirmed (R17)."""
    ClaimContact(user=email_address.user, email=email_address.email).execute()


@receiver(email_removed, dispatch_uid="helpdesk_address_removed")
def release_removed(user: User, email_address: EmailAddress, **kwargs: Any) -> None:
    """Send nothing more to an address that a user gave up."""
    ReleaseAddress(user=user, email=email_address.email).execute()


@receiver(email_changed, dispatch_uid="helpdesk_address_changed")
def release_changed(
    user: User, from_email_address: EmailAddress | None, **kwargs: Any
) -> None:
    """The same where one address takes the place of another."""
    if from_email_address is None:
        return
    kept = EmailAddress.objects.filter(user=user, email=from_email_address.email)
    if not kept.exists():
        ReleaseAddress(user=user, email=from_email_address.email).execute()


@receiver(user_logged_in, dispatch_uid="helpdesk_claim_at_sign_in")
def claim_at_sign_in(user: User, **kwargs: Any) -> None:
    """Claim at sign-in too: the address may be older than the contact (R17).

    Agents sign in to answer, so no contact is made of them.
    """
    if agent_for(user) is not None:
        return
    verified = EmailAddress.objects.filter(user=user, verified=True)
    for address in verified.order_by("-primary", "pk"):
        ClaimContact(user=user, email=address.email).execute()
