"""What the portals of a site say about registration, for those who ask them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from django.http import HttpRequest
from django.utils.translation import get_language

from wagtail_helpdesk.access.portal_entry import GroupPortal
from wagtail_helpdesk.models import AccessGroup, SignUpRule
from wagtail_helpdesk.page_urls import PageUrls
from wagtail_helpdesk.portal.meant import (
    portal_at,
    portal_of_system_page,
    published_portals,
)
from wagtail_helpdesk.portal.navigation import portal_models


def sign_up_rule(request: HttpRequest, target: str) -> SignUpRule | None:
    """The rule of the portal that a new account is led to; see ``access.portal_entry``.

    Without one, that of the portal whose system page answers, else of the one in the
    active language, else of the first. Also a
    portal that is switched off or private counts: that it is hidden must not open the
    registration.

    Args:
        request: The request that is answered.
        target: The address it leads to, or empty.
    """
    portals = published_portals(request)
    if not portals:
        return None
    page = (
        portal_at(request, target, portals)
        or portal_of_system_page(request, portals)
        or _first(request, portals)
    )
    return cast("SignUpRule", page.sign_up_rule)


def _first(request: HttpRequest, portals: list[Any]) -> Any:
    urls, language = PageUrls.of(request), get_language()
    return min(
        portals,
        key=lambda page: (
            not page.is_active,
            urls.language_of(page.url_path) != language,
        ),
    )


def portals_of_group(group: AccessGroup) -> Iterator[GroupPortal]:
    """Portals that require an access group; see ``access.portal_entry``."""
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
