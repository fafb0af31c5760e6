"""What a ticket's page reads whole, by statements that are put together once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from wagtail_helpdesk.models import (
    Agent,
    Contact,
    Conversation,
    Draft,
    Event,
    Message,
    SatisfactionRating,
    Ticket,
)
from wagtail_helpdesk.permissions import members_of_inbox
from wagtail_helpdesk.statements.querysets import ask

#: Most conversations of a ticket for whose messages a statement is kept.
_MOST_CONVERSATIONS = 5


@dataclass(slots=True)
class People:
    """Who a page knows already, so that nobody is read twice.

    Attributes:
        agents: Agents with their accounts, by primary key.
        contacts: Contacts with their addresses, by primary key.
    """

    agents: dict[int, Agent] = field(default_factory=dict)
    contacts: dict[int, Contact] = field(default_factory=dict)

    def add_agents(self, ids: Iterable[int | None]) -> None:
        """Read those of these agents that are not known yet: at most one query."""
        missing = {pk for pk in ids if pk is not None} - self.agents.keys()
        if missing:
            found = Agent.objects.filter(pk__in=missing).select_related("user")
            self.agents.update((agent.pk, agent) for agent in found)

    def add_contacts(self, ids: Iterable[int | None]) -> None:
        """Read those of these contacts that are not known yet: at most two queries."""
        missing = {pk for pk in ids if pk is not None} - self.contacts.keys()
        if missing:
            found = Contact.objects.filter(pk__in=missing)
            found = found.prefetch_related("identities")
            self.contacts.update((contact.pk, contact) for contact in found)


def find_ticket(agent: Agent, public_id: str) -> Ticket | None:
    """The ticket if the agent may see it, with what its page shows beside it."""

    def build(values: Mapping[str, Any]) -> QuerySet[Ticket]:
        return (
            Ticket.objects.visible_to_agent(_with_key(agent, values))
            .filter(public_id=values["public_id"])
            .select_related("inbox", "contact", "organization", "channel")[:1]
        )

    values = {"public_id": public_id, **_key_of(agent)}
    shape = ("agent's ticket", agent.may_work)
    found = ask(shape, values, build, using=Ticket.objects.all().db)
    return found[0] if found else None


def conversations_of(ticket: Ticket) -> list[Conversation]:
    """The ticket's conversations with their channels, the latest first."""
    return ask(
        "agent's conversations",
        {"ticket": ticket.pk},
        lambda values: (
            Conversation.objects.filter(ticket=values["ticket"])
            .select_related("channel")
            .order_by("-last_message_at", "-pk")
        ),
        using=Conversation.objects.all().db,
    )


def drafts_of(ticket: Ticket, agent: Agent) -> list[Draft]:
    """What the agent began to write on the ticket, the latest first."""
    return ask(
        "agent's drafts",
        {"ticket": ticket.pk, "agent": agent.pk},
        lambda values: Draft.objects.filter(
            conversation__ticket=values["ticket"], agent=values["agent"]
        ).order_by("-updated_at", "-pk"),
        using=Draft.objects.all().db,
    )


def ratings_of(ticket: Ticket, merged: Iterable[int]) -> list[SatisfactionRating]:
    """What the contact said about our help, the last closing first.

    Asks nothing about a ticket that never was closed and has nothing merged into it.

    Args:
        ticket: The ticket.
        merged: Keys of those merged into it that the agent may read; theirs come last.
    """
    others = sorted(set(merged))
    if not ticket.is_closed and not ticket.reopened_count and not others:
        return []
    found = ask(
        ("agent's ratings", len(others)),
        {"ticket": ticket.pk, **{f"m{n}": key for n, key in enumerate(others)}},
        lambda values: SatisfactionRating.objects.filter(
            ticket__in=list(values.values())
        ).newest_first(),
        using=SatisfactionRating.objects.all().db,
    )
    return sorted(found, key=lambda rating: rating.ticket_id != ticket.pk)


def members(inbox: int) -> list[Agent]:
    """The agents a ticket of this inbox can be given to, with their accounts."""
    return ask(
        "members of an inbox",
        {"inbox": inbox},
        lambda values: members_of_inbox(values["inbox"]),
        using=Agent.objects.all().db,
    )


def newest_messages(messages: Sequence[int], number: int) -> list[Message] | None:
    """The newest messages of some conversations, the newest first.

    Args:
        messages: Keys of the conversations.
        number: How many at most.

    Returns:
        ``None`` for too many conversations to keep a statement for.
    """
    if len(messages) > _MOST_CONVERSATIONS:
        return None
    return ask(
        ("agent's messages", len(messages), number),
        {f"c{place}": key for place, key in enumerate(messages)},
        lambda values: Message.objects.filter(
            conversation__in=list(values.values())
        ).order_by("-created_at", "-pk")[:number],
        using=Message.objects.all().db,
    )


def changes_of(
    ticket: Ticket,
    *,
    but: Sequence[str],
    since: datetime | None,
    until: datetime | None,
    limit: int,
) -> list[Event]:
    """What happened to a ticket, oldest first.

    Args:
        ticket: The ticket.
        but: Kinds that are left out; always the same.
        since: Not before this time.
        until: Not after this time.
        limit: How many at most.
    """
    values: dict[str, Any] = {"ticket": ticket.pk}
    if since is not None:
        values["since"] = since
    if until is not None:
        values["until"] = until

    def build(values: Mapping[str, Any]) -> QuerySet[Event]:
        events = Event.objects.filter(ticket=values["ticket"]).exclude(kind__in=but)
        if "since" in values:
            events = events.filter(created_at__gte=values["since"])
        if "until" in values:
            events = events.filter(created_at__lte=values["until"])
        return events.order_by("created_at", "pk")[:limit]

    shape = ("agent's changes", tuple(but), tuple(values), limit)
    return ask(shape, values, build, using=Event.objects.all().db)


def other_rows(ticket: Ticket, agent: Agent, limit: int) -> list[Any]:
    """Public id, number, subject and stage of the contact's other tickets.

    Those that the agent may see, latest activity first.
    """

    def build(values: Mapping[str, Any]) -> QuerySet[Any]:
        return (
            Ticket.objects.visible_to_agent(_with_key(agent, values))
            .filter(contact=values["contact"])
            .exclude(pk=values["ticket"])
            .by_activity()
            .values_list("public_id", "number", "subject", "stage")[:limit]
        )

    values = {"contact": ticket.contact_id, "ticket": ticket.pk, **_key_of(agent)}
    shape = ("agent's other tickets", agent.may_work, limit)
    return ask(shape, values, build, using=Ticket.objects.all().db)


def _key_of(agent: Agent) -> dict[str, Any]:
    """The agent as a value of a statement; who sees everything is none."""
    return {} if agent.works_all_inboxes else {"agent": agent.pk}


def _with_key(agent: Agent, values: Mapping[str, Any]) -> Agent:
    """The agent with the key that a statement is put together with."""
    if "agent" not in values:
        return agent
    other = copy(agent)
    other.pk = values["agent"]
    return other
