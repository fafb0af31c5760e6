"""Who is responsible: owners of tickets and of conversations (R2)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from wagtail_helpdesk.actions.base import (
    Action,
    Actor,
    lock_conversation,
    lock_conversations,
    lock_ticket,
    require_ticket_access,
    save_ticket,
)
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.models import Agent, Conversation, Event, Inbox, Ticket


def require_member(owner: Agent | None, inbox: Inbox) -> None:
    """Raise ``ActionError`` if ``owner`` does not work ``inbox``."""
    if owner is None:
        return
    if not Inbox.objects.visible_to_agent(owner).filter(pk=inbox.pk).exists():
        raise ActionError(
            "not_a_member",
            _("%(agent)s is no member of the inbox “%(inbox)s”.")
            % {"agent": owner, "inbox": inbox},
            field="owner",
        )


class AssignTicket(Action[Ticket]):
    """Give a ticket an owner, or take it away.

    The owners of its conversations stay as they are (B104), unless the inbox keeps
    both the same.

    Args:
        ticket: The ticket.
        owner: A member of the ticket's inbox, or ``None``.
        actor: Who does it.
    """

    def __init__(self, *, ticket: Ticket, owner: Agent | None, actor: Actor) -> None:
        self.ticket = ticket
        self.owner = owner
        self.actor = actor

    def check(self) -> None:
        require_ticket_access(self.ticket, self.actor)

    def perform(self) -> Ticket:
        ticket = lock_ticket(self.ticket)
        require_member(self.owner, ticket.inbox)
        set_ticket_owner(self, ticket, self.owner)
        if ticket.inbox.owner_sync == Inbox.OwnerSync.BOTH:
            live = ticket.conversations.own().live().values_list("pk", flat=True)
            for conversation in lock_conversations(live):
                set_conversation_owner(self, conversation, self.owner)
        return ticket


class AssignConversation(Action[Conversation]):
    """Give a conversation an owner, or take it away.

    The ticket's owner follows in the same transaction (B104), unless the inbox says
    that each has its own.

    Args:
        conversation: The conversation.
        owner: A member of the conversation's inbox, or ``None``.
        actor: Who does it.
    """

    def __init__(
        self, *, conversation: Conversation, owner: Agent | None, actor: Actor
    ) -> None:
        self.conversation = conversation
        self.owner = owner
        self.actor = actor

    def check(self) -> None:
        require_conversation_access(self.conversation, self.actor)

    def perform(self) -> Conversation:
        ticket = self.conversation.ticket
        if ticket is not None:
            ticket = lock_ticket(ticket)
        conversation = lock_conversation(self.conversation)
        require_member(self.owner, conversation.inbox)
        set_conversation_owner(self, conversation, self.owner)
        policy = conversation.inbox.owner_sync
        if ticket is None or policy == Inbox.OwnerSync.OFF:
            return conversation
        set_ticket_owner(self, ticket, self.owner)
        if policy == Inbox.OwnerSync.BOTH:
            others = ticket.conversations.own().live().exclude(pk=conversation.pk)
            for other in lock_conversations(others.values_list("pk", flat=True)):
                set_conversation_owner(self, other, self.owner)
        return conversation


def require_conversation_access(conversation: Conversation, actor: Actor) -> None:
    """Raise ``ActionPermissionError`` if an agent may not work this conversation."""
    if actor is None:
        return
    if isinstance(actor, Agent):
        visible = Inbox.objects.visible_to_agent(actor)
        if visible.filter(pk=conversation.inbox_id).exists():
            return
    raise ActionPermissionError(_("You have no access to this conversation."))


def set_ticket_owner(
    action: Action, ticket: Ticket, owner: Agent | None, *, notify: bool = True
) -> None:
    """Set the owner of a locked ticket and record it, if it changes.

    Args:
        action: The action that does it.
        ticket: The ticket.
        owner: The new owner, or ``None``.
        notify: Whether the new owner gets a mail.
    """
    if ticket.owner_id == (owner.pk if owner else None):
        return
    before = ticket.owner_id
    ticket.owner = owner
    save_ticket(ticket, "owner")
    action.record(
        Event.Kind.TICKET_ASSIGNED,
        ticket=ticket,
        notify=notify,
        before={"owner": before},
        after={"owner": ticket.owner_id, "name": str(owner) if owner else ""},
    )


def set_conversation_owner(
    action: Action, conversation: Conversation, owner: Agent | None
) -> None:
    """Set the owner of a locked conversation and record it, if it changes."""
    if conversation.owner_id == (owner.pk if owner else None):
        return
    before = conversation.owner_id
    conversation.owner = owner
    conversation.save(update_fields=["owner"])
    action.record(
        Event.Kind.CONVERSATION_ASSIGNED,
        ticket=conversation.ticket,
        conversation=conversation,
        before={"owner": before},
        after={"owner": conversation.owner_id, "name": str(owner) if owner else ""},
    )
