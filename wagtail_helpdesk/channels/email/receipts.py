"""What the receipt of a request says to a manager and to whom they sent it for."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wagtail_helpdesk.models import Contact, Delivery, Ticket


def sent_for(delivery: Delivery, ticket: Ticket, contact: Contact) -> dict[str, str]:
    """Why somebody gets a receipt, and who sent the request if it was a manager.

    A manager is named by the organization, which staff have written, never by a name
    that people choose for themselves.
    """
    company = ticket.inbox.sender_name
    event = delivery.event
    if event is None or not event.data.get("on_behalf_of"):
        reason = _("You get this mail because you wrote to %(company)s.")
        return {"reason": reason % {"company": company}, "sent_for": ""}
    if contact.pk != ticket.contact_id:
        reason = _("You get this mail because you wrote to %(company)s.")
        sentence = _("You sent it for a member of your organization.")
        return {"reason": reason % {"company": company}, "sent_for": sentence}
    organization = ticket.organization.name if ticket.organization else ""
    reason = _("You get this mail because a request to %(company)s was sent for you.")
    sentence = _("It was sent for you by a manager of %(organization)s.")
    return {
        "reason": reason % {"company": company},
        "sent_for": sentence % {"organization": organization},
    }
