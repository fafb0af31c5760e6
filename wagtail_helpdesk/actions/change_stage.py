"""A ticket moves to another stage; its conversations close and re-open with it."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_helpdesk.actions.base import (
    Action,
    Actor,
    lock_conversations,
    lock_ticket,
    require_ticket_access,
    save_ticket,
)
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import Conversation, Event, Inbox, Stage, Ticket


class ChangeStage(Action[Ticket]):
    """Move a ticket to a stage of its pipeline.

    Into a closed stage: all its conversations close (R3). Out of one: if it has
    exactly one live conversation, that re-opens, else none; with the inbox's policy
    "latest", the latest one re-opens (R4).

    Args:
        ticket: The ticket.
        stage: A stage of the ticket's pipeline.
        actor: Who does it.
        is_locked: Whether the caller has locked the ticket in the transaction that
            this runs in.
    """

    def __init__(
        self, *, ticket: Ticket, stage: Stage, actor: Actor, is_locked: bool = False
    ) -> None:
        self.ticket = ticket
        self.stage = stage
        self.actor = actor
        self.is_locked = is_locked

    def check(self) -> None:
        require_ticket_access(self.ticket, self.actor)

    def perform(self) -> Ticket:
        ticket = self.ticket if self.is_locked else lock_ticket(self.ticket)
        if self.stage.pipeline_id != ticket.pipeline_id:
            raise ActionError(
                "foreign_stage",
                _("“%(stage)s” is no stage of this ticket's pipeline.")
                % {"stage": self.stage.label},
                field="stage",
            )
        if ticket.stage_id == self.stage.pk:
            return ticket
        before = ticket.stage
        now = timezone.now()
        ticket.stage = self.stage
        fields = ["stage", "is_closed"]
        if self.stage.is_closed and not ticket.is_closed:
            ticket.is_closed = True
            ticket.closed_at = now
            ticket.stage_before_closing = before
            fields += ["closed_at", "stage_before_closing"]
        elif ticket.is_closed and not self.stage.is_closed:
            ticket.is_closed = False
            ticket.closed_at = None
            ticket.reopened_count += 1
            fields += ["closed_at", "reopened_count"]
        save_ticket(ticket, *fields)
        self.record(
            Event.Kind.STAGE_CHANGED,
            ticket=ticket,
            notify=self.stage.is_closed and not before.is_closed,
            before={"stage": before.pk, "name": before.name},
            after={"stage": self.stage.pk, "name": self.stage.name},
        )
        if self.stage.is_closed and not before.is_closed:
            self._close_conversations(ticket)
        elif before.is_closed and not self.stage.is_closed:
            self._reopen_conversation(ticket)
        return ticket

    def _close_conversations(self, ticket: Ticket) -> None:
        """R3: a closed ticket has no open conversation."""
        still_open = ticket.conversations.own().live().filter(status="open")
        for conversation in still_open.select_for_update().order_by("pk"):
            conversation.status = Conversation.Status.CLOSED
            conversation.save(update_fields=["status"])
            self.record(
                Event.Kind.CONVERSATION_CLOSED, ticket=ticket, conversation=conversation
            )

    def _reopen_conversation(self, ticket: Ticket) -> None:
        """R4: the only live conversation re-opens; several stay as they are."""
        live = list(ticket.conversations.own().live().order_by("last_message_at", "pk"))
        latest = ticket.inbox.reopen_policy == Inbox.ReopenPolicy.LATEST
        if not live or (len(live) > 1 and not latest):
            return
        (conversation,) = lock_conversations([live[-1].pk])
        if conversation.status == Conversation.Status.CLOSED:
            conversation.status = Conversation.Status.OPEN
            conversation.save(update_fields=["status"])
            self.record(
                Event.Kind.CONVERSATION_REOPENED,
                ticket=ticket,
                conversation=conversation,
            )


def reopening_stage(ticket: Ticket) -> Stage:
    """Where a closed ticket goes when it re-opens: the stage before closing (R7)."""
    before = ticket.stage_before_closing
    if before is None or before.is_closed or before.pipeline_id != ticket.pipeline_id:
        return ticket.pipeline.first_stage()
    return before


def within_reopening_window(ticket: Ticket, *, days: int, now: datetime) -> bool:
    """Whether a customer's reply still re-opens a closed ticket (R7).

    Args:
        ticket: A closed ticket.
        days: Length of the window; 0: never.
        now: The time of the reply.
    """
    if ticket.closed_at is None:
        return True
    return (now - ticket.closed_at).total_seconds() <= days * 86_400
