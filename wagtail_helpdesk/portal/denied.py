"""What a signed-in visitor reads whom the portal does not let in (F12)."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from wagtail_helpdesk.models import Contact
from wagtail_helpdesk.permissions import agent_of


class Denial(StrEnum):
    """Why somebody is not let in, as far as they are told."""

    BLOCKED = "blocked"
    AGENT = "agent"
    PROVIDER = "provider"
    UNVERIFIED = "unverified"
    GROUP = "group"


def why_denied(page: Any, request: HttpRequest, contact: Contact | None) -> Denial:
    """Why a portal does not let somebody in who is signed in.

    Args:
        page: The portal's page.
        request: The request that it refuses.
        contact: The customer, if they have proved an address.
    """
    is_through = page.is_signed_in_for(request)
    if contact is not None:
        if is_through and page.has_provider_for(contact):
            return Denial.GROUP
        return Denial.PROVIDER
    known = Contact.objects.filter(user=request.user.pk).first()
    if known is not None and known.is_blocked:
        return Denial.BLOCKED
    if agent_of(request) is not None:
        return Denial.AGENT
    # Confirming an address would not help whom a provider has to sign in.
    return Denial.UNVERIFIED if is_through else Denial.PROVIDER


def denied_context(
    page: Any, request: HttpRequest, contact: Contact | None
) -> dict[str, Any]:
    """What the template ``denied.html`` needs.

    Args:
        page: The portal's page.
        request: The request that it refuses.
        contact: The customer, if they have proved an address.
    """
    reason = why_denied(page, request, contact)
    try:
        email_url = reverse("account_email")
    except NoReverseMatch:
        email_url = ""
    return {
        "reason": str(reason),
        "email_url": email_url,
        "workspace_url": reverse("wagtailadmin_home") if reason == Denial.AGENT else "",
        # What was sent does not come back after a sign-in; the page of its form does.
        "back": request.get_full_path() if request.method == "GET" else request.path,
    }
