"""How our help was: the page of the link in the mail, and the form in the portal (F13).

Opening the link changes nothing: programs that look through mails follow each link,
and must not vote. Only the button does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http import HttpResponseRedirect as Redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from wagtail_helpdesk.access import guest_links
from wagtail_helpdesk.access.guest_links import BadLink
from wagtail_helpdesk.exceptions import ActionPermissionError
from wagtail_helpdesk.models import Contact, SatisfactionRating, Ticket
from wagtail_helpdesk.models.satisfaction import rating_ends_at
from wagtail_helpdesk.portal.entry import Visit, closed, time_zone_of
from wagtail_helpdesk.portal.forms import ReplyForm
from wagtail_helpdesk.portal.guest_entry import keep_link_secret, render_plain
from wagtail_helpdesk.portal.navigation import remember_portal
from wagtail_helpdesk.portal.rating import answer, asked_about
from wagtail_helpdesk.portal.views.ticket_page import page_of

#: How long a link leads to a page that says at least that it is over.
LINK_DAYS = 60


@dataclass(frozen=True, slots=True)
class _Link:
    """What a link that works is about."""

    ticket: Ticket
    contact: Contact


def show(page: Any, request: HttpRequest, token: str) -> HttpResponseBase:
    """The question for whoever holds the link from a mail; a POST answers it.

    A link that is forged, too old or about something its reader may not see answers
    like one that was never there.

    Args:
        page: The portal's page.
        request: The request.
        token: From the address; anything at all.
    """
    remember_portal(request, page)
    response: HttpResponseBase
    if not page.is_active:
        response = closed(page, request)
    else:
        link = _read(page, token)
        with time_zone_of(link.contact if link else None):
            response = (
                _answer(page, request, token, link)
                if link
                else _missing(page, request, token)
            )
            if isinstance(response, TemplateResponse):
                response.render()
    return keep_link_secret(response)


def rate(visit: Visit, ticket: Ticket) -> HttpResponse:
    """Take the answer that was given on the ticket's own page, or say what is wrong."""
    sent = visit.request.POST
    asked = asked_about(visit.page, ticket, visit.contact, data=sent)
    if asked is None:
        messages.error(visit.request, _("It can no longer be rated."))
        return Redirect(visit.url_after(ticket))
    try:
        refused = answer(
            visit.request, ticket, visit.contact, rules=visit.rules, form=asked.form
        )
    except ActionPermissionError as error:
        messages.error(visit.request, str(error))
        return Redirect(visit.url_after(ticket))
    if refused is not None:
        return refused
    if asked.form.errors:
        return page_of(visit, ticket, ReplyForm(), asked=asked)
    messages.success(visit.request, _("Thank you for your rating."))
    return Redirect(visit.url_after(ticket))


def _read(page: Any, token: str) -> _Link | None:
    """The ticket and the contact of a token, if this portal asks them at all."""
    try:
        read = guest_links.read_token(token, days=LINK_DAYS, use=guest_links.Use.RATE)
    except BadLink:
        return None
    contact = guest_links.contact_of(read)
    ticket = Ticket.objects.filter(public_id=read.ticket).first()
    if contact is None or ticket is None or not page.asks_by_link(ticket, contact):
        return None
    return _Link(ticket, contact)


def _answer(
    page: Any, request: HttpRequest, token: str, link: _Link
) -> HttpResponseBase:
    """The question, or in words why it is not asked now."""
    ticket, contact = link.ticket, link.contact
    is_sent = request.method == "POST"
    asked = asked_about(
        page,
        ticket,
        contact,
        data=request.POST if is_sent else None,
        chosen={"score": request.GET.get("score", "")},
    )
    if asked is not None and is_sent:
        try:
            refused = answer(
                request, ticket, contact, rules=page.rules, form=asked.form
            )
        except ActionPermissionError:
            return _missing(page, request, token)
        if refused is not None:
            return refused
        if not asked.form.errors:
            return Redirect(request.path)
    given = SatisfactionRating.objects.of_closing(ticket, contact)
    context = {
        "asked": asked,
        "ticket": ticket,
        "labels": page.labels,
        "is_closed": rating_ends_at(ticket) is not None,
        "given": asked.given if asked else given.first(),
        "unsent": request.POST.get("comment", "") if asked is None else "",
    }
    return render_plain(page, request, token, "rating.html", context, status=200)


def _missing(page: Any, request: HttpRequest, token: str) -> HttpResponseBase:
    context = {"unsent": request.POST.get("comment", "")}
    return render_plain(
        page, request, token, "rating_missing.html", context, status=404
    )
