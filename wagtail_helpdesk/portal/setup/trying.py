"""A ticket that shows whether a portal's requests arrive."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _

from wagtail_helpdesk.access.contacts import contact_for
from wagtail_helpdesk.actions import OpenTicket, Origin, ResolveContact
from wagtail_helpdesk.actions.open_ticket import OpenedTicket
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import Channel, Contact, Ticket


class TestForm(forms.Form):
    """The token by which a test ticket that is sent twice is one ticket."""

    token = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)


def channel_for_tests(page: Any) -> Channel | None:
    """The channel that a portal's requests come through, or ``None``.

    Of several forms the first one's. The portal's own channel comes after them, since
    customers who have a form to fill in send nothing through it.

    Args:
        page: The newest version of the portal.
    """
    first = next(iter(page.open_forms), None)
    channel: Channel | None = first.form.channel if first is not None else page.channel
    return channel


def send_test_ticket(page: Any, user: Any, token: str) -> OpenedTicket:
    """Open a ticket as whoever sets the portal up, through the portal's channel.

    Args:
        page: The newest version of the portal.
        user: Who tries it; the contact of their address asks.
        token: A random value of the form; the same one opens one ticket.

    Raises:
        ActionError: There is no channel, or the account has no address.
    """
    channel = channel_for_tests(page)
    if channel is None:
        raise ActionError("no_inbox", _("Choose the inbox first."))
    return OpenTicket(
        channel=channel,
        contact=_contact_of(user),
        subject=_("Test of “%(portal)s”") % {"portal": page.title},
        body_text=_(
            "This is a test from the set-up of the portal. Nobody waits for an answer."
        ),
        language=page.locale.language_code,
        origin=Origin(
            page_id=page.pk,
            revision_id=page.live_revision_id,
            locale=page.locale.language_code,
        ),
        client_token=token,
    ).execute()


def has_arrived(page: Any) -> bool:
    """Whether a ticket has ever come from a portal.

    Args:
        page: The portal.
    """
    return Ticket.objects.filter(origin_page_id=page.pk).exists()


def _contact_of(user: Any) -> Contact:
    contact = contact_for(user)
    if contact is not None:
        return contact
    if not user.email:
        raise ActionError(
            "no_email", _("Your account has no e-mail address to send the test from.")
        )
    return ResolveContact(email=user.email, name=user.get_full_name()).execute()
