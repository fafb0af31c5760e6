"""Which portal an address lies in: where a sign-in or a registration leads to."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from wagtail.models import Site

from wagtail_helpdesk.page_urls import PageUrls
from wagtail_helpdesk.portal.navigation import answering_portal, portal_models
from wagtail_helpdesk.system_pages import current_system_page


def published_portals(request: HttpRequest) -> list[Any]:
    """The published portals of the request's site, whoever asks, in every language.

    Also those that are switched off or private: that a portal is hidden must not open
    what it closes.

    Args:
        request: The request that is answered.
    """
    site = Site.find_for_request(request)
    if site is None:
        return []
    below = PageUrls.of(request).below_roots_of(site)
    return [
        page
        for model in portal_models()
        for page in model._default_manager.filter(below, live=True).order_by("path")
    ]


def portal_at(
    request: HttpRequest, target: str, portals: list[Any] | None = None
) -> Any | None:
    """The portal at or above an address; the nearest, where one lies in another.

    Args:
        request: The request that is answered.
        target: The address; one that cannot be read lies in no portal.
        portals: To choose among; all published ones of the site without it.
    """
    try:
        path = urlsplit(target).path
    except ValueError:  # Such as "http://[".
        return None
    urls = PageUrls.of(request)
    found, longest = None, 0
    for page in published_portals(request) if portals is None else portals:
        own = urlsplit(urls.of_page(page)).path
        if own and path.startswith(own) and len(own) > longest:
            found, longest = page, len(own)
    return found


def portal_of_system_page(
    request: HttpRequest, portals: list[Any] | None = None
) -> Any | None:
    """The portal below which the system page stands that answers a request.

    Args:
        request: The request that is answered.
        portals: To choose among; all published ones of the site without it.
    """
    page = current_system_page(request)
    if page is None:
        return None
    return portal_at(request, PageUrls.of(request).of_page(page), portals)


def portal_meant(request: HttpRequest, portals: list[Any] | None = None) -> Any | None:
    """The portal that a sign-in is for, if it is for one.

    The one that answers; else the one that ``next`` lies in; else the one whose system
    page it is.

    Args:
        request: The request that is answered.
        portals: To choose among; all published ones of the site without it.
    """
    answering = answering_portal(request)
    if answering is not None:
        return answering
    target = request.POST.get("next") or request.GET.get("next") or ""
    meant = portal_at(request, target, portals) if target else None
    return meant or portal_of_system_page(request, portals)
