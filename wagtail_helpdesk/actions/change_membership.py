"""What a contact is in an organization is changed by staff."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wagtail_helpdesk.actions.base import Action, Actor
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import Event, Membership


class ChangeMembership(Action[Membership]):
    """Change what a contact is in an organization, and whose tickets they see.

    The caller decides who may: it is a permission of staff, not of an inbox.

    Args:
        membership: The membership.
        role: A ``Membership.Role``.
        sees_tickets: Whether they see the organization's tickets, in portals that show
            them to chosen members.
        actor: Who does it.

    Raises:
        ActionError: ``bad_role``.
    """

    def __init__(
        self,
        *,
        membership: Membership,
        role: str,
        sees_tickets: bool,
        actor: Actor = None,
    ) -> None:
        self.membership = membership
        self.role = role
        self.sees_tickets = sees_tickets
        self.actor = actor

    def perform(self) -> Membership:
        membership = self.membership
        if self.role not in Membership.Role.values:
            raise ActionError("bad_role", _("Choose a role."), field="role")
        new = {"role": self.role, "sees_tickets": self.sees_tickets}
        before = {name: getattr(membership, name) for name in new}
        changed = [name for name, value in new.items() if before[name] != value]
        for name in changed:
            setattr(membership, name, new[name])
        if changed:
            membership.save(update_fields=changed)
            self.record(
                Event.Kind.ORGANIZATION_CHANGED,
                contact=membership.contact,
                organization=membership.organization_id,
                fields=["members"],
                before={name: before[name] for name in changed},
                after={name: new[name] for name in changed},
            )
        return membership
