"""What a customer does with a ticket besides writing: closing it (R8)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from wagtail_helpdesk.actions import CloseOwnTicket
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.models import Ticket
from wagtail_helpdesk.portal.entry import Visit


def close(visit: Visit, ticket: Ticket) -> HttpResponse:
    """Close it, or say why not."""
    try:
        CloseOwnTicket(
            ticket=ticket, contact=visit.contact, portal=visit.rules
        ).execute()
    except (ActionPermissionError, ActionError) as error:
        messages.error(visit.request, str(error))
    else:
        messages.success(
            visit.request,
            _("%(reference)s is closed.") % {"reference": ticket.reference},
        )
    return HttpResponseRedirect(visit.ticket_url(ticket))
