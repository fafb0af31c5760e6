"""A member of staff becomes an agent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.contrib.auth.models import Group, Permission

from wagtail_helpdesk.actions.base import Action, Actor
from wagtail_helpdesk.models import Agent, Event, Inbox, InboxMembership

if TYPE_CHECKING:
    from django.contrib.auth.models import User

#: The Django group that lets agents into the Wagtail admin, and nothing else.
AGENT_GROUP = "Help desk agents"


class RegisterAgent(Action[Agent]):
    """Make a user an agent of these inboxes; a second time adds what is missing.

    Args:
        user: An account.
        inboxes: Inboxes the agent works.
        display_alias: The name that customers see; empty: the account's full name.
        actor: Who does it; ``None`` from a command.
    """

    def __init__(
        self,
        *,
        user: User,
        inboxes: Iterable[Inbox] = (),
        display_alias: str = "",
        actor: Actor = None,
    ) -> None:
        self.user = user
        self.inboxes = list(inboxes)
        self.display_alias = display_alias
        self.actor = actor

    def perform(self) -> Agent:
        agent, created = Agent.objects.get_or_create(
            user=self.user, defaults={"display_alias": self.display_alias}
        )
        if not agent.is_active:
            agent.is_active = True
            agent.save(update_fields=["is_active"])
        self.user.groups.add(agent_group())
        added = []
        for inbox in self.inboxes:
            _row, is_new = InboxMembership.objects.get_or_create(
                inbox=inbox, agent=agent
            )
            if is_new:
                added.append(inbox.pk)
        if created or added:
            self.record(Event.Kind.AGENT_REGISTERED, agent=agent.pk, inboxes=added)
        return agent


def agent_group() -> Group:
    """The group of agents, with the permission to enter the admin."""
    group, created = Group.objects.get_or_create(name=AGENT_GROUP)
    if created:
        group.permissions.add(
            Permission.objects.get(
                content_type__app_label="wagtailadmin", codename="access_admin"
            )
        )
    return group
