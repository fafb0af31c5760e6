"""Changes to a portal's settings with Wagtail's own revisions, permissions and history.

A published portal is changed at once, and what editors have drafted or scheduled keeps
the rest of its text and gets the same change; a draft stays a draft.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import swapper
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from wagtail_helpdesk.actions.base import Action
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.portal.settings_permission import may_change_settings

swapper.set_app_prefix("wagtailcore", "wagtail")

CHANGED = "wagtail_helpdesk.portal_settings"
SWITCHED_ON = "wagtail_helpdesk.portal_on"
SWITCHED_OFF = "wagtail_helpdesk.portal_off"
HIDDEN = "wagtail_helpdesk.portal_steps_hidden"
SHOWN = "wagtail_helpdesk.portal_steps_shown"

_CLOSED_STAGES = "closed_stages"


def register_log_actions(actions: Any) -> None:
    """Name the entries; see Wagtail's hook ``register_log_actions``."""
    for name, label, message in (
        (
            CHANGED,
            gettext_lazy("Change portal settings"),
            gettext_lazy("Changed settings of the portal"),
        ),
        (
            SWITCHED_ON,
            gettext_lazy("Switch portal on"),
            gettext_lazy("Switched the portal on"),
        ),
        (
            SWITCHED_OFF,
            gettext_lazy("Switch portal off"),
            gettext_lazy("Switched the portal off"),
        ),
        (
            HIDDEN,
            gettext_lazy("Hide set-up steps"),
            gettext_lazy("Hid the steps of the set-up"),
        ),
        (
            SHOWN,
            gettext_lazy("Show set-up steps"),
            gettext_lazy("Showed the steps of the set-up"),
        ),
    ):
        actions.register_action(name, label, message)


class PortalAction(Action[Any]):
    """A change to one portal by somebody who may change its settings.

    Args:
        page: The portal's page.
        user: Who does it.
    """

    #: Whether it is refused to who may not publish.
    publishes = False

    def __init__(self, *, page: Any, user: Any) -> None:
        self.page = page
        self.user = user

    def check(self) -> None:
        may = self.page.permissions_for_user(self.user)
        if (
            not may_change_settings(self.user, self.page.specific_class)
            or not may.can_edit()
            or (self.publishes and not may.can_publish())
        ):
            raise ActionPermissionError(_("You may not change this portal."))
        # A date or a workflow locks the text. The switch leaves that alone, and must
        # work on the day it is needed.
        if may.page_locked() and (self.page.locked or not self.publishes):
            raise ActionError("locked", _("The page is locked. Unlock it first."))

    def perform(self) -> Any:
        """Do it; what the page's own editor would refuse is told in words."""
        try:
            return self.change_page(self.lock())
        except ValidationError as error:
            raise invalid(error) from error

    def change_page(self, page: Any) -> Any:
        """Do it to the page from ``lock()``."""
        raise TypeError(f"{type(self).__name__} does not say what it does")

    def lock(self) -> Any:
        """The portal as it is published, locked until the transaction ends.

        Before anything else is read: whoever comes second sees what the first made.
        """
        pages = swapper.load_model("wagtailcore", "Page").objects
        return pages.select_for_update().get(pk=self.page.pk).specific

    def apply(
        self,
        page: Any,
        change: Callable[[Any], None],
        *,
        note: str = CHANGED,
        **data: Any,
    ) -> Any:
        """Make a change to the published page and to what is drafted.

        Args:
            page: The page from ``lock()``.
            change: Sets fields of the page that it is called with; called for each.
            note: The entry in the page's history.
            data: What stands in that entry.

        Returns:
            The newest version of the page.
        """
        if not page.live or not page.permissions_for_user(self.user).can_publish():
            draft = latest(page)
            change(draft)
            revision = draft.save_revision(user=self.user, clean=False)
            self._log(draft, note, revision, data)
            return draft
        kept = _unpublished(page)
        change(page)
        revision = page.save_revision(user=self.user, clean=False)
        revision.publish(user=self.user, log_action=False)
        self._log(page, note, revision, data)
        for old in kept:
            # Read again: publishing has changed what all versions share.
            draft = type(old)._default_manager.get(pk=old.pk).as_object()
            change(draft)
            draft.save_revision(
                user=self.user,
                approved_go_live_at=old.approved_go_live_at,
                clean=False,
            )
        return latest(type(page)._default_manager.get(pk=page.pk))

    def _log(self, page: Any, note: str, revision: Any, data: dict[str, Any]) -> None:
        log(
            instance=page,
            action=note,
            user=self.user,
            revision=revision,
            data=data or None,
            content_changed=True,
        )


