"""The permission to change a portal's settings (B2), and the tab that asks for it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractUser, AnonymousUser, Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_noop
from wagtail.admin.panels import ObjectList, get_edit_handler

from wagtail_helpdesk.portal.navigation import portal_models

CODENAME = "change_portal_settings"
#: For ``Meta.permissions`` of a portal's page type.
PERMISSION = (CODENAME, gettext_noop("Can change portal settings"))


def permission_of(model: type[Model]) -> str:
    """The permission's whole name.

    Args:
        model: A page type made from ``PortalHomePageMixin``.
    """
    return f"{model._meta.app_label}.{CODENAME}"


def may_change_settings(
    user: AbstractUser | AnonymousUser, model: type[Model] | None = None
) -> bool:
    """Whether somebody may change the settings of portals.

    Args:
        user: The user.
        model: A portal's page type; ``None``: of any.
    """
    models = [model] if model is not None else portal_models()
    return any(user.has_perm(permission_of(one)) for one in models)


def may_read_draft(user: AbstractUser | AnonymousUser, page: Any) -> bool:
    """Whether somebody may know what a portal's saved draft decides.

    Those who may change it: its filters name organizations, teams and tags, as the tab
    does that they stand on.

    Args:
        user: The user.
        page: The portal's page.
    """
    may_edit: bool = page.permissions_for_user(user).can_edit()
    return may_edit and may_change_settings(user, page.specific_class)


def settings_permissions() -> QuerySet[Permission]:
    """The permission of each page type, for Wagtail's form of a group."""
    types = ContentType.objects.get_for_models(*portal_models()).values()
    return Permission.objects.filter(codename=CODENAME, content_type__in=types)


class PortalSettingsTab(ObjectList):
    """The settings of a portal, for those who hold the permission.

    To others the form has none of its fields: they see none, and what they send for
    them is not read. The page's form has to be a ``PortalPageForm``.
    """

    @property
    def permission_name(self) -> str:
        """The permission of the page type that the tab belongs to."""
        return permission_of(self.model)

    def get_form_options(self) -> dict[str, Any]:
        """Add that each field asks for the permission."""
        options: dict[str, Any] = super().get_form_options()
        options["field_permissions"] = {
            **dict.fromkeys(options.get("fields", ()), self.permission_name),
            **options.get("field_permissions", {}),
        }
        return options

    class BoundPanel(ObjectList.BoundPanel):
        """The tab for one user."""

        @cached_property
        def children(self) -> list[Any]:
            """The panels; none for who may not, whose form lacks what they show."""
            user = getattr(self.form, "for_user", None)
            user = user or getattr(self.request, "user", None)
            if user is not None and not user.has_perm(self.panel.permission_name):
                return []
            found: list[Any] = super().children
            return found


def guarded_formsets(model: type[Model]) -> set[str]:
    """The names of the inline forms that the tab holds.

    Args:
        model: A portal's page type.
    """
    return {
        name
        for tab in _tabs(get_edit_handler(model))
        for name in tab.get_form_options().get("formsets", {})
    }


def _tabs(panel: Any) -> list[Any]:
    if isinstance(panel, PortalSettingsTab):
        return [panel]
    return [tab for child in getattr(panel, "children", ()) for tab in _tabs(child)]
