"""The portals of a site, for those parts of the help desk that must not import them.

The portal app registers providers from its ``ready()``; a site without that app has no
portal, so its attachment view shows nothing to customers and its mails carry no link.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import HttpRequest

from wagtail_helpdesk.models import AccessGroup, Inbox, PortalRules, SignUpRule, Ticket

RulesProvider = Callable[[HttpRequest], Iterable[PortalRules]]
TicketUrlProvider = Callable[[Ticket, str], str]
SignUpRuleProvider = Callable[[HttpRequest, str], SignUpRule | None]


@dataclass(frozen=True, slots=True)
class GroupPortal:
    """A portal that only members of certain access groups enter.

    Attributes:
        title: Its name.
        url: Its absolute address; empty while it is not published or switched off.
        language: Its language code.
        inbox: Where its requests go, or ``None``.
    """

    title: str
    url: str
    language: str
    inbox: Inbox | None


GroupPortalsProvider = Callable[[AccessGroup], Iterable[GroupPortal]]

_rules: list[RulesProvider] = []
_ticket_urls: list[TicketUrlProvider] = []
_sign_up_rules: list[SignUpRuleProvider] = []
_group_portals: list[GroupPortalsProvider] = []


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


def register_sign_up_rule(provider: SignUpRuleProvider) -> SignUpRuleProvider:
    """Tell who may register.

    Args:
        provider: Called with a request and the address a new account is led to, which
            may be empty; returns the rule of the portal that is meant, or ``None`` if
            the site has none.

    Returns:
        The provider, so that this can be used as a decorator.
    """
    if provider not in _sign_up_rules:
        _sign_up_rules.append(provider)
    return provider


def sign_up_rule(request: HttpRequest, target: str = "") -> SignUpRule | None:
    """Who may register on the site that is asked.

    Args:
        request: The request that is answered.
        target: Where the new account is led to, or empty.

    Returns:
        The rule, or ``None``: there is no portal, and the site decides by itself.
    """
    for provider in _sign_up_rules:
        rule = provider(request, target)
        if rule is not None:
            return rule
    return None


def register_group_portals(provider: GroupPortalsProvider) -> GroupPortalsProvider:
    """Tell which portals an access group opens.

    Args:
        provider: Called with an access group; returns the portals that require it,
            also those that are not published.

    Returns:
        The provider, so that this can be used as a decorator.
    """
    if provider not in _group_portals:
        _group_portals.append(provider)
    return provider


def portals_opened_by(group: AccessGroup) -> list[GroupPortal]:
    """Portals that only members of certain groups enter, of which this is one."""
    return [portal for provider in _group_portals for portal in provider(group)]


def portal_of_group(group: AccessGroup, language: str) -> GroupPortal | None:
    """Where a new member of a group is led to.

    Args:
        group: The group.
        language: Their language; a portal in it is preferred.
    """
    portals = [portal for portal in portals_opened_by(group) if portal.url]
    portals.sort(key=lambda portal: portal.language != language)
    return portals[0] if portals else None
