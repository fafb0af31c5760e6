"""The mail to somebody whom a customer has added to a request."""

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
from wagtail_helpdesk.models import (
    Delivery,
    EmailTemplate,
    Participant,
    normalise_email,
)


def participant_notice(delivery: Delivery, language: str) -> Content:
    """A link that lets them in, and nothing that a customer typed.

    Neither subject nor the name of who added them: the mail goes to whatever address
    somebody thinks of, and would else be a way to send spam.
    """
    ticket = ticket_of(delivery)
    contact = delivery.contact
    rows = Participant.objects.filter(ticket=ticket, contact=contact)
    if contact is None or not rows.exists():
        raise NoLongerWanted(_("They were taken off the request again."))
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
    template = own_text(EmailTemplate.Key.PARTICIPANT, language)
    body = render(
        "participant",
        {
            **values,
            "subject": ticket.reference,
            "reason": _(
                "You get this mail because somebody added your address to a request at "
                "%(company)s. If you do not want its mails, open the link and choose "
                "“Stop following”."
            )
            % {"company": company},
        },
        language=language,
        template=template,
        values=values,
    )
    subject = template.subject if template else ""
    subject = subject or _("You were added to a request")
    return Content(
        subject=with_reference(filled(subject, values), ticket),
        body=body,
        sender=company,
        recipient_name=name,
        headers=WRITES_BY_ITSELF,
    )
