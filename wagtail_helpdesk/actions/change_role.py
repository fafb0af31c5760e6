"""Staff decide who manages an organization (L23)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wagtail_helpdesk.actions.base import Action, Actor
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import Event, Membership


class ChangeMembershipRole(Action[bool]):
    """Make a member of an organization its manager, or a mere member again.

    The caller decides who may: it is a permission of staff, not of an inbox.

    Args:
        membership: The contact in the organization.
        role: A ``Membership.Role``.
        actor: Who does it.

    Raises:
        ActionError: ``bad_role``.

    Returns:
        Whether anything changed.
    """

    def __init__(
        self, *, membership: Membership, role: str, actor: Actor = None
    ) -> None:
        self.membership = membership
        self.role = role
        self.actor = actor

    def perform(self) -> bool:
        if self.role not in Membership.Role.values:
            raise ActionError("bad_role", _("Choose a role."), field="role")
        row = Membership.objects.select_for_update().get(pk=self.membership.pk)
        if row.role == self.role:
            return False
        before, row.role = row.role, self.role
        row.save(update_fields=["role"])
        self.record(
            Event.Kind.ORGANIZATION_CHANGED,
            contact=row.contact,
            organization=row.organization_id,
            fields=["role"],
            before={"role": before},
            after={"role": row.role},
        )
        return True
