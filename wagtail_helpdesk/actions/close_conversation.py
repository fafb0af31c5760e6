"""One conversation is closed or re-opened; its ticket stays as it is (R5)."""

from __future__ import annotations

from dataclasses import dataclass

from wagtail_helpdesk.actions.assign import require_conversation_access
from wagtail_helpdesk.actions.base import Action, Actor, lock_with_ticket
from wagtail_helpdesk.models import Conversation, Event


@dataclass(frozen=True, slots=True)
class ClosedConversation:
    """What ``CloseConversation`` did.

    Attributes:
        conversation: The conversation.
        suggest_closing_ticket: Whether it was the ticket's last open one and the
            inbox wants its agents to be asked about the ticket.
    """

    conversation: Conversation
    suggest_closing_ticket: bool


class CloseConversation(Action[ClosedConversation]):
    """Close a conversation; the ticket is untouched (B109).

    Args:
        conversation: The conversation.
        actor: Who does it.
    """

    def __init__(self, *, conversation: Conversation, actor: Actor) -> None:
        self.conversation = conversation
        self.actor = actor

    def check(self) -> None:
        require_conversation_access(self.conversation, self.actor)

    def perform(self) -> ClosedConversation:
        conversation = lock_with_ticket(self.conversation)
        if conversation.status == Conversation.Status.OPEN:
            conversation.status = Conversation.Status.CLOSED
            conversation.save(update_fields=["status"])
            self.record(
                Event.Kind.CONVERSATION_CLOSED,
                ticket=conversation.ticket,
                conversation=conversation,
            )
        return ClosedConversation(conversation, self._is_last(conversation))

    def _is_last(self, conversation: Conversation) -> bool:
        ticket = conversation.ticket
        if ticket is None or ticket.is_closed or not ticket.inbox.suggest_closing:
            return False
        return not ticket.conversations.own().live().filter(status="open").exists()


class ReopenConversation(Action[Conversation]):
    """Open a closed conversation again; the ticket is untouched.

    Args:
        conversation: The conversation.
        actor: Who does it.
    """

    def __init__(self, *, conversation: Conversation, actor: Actor) -> None:
        self.conversation = conversation
        self.actor = actor

    def check(self) -> None:
        require_conversation_access(self.conversation, self.actor)

    def perform(self) -> Conversation:
        conversation = lock_with_ticket(self.conversation)
        if conversation.status == Conversation.Status.CLOSED:
            conversation.status = Conversation.Status.OPEN
            conversation.save(update_fields=["status"])
            self.record(
                Event.Kind.CONVERSATION_REOPENED,
                ticket=conversation.ticket,
                conversation=conversation,
            )
        return conversation
