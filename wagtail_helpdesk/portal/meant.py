"""Which portal an address lies in: where a sign-in or a registration leads to."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from wagtail.models import Site

from wagtail_helpdesk.page_urls import PageUrls
from wagtail_helpdesk.portal.navigation import portal_models


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
