"""A verified address claims its contact and tickets; an unverified one does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from wagtail_helpdesk.actions import ClaimContact
from wagtail_helpdesk.permissions import agent_for

if TYPE_CHECKING:
    from django.contrib.auth.models import User


@receiver(email_confirmed, dispatch_uid="helpdesk_claim_confirmed")
def claim_confirmed(email_address: EmailAddress, **kwargs: Any) -> None:
    """Give a user the contact of an address as soon as it is confirmed (R17)."""
    ClaimContact(user=email_address.user, email=email_address.email).execute()


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
