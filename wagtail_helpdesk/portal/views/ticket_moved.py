"""A ticket that is not at this address any more: merged, or in another portal (R9)."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from wagtail_helpdesk.models import Ticket
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
    merged = Ticket.objects.filter(public_id=public_id, deleted_at=None)
    target = merged.values_list("merged_into__public_id", flat=True).first()
    return find_ticket(visit, target) if target else None


def elsewhere(visit: Visit, public_id: str) -> HttpResponse:
    """Lead on to where the customer may read the ticket, or say that there is none.

    To the ticket it was merged into, or to the portal of the site that shows it now
    that this one's visibility filters hide it. What was sent is kept for the form
    there, and not taken: the customer sees first where it goes.

    Args:
        visit: The request.
        public_id: What ``find_ticket`` has not found.
    """
    if "\x00" in public_id:
        return not_found(visit)
    asked = (
        Ticket.objects.filter(public_id=public_id, deleted_at=None)
        .select_related("merged_into")
        .first()
    )
    url = _url_of(visit, asked.current) if asked is not None else ""
    if asked is None or not url:
        return not_found(visit)
    told = []
    if asked.merged_into is not None:
        # Translators: %(reference)s is a ticket's number, such as HD-1042.
        told.append(
            _("%(reference)s and this request were merged.")
            % {"reference": asked.reference}
        )
    if visit.request.method == "POST":
        kept_text.keep(visit.request, path=url)
        told.append(_("Nothing was sent yet: look at the page, then send it here."))
    if told:
        messages.info(visit.request, " ".join(told))
    return HttpResponseRedirect(url)


def _url_of(visit: Visit, ticket: Ticket) -> str:
    """The address at which the customer may read a ticket, or an empty text."""
    this = Ticket.objects.filter(pk=ticket.pk)
    if this.visible_to_contact(visit.contact, visit.rules).exists():
        return visit.ticket_url(ticket)
    # Whom this portal's sharing leaves out is not led around it.
    unfiltered = replace(visit.rules, filters=())
    if not this.visible_to_contact(visit.contact, unfiltered).exists():
        return ""
    urls, language = PageUrls.of(visit.request), visit.page.locale_id
    others = [page for pages in portals_of(visit.request) for page in pages]
    others.sort(key=lambda page: (page.locale_id != language, page.path))
    for page in others:
        if (
            page.pk != visit.page.pk
            and page.lets_in(visit.request, visit.contact)
            and this.visible_to_contact(visit.contact, page.rules).exists()
            and (url := urls.of_page(page))
        ):
            return f"{url}r/{ticket.public_id}/"
    return ""
