"""The navigation of a portal's own pages, as its editor wants it (B34)."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest

from wagtail_helpdesk.access.visibility import Visibility
from wagtail_helpdesk.frontend import NavItem
from wagtail_helpdesk.page_urls import PageUrls
from wagtail_helpdesk.portal.navigation import answering_portal
from wagtail_helpdesk.portal.navigation_settings import MOST_LINKS, is_safe_address

#: The key of the knowledge base's entry.
HELP_CENTRE = "knowledge_base"
_FIRST = 40


def further_links(request: HttpRequest) -> Iterator[NavItem]:
    """The further links of the portal that answers, in their order.

    Args:
        request: The request that is answered.
    """
    portal = answering_portal(request)
    if portal is None or not portal.is_active:
        return
    closed = Visibility.of(request).closed
    for number, row in enumerate(portal.frame.links[:MOST_LINKS]):
        page = next((page for page in row.pages if page.path not in closed), None)
        if page is not None:
            url = PageUrls.of(request).of_path(page.url_path)
        else:
            url = row.url if is_safe_address(row.url) else ""
        label = row.text or (page.title if page is not None else "")
        if url and label:
            yield NavItem(label=label, url=url, order=_FIRST + number, key="link")


def without_help_centre(request: HttpRequest, items: list[NavItem]) -> list[NavItem]:
    """The navigation without the knowledge base, in a portal that hides it.

    Args:
        request: The request that is answered.
        items: The entries.
    """
    portal = answering_portal(request)
    if portal is None or portal.show_help_centre:
        return items
    return [item for item in items if item.key != HELP_CENTRE]
