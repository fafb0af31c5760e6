"""The mail that asks how our help was, after a ticket was closed (F13)."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_helpdesk.access.portals import TicketReader, rating_link
from wagtail_helpdesk.actions.text import clean_line
from wagtail_helpdesk.channels.email.content import (
    WRITES_BY_ITSELF,
    Content,
    NoLongerWanted,
    is_verified,
    refuse_unwanted,
    ticket_of,
    with_reference,
)
from wagtail_helpdesk.channels.email.rendering import filled, own_text, render
from wagtail_helpdesk.models import (
    Contact,
    Delivery,
    EmailTemplate,
    SatisfactionRating,
    Ticket,
)
from wagtail_helpdesk.models.satisfaction import rating_ends_at


def rating_key(ticket: Ticket) -> str:
    """The key of the one mail about the last closing of a ticket."""
    return f"rating:{ticket.pk}:{ticket.reopened_count}"


def rating_request(delivery: Delivery, language: str) -> Content:
    """The question with a link for each answer, which votes only by a button.

    Nothing in it was typed by the visitor, as in the acknowledgement: a form may have
    been sent with somebody else's address.
    """
    ticket = ticket_of(delivery)
    contact = delivery.contact or ticket.contact
    refuse_unwanted(contact, Contact.Mail.RATING)
    if ticket.deleted_at is not None:
        raise NoLongerWanted(_("The ticket is in the trash."))
    ends_at = rating_ends_at(ticket)
    if ends_at is None or delivery.key != rating_key(ticket):
        raise NoLongerWanted(_("The ticket was opened again."))
    if timezone.now() >= ends_at:
        raise NoLongerWanted(_("It can no longer be rated."))
    if SatisfactionRating.objects.of_closing(ticket, contact).exists():
        raise NoLongerWanted(_("The contact has rated it already."))
    reader = TicketReader(contact, delivery.address)
    link = rating_link(ticket, language=language, reader=reader)
    if link is None:
        raise NoLongerWanted(_("No portal asks the contact any more."))
    name = contact.name if is_verified(contact, delivery.address) else ""
    company = ticket.inbox.sender_name
    values = {
        "contact_name": clean_line(name),
        "reference": ticket.reference,
        "inbox_name": company,
        "link": link.url,
    }
    template = own_text(EmailTemplate.Key.RATING, language)
    body = render(
        "rating",
        {
            **values,
            "subject": ticket.reference,
            "question": link.question,
            "answers": [
                (label, f"{link.url}?score={value}")
                for value, label in SatisfactionRating.Score.choices
            ],
            "ends_at": ends_at,
            "reason": _(
                "You get this mail because your request %(reference)s was closed."
            )
            % {"reference": ticket.reference},
        },
        language=language,
        template=template,
        values=values,
    )
    subject = (template.subject if template else "") or link.question
    return Content(
        subject=with_reference(filled(subject, values), ticket),
        body=body,
        sender=company,
        recipient_name=name,
        headers=WRITES_BY_ITSELF,
    )
