"""What a customer does with a ticket besides writing: close it, open it, leave it."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wagtail_helpdesk.actions import CloseOwnTicket, RemoveParticipant, ReopenOwnTicket
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.models import Ticket
from wagtail_helpdesk.portal.entry import Visit


def close(visit: Visit, ticket: Ticket) -> HttpResponse:
    """Close it, or say why not."""
    action = CloseOwnTicket(ticket=ticket, contact=visit.contact, portal=visit.rules)
    try:
        action.execute()
    except (ActionPermissionError, ActionError) as error:
        messages.error(visit.request, str(error))
    else:
        messages.success(visit.request, closed_text(visit, ticket))
    return HttpResponseRedirect(visit.url_after(ticket))


def reopen(visit: Visit, ticket: Ticket) -> HttpResponse:
    """Open it again, or say why not; a guest does so by a reply."""
    if visit.is_guest:
        return HttpResponseRedirect(visit.ticket_url(ticket))
    action = ReopenOwnTicket(ticket=ticket, contact=visit.contact, portal=visit.rules)
    try:
        action.execute()
    except (ActionPermissionError, ActionError) as error:
        messages.error(visit.request, str(error))
    else:
        # Translators: %(reference)s is a ticket's number, such as HD-1042.
        told = _("%(reference)s is open again.") % {"reference": ticket.reference}
        messages.success(visit.request, told)
    return HttpResponseRedirect(visit.url_after(ticket))


def leave(visit: Visit, ticket: Ticket) -> HttpResponse:
    """Stop following the ticket of somebody else; what shared it may show it still."""
    action = RemoveParticipant(ticket=ticket, contact=visit.contact, portal=visit.rules)
    try:
        action.execute()
    except (ActionPermissionError, ActionError):
        # They had left before: a second press of the button. Or it was merged.
        return HttpResponseRedirect(visit.ticket_url(ticket))
    if visit.is_guest:
        return visit.render("guest_left.html", {})
    # Translators: %(reference)s is a ticket's number, such as HD-1042.
    told = _("You no longer follow %(reference)s.") % {"reference": ticket.reference}
    messages.success(visit.request, told)
    return HttpResponseRedirect(visit.url)


def closed_text(visit: Visit, ticket: Ticket) -> str:
    """That it is closed now, and until when that can be undone."""
    told = _("%(reference)s is closed.") % {"reference": ticket.reference}
    rules = visit.rules
    if not rules.reply_on_closed or not rules.reopen_days:
        return told
    last = timezone.localtime(timezone.now() + timedelta(days=rules.reopen_days))
    hint = _("You can open it again until %(date)s.") % {
        "date": date_format(last, "DATE_FORMAT")
    }
    return f"{told} {hint}"
