"""Into the trash and back: conversation and ticket go together (R6)."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_helpdesk.actions.assign import require_conversation_access
from wagtail_helpdesk.actions.base import (
    Action,
    Actor,
    lock_conversation,
    lock_conversations,
    lock_ticket,
    require_ticket_access,
    save_ticket,
)
from wagtail_helpdesk.conf import helpdesk_settings
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import Attachment, Conversation, Event, Ticket


class TrashTicket(Action[Ticket]):
    """Move a ticket and all its conversations to the trash (B110).

    Args:
        ticket: The ticket.
        actor: Who does it.
    """

    def __init__(self, *, ticket: Ticket, actor: Actor) -> None:
        self.ticket = ticket
        self.actor = actor

    def check(self) -> None:
        require_ticket_access(self.ticket, self.actor, in_trash=True)

    def perform(self) -> Ticket:
        ticket = lock_ticket(self.ticket)
        if ticket.deleted_at is not None:
            return ticket
        now = timezone.now()
        self._trash(ticket, now)
        return ticket

    def _trash(self, ticket: Ticket, now: datetime) -> None:
        ticket.deleted_at = now
        save_ticket(ticket, "deleted_at")
        self.record(Event.Kind.TICKET_TRASHED, ticket=ticket)
        present = ticket.conversations.filter(deleted_at=None)
        for conversation in lock_conversations(present.values_list("pk", flat=True)):
            conversation.deleted_at = now
            conversation.save(update_fields=["deleted_at"])
            self.record(
                Event.Kind.CONVERSATION_TRASHED,
                ticket=ticket,
                conversation=conversation,
            )


class TrashConversation(Action[Conversation]):
    """Move a conversation to the trash, and its ticket with it (B110).

    If the ticket has other live conversations it stays, unless ``with_ticket`` says
    otherwise.

    Args:
        conversation: The conversation.
        actor: Who does it.
        with_ticket: ``True``: the ticket goes too, and all its conversations;
            ``False``: it stays; ``None``: it goes if this was its last one.
    """

    def __init__(
        self,
        *,
        conversation: Conversation,
        actor: Actor,
        with_ticket: bool | None = None,
    ) -> None:
        self.conversation = conversation
        self.actor = actor
        self.with_ticket = with_ticket

    def check(self) -> None:
        require_conversation_access(self.conversation, self.actor)

    def perform(self) -> Conversation:
        ticket = self.conversation.ticket
        if ticket is not None:
            ticket = lock_ticket(ticket)
        conversation = lock_conversation(self.conversation)
        if conversation.deleted_at is not None:
            return conversation
        takes_ticket = self.with_ticket
        if ticket is not None and takes_ticket is None:
            others = ticket.conversations.live().exclude(pk=conversation.pk)
            takes_ticket = not others.exists()
        if ticket is not None and takes_ticket:
            TrashTicket(ticket=ticket, actor=self.actor).execute(
                skip_permission_checks=True
            )
            conversation.refresh_from_db()
            return conversation
        conversation.deleted_at = timezone.now()
        conversation.save(update_fields=["deleted_at"])
        self.record(
            Event.Kind.CONVERSATION_TRASHED, ticket=ticket, conversation=conversation
        )
        return conversation


class RestoreTicket(Action[Ticket]):
    """Take a ticket out of the trash, with the conversations that went with it.

    Args:
        ticket: A ticket in the trash for at most ``TRASH_DAYS`` days.
        actor: Who does it.
    """

    def __init__(self, *, ticket: Ticket, actor: Actor) -> None:
        self.ticket = ticket
        self.actor = actor

    def check(self) -> None:
        require_ticket_access(self.ticket, self.actor, in_trash=True)

    def perform(self) -> Ticket:
        ticket = lock_ticket(self.ticket)
        trashed_at = ticket.deleted_at
        if trashed_at is None:
            return ticket
        ticket.deleted_at = None
        save_ticket(ticket, "deleted_at")
        self.record(Event.Kind.TICKET_RESTORED, ticket=ticket)
        together = ticket.conversations.filter(deleted_at=trashed_at)
        for conversation in lock_conversations(together.values_list("pk", flat=True)):
            restore_conversation(self, conversation)
        return ticket


class RestoreConversation(Action[Conversation]):
    """Take a conversation out of the trash; a trashed ticket is restored with it.

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
        ticket = self.conversation.ticket
        if ticket is not None and lock_ticket(ticket).deleted_at is not None:
            RestoreTicket(ticket=ticket, actor=self.actor).execute(
                skip_permission_checks=True
            )
        conversation = lock_conversation(self.conversation)
        if conversation.deleted_at is not None:
            restore_conversation(self, conversation)
        return conversation


def restore_conversation(action: Action, conversation: Conversation) -> None:
    """Take one locked conversation out of the trash and record it."""
    conversation.deleted_at = None
    conversation.save(update_fields=["deleted_at"])
    action.record(
        Event.Kind.CONVERSATION_RESTORED,
        ticket=conversation.ticket,
        conversation=conversation,
    )


class PurgeTrash(Action[int]):
    """Delete for good what has been in the trash longer than ``TRASH_DAYS`` days.

    Args:
        limit: At most so many tickets in one transaction.

    Returns:
        How many tickets were deleted.
    """

    def __init__(self, *, limit: int = 200) -> None:
        if limit < 1:
            raise ActionError("bad_limit", _("The limit must be 1 or more."))
        self.limit = limit

    def perform(self) -> int:
        oldest = timezone.now() - timedelta(days=helpdesk_settings.TRASH_DAYS)
        # Locked, so that one that is being restored stays.
        expired = (
            Ticket.objects.select_for_update()
            .filter(deleted_at__lt=oldest)
            .order_by("deleted_at")
        )
        tickets = list(expired.values_list("pk", flat=True)[: self.limit])
        # What was merged into them has nothing left: its conversations go with them.
        merged = Ticket.objects.filter(merged_into__in=tickets)
        files = Attachment.objects.filter(message__conversation__ticket__in=tickets)
        for attachment in files:
            transaction.on_commit(partial(attachment.file.delete, save=False))
        merged.delete()
        Ticket.objects.filter(pk__in=tickets).delete()
        return len(tickets)
