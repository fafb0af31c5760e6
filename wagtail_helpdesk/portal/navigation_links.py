"""The navigation of a portal's own pages, as its editor wants it (B34)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import swapper
from django.db.models import Case, OuterRef, Q, Subquery, When
from django.http import HttpRequest

from wagtail_helpdesk.access.visibility import Visibility
from wagtail_helpdesk.frontend import NavItem
from wagtail_helpdesk.page_urls import PageUrls
from wagtail_helpdesk.portal.navigation import answering_portal
from wagtail_helpdesk.portal.navigation_settings import MOST_LINKS, is_safe_address

swapper.set_app_prefix("wagtailcore", "wagtail")

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
    for number, link in enumerate(_links(portal, request)[:MOST_LINKS]):
        if link.row.link_page_id:
            url = PageUrls.of(request).of_path(link.path) if link.path else ""
        else:
            url = link.row.link_url if is_safe_address(link.row.link_url) else ""
        label = link.row.link_text or link.title
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


@dataclass(frozen=True)
class _Link:
    """A link with the page it leads to.

    Attributes:
        row: The row of the portal.
        path: The page's ``url_path``; empty where this visitor may not open it.
        title: The page's title.
    """

    row: Any
    path: str
    title: str


def _links(portal: Any, request: HttpRequest) -> list[_Link]:
    """The links, each to the page in the portal's language where there is one."""
    links, visibility = portal.navigation_links, Visibility.of(request)
    if links.is_deferring:
        # A preview of what is not saved yet.
        return [
            _Link(row, page.url_path, page.title)
            if (page := row.link_page) and page.live and visibility.can_view(page)
            else _Link(row, "", "")
            for row in links.all()
        ]
    is_own = Q(locale=portal.locale_id)
    pages = visibility.pages(
        swapper.load_model("wagtailcore", "Page").objects.filter(
            is_own | Q(pk=OuterRef("link_page")),
            live=True,
            translation_key=OuterRef("link_page__translation_key"),
        )
    ).order_by(Case(When(is_own, then=0), default=1))
    rows = links.annotate(
        page_path=Subquery(pages.values("url_path")[:1]),
        page_title=Subquery(pages.values("title")[:1]),
    )
    return [_Link(row, row.page_path or "", row.page_title or "") for row in rows]
