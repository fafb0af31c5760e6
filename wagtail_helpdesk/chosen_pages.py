"""Pages that an editor has chosen for a block, as the visitor is led to them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from wagtail_helpdesk.access.visibility import Visibility
from wagtail_helpdesk.forms.live import PageForms
from wagtail_helpdesk.page_urls import PageUrls


def shown_page(on_page: PageForms, chosen: Any) -> Any | None:
    """A chosen page in the language of the request, where there is a translation.

    Args:
        on_page: What the blocks of the request have in common. An answer that shows a
            private page to some is kept from being shown to others.
        chosen: The page, or ``None``.

    Returns:
        The page as its own type; ``None`` where it is not published, has no address or
        is closed to this visitor.
    """
    if chosen is None:
        return None
    page: Any = chosen.specific.localized
    if not page.live:
        return None
    visibility = Visibility.of(on_page.request)
    if visibility.is_private(page):
        on_page.keep_varying()
    is_shown = visibility.can_view(page) and address_of(on_page.request, page)
    return page if is_shown else None


def address_of(request: HttpRequest, page: Any) -> str:
    """The address of a page; empty if it has none.

    Args:
        request: The request that is answered.
        page: The page.
    """
    return PageUrls.of(request).of_page(page)
