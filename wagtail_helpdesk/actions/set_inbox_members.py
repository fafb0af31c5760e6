"""Who works an inbox is decided by staff."""

from __future__ import annotations

from collections.abc import Iterable

from wagtail_helpdesk.actions.base import Action, Actor
from wagtail_helpdesk.models import Agent, Event, Inbox, InboxMembership


class SetInboxMembers(Action[None]):
    """Make exactly these agents the members of an inbox.

    The caller decides who may: it is a permission of staff. Tickets keep their owners.

    Args:
        inbox: The inbox.
        members: Its members from now on.
        notified: Those of them who get mails about new tickets without an owner.
        actor: Who does it.
    """

    def __init__(
        self,
        *,
        inbox: Inbox,
        members: Iterable[Agent],
        notified: Iterable[Agent],
        actor: Actor = None,
    ) -> None:
        self.inbox = inbox
        self.members = {agent.pk: agent for agent in members}
        self.notified = {agent.pk for agent in notified}
        self.actor = actor

    def perform(self) -> None:
        present = {row.agent_id: row for row in self.inbox.memberships.all()}
        for pk, row in present.items():
            if pk not in self.members:
                row.delete()
        for pk, agent in self.members.items():
            notify = pk in self.notified
            if pk not in present:
                InboxMembership.objects.create(
                    inbox=self.inbox, agent=agent, notify=notify
                )
                # The same event as when an agent is registered with inboxes.
                self.record(
                    Event.Kind.AGENT_REGISTERED, agent=pk, inboxes=[self.inbox.pk]
                )
            elif present[pk].notify != notify:
                present[pk].notify = notify
                present[pk].save(update_fields=["notify"])
