"""A ticket that is not at this address any more: merged, or in another portal (R9)."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from wagtail_helpdesk.models import PortalRules, Ticket
from wagtail_helpdesk.page_urls import PageUrls
from wagtail_helpdesk.portal import kept_text
from wagtail_helpdesk.portal.entry import Visit
from wagtail_helpdesk.portal.navigation import portals_of
from wagtail_helpdesk.portal.views.ticket_reading import find_ticket, not_found


def find_current(visit: Visit, public_id: str) -> Ticket | None:
    """The ticket, or else the one it was merged into, if the customer may see it."""
    found = find_ticket(visit, public_id)
    if found is not None or "\x00" in public_id:
        return found
    target = _visible(visit, public_id, visit.rules)
    return find_ticket(visit, target.public_id) if target is not None else None


def elsewhere(visit: Visit, public_id: str) -> HttpResponse:
    """Lead on to where the customer may read the ticket, or say that there is none.

    To the ticket it was merged into, or to the portal of the site that shows it now
    that this one's visibility filters hide it. What was sent is kept for the form
    there, and not taken: the customer sees first where it goes.

    A ticket of somebody else costs the same work as one that never was.

    Args:
        visit: The request.
        public_id: What ``find_ticket`` has not found.
    """
    if "\x00" in public_id:
        return not_found(visit)
    target = _visible(visit, public_id, visit.rules)
    url = visit.ticket_url(target) if target is not None else ""
    if target is None and visit.rules.filters:
        # Whom this portal's sharing leaves out is not led around it.
        target = _visible(visit, public_id, replace(visit.rules, filters=()))
        url = _url_in_another_portal(visit, target) if target is not None else ""
    if target is None or not url:
        return not_found(visit)
    told = []
    if target.public_id != public_id:
        told.append(merged_text(Ticket.objects.get(public_id=public_id)))
    if visit.request.method == "POST":
        kept_text.keep(visit.request, url=url)
        told.append(_("Nothing was sent yet: look at the page, then send it here."))
    elif kept := kept_text.take(visit.request):
        # It waited over the sign-in, and was written before the ticket went there.
        kept_text.put(visit.request, url, kept)
    if told:
        messages.info(visit.request, " ".join(told))
    return HttpResponseRedirect(url)


def merged_text(asked: Ticket) -> str:
    """What is told who asked for a ticket and is led to the one it was merged into."""
    # Translators: %(reference)s is a ticket's number, such as HD-1042.
    return _("%(reference)s and this request were merged.") % {
        "reference": asked.reference
    }


def _visible(visit: Visit, public_id: str, rules: PortalRules) -> Ticket | None:
    """The ticket, or the one it was merged into, if these rules show it."""
    tickets = Ticket.objects.visible_to_contact(visit.contact, rules)
    return tickets.named(public_id).first()


def _url_in_another_portal(visit: Visit, ticket: Ticket) -> str:
    """The address at which another portal of the site shows a ticket, or empty."""
    urls, language = PageUrls.of(visit.request), visit.page.locale_id
    others = [page for pages in portals_of(visit.request) for page in pages]
    others.sort(key=lambda page: (page.locale_id != language, page.path))
    for page in others:
        if (
            page.pk != visit.page.pk
            and page.lets_in(visit.request, visit.contact)
            and _visible(visit, ticket.public_id, page.rules) is not None
            and (url := urls.of_page(page))
        ):
            return f"{url}r/{ticket.public_id}/"
    return ""
