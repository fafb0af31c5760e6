"""The site's own navigation."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils.translation import get_language
from wagtail.models import Page, Site

from wagtail_helpdesk.access.visibility import Visibility
from wagtail_helpdesk.page_urls import PageUrls

register = template.Library()


@register.simple_tag(takes_context=True)
def site_menu(context: Context) -> dict[str, Any]:
    """The pages below the front page that the visitor may see in menus.

    Args:
        context: The template context, with ``request``.

    Returns:
        ``pages``, each with ``title`` and ``url``; none where the request belongs to
        no site.
    """
    request = context.get("request")
    site = Site.find_for_request(request)
    if request is None or site is None:
        return {"pages": []}
    urls, home = PageUrls.of(request), site.root_page
    if urls.language_of(home.url_path) != get_language():
        home = home.localized
    pages = Page.objects.child_of(home).live().in_menu().order_by("path")
    shown = Visibility.of(request).pages(pages).values_list("title", "url_path")
    return {
        "pages": [
            {"title": title, "url": urls.of_path(url_path)} for title, url_path in shown
        ]
    }
