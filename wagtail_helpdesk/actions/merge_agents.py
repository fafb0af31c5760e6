"""The agents of a merged ticket: who follows the target, and who owns it (N15).

What a merge brings stands in its event. It stays as long as one of the merged tickets
accounts for it, and what agents did themselves since stays for good.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from wagtail_helpdesk.actions.assign import set_conversation_owner, set_ticket_owner
from wagtail_helpdesk.actions.base import Action, lock_conversations
from wagtail_helpdesk.actions.merge_tree import merge_events
from wagtail_helpdesk.models import Agent, Event, Inbox, Ticket, Watcher


@dataclass(frozen=True, slots=True)
class ComingAgents:
    """Which agents of a merged ticket its target gets; only who works its inbox.

    Attributes:
        owner: Who becomes the owner of a target that has none, or ``None``.
        followers: Who follows the target from then on and has not before.
    """

    owner: Agent | None = None
    followers: tuple[Agent, ...] = ()


def coming_agents(source: Ticket, target: Ticket) -> ComingAgents:
    """Which agents would come if ``source`` were merged into ``target``.

    Args:
        source: The ticket that would be merged away.
        target: The ticket that would take its conversations.
    """
    rows = Watcher.objects.filter(ticket__in=(source.pk, target.pk))
    watches = set(rows.values_list("ticket", "agent"))
    watching = {agent for ticket, agent in watches if ticket == source.pk}
    working = Agent.objects.working_in(target.inbox_id)
    asked = working.filter(pk__in=watching | {source.owner_id})
    agents = list(asked.select_related("user").order_by("pk"))
    owner = None
    if target.owner_id is None:
        owner = next((agent for agent in agents if agent.pk == source.owner_id), None)
    elif source.owner_id != target.owner_id and source.owner_id is not None:
        watching.add(source.owner_id)
    return ComingAgents(
        owner=owner,
        followers=tuple(
            agent
            for agent in agents
            if agent.pk in watching and (target.pk, agent.pk) not in watches
        ),
    )


def bring_agents(action: Action[Any], source: Ticket, target: Ticket) -> dict[str, Any]:
    """Let the agents of a merged ticket follow and own its target. Nobody gets a mail.

    Args:
        action: The merge, which records the new owner.
        source: The ticket that is merged away, locked.
        target: The ticket that takes its conversations, locked.

    Returns:
        What came, as JSON values for the event of the merge: keys of ``followers``, of
        the ``owner`` or ``None``, and of the ``conversations`` that got this owner.
    """
    coming = coming_agents(source, target)
    Watcher.objects.bulk_create(
        [Watcher(ticket=target, agent=agent) for agent in coming.followers],
        ignore_conflicts=True,
    )
    given: list[int] = []
    if coming.owner is not None:
        set_ticket_owner(action, target, coming.owner, notify=False)
        if target.inbox.owner_sync == Inbox.OwnerSync.BOTH:
            free = target.conversations.own().live().filter(owner=None)
            for conversation in lock_conversations(free.values_list("pk", flat=True)):
                set_conversation_owner(action, conversation, coming.owner)
                given.append(conversation.pk)
    return {
        "followers": [agent.pk for agent in coming.followers],
        "owner": coming.owner.pk if coming.owner else None,
        "conversations": given,
    }


def take_agents_back(
    action: Action[Any], target: Ticket, staying: Iterable[Ticket]
) -> None:
    """Take off whom merges have brought and no merged ticket accounts for any more.

    Args:
        action: The undoing, which records that the owner goes.
        target: The ticket that one was merged into.
        staying: Those that are still merged into it.
    """
    followers: dict[int, int] = {}
    owner, since, given = None, 0, set[int]()
    for event in merge_events([target.pk]):
        brought = event.data.get("brought") or {}
        followers |= dict.fromkeys(brought.get("followers", ()), event.pk)
        if brought.get("owner") is not None:
            owner, since = brought["owner"], event.pk
            given.update(brought.get("conversations", ()))
    if not followers and owner is None:
        return
    others = {other.pk: other.owner_id for other in staying}
    rows = Watcher.objects.filter(ticket__in=others)
    kept = set(rows.values_list("agent", flat=True)) | set(others.values())
    kept |= _follows_since(target, followers)
    Watcher.objects.filter(ticket=target, agent__in=followers.keys() - kept).delete()
    if owner is None or target.owner_id != owner or owner in others.values():
        return
    # Who has taken the work since, or was given it, keeps it.
    chosen = Q(kind=Event.Kind.TICKET_ASSIGNED) | Q(
        kind=Event.Kind.CONVERSATION_ASSIGNED, conversation__owner=owner
    )
    if Event.objects.filter(chosen, ticket=target, pk__gt=since).exists():
        return
    set_ticket_owner(action, target, None, notify=False)
    for conversation in lock_conversations(given):
        if conversation.owner_id == owner:
            set_conversation_owner(action, conversation, None)


def is_brought(ticket: Ticket, agent: Agent) -> bool:
    """Whether an agent follows a ticket only because a merge brought them.

    Args:
        ticket: The ticket.
        agent: Who follows it.
    """
    followers = {
        pk: event.pk
        for event in merge_events([ticket.pk])
        for pk in (event.data.get("brought") or {}).get("followers", ())
        if pk == agent.pk
    }
    return bool(followers) and not _follows_since(ticket, followers)


def _follows_since(ticket: Ticket, followers: dict[int, int]) -> set[int]:
    """Which of them have followed it themselves since the event that brought them."""
    events = Event.objects.filter(
        ticket=ticket,
        kind=Event.Kind.TICKET_FOLLOWED,
        actor_agent__in=followers,
    )
    return {
        agent
        for agent, pk in events.values_list("actor_agent", "pk")
        if agent is not None and pk > followers[agent]
    }
