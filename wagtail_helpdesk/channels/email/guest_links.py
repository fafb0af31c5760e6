"""The mail with a new link to a request, for whoever asked for one."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wagtail_helpdesk.actions.text import clean_line
from wagtail_helpdesk.channels.email.addresses import own_addresses
from wagtail_helpdesk.channels.email.content import (
    WRITES_BY_ITSELF,
    Content,
    NoLongerWanted,
    is_verified,
    link_for,
    refuse_unwanted,
    ticket_of,
    with_reference,
)
from wagtail_helpdesk.channels.email.rendering import filled, own_text, render
from wagtail_helpdesk.models import Delivery, EmailTemplate, normalise_email


def guest_link(delivery: Delivery, language: str) -> Content:
    """A link that works now, and nothing that anybody typed.

    Whoever has got an account meanwhile gets the address of the request.
    """
    ticket = ticket_of(delivery)
    contact = delivery.contact or ticket.contact
    refuse_unwanted(contact)
    if ticket.deleted_at is not None:
        raise NoLongerWanted(_("The ticket is in the trash."))
    if normalise_email(delivery.address) in own_addresses():
        raise NoLongerWanted(_("The address is one of our own."))
    link = link_for(delivery, language)
    if not link:
        raise NoLongerWanted(_("No portal shows the request any more."))
    name = contact.name if is_verified(contact, delivery.address) else ""
    company = ticket.inbox.sender_name
    values = {
        "contact_name": clean_line(name),
        "reference": ticket.reference,
        "inbox_name": company,
        "link": link,
    }
    template = own_text(EmailTemplate.Key.GUEST_LINK, language)
    body = render(
        "guest_link",
        {
            **values,
            "subject": ticket.reference,
            "reason": _(
                "You get this mail because somebody asked for it with your address. "
                "If it was not you, do nothing."
            ),
        },
        language=language,
        template=template,
        values=values,
    )
    subject = (template.subject if template else "") or _("The link to your request")
    return Content(
        subject=with_reference(filled(subject, values), ticket),
        body=body,
        sender=company,
        recipient_name=name,
        headers=WRITES_BY_ITSELF,
    )
