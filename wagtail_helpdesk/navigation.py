"""What apps put into the navigation of all public pages, and the links beside it.

An app adds its entries from its ``ready()``; it imports all of this from
``wagtail_helpdesk.frontend``, whose frame shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from django.http import HttpRequest


@dataclass(frozen=True)
class NavItem:
    """One link of the navigation.

    Attributes:
        label: What it reads, translated.
        url: Where it leads.
        order: Lower comes first: knowledge base 10, requests 20, new request 30.
        key: A machine word, for templates that treat one entry differently.
        covers_below: Whether it also counts as the current one on pages below it.
        current: ``"page"`` on the page itself, ``"true"`` below it, else ``""``; the
            value of ``aria-current``, set by the frame.
    """

    label: str
    url: str
    order: int = 100
    key: str = ""
    covers_below: bool = True
    current: str = ""


@dataclass(frozen=True)
class Crumb:
    """One step of the breadcrumbs; the last one, the page itself, has no ``url``."""

    label: str
    url: str = ""


NavigationProvider = Callable[[HttpRequest], Iterable[NavItem]]
NavigationChange = Callable[[HttpRequest, list[NavItem]], list[NavItem]]
LinkProvider = Callable[[HttpRequest], NavItem | None]

_navigation: list[NavigationProvider] = []
_navigation_changes: list[NavigationChange] = []
_links: dict[str, LinkProvider] = {}


def register_navigation(provider: NavigationProvider) -> NavigationProvider:
    """Add entries to the navigation of all public pages.

    Args:
        provider: Called once per page with the request, returns its entries.

    Returns:
        The provider, so that this can be used as a decorator.
    """
    if provider not in _navigation:
        _navigation.append(provider)
    return provider


def register_navigation_change(change: NavigationChange) -> NavigationChange:
    """Let an app take entries out of the navigation of some pages, or change them.

    Args:
        change: Called once per page with the request and the entries of all apps;
            returns the entries that are shown.

    Returns:
        The same, so that this can be used as a decorator.
    """
    if change not in _navigation_changes:
        _navigation_changes.append(change)
    return change


def register_portal_link(provider: LinkProvider) -> LinkProvider:
    """Say where "Go to [portal name]" at the top right leads (B35).

    Args:
        provider: Called with the request; ``None`` hides the link.

    Returns:
        The provider, so that this can be used as a decorator.
    """
    _links["portal"] = provider
    return provider


def register_privacy_link(provider: LinkProvider) -> LinkProvider:
    """Say where customers see what they agreed to; the link is in the account menu.

    Args:
        provider: Called with the request; ``None`` hides the link.

    Returns:
        The provider, so that this can be used as a decorator.
    """
    _links["privacy"] = provider
    return provider


def register_account_link(provider: LinkProvider) -> LinkProvider:
    """Say where customers change their profile; the link is in the account menu.

    Args:
        provider: Called with the request; ``None`` hides the link.

    Returns:
        The provider, so that this can be used as a decorator.
    """
    _links["account"] = provider
    return provider


def register_contact_link(provider: LinkProvider) -> LinkProvider:
    """Say where help is asked for; the link stands in every footer (WCAG 3.2.6).

    Args:
        provider: Called with the request; ``None`` hides the link.

    Returns:
        The provider, so that this can be used as a decorator.
    """
    _links["contact"] = provider
    return provider


def _mark_current(items: list[NavItem], path: str) -> list[NavItem]:
    """Mark the entry of this page, or the nearest entry above it."""
    above = [
        item.url
        for item in items
        if item.url
        and (path.startswith(item.url) if item.covers_below else path == item.url)
    ]
    nearest = max(above, key=len, default=None)
    return [
        replace(item, current="page" if item.url == path else "true")
        if item.url == nearest
        else item
        for item in items
    ]


def navigation_of(request: HttpRequest) -> list[NavItem]:
    """Entries of all apps in order, the current one marked.

    Args:
        request: The request that is answered.
    """
    items = [item for provider in _navigation for item in provider(request)]
    for change in _navigation_changes:
        items = change(request, items)
    items.sort(key=lambda item: item.order)
    return _mark_current(items, request.path)


def link_of(name: str, request: HttpRequest) -> NavItem | None:
    """A link that an app has registered, or ``None``.

    Args:
        name: ``"portal"``, ``"privacy"``, ``"account"`` or ``"contact"``.
        request: The request that is answered.
    """
    provider = _links.get(name)
    return provider(request) if provider else None
