"""The steps of a portal put away, until one of them is no longer done (A1).

Kept in the page's history: who put them away, when, and what was done by then.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from wagtail.log_actions import log, registry

from wagtail_helpdesk.exceptions import ActionPermissionError
from wagtail_helpdesk.portal.settings_permission import may_change_settings
from wagtail_helpdesk.portal.setup import steps
from wagtail_helpdesk.portal.setup.changes import HIDDEN, SHOWN, PortalAction


class HideSteps(PortalAction):
    """Put a portal's steps away for everybody, or show them again.

    Args:
        page: The portal's page.
        user: Who does it.
        hide: Whether to put them away; twice the same changes nothing.
    """

    def __init__(self, *, page: Any, user: Any, hide: bool) -> None:
        super().__init__(page=page, user=user)
        self.hide = hide

    def check(self) -> None:
        # It changes nothing of the page, so a lock does not matter.
        may = self.page.permissions_for_user(self.user)
        if not may_change_settings(self.user, self.page.specific_class) or not (
            may.can_edit()
        ):
            raise ActionPermissionError(_("You may not change this portal."))

    def change_page(self, page: Any) -> bool:
        """Do it; whether there was something to do."""
        states = steps.states_of(page)
        if are_hidden(page, states) == self.hide:
            return False
        log(
            instance=page,
            action=HIDDEN if self.hide else SHOWN,
            user=self.user,
            data={"done": sorted(_done(states))} if self.hide else None,
        )
        return True


def are_hidden(page: Any, states: Iterable[steps.StepState]) -> bool:
    """Whether the steps are put away, and what was done then is done still.

    Args:
        page: The portal.
        states: Its steps as they are now.
    """
    kept = _kept(page)
    return kept is not None and kept <= _done(states)


def undone_since(page: Any) -> list[str]:
    """Titles of the steps that were done when they were put away, and are not now.

    Args:
        page: The portal.
    """
    kept = _kept(page)
    if not kept:
        return []
    return [
        state.title
        for state in steps.states_of(page)
        if state.key in kept and not state.is_done
    ]


def _kept(page: Any) -> set[str] | None:
    """The steps done when they were put away; ``None``: they are on show."""
    entries = registry.get_logs_for_instance(page)
    newest = entries.filter(action__in=(HIDDEN, SHOWN)).first()
    if newest is None or newest.action == SHOWN:
        return None
    return set(newest.data.get("done", ()))


def _done(states: Iterable[steps.StepState]) -> set[str]:
    return {state.key for state in states if state.is_done}
