"""The closed request that a new one follows, as a form names it (R7)."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest

from wagtail_helpdesk.models import Contact, PortalRules, Ticket
from wagtail_helpdesk.models.fields import PUBLIC_ID_LENGTH

#: In the address of a form, or among what it sends: the public id of that request.
FOLLOW_UP_PARAM = "follow_up"


def asked_for(request: HttpRequest) -> str:
    """The public id that a request names, or an empty text; it opens nothing."""
    named = request.POST.get(FOLLOW_UP_PARAM) or request.GET.get(FOLLOW_UP_PARAM, "")
    return named if len(named) == PUBLIC_ID_LENGTH and named.isalnum() else ""


def followed_ticket(
    public_id: str, contact: Contact | None, portals: Iterable[PortalRules]
) -> Ticket | None:
    """The ticket with this id, if the contact may see it in one of these portals (R9).

    One that they may not see counts as one that does not exist: the new request is
    taken all the same, and follows nothing.

    Args:
        public_id: What ``asked_for`` says, or what was kept of it.
        contact: Who sends the new request.
        portals: The rules of the portals that they may enter.
    """
    if not public_id or "\x00" in public_id or contact is None:
        return None
    for rules in portals:
        tickets = Ticket.objects.visible_to_contact(contact, rules)
        if found := tickets.filter(public_id=public_id).first():
            return found
    return None
