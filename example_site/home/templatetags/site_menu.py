"""The site's own navigation."""

from typing import Any

from django import template
from django.template.context import Context
from wagtail.models import Page, Site

from wagtail_helpdesk.access.visibility import Visibility

register = template.Library()


@register.simple_tag(takes_context=True)
def site_menu(context: Context) -> dict[str, Any]:
    """The front page, and the pages below it that the visitor may see in menus.

    Args:
        context: The template context, with ``request``.

    Returns:
        ``home`` and ``pages``; both empty where the request belongs to no site.
    """
    request = context.get("request")
    site = Site.find_for_request(request)
    if request is None or site is None:
        return {"home": None, "pages": []}
    home = site.root_page.localized
    pages = Page.objects.child_of(home).live().in_menu()
    return {"home": home, "pages": Visibility.of(request).pages(pages)}
