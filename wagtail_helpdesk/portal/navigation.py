"""The portal's part of every public page: its links, and its rules for the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, cast

from django.apps import apps
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wagtail_helpdesk.access import guest_links
from wagtail_helpdesk.access.contacts import contact_for
from wagtail_helpdesk.access.portals import RatingLink, TicketReader
from wagtail_helpdesk.access.visibility import Visibility
from wagtail_helpdesk.frontend import NavItem
from wagtail_helpdesk.linked_pages import linked_pages, pages_on_site
from wagtail_helpdesk.models import Contact, PortalRules, Ticket
from wagtail_helpdesk.page_urls import PageUrls
from wagtail_helpdesk.portal.form_settings import forms_in_links

_PORTALS = "_helpdesk_portals"
#: What a link to a portal is made of; the rest of such a page is long.
_LINKED = (
    *("title", "url_path", "path", "is_active", "channel"),
    *("request_singular", "request_plural", "form_menu_text"),
)
_CURRENT = "_helpdesk_portal"


def portal_models() -> list[type[Any]]:
    """The concrete page types made from ``PortalHomePageMixin``."""
    from wagtail_helpdesk.portal.mixins import PortalHomePageMixin

    return [
        model for model in apps.get_models() if issubclass(model, PortalHomePageMixin)
    ]


def remember_portal(request: HttpRequest, page: Any) -> None:
    """Note which portal answers, so that the navigation leads to this one."""
    setattr(request, _CURRENT, page)


def answering_portal(request: HttpRequest) -> Any | None:
    """The portal that answers a request, if one does."""
    return getattr(request, _CURRENT, None)


def portals_of(request: HttpRequest) -> Iterator[Any]:
    """The portals of the request's site that are on and open to this visitor.

    Returns:
        A queryset of each type of portal page.
    """
    for model in portal_models():
        yield pages_on_site(request, model, is_active=True)


def _linked_portals(request: HttpRequest) -> list[Any]:
    """The same, with what links to them need; read once per request."""
    known = getattr(request, _PORTALS, None)
    if known is None:
        known = []
        for model in portal_models():
            known += linked_pages(
                request, model, _LINKED, also=forms_in_links, is_active=True
            )
        setattr(request, _PORTALS, known)
    return cast("list[Any]", known)


def portal_of(request: HttpRequest) -> Any | None:
    """The portal this visitor is led to.

    The one that answers; else the first in the active language; else the first.
    """
    current = answering_portal(request)
    if current is not None:
        return current if current.is_active else None
    portals = _linked_portals(request)
    urls, language = PageUrls.of(request), get_language()
    for page in portals:
        if urls.language_of(page.url_path) == language:
            return page
    return portals[0] if portals else None


def navigation(request: HttpRequest) -> Iterable[NavItem]:
    """ "My requests" and "New request", in the portal's own words (UX45)."""
    page = portal_of(request)
    url = PageUrls.of(request).of_page(page) if page is not None else ""
    if page is None or not url:
        return []
    user = getattr(request, "user", None)
    mine = NavItem(
        label=page.labels.mine,
        url=url,
        order=20,
        key="requests",
        # The sign-in lies below the portal, but whoever reads it is not there yet.
        covers_below=user is not None and user.is_authenticated,
    )
    items = [mine]
    if page.takes_new:
        new = NavItem(
            label=page.labels.new, url=f"{url}new/", order=30, key="new_request"
        )
        items.append(new)
    return items


def portal_link(request: HttpRequest) -> NavItem | None:
    """ "Go to [portal name]" for pages outside the portal (B35)."""
    if answering_portal(request) is not None:
        return None
    page = portal_of(request)
    url = PageUrls.of(request).of_page(page) if page is not None else ""
    if page is None or not url:
        return None
    label = _("Go to %(portal)s") % {"portal": page.title}
    return NavItem(label=label, url=url, key="portal")


def privacy_link(request: HttpRequest) -> NavItem | None:
    """The page of the portal that shows what a customer has agreed to."""
    page = answering_portal(request)
    url = PageUrls.of(request).of_page(page) if page is not None else ""
    if page is None or not page.is_active or not url:
        return None
    return NavItem(label=_("Privacy and consent"), url=f"{url}privacy/", key="privacy")


