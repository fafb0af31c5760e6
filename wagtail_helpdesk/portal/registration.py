"""What the portals of a site say about registration, for those who ask them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail.models import Site

from wagtail_helpdesk.access.portals import GroupPortal
from wagtail_helpdesk.models import AccessGroup, SignUpRule
from wagtail_helpdesk.page_urls import PageUrls
from wagtail_helpdesk.portal.navigation import portal_models


def sign_up_rule(request: HttpRequest, target: str) -> SignUpRule | None:
    """The rule of the portal that a new account is led to; see ``access.portals``.

    Without one, that of the portal in the active language, else of the first. Also a
    portal that is switched off or private counts: that it is hidden must not open the
    registration.

    Args:
        request: The request that is answered.
        target: The address it leads to, or empty.
    """
    site = Site.find_for_request(request)
    if site is None:
        return None
    urls = PageUrls.of(request)
    portals = [
        page
        for model in portal_models()
        for page in model._default_manager.filter(
            urls.below_roots_of(site), live=True
        ).order_by("path")
    ]
    if not portals:
        return None
    try:
        path = urlsplit(target).path
    except ValueError:
        path = ""
    return _meant(portals, urls, path).sign_up_rule


def _meant(portals: list[Any], urls: PageUrls, path: str) -> Any:
    addresses = {page: urlsplit(urls.of_page(page)).path for page in portals}
    named = [page for page, url in addresses.items() if url and path.startswith(url)]
    if named:
        return max(named, key=lambda page: len(addresses[page]))
    language = get_language()
    portals.sort(
        key=lambda page: (
            not page.is_active,
            urls.language_of(page.url_path) != language,
        )
    )
    return portals[0]


def portals_of_group(group: AccessGroup) -> Iterator[GroupPortal]:
    """Portals that require an access group; see ``access.portals``."""
    for model in portal_models():
        pages = model._default_manager.filter(requires_groups=True, access_groups=group)
        for page in pages.select_related("locale", "channel__inbox").order_by("path"):
            is_open = page.live and page.is_active
            yield GroupPortal(
                title=page.title,
                url=(page.full_url or "") if is_open else "",
                language=page.locale.language_code,
                inbox=page.channel.inbox if page.channel else None,
            )
