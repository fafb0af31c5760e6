"""Which of the editors' system pages speaks to a visitor.

The one below the portal they are at or want to go to; else the site's, below its front
page; else the only one there is. Always in the language of what they read.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail.models import Site

from wagtail_helpdesk.models.system_page_kinds import SystemPageKind
from wagtail_helpdesk.page_urls import PageUrls
from wagtail_helpdesk.preferences import safe_next
from wagtail_helpdesk.system_pages import account_view, current_system_page

_PAGES = "_helpdesk_system_pages"
_PLACE = "helpdesk_portal_path"


def system_page_models() -> list[type[Any]]:
    """The concrete page types made from ``SystemPageMixin``."""
    from wagtail_helpdesk.portal.system_page import SystemPageMixin

    return [model for model in apps.get_models() if issubclass(model, SystemPageMixin)]


def place_of(page: Any, request: HttpRequest) -> str:
    """The path of what a system page stands below: a portal or the front page."""
    above = page.url_path.rstrip("/").rpartition("/")[0]
    return urlsplit(PageUrls.of(request).of_path(f"{above}/")).path


def remember_place(request: HttpRequest, page: Any) -> None:
    """Keep in the session whose pages a visitor uses, for the steps that follow.

    Args:
        request: The request that is answered.
        page: The system page that was used.
    """
    place = place_of(page, request)
    session = getattr(request, "session", None)
    if session is not None and session.get(_PLACE) != place:
        session[_PLACE] = place


class PortalSystemPages:
    """The provider for ``wagtail_helpdesk.system_pages``."""

    def find(self, request: HttpRequest, kind: str) -> Any | None:
        """The page of a kind that speaks to this visitor, or ``None``."""
        current = current_system_page(request)
        if current is not None:
            place = place_of(current, request)
        else:
            place = (
                urlsplit(safe_next(request, fallback="")).path
                or _remembered(request)
                or request.path
            )
        return _choose(request, kind, place, get_language() or "")

    def sign_in_url(self, request: HttpRequest, back: str) -> str:
        """The sign-in page for who wants to go to ``back``; empty if there is none."""
        if account_view(SystemPageKind.SIGN_IN) is None:
            return ""
        place = urlsplit(back).path
        language = _language_at(request, place) if place else get_language() or ""
        page = _choose(request, SystemPageKind.SIGN_IN, place, language)
        return PageUrls.of(request).of_page(page) if page is not None else ""

    def home_url(self, request: HttpRequest) -> str:
        """The portal whose system page this visitor has used; empty if none."""
        current = current_system_page(request)
        place = (
            place_of(current, request) if current is not None else _remembered(request)
        )
        # Below the front page it belongs to no portal.
        return "" if place in _root_paths(request) else place


def _remembered(request: HttpRequest) -> str:
    session = getattr(request, "session", None)
    return str(session.get(_PLACE, "")) if session is not None else ""


def _published(request: HttpRequest) -> list[Any]:
    """All system pages of the request's site, read once; there are few.

    Privacy is not asked: they are for those who are not in.
    """
    known: list[Any] | None = getattr(request, _PAGES, None)
    if known is None:
        known = []
        site = Site.find_for_request(request)
        for model in system_page_models() if site is not None else ():
            below = PageUrls.of(request).below_roots_of(site)
            known += model._default_manager.filter(below, live=True).order_by("path")
        setattr(request, _PAGES, known)
    return known


def _choose(request: HttpRequest, kind: str, place: str, language: str) -> Any | None:
    urls = PageUrls.of(request)
    pages = [page for page in _published(request) if page.kind == kind]
    if getattr(settings, "WAGTAIL_I18N_ENABLED", False):
        pages = [p for p in pages if urls.language_of(p.url_path) == language]
    near = [
        (len(above), page)
        for page in pages
        if (above := place_of(page, request)) and place.startswith(above)
    ]
    if near:
        return max(near, key=lambda pair: pair[0])[1]
    roots = _root_paths(request)
    general = [page for page in pages if place_of(page, request) in roots]
    if general:
        return general[0]
    return pages[0] if len(pages) == 1 else None


def _root_paths(request: HttpRequest) -> dict[str, str]:
    """The path of each front page of the site, with its language."""
    site, urls = Site.find_for_request(request), PageUrls.of(request)
    return {
        urlsplit(urls.of_path(root.root_path)).path: str(root.language_code)
        for root in urls.roots
        if site is not None and root.site_id == site.pk
    }


def _language_at(request: HttpRequest, place: str) -> str:
    """The language of the pages at a path, or the active one."""
    roots = _root_paths(request)
    above = [path for path in roots if path and place.startswith(path)]
    return roots[max(above, key=len)] if above else get_language() or ""