class ChangePortalSettings(PortalAction):
    """Set fields of a portal (B8).

    Args:
        page: The portal's page.
        user: Who does it.
        values: The fields' values; ``closed_stages`` takes stages.
        step: The step of the set-up that asked for them.

    Raises:
        ActionError: ``invalid``, with the field.
    """

    def __init__(
        self, *, page: Any, user: Any, values: Mapping[str, Any], step: str = ""
    ) -> None:
        super().__init__(page=page, user=user)
        self.values = dict(values)
        self.step = step

    def change_page(self, page: Any) -> Any:
        """Do it; the newest version of the page."""
        self._validate(latest(page))
        return self.apply(page, self._change, step=self.step)

    def _change(self, page: Any) -> None:
        for name, value in self.values.items():
            if name == _CLOSED_STAGES:
                _set_closed_stages(page, value)
            else:
                setattr(page, name, value)

    def _validate(self, page: Any) -> None:
        self._change(page)
        others = {field.name for field in page._meta.get_fields()} - set(self.values)
        page.clean_fields(exclude=others)
        page.clean()


class SwitchPortal(PortalAction):
    """Switch a portal on or off, and nothing else about it (B10).

    A portal that was never published is published when it is switched on.

    Args:
        page: The portal's page.
        user: Who does it: somebody who may publish it.
        on: Whether it shall be on; twice the same changes nothing the second time.
    """

    publishes = True

    def __init__(self, *, page: Any, user: Any, on: bool) -> None:
        super().__init__(page=page, user=user)
        self.on = on

    def change_page(self, page: Any) -> bool:
        """Do it; whether there was something to do."""
        known = page if page.live else latest(page)
        if known.is_active == self.on and (page.live or not self.on):
            return False
        note = SWITCHED_ON if self.on else SWITCHED_OFF
        newest = self.apply(page, self._change, note=note)
        if self.on and not page.live:
            newest.latest_revision.publish(user=self.user)
        return True

    def _change(self, page: Any) -> None:
        page.is_active = self.on


def latest(page: Any) -> Any:
    """The newest version of a page, published or not.

    Args:
        page: The page as it is in the database.
    """
    return page.get_latest_revision_as_object()


def invalid(error: ValidationError) -> ActionError:
    """The first thing that is wrong with a page, with its field.

    Args:
        error: What the page's ``clean()`` says.
    """
    if not hasattr(error, "error_dict"):
        return ActionError("invalid", error.messages[0])
    field, messages = next(iter(error.message_dict.items()))
    return ActionError("invalid", messages[0], field=field)


def slug_taken(slug: str) -> ActionError:
    """The refusal of an address that another page has.

    Args:
        slug: The last part of the address.
    """
    return ActionError(
        "slug_taken",
        _("Another page there has the address “%(slug)s”. Choose another one.")
        % {"slug": slug},
        field="slug",
    )


def _unpublished(page: Any) -> list[Any]:
    """The versions that wait: one with a date, and the editors' draft."""
    waiting = list(page.revisions.filter(approved_go_live_at__isnull=False))
    newest = page.latest_revision
    if page.has_unpublished_changes and newest is not None and newest not in waiting:
        waiting.append(newest)
    return sorted(waiting, key=lambda revision: (revision.created_at, revision.pk))


def _set_closed_stages(page: Any, stages: Any) -> None:
    rows = {row.stage_id: row for row in page.closed_stages.all()}
    model = page.closed_stages.model
    page.closed_stages = [rows.get(stage.pk) or model(stage=stage) for stage in stages]
