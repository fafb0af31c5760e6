"""Registration only: what the portal hangs into Wagtail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.widgets import Button

from wagtail_helpdesk.portal.navigation import portal_models
from wagtail_helpdesk.portal.system_pages import system_page_models
from wagtail_helpdesk.portal.views.create_system_pages import create_system_pages

NAME = "helpdesk_portal_system_pages"

hooks.register(
    "register_admin_urls",
    lambda: [
        path("helpdesk/portals/<int:pk>/system-pages/", create_system_pages, name=NAME)
    ],
)


@hooks.register("register_page_header_buttons")
def system_pages_button(
    page: Any, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """Offer to make the system pages, in the menu of a portal page."""
    if page.specific_class not in portal_models() or not system_page_models():
        return
    may = page.permissions_for_user(user)
    if may.can_add_subpage() and may.can_publish_subpage():
        yield Button(
            _("Create system pages"),
            reverse(NAME, args=[page.pk]),
            icon_name="lock-open",
            priority=45,
        )
