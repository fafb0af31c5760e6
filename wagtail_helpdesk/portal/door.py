"""How a portal's door stands for whoever asks, wherever something of it is shown."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from django.http import HttpRequest

from wagtail_helpdesk.access.contacts import contact_for
from wagtail_helpdesk.models import Contact
from wagtail_helpdesk.portal.consent import needs_consent


class Door(StrEnum):
    """How a portal's door stands for one visitor."""

    CLOSED = "closed"
    SIGN_IN = "sign_in"
    DENIED = "denied"
    CONSENT = "consent"
    OPEN = "open"


def shows_to(page: Any, request: HttpRequest) -> bool:
    """Whether a route ``for_contacts`` is open to whoever asks, consent included.

    Args:
        page: The portal's page.
        request: The request.
    """
    return door_of(page, request, contact_for(request.user)) is Door.OPEN


def door_of(page: Any, request: HttpRequest, contact: Contact | None) -> Door:
    """How the door of a portal stands for whoever asks; see ``for_contacts``.

    Args:
        page: The portal's page.
        request: The request.
        contact: The customer, as ``contact_for`` knows them.
    """
    if not page.is_active:
        return Door.CLOSED
    if not request.user.is_authenticated:
        return Door.SIGN_IN
    if contact is None or not page.lets_in(request, contact):
        return Door.DENIED
    return Door.CONSENT if needs_consent(page, contact) else Door.OPEN
