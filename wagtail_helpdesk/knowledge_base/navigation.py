"""The knowledge base's entry in the navigation, and where its pages ask for help."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wagtail_helpdesk.frontend import NavItem
from wagtail_helpdesk.knowledge_base.tree import home_types
from wagtail_helpdesk.linked_pages import linked_pages
from wagtail_helpdesk.page_urls import PageUrls

if TYPE_CHECKING:
    from wagtail_helpdesk.knowledge_base.mixins import KnowledgeBaseHomePageMixin

#: What links to a home page, and the links from it, are made of.
_LINKED = ("title", "url_path", "path", "locale", "contact_page", "portal_page")
_REQUEST_ATTRIBUTE = "_helpdesk_knowledge_base"


def remember_home(
    request: HttpRequest, home: KnowledgeBaseHomePageMixin | None
) -> None:
    """Keep the home page that a page has already found, so it is not looked up again.

    Args:
        request: The request that is answered.
        home: The home page of the knowledge base the page belongs to.
    """
    setattr(request, _REQUEST_ATTRIBUTE, home)


def home_for(request: HttpRequest) -> Any | None:
    """The knowledge base's home page in the request's site and language.

    Args:
        request: The request that is answered.

    Returns:
        The first one the visitor may see, or ``None``.
    """
    if not hasattr(request, _REQUEST_ATTRIBUTE):
        remember_home(request, _find_home(request))
    return getattr(request, _REQUEST_ATTRIBUTE)


def _find_home(request: HttpRequest) -> Any | None:
    homes: list[Any] = []
    for model in home_types():
        # Itself, not a plain page: it knows where help is asked for.
        homes += linked_pages(request, model, _LINKED)
    homes.sort(key=lambda home: home.path)
    urls, here = PageUrls.of(request), get_language()
    return next((h for h in homes if urls.language_of(h.url_path) == here), None)


def navigation(request: HttpRequest) -> Iterator[NavItem]:
    """The entry of the knowledge base, for ``frontend.register_navigation``.

    Args:
        request: The request that is answered.
    """
    home = home_for(request)
    url = PageUrls.of(request).of_page(home) if home else ""
    if home and url:
        yield NavItem(label=home.title, url=url, order=10, key="knowledge_base")


def contact_link(request: HttpRequest) -> NavItem | None:
    """Where the knowledge base says help is asked for.

    For ``frontend.register_contact_link``.

    Args:
        request: The request that is answered.
    """
    home = home_for(request)
    if home is None:
        return None
    page = home.contact
    url = PageUrls.of(request).of_path(page.url_path) if page else ""
    return NavItem(label=_("Contact us"), url=url, key="contact") if url else None
