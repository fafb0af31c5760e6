"""The restrictions of a page come to say how private it is."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from wagtail_helpdesk.access.cache_purge import purge_later
from wagtail_helpdesk.access.counterparts import lacking_rules
from wagtail_helpdesk.access.mirroring import add_rules
from wagtail_helpdesk.actions.base import Action
from wagtail_helpdesk.exceptions import ActionPermissionError

#: The entry in the history of the page. No ticket is concerned, so no event is written.
ALIGNED = "wagtail_helpdesk.align_privacy"


def register_log_action(actions: Any) -> None:
    """Name the entry; see Wagtail's hook ``register_log_actions``."""
    actions.register_action(
        ALIGNED,
        gettext_lazy("Align privacy"),
        gettext_lazy("Made as private as its translations and its source"),
    )


class AlignPagePrivacy(Action[bool]):
    """Put on a page what its translations or its source demand and it does not.

    It is only ever closed further. The page's history in Wagtail says who did it.

    Args:
        page: Any page.
        user: Who does it: somebody who may set the privacy of the page, or ``None``
            for the system itself.
    """

    def __init__(self, *, page: Any, user: Any = None) -> None:
        self.page = page
        self.user = user

    def check(self) -> None:
        if self.user is None:
            return
        if not self.page.permissions_for_user(self.user).can_set_view_restrictions():
            raise ActionPermissionError(_("You may not change this page's privacy."))

    def perform(self) -> bool:
        """Do it; whether there was something to do."""
        if not add_rules(self.page.pk, lacking_rules(self.page)):
            return False
        log(instance=self.page.specific, action=ALIGNED, user=self.user)
        purge_later([self.page.pk])
        return True
