"""Where the set-up hangs in the admin: menu, page of settings, header of a portal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets import Button

from wagtail_helpdesk.portal.navigation import portal_models
from wagtail_helpdesk.portal.settings_permission import may_change_settings
from wagtail_helpdesk.portal.setup import pages
from wagtail_helpdesk.setup_entries import SetupEntry


class PortalsMenuItem(MenuItem):
    """Shown to who may change the settings of a portal."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_change_settings(request.user)


def portals_menu_item() -> PortalsMenuItem:
    """The entry "Portals" of the help desk's group in the menu."""
    return PortalsMenuItem(
        _("Portals"),
        reverse(pages.OVERVIEW),
        name="helpdesk-portals",
        icon_name="home",
        order=80,
    )


def portal_entries(user: AbstractUser | AnonymousUser) -> Iterator[SetupEntry]:
    """The same on the page "Help desk settings".

    Args:
        user: Who looks.
    """
    if may_change_settings(user):
        yield SetupEntry(
            _("Portals"),
            _("Set a portal up step by step, switch it on and off."),
            reverse(pages.OVERVIEW),
            "home",
        )


def portal_buttons(
    page: Any, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[Button]:
    """The way to the set-up and the switch, in the header of a portal page (B10)."""
    model = page.specific_class
    if model not in portal_models() or not page.pk or page.alias_of_id:
        return
    may = page.permissions_for_user(user)
    if not may.can_edit() or not may_change_settings(user, model):
        return
    checklist = reverse(pages.CHECKLIST, args=[page.pk])
    yield Button(_("Portal set-up"), checklist, icon_name="cogs", priority=46)
    if not page.live or not may.can_publish():
        return
    # The page may be the editor's draft: what counts is what is published.
    is_active = model._default_manager.values_list("is_active", flat=True)
    label = (
        _("Switch portal off") if is_active.get(pk=page.pk) else _("Switch portal on")
    )
    switch = reverse(pages.SWITCH, args=[page.pk])
    yield Button(label, switch, icon_name="thumbtack", priority=47)
