"""Who may register for which portal, for those parts that must not import portals.

The portal app registers providers from its ``ready()``; without it the site decides by
itself who registers, and no access group opens a portal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import HttpRequest

from wagtail_helpdesk.models import AccessGroup, Inbox, SignUpRule

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


SignInProvider = Callable[[HttpRequest], bool]
GroupPortalsProvider = Callable[[AccessGroup], Iterable[GroupPortal]]

_sign_up_rules: list[SignUpRuleProvider] = []
_group_portals: list[GroupPortalsProvider] = []
_by_provider: list[SignInProvider] = []


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


def register_by_provider_only(provider: SignInProvider) -> SignInProvider:
    """Tell whether a sign-in is for a portal that has no passwords.

    Args:
        provider: Called with the request for a sign-in page, or for a page of a portal.

    Returns:
        The provider, so that this can be used as a decorator.
    """
    if provider not in _by_provider:
        _by_provider.append(provider)
    return provider


def is_by_provider_only(request: HttpRequest) -> bool:
    """Whether a sign-in is for a portal into which only companies' providers lead.

    Args:
        request: The request for a sign-in page, or for a page of a portal.
    """
    return any(provider(request) for provider in _by_provider)


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
