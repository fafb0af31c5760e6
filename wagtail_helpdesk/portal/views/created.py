"""The page after sending something new: its number, and what happens next (F8)."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseNotAllowed

from wagtail_helpdesk.frontend import Crumb
from wagtail_helpdesk.portal import kept_text
from wagtail_helpdesk.portal.entry import Visit
from wagtail_helpdesk.portal.first_answer import first_answer
from wagtail_helpdesk.portal.views.new_request import NO_TICKET
from wagtail_helpdesk.portal.views.ticket_reading import find_ticket, not_found
from wagtail_helpdesk.portal.while_you_wait import SOLVED, context_for, solve


def show(visit: Visit, public_id: str) -> HttpResponse:
    """Thank the customer; reached by a redirect, so nothing is sent twice (UX26)."""
    ticket = None
    if public_id != NO_TICKET:
        ticket = find_ticket(visit, public_id)
        if ticket is None:
            return not_found(visit)
        if visit.request.method == "POST":
            if visit.request.POST.get("action") == SOLVED:
                return solve(visit, ticket)
            return HttpResponseNotAllowed(["GET", "HEAD"])
    context = {
        **context_for(visit, ticket),
        "ticket": ticket,
        "ticket_url": visit.ticket_url(ticket) if ticket else "",
        "promise": first_answer(visit, ticket) if ticket else None,
        "sent_draft": kept_text.take_sent(visit.request),
        "crumbs": [Crumb(visit.labels.mine, visit.url), Crumb(visit.labels.new)],
    }
    return visit.render("created.html", context)
