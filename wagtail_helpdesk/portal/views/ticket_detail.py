"""One ticket: which of its parts answers a request (F7)."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse

from wagtail_helpdesk.models import Ticket
from wagtail_helpdesk.portal import kept_text
from wagtail_helpdesk.portal.entry import Visit
from wagtail_helpdesk.portal.forms import ReplyForm
from wagtail_helpdesk.portal.unread import notices_news
from wagtail_helpdesk.portal.views import rating, ticket_acting
from wagtail_helpdesk.portal.views.ticket_moved import elsewhere
from wagtail_helpdesk.portal.views.ticket_page import page_of
from wagtail_helpdesk.portal.views.ticket_reading import find_ticket
from wagtail_helpdesk.portal.views.ticket_replying import reply

#: What the buttons of the page do, by the value of ``action``; any other is a reply.
_ACTIONS: dict[str, Callable[[Visit, Ticket], HttpResponse]] = {
    "close": ticket_acting.close,
    "reopen": ticket_acting.reopen,
    "leave": ticket_acting.leave,
    "rate": rating.rate,
}


def show(visit: Visit, public_id: str) -> HttpResponse:
    """The ticket; a POST replies to it or does what its button says."""
    ticket = find_ticket(visit, public_id, with_news=notices_news(visit))
    if ticket is None:
        return elsewhere(visit, public_id)
    return answer(visit, ticket)


def answer(visit: Visit, ticket: Ticket) -> HttpResponse:
    """The same of a ticket that ``find_ticket`` has let through."""
    request = visit.request
    if request.method == "POST":
        act = _ACTIONS.get(request.POST.get("action", ""), reply)
        return act(visit, ticket)
    kept = kept_text.take(request)
    return page_of(visit, ticket, ReplyForm(initial=kept), chosen=kept)
