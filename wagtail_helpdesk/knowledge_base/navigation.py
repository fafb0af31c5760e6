"""The knowledge base's entry in the navigation, and where its pages ask for help."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Site

from wagtail_helpdesk.access.visibility import Visibility
from wagtail_helpdesk.frontend import NavItem
from wagtail_helpdesk.knowledge_base.tree import home_types, pages_of

if TYPE_CHECKING:
    from wagtail_helpdesk.knowledge_base.mixins import KnowledgeBaseHomePageMixin

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
    site = Site.find_for_request(request)
    if site is None:
        return None
    visible = Visibility.of(request).pages(pages_of(home_types()))
    homes = [
        home
        for home in visible.select_related("locale").order_by("path")
        if home.locale.language_code == get_language()
    ]
    if not homes:
        return None
    roots = site.root_page.get_translations(inclusive=True)
    paths = tuple(roots.values_list("path", flat=True))
    return next((home for home in homes if home.path.startswith(paths)), None)


def navigation(request: HttpRequest) -> Iterator[NavItem]:
    """The entry of the knowledge base, for ``frontend.register_navigation``.

    Args:
        request: The request that is answered.
    """
    home = home_for(request)
    url = home.get_url(request) if home else None
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
    page = home.specific.contact
    url = page.get_url(request) if page else None
    return NavItem(label=_("Contact us"), url=url, key="contact") if url else None
