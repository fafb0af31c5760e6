"""Registration only: what the portal hangs into Wagtail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.widgets import Button

from wagtail_helpdesk.access import sso
from wagtail_helpdesk.portal.navigation import portal_models
from wagtail_helpdesk.portal.settings_permission import settings_permissions
from wagtail_helpdesk.portal.setup import urls as setup_urls
from wagtail_helpdesk.portal.setup.changes import register_log_actions
from wagtail_helpdesk.portal.setup.hooks import portal_buttons, portals_menu_item
from wagtail_helpdesk.portal.system_pages import system_page_models
from wagtail_helpdesk.portal.views.create_system_pages import create_system_pages
from wagtail_helpdesk.portal.views.filter_preview import filter_preview

NAME = "helpdesk_portal_system_pages"

hooks.register(
    "register_admin_urls",
    lambda: [
        path("helpdesk/portals/<int:pk>/system-pages/", create_system_pages, name=NAME),
        *setup_urls.urlpatterns,
        path(
            "helpdesk/portals/<int:pk>/filters/",
            filter_preview,
            name="helpdesk_portal_filters",
        ),
    ],
)
hooks.register("register_helpdesk_menu_item", portals_menu_item)
hooks.register("register_page_header_buttons", portal_buttons)
hooks.register("register_log_actions", register_log_actions)
hooks.register("register_permissions", settings_permissions)


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


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def warn_that_nobody_can_sign_in(request: HttpRequest, page: Any) -> None:
    """Tell who saves a portal with single sign-on only that no provider serves it."""
    if page.specific_class not in portal_models() or not page.by_provider_only:
        return
    if not sso.serving(page.translation_key).exists():
        messages.warning(
            request,
            _(
                "“%(portal)s” takes single sign-on only, and no identity provider that "
                "is on serves it: nobody can sign in."
            )
            % {"portal": page},
        )