def account_link(request: HttpRequest) -> NavItem | None:
    """The page of the portal where a customer changes their profile."""
    page = getattr(request, _CURRENT, None)
    url = PageUrls.of(request).of_page(page) if page is not None else ""
    if page is None or not page.is_active or not url:
        return None
    return NavItem(label=_("Your account"), url=f"{url}account/", key="account")


def rules_of(request: HttpRequest) -> list[PortalRules]:
    """The rules of every portal this visitor may enter; see ``access.portals``.

    Whoever is in none of the groups a portal requires may not, nor who came without the
    provider it requires, and a customer who has still to agree to something has not
    entered yet (R17).
    """
    found = [page for pages in portals_of(request) for page in pages]
    contact = None
    if any(page.has_conditions or page.consent_text for page in found):
        contact = contact_for(getattr(request, "user", None))
    return [page.rules for page in found if _is_entered(page, request, contact)]


def _is_entered(page: Any, request: HttpRequest, contact: Contact | None) -> bool:
    from wagtail_helpdesk.portal.consent import needs_consent

    if contact is None:
        return not page.has_conditions
    return bool(page.lets_in(request, contact)) and not needs_consent(page, contact)


def portal_pages() -> list[Any]:
    """The published pages of all portals, in the order of the tree."""
    return [
        page
        for model in portal_models()
        for page in model.objects.filter(live=True)
        .select_related("locale")
        .order_by("path")
    ]


def ticket_url(ticket: Ticket, language: str) -> str:
    """The absolute address of a ticket in the portal that fits it best.

    The one it came from, else one that fills its inbox, in the reader's language if it
    has it; none that the ticket's contact may not enter.
    """
    for page in _portals_for(ticket, language):
        url = page.full_url
        if url and page.admits(ticket.contact):
            return f"{url}r/{ticket.public_id}/"
    return ""


def guest_url(ticket: Ticket, language: str, reader: TicketReader) -> str:
    """The absolute address by which somebody without an account reads a ticket.

    It is in a portal that takes guests and that everybody may open.
    """
    anybody = Visibility(None)
    for page in _portals_for(ticket, language):
        url = page.full_url
        if url and page.takes_guests and anybody.can_view(page):
            token = guest_links.token_for(ticket, reader.contact, reader.address)
            return f"{url}g/{token}/" if token else ""
    return ""


def rating_link(
    ticket: Ticket, language: str, reader: TicketReader
) -> RatingLink | None:
    """Where a ticket's contact says how our help was, without signing in (F13).

    In the portal that the other mails about the ticket lead to, and only if that one
    asks: another may be another company's. None in a portal that is a private page,
    since nobody opens it without a sign-in.
    """
    for page in _portals_for(ticket, language):
        url = page.full_url
        if not url or not page.admits(reader.contact):
            continue
        is_open = Visibility(None).can_view(page)
        if not is_open or not page.asks_by_link(ticket, reader.contact):
            return None
        token = guest_links.token_for(
            ticket, reader.contact, reader.address, guest_links.Use.RATE
        )
        return RatingLink(f"{url}csat/{token}/", page.rating_text) if token else None
    return None


def _portals_for(ticket: Ticket, language: str) -> list[Any]:
    """The portals that are on, the one that fits a ticket and a language best first.

    The portal that the ticket came from, in any of its languages, goes before all
    others, else those that fill its inbox: another may be another company's.
    """
    found = [
        page
        for model in portal_models()
        for page in model.objects.filter(live=True, is_active=True)
        .select_related("locale", "channel")
        .prefetch_related("support_forms__form__channel")
        .order_by("path")
        if _shows(page, ticket)
    ]
    origin, inbox = ticket.origin_page_id, ticket.inbox_id
    own = {page.translation_key for page in found if page.pk == origin}
    own = own or {page.translation_key for page in found if _fills(page, inbox)}
    found.sort(
        key=lambda page: (
            page.translation_key not in own,
            page.locale.language_code != language,
            not _fills(page, inbox),
        )
    )
    return found


def _fills(page: Any, inbox: int) -> bool:
    """Whether what customers send in a portal arrives in an inbox."""
    ways = [row.form.channel for row in page.support_forms.all()]
    if page.channel is not None:
        ways.append(page.channel)
    return any(way.inbox_id == inbox for way in ways)


def _shows(page: Any, ticket: Ticket) -> bool:
    """Whether the visibility filters of a portal let a ticket through (B18)."""
    rules = page.rules
    if not rules.filters:
        return True
    return Ticket.objects.filter(pk=ticket.pk).passing(rules).exists()
