"""The rule of a dynamic access group is applied to all contacts."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from wagtail_helpdesk.actions.access_memberships import apply_whole_rule, lock_group
from wagtail_helpdesk.actions.base import Action, Actor
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import AccessGroup


@dataclass(frozen=True, slots=True)
class RecomputedAccessGroup:
    """What a recomputation changed.

    Attributes:
        added: Contacts that became members by the rule.
        removed: Contacts that are no members by the rule any more.
    """

    added: int
    removed: int


class RecomputeAccessGroup(Action[RecomputedAccessGroup]):
    """Apply the rule of a dynamic access group to all contacts.

    Actions do it for the contacts they change; this is for data that was changed past
    them, as by an import. All members change at once or none.

    Args:
        group: A dynamic group.
        actor: Who does it.

    Raises:
        ActionError: ``static``, or ``bad_rule`` for a stored rule that cannot be read.
    """

    def __init__(self, *, group: AccessGroup, actor: Actor = None) -> None:
        self.group = group
        self.actor = actor

    def perform(self) -> RecomputedAccessGroup:
        group = lock_group(self.group)
        if not group.is_dynamic:
            raise ActionError("static", _("This group has no rule."))
        return RecomputedAccessGroup(*apply_whole_rule(self, group))
