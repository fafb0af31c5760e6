"""The portals of a site, for those parts of the help desk that must not import them.

The portal app registers providers from its ``ready()``; a site without that app has no
portal, so its attachment view shows nothing to customers and its mails carry no link.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest

from wagtail_helpdesk.models import PortalRules, Ticket

RulesProvider = Callable[[HttpRequest], Iterable[PortalRules]]
TicketUrlProvider = Callable[[Ticket, str], str]
IdleTimesProvider = Callable[[HttpRequest], Iterable[int]]
PortalPagesProvider = Callable[[], Iterable[Any]]

_rules: list[RulesProvider] = []
_ticket_urls: list[TicketUrlProvider] = []
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


def ticket_url(ticket: Ticket, *, language: str = "") -> str:
    """Where a customer reads a ticket; for the links in mails.

    Args:
        ticket: The ticket.
        language: Language code of the reader; a portal in it is preferred.

    Returns:
        An absolute address, or an empty text if the site has no portal.
    """
    for provider in _ticket_urls:
        url = provider(ticket, language)
        if url:
            return url
    return ""


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
