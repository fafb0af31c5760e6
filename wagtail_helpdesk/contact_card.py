"""The ways to reach the team, as the block "Contact card" shows them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from wagtail_helpdesk.channels.email.addressing import public_address
from wagtail_helpdesk.chosen_pages import address_of, shown_page
from wagtail_helpdesk.forms.live import PageForms
from wagtail_helpdesk.forms.submission import visitor_of
from wagtail_helpdesk.models import Inbox
from wagtail_helpdesk.opening_hours import ShownHours, shown_hours
from wagtail_helpdesk.promises import Promise, due_if_sent_now_to, promise_for


@dataclass(frozen=True, slots=True)
class ContactCard:
    """What the card says; what is empty or ``None`` is left out.

    Attributes:
        phone: The phone number, as the editor wrote it.
        email: The address.
        form_url: Where the page with the form is.
        portal_url: Where the portal is.
        portal: The portal's name.
        hours: Whether somebody is there now.
        promise: By when a request is answered.
    """

    phone: str = ""
    email: str = ""
    form_url: str = ""
    portal_url: str = ""
    portal: str = ""
    hours: ShownHours | None = None
    promise: Promise | None = None

    @property
    def phone_url(self) -> str:
        """The number for a telephone (RFC 3966), such as ``tel:+34600123456``."""
        # "+44 (0)20": the zero is dialled within the country only.
        written = self.phone
        if written.startswith("+"):
            written = re.sub(r"\(\s*0\s*\)", "", written)
        return f"tel:{re.sub(r'[^0-9+]', '', written)}"

    @property
    def email_url(self) -> str:
        """The address for a mail program (RFC 6068)."""
        return f"mailto:{quote(self.email, safe='@')}"

    @property
    def has_ways(self) -> bool:
        """Whether it names any way to reach somebody."""
        return bool(self.phone or self.email or self.form_url or self.portal_url)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing on it."""
        return not (self.has_ways or self.hours or self.promise)


def contact_card(value: Mapping[str, Any], on_page: PageForms | None) -> ContactCard:
    """What a card says to whoever asks.

    Args:
        value: What the editor chose, by the names of the block's fields.
        on_page: What the blocks of the request have in common; without a request only
            what always holds is said.
    """
    inbox: Inbox | None = value.get("inbox")
    email = value.get("email") or ""
    if not email and inbox is not None and value.get("show_email"):
        email = public_address(inbox)
    phone = value.get("phone") or ""
    if on_page is None:
        return ContactCard(phone=phone, email=email)
    request = on_page.request
    form = shown_page(on_page, value.get("form_page"))
    portal = shown_page(on_page, value.get("portal_page"))
    if portal is not None and not getattr(portal, "is_active", True):
        portal = None
    hours = promise = None
    if inbox is not None and inbox.calendar is not None:
        if value.get("show_hours"):
            hours = shown_hours(inbox.calendar, with_now=True)
        if value.get("show_answer"):
            due = due_if_sent_now_to(inbox)
            contact = visitor_of(request).contact if due is not None else None
            promise = promise_for(contact, due)
    if hours is not None or promise is not None:
        on_page.is_momentary = True
    return ContactCard(
        phone=phone,
        email=email,
        form_url=address_of(request, form) if form is not None else "",
        portal_url=address_of(request, portal) if portal is not None else "",
        portal=portal.title if portal is not None else "",
        hours=hours,
        promise=promise,
    )
