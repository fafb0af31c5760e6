"""The navigation of a portal's own pages, as its editor wants it (B34)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import swapper
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
    rows = list(portal.navigation_links.select_related("link_page"))[:MOST_LINKS]
    pages = _Pages.of(portal, rows, request)
    for number, row in enumerate(rows):
        page = pages.shown(row)
        if row.link_page_id:
            url = PageUrls.of(request).of_page(page) if page is not None else ""
        else:
            url = row.link_url if is_safe_address(row.link_url) else ""
        label = row.link_text or (page.title if page is not None else "")
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
class _Pages:
    """The pages that the links of a portal lead to, as far as the visitor may see them.

    Attributes:
        by_key: They and their translations, by translation key.
        locale_id: The portal's language.
    """

    by_key: dict[Any, list[Any]]
    locale_id: int

    @classmethod
    def of(cls, portal: Any, rows: list[Any], request: HttpRequest) -> _Pages:
        keys = {row.link_page.translation_key for row in rows if row.link_page_id}
        found: dict[Any, list[Any]] = {}
        if keys:
            base = swapper.load_model("wagtailcore", "Page")
            pages = base.objects.filter(live=True, translation_key__in=keys)
            for page in Visibility.of(request).pages(pages):
                found.setdefault(page.translation_key, []).append(page)
        return cls(found, portal.locale_id)

    def shown(self, row: Any) -> Any | None:
        """The page of a link in the portal's language, else the page itself."""
        if not row.link_page_id:
            return None
        pages = self.by_key.get(row.link_page.translation_key, [])
        own = (page for page in pages if page.locale_id == self.locale_id)
        chosen = (page for page in pages if page.pk == row.link_page_id)
        return next(own, None) or next(chosen, None)
