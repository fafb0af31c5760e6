"""An agent begins, and ends, to look at the site as a contact sees it (N8)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wagtail_helpdesk.access.viewed import is_known
from wagtail_helpdesk.actions.base import Action
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.models import Agent, Contact, Event
from wagtail_helpdesk.permissions import VIEW_AS_CONTACT, contacts_visible_to_agent


def may_view_as(agent: Agent, contact: Contact) -> bool:
    """Whether an agent may look at the site as this contact.

    Args:
        agent: Who wants to look.
        contact: The contact.
    """
    return (
        agent.may_work
        and agent.user.has_perm(VIEW_AS_CONTACT)
        and contacts_visible_to_agent(agent).filter(pk=contact.pk).exists()
    )


class StartViewAs(Action[Event]):
    """Record that an agent begins to look at the site as a contact.

    It needs the permission "Can view the site as contacts see it", and a contact whom
    the agent may see. What the agent then sees decides ``wagtail_helpdesk.view_as``.

    Args:
        contact: The contact.
        actor: The agent who looks.

    Raises:
        ActionPermissionError: The agent may not.
        ActionError: ``unknown``: the portal lets the contact in nowhere.
    """

    actor: Agent

    def __init__(self, *, contact: Contact, actor: Agent) -> None:
        self.contact = contact
        self.actor = actor

    def check(self) -> None:
        """An agent with the permission, and a contact they may see."""
        if not may_view_as(self.actor, self.contact):
            raise ActionPermissionError(_("You may not view the site as this contact."))

    def perform(self) -> Event:
        if self.contact.erased_at is not None or self.contact.is_blocked:
            raise ActionError(
                "unknown",
                _(
                    "This contact is blocked or erased, and sees nothing but what "
                    "everyone sees."
                ),
            )
        account = self.contact.user
        if not is_known(self.contact) or (account and not account.is_active):
            raise ActionError(
                "unknown",
                _(
                    "This contact's account is switched off or has no verified "
                    "address, so it sees no more than everyone."
                ),
            )
        return self.record(Event.Kind.VIEW_AS_STARTED, contact=self.contact)


class EndViewAs(Action[Event]):
    """Record that an agent no longer looks at the site as a contact.

    Args:
        contact: The contact; ``None`` if there is no such contact any more.
        actor: The agent who looked; ``None`` likewise.
        reason: ``stopped``, ``time``, ``not_allowed``, ``signed_out`` or ``another``.
    """

    def __init__(
        self, *, contact: Contact | None, actor: Agent | None, reason: str
    ) -> None:
        self.contact = contact
        self.actor = actor
        self.reason = reason

    def perform(self) -> Event:
        return self.record(
            Event.Kind.VIEW_AS_ENDED, contact=self.contact, reason=self.reason
        )
