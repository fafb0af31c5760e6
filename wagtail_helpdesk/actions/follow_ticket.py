"""Agents follow tickets; contacts take part in them."""

from __future__ import annotations

from wagtail_helpdesk.actions.base import (
    Action,
    Actor,
    lock_ticket,
    require_ticket_access,
)
from wagtail_helpdesk.actions.merge_agents import is_brought
from wagtail_helpdesk.models import Agent, Contact, Event, Participant, Ticket, Watcher


class FollowTicket(Action[bool]):
    """Start or stop following a ticket.

    Args:
        ticket: The ticket.
        agent: Who follows.
        follow: ``False`` stops.

    Returns:
        Whether anything changed.
    """

    def __init__(self, *, ticket: Ticket, agent: Agent, follow: bool = True) -> None:
        self.ticket = ticket
        self.actor = self.agent = agent
        self.follow = follow

    def check(self) -> None:
        require_ticket_access(self.ticket, self.agent)

    def perform(self) -> bool:
        if self.follow:
            _watcher, changed = Watcher.objects.get_or_create(
                ticket=self.ticket, agent=self.agent
            )
            # Who says so themselves stays, also when the merge is undone.
            changed = changed or is_brought(self.ticket, self.agent)
        else:
            deleted, _rows = Watcher.objects.filter(
                ticket=self.ticket, agent=self.agent
            ).delete()
            changed = bool(deleted)
        if changed:
            kinds = Event.Kind
            kind = kinds.TICKET_FOLLOWED if self.follow else kinds.TICKET_UNFOLLOWED
            self.record(kind, ticket=self.ticket)
        return changed


class ChangeParticipant(Action[bool]):
    """Add a contact to a ticket, or remove them: participants see it and get its mails.

    Args:
        ticket: The ticket.
        contact: Who takes part.
        actor: The agent who does it.
        takes_part: ``False`` removes.

    Returns:
        Whether anything changed.
    """

    def __init__(
        self,
        *,
        ticket: Ticket,
        contact: Contact,
        actor: Actor,
        takes_part: bool = True,
    ) -> None:
        self.ticket = ticket
        self.contact = contact
        self.actor = actor
        self.takes_part = takes_part

    def check(self) -> None:
        require_ticket_access(self.ticket, self.actor)

    def perform(self) -> bool:
        ticket = lock_ticket(self.ticket)
        if self.takes_part:
            row, changed = Participant.objects.get_or_create(
                ticket=ticket, contact=self.contact
            )
            if row.merged_from_id is not None:
                # Whom an agent adds stays, also when the merge is undone.
                row.merged_from = None
                row.save(update_fields=["merged_from"])
            kind = Event.Kind.PARTICIPANT_ADDED
        else:
            deleted, _rows = Participant.objects.filter(
                ticket=ticket, contact=self.contact
            ).delete()
            changed = bool(deleted)
            kind = Event.Kind.PARTICIPANT_REMOVED
        if changed:
            self.record(kind, ticket=ticket, contact=self.contact)
        return changed
