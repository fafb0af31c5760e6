"""The help desk in the admin menu: for agents and for staff who set it up."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from wagtail_helpdesk.admin.base import admin_url
from wagtail_helpdesk.admin.privacy_report import may_see_report
from wagtail_helpdesk.admin.setup import settings_for
from wagtail_helpdesk.permissions import CHANGE_ACCESS_GROUP, agent_of

#: The hook by which other apps add items to the group.
MENU_HOOK = "register_helpdesk_menu_item"

_MAY_CONFIGURE = "_helpdesk_may_configure"


class AgentMenuItem(MenuItem):
    """Shown to agents."""

    def is_shown(self, request: HttpRequest) -> bool:
        return agent_of(request) is not None


class InboxMenuItem(MenuItem):
    """Shown to agents, and to superusers, who may become one."""

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.is_superuser or agent_of(request) is not None


class SetupMenuItem(MenuItem):
    """Shown to who may configure something."""

    def is_shown(self, request: HttpRequest) -> bool:
        # The menu asks twice for a page, and each time it takes dozens of permissions.
        if not hasattr(request, _MAY_CONFIGURE):
            setattr(request, _MAY_CONFIGURE, bool(settings_for(request.user)))
        return bool(getattr(request, _MAY_CONFIGURE))


class AccessGroupsMenuItem(MenuItem):
    """Shown to who may decide who opens private content."""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(CHANGE_ACCESS_GROUP))


class PrivacyReportMenuItem(MenuItem):
    """Shown to who may set the privacy of some page."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_report(request.user)


def privacy_report_menu_item() -> PrivacyReportMenuItem:
    """The entry "Privacy differences" among Wagtail's reports."""
    return PrivacyReportMenuItem(
        _("Privacy differences"),
        admin_url("privacy_report"),
        name="helpdesk-privacy",
        icon_name="lock",
        order=1300,
    )


def helpdesk_menu_item() -> SubmenuMenuItem:
    """The group "Help desk" of the menu."""
    return SubmenuMenuItem(
        _("Help desk"),
        Menu(
            register_hook_name=MENU_HOOK,
            items=[
                InboxMenuItem(
                    _("Inbox"),
                    admin_url("inbox"),
                    name="helpdesk-inbox",
                    icon_name="mail",
                    order=10,
                ),
                AgentMenuItem(
                    _("Contacts"),
                    admin_url("contacts"),
                    name="helpdesk-contacts",
                    icon_name="user",
                    order=20,
                ),
                AgentMenuItem(
                    _("Organizations"),
                    admin_url("organizations"),
                    name="helpdesk-organizations",
                    icon_name="group",
                    order=30,
                ),
                AccessGroupsMenuItem(
                    _("Access groups"),
                    admin_url("access_groups"),
                    name="helpdesk-access-groups",
                    icon_name="lock",
                    order=35,
                ),
                AgentMenuItem(
                    _("Trash"),
                    admin_url("trash"),
                    name="helpdesk-trash",
                    icon_name="bin",
                    order=40,
                ),
                AgentMenuItem(
                    _("Mail without a place"),
                    admin_url("incoming"),
                    name="helpdesk-incoming",
                    icon_name="warning",
                    order=50,
                ),
                SetupMenuItem(
                    _("Help desk settings"),
                    admin_url("setup"),
                    name="helpdesk-settings",
                    icon_name="cogs",
                    order=90,
                ),
            ],
        ),
        # Wagtail's sidebar takes an item for open when the open one's name begins with
        # its own: by the name "helpdesk" the menu "Help" would open above this one.
        name="desk",
        icon_name="comment",
        order=150,
    )
