"""Telling agents what happened to the tickets they work on."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from wagtail_helpdesk.channels.email.addresses import own_addresses
from wagtail_helpdesk.models import (
    Agent,
    Delivery,
    Event,
    InboxMembership,
    Ticket,
    Watcher,
    normalise_email,
)


def _members_to_notify(ticket: Ticket) -> Iterable[int]:
    """Members of the inbox who want to hear of tickets without an owner."""
    return InboxMembership.objects.filter(
        inbox=ticket.inbox_id, notify=True
    ).values_list("agent_id", flat=True)


def _watchers(ticket: Ticket) -> Iterable[int]:
    return Watcher.objects.filter(ticket=ticket).values_list("agent_id", flat=True)


def _responsible(ticket: Ticket) -> set[int]:
    """The owner; without one, the members who want to hear of it."""
    if ticket.owner_id is not None:
        return {ticket.owner_id}
    return set(_members_to_notify(ticket))


def _concerned(event: Event, ticket: Ticket) -> set[int]:
    """Ids of the agents an event concerns."""
    match event.kind:
        case Event.Kind.TICKET_OPENED:
            return _responsible(ticket)
        case Event.Kind.MESSAGE_RECEIVED:
            return _responsible(ticket) | set(_watchers(ticket))
        case Event.Kind.NOTE_ADDED:
            owner = {ticket.owner_id} if ticket.owner_id is not None else set()
            return owner | set(_watchers(ticket))
        case Event.Kind.TICKET_ASSIGNED:
            # It may have gone on to somebody else since: that event tells them.
            assigned = event.data.get("after", {}).get("owner")
            return {assigned} if assigned and assigned == ticket.owner_id else set()
        case _other:
            return set()


def notices_for(event: Event, ticket: Ticket) -> list[Delivery]:
    """The notices that an event asks for.

    Never to who did it, never to an agent who does not see the ticket any more, and
    never to one of our own addresses.

    Args:
        event: Any event of the ticket.
        ticket: Its ticket.

    Returns:
        Unsaved deliveries, one for each agent.
    """
    ids = _concerned(event, ticket) - {event.actor_agent_id}
    if not ids:
        return []
    working = Agent.objects.working_in(ticket.inbox_id).filter(pk__in=ids)
    agents = working.select_related("user").order_by("pk")
    actor = event.actor_contact
    if actor is not None and actor.user_id is not None:
        # A colleague who asked for help as a customer.
        agents = agents.exclude(user=actor.user_id)
    ours = own_addresses()
    now = timezone.now()
    return [
        Delivery(
            kind=Delivery.Kind.AGENT_NOTICE,
            key=f"notice:{event.pk}:{agent.pk}",
            ticket=ticket,
            conversation=event.conversation,
            message=event.message,
            event=event,
            agent=agent,
            address=agent.user.email,
            run_at=now,
        )
        for agent in agents
        if agent.user.email and normalise_email(agent.user.email) not in ours
    ]
