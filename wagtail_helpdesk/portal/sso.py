"""Which portal a sign-in leads to, for the providers that belong to one portal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.http import HttpRequest
from wagtail.models import Locale, Site

from wagtail_helpdesk.page_urls import PageUrls
from wagtail_helpdesk.portal.navigation import portal_models


def portal_choices() -> list[tuple[UUID, str]]:
    """Each portal once, by its name in the first language of the site."""
    default = Locale.get_default().pk
    found: dict[UUID, str] = {}
    for model in portal_models():
        pages = model.objects.order_by("path").values_list(
            "translation_key", "title", "locale"
        )
        for key, title, locale in pages:
            if key not in found or locale == default:
                found[key] = title
    return sorted(found.items(), key=lambda choice: choice[1])


def portal_keys(request: HttpRequest) -> Iterable[UUID]:
    """The portal below which ``next`` lies; without one, every portal of the site."""
    site = Site.find_for_request(request)
    if site is None:
        return set()
    pages = [page for model in portal_models() for page in _pages(model, site)]
    target = urlsplit(request.POST.get("next") or request.GET.get("next") or "").path
    urls = PageUrls.of(request)
    inside = {
        page.translation_key
        for page in pages
        if (url := urls.of_page(page)) and target.startswith(url)
    }
    return inside or {page.translation_key for page in pages}


def _pages(model: Any, site: Site) -> Any:
    # A portal in another language stands in a tree of its own beside the site's root.
    roots = site.root_page.get_translations(inclusive=True)
    live = model.objects.filter(live=True)
    return [page for root in roots for page in live.descendant_of(root, inclusive=True)]
