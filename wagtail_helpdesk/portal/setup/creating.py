"""The page that a portal begins with: a draft, switched off."""

from __future__ import annotations

from typing import Any

import swapper
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import GroupPagePermission, Site

from wagtail_helpdesk.actions.base import Action
from wagtail_helpdesk.exceptions import ActionPermissionError
from wagtail_helpdesk.portal.navigation import portal_models
from wagtail_helpdesk.portal.settings_permission import may_change_settings
from wagtail_helpdesk.portal.setup.changes import invalid, slug_taken

swapper.set_app_prefix("wagtailcore", "wagtail")


class CreatePortal(Action[Any]):
    """Make the page of a portal below another page, not published and switched off.

    The same title at the same address is the same portal: a second time it is found.

    Args:
        parent: The page that it stands below.
        title: The portal's name (B3).
        slug: The last part of its address (B4).
        user: Who does it.

    Raises:
        ActionError: ``slug_taken`` or ``invalid``, with the field.
    """

    def __init__(self, *, parent: Any, title: str, slug: str, user: Any) -> None:
        self.parent = parent
        self.title = title
        self.slug = slug
        self.user = user
        self.model = page_type_below(parent, user)

    def check(self) -> None:
        if self.model is None:
            raise ActionPermissionError(_("You may not make a portal here."))

    def perform(self) -> Any:
        """Do it; the newest version of the page."""
        pages = swapper.load_model("wagtailcore", "Page").objects
        # Locked, so that two clicks at one moment make one portal.
        parent = pages.select_for_update().get(pk=self.parent.pk)
        there = parent.get_children().filter(slug=self.slug).first()
        if there is not None:
            return self._known(there.specific)
        page: Any = self.model(  # type: ignore[misc]  # check() has asked
            title=self.title,
            slug=self.slug,
            live=False,
            has_unpublished_changes=True,
            is_active=False,
            locale=parent.locale,
            owner=self.user,
        )
        try:
            parent.add_child(instance=page)
        except ValidationError as error:
            raise invalid(error) from error
        log(instance=page, action="wagtail.create", user=self.user)
        page.save_revision(user=self.user)
        return page

    def _known(self, page: Any) -> Any:
        may = page.permissions_for_user(self.user)
        newest = page.get_latest_revision_as_object()
        if type(page) is not self.model or newest.title != self.title:
            raise slug_taken(self.slug)
        if not may.can_edit():
            raise slug_taken(self.slug)
        return newest


def page_type_below(parent: Any, user: Any) -> type[Any] | None:
    """The type of portal that a user may make below a page, or ``None``.

    Args:
        parent: The page.
        user: The user.
    """
    if not parent.permissions_for_user(user).can_add_subpage():
        return None
    for model in portal_models():
        if may_change_settings(user, model) and model.can_create_at(parent.specific):
            return model
    return None


def places_for(user: Any) -> list[Any]:
    """The pages that a user may make a portal below, in the order of the tree.

    The front pages of the sites in each of their languages, and the pages that the
    user was given the permission to add to.

    Args:
        user: The user.
    """
    pages = swapper.load_model("wagtailcore", "Page").objects
    roots = pages.filter(pk__in=Site.objects.values("root_page"))
    keys = roots.values("translation_key")
    given = GroupPagePermission.objects.filter(
        group__user=user, permission__codename="add_page"
    )
    found = pages.filter(translation_key__in=keys, alias_of=None) | pages.filter(
        pk__in=given.values("page"), depth__gt=1
    )
    found = found.select_related("locale").order_by("path").distinct()
    return [page for page in found if page_type_below(page, user) is not None]
