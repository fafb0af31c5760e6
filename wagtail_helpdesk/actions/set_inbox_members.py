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
        added = sorted(self.members.keys() - present.keys())
        removed = sorted(present.keys() - self.members.keys())
        for pk in removed:
            present[pk].delete()
        for pk, agent in self.members.items():
            notify = pk in self.notified
            if pk not in present:
                InboxMembership.objects.create(
                    inbox=self.inbox, agent=agent, notify=notify
                )
            elif present[pk].notify != notify:
                present[pk].notify = notify
                present[pk].save(update_fields=["notify"])
        if added or removed:
            self.record(
                Event.Kind.INBOX_MEMBERS_CHANGED,
                inbox=self.inbox.pk,
                added=added,
                removed=removed,
            )
