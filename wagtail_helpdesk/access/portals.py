"""The portals of a site, for those parts of the help desk that must not import them.

The portal app registers providers from its ``ready()``; a site without that app has no
portal, so its attachment view shows nothing to customers and its mails carry no link.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from wagtail_helpdesk.models import Contact, PortalRules, Ticket


@dataclass(frozen=True, slots=True)
class TicketReader:
    """To whom a mail about a ticket goes.

    Attributes:
        contact: The person.
        address: Where the mail goes, normalised.
    """

    contact: Contact
    address: str


@dataclass(frozen=True, slots=True)
class RatingLink:
    """Where a customer says how our help was.

    Attributes:
        url: An absolute address, for this customer and ticket alone.
        question: What the portal asks; empty: the packaged question.
    """

    url: str
    question: str


RulesProvider = Callable[[HttpRequest], Iterable[PortalRules]]
TicketUrlProvider = Callable[[Ticket, str], str]
GuestUrlProvider = Callable[[Ticket, str, TicketReader], str]
RatingLinkProvider = Callable[[Ticket, str, TicketReader], RatingLink | None]
IdleTimesProvider = Callable[[HttpRequest], Iterable[int]]
PortalPagesProvider = Callable[[], Iterable[Any]]

_rules: list[RulesProvider] = []
_ticket_urls: list[TicketUrlProvider] = []
_guest_urls: list[GuestUrlProvider] = []
_rating_links: list[RatingLinkProvider] = []
_idle_times: list[IdleTimesProvider] = []
_pages: list[PortalPagesProvider] = []


def register_portal_rules(provider: RulesProvider) -> RulesProvider:
    """Tell which portals a visitor may enter.

    Args:
        provider: Called with a request; returns the rules of each portal of its site
            that is switched on and that the visitor may open.

    Returns:
        The provider, so that this can be used as a decorator.
    """
    if provider not in _rules:
        _rules.append(provider)
    return provider


def portal_rules(request: HttpRequest) -> list[PortalRules]:
    """The rules of every portal the visitor may enter, without repetitions.

    What one of them shows, the visitor may see (R9): an attachment is served if it is
    ``visible_to_contact`` under any of these.

    Args:
        request: The request that is answered.
    """
    found: list[PortalRules] = []
    for provider in _rules:
        found += [rules for rules in provider(request) if rules not in found]
    return found


def register_portal_pages(provider: PortalPagesProvider) -> PortalPagesProvider:
    """Tell which portals there are, whoever may enter them.

    Args:
        provider: Returns the published pages of all portals; each has ``rules``.

    Returns:
        The provider, so that this can be used as a decorator.
    """
    if provider not in _pages:
        _pages.append(provider)
    return provider


def portal_pages() -> list[Any]:
    """The published pages of all portals, switched on or not, for explanations."""
    return [page for provider in _pages for page in provider()]


def register_ticket_url(provider: TicketUrlProvider) -> TicketUrlProvider:
    """Tell where a customer reads a ticket.

    Args:
        provider: Called with a ticket and a language code; returns the absolute
            address of its page in a portal, or an empty text.

    Returns:
        The provider, so that this can be used as a decorator.
    """
    if provider not in _ticket_urls:
        _ticket_urls.append(provider)
    return provider


def register_guest_url(provider: GuestUrlProvider) -> GuestUrlProvider:
    """Tell where somebody without an account reads a ticket.

    Args:
        provider: Called with a ticket, a language code and the reader of a mail;
            returns an absolute address that lets them in, or an empty text.

    Returns:
        The provider, so that this can be used as a decorator.
    """
    if provider not in _guest_urls:
        _guest_urls.append(provider)
    return provider


def ticket_url(
    ticket: Ticket, *, language: str = "", reader: TicketReader | None = None
) -> str:
    """Where a customer reads a ticket; for the links in mails.

    Whoever has an account signs in there. A reader without one gets an address that
    lets them in, where a portal gives any.

    Args:
        ticket: The ticket.
        language: Language code of the reader; a portal in it is preferred.
        reader: Who reads the mail. The address is for them alone.

    Returns:
        An absolute address, or an empty text if the site has no portal.
    """
    if reader is not None and reader.contact.user_id is None:
        for guest_provider in _guest_urls:
            if url := guest_provider(ticket, language, reader):
                return url
    for provider in _ticket_urls:
        if url := provider(ticket, language):
            return url
    return ""


def register_rating_link(provider: RatingLinkProvider) -> RatingLinkProvider:
    """Tell where the contact of a closed ticket says how our help was (F13).

    Args:
        provider: Called with a ticket, a language code and the reader of a mail;
            returns the link, or ``None`` where they are not asked.

    Returns:
        The provider, so that this can be used as a decorator.
    """
    if provider not in _rating_links:
        _rating_links.append(provider)
    return provider


def rating_link(
    ticket: Ticket, *, language: str, reader: TicketReader
) -> RatingLink | None:
    """Where the reader of a mail says how our help was.

    Args:
        ticket: The ticket.
        language: Language code of the reader; a portal in it is preferred.
        reader: Who reads the mail.

    Returns:
        ``None`` where no portal asks them.
    """
    for provider in _rating_links:
        if link := provider(ticket, language, reader):
            return link
    return None


def register_idle_times(provider: IdleTimesProvider) -> IdleTimesProvider:
    """Tell after how many idle minutes the portals of a site sign customers out.

    Args:
        provider: Called with a request; returns the minutes of each portal of its site
            that is switched on, whoever asks; 0 for a portal without a time-out.

    Returns:
        The provider, so that this can be used as a decorator.
    """
    if provider not in _idle_times:
        _idle_times.append(provider)
    return provider


def strictest_idle_minutes(request: HttpRequest) -> int:
    """The shortest idle time-out among the portals of a site; 0: none has one.

    Args:
        request: A request to that site.
    """
    found = [minutes for provider in _idle_times for minutes in provider(request)]
    return min(filter(None, found), default=0)
