"""An agent writes a note that customers never see."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_helpdesk.actions.base import (
    IdempotentAction,
    lock_ticket,
    require_ticket_access,
    save_ticket,
)
from wagtail_helpdesk.actions.messages import (
    append_message,
    sent_before,
    start_conversation,
)
from wagtail_helpdesk.actions.text import clean_text
from wagtail_helpdesk.actions.uploads import Upload, check_uploads
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import Agent, Draft, Event, Message, Ticket


class AddNote(IdempotentAction[Message]):
    """Add a note to a ticket; it is no reply and no mail to the customer follows (B22).

    Args:
        ticket: The ticket.
        agent: Who writes.
        body_text: The note.
        uploads: Files; checked here; as invisible to customers as the note.
        client_token: The same one twice has one effect.
    """

    def __init__(
        self,
        *,
        ticket: Ticket,
        agent: Agent,
        body_text: str,
        uploads: Iterable[Upload] = (),
        client_token: str = "",
    ) -> None:
        self.ticket = ticket
        self.actor = self.agent = agent
        self.body_text = clean_text(body_text)
        self.uploads = list(uploads)
        self.client_token = client_token

    def check(self) -> None:
        require_ticket_access(self.ticket, self.agent)

    def validate(self) -> None:
        check_uploads(self.uploads)
        if not self.body_text and not self.uploads:
            raise ActionError("empty", _("Write your note."), field="body")

    def existing(self) -> Message | None:
        return sent_before(self.ticket, self.agent, self.client_token)

    def perform(self) -> Message:
        now = timezone.now()
        ticket = lock_ticket(self.ticket)
        mine = ticket.conversations.own().visible_to_agent(self.agent)
        latest = mine.order_by("-last_message_at", "-pk")
        conversation = latest.select_for_update().first()
        if conversation is None:
            conversation = start_conversation(ticket, at=now)
        message = append_message(
            conversation,
            direction=Message.Direction.INTERNAL,
            author=self.agent,
            at=now,
            body_text=self.body_text,
            uploads=self.uploads,
            client_token=self.client_token,
        )
        ticket.last_activity_at = now
        save_ticket(ticket, "last_activity_at")
        self.record(
            Event.Kind.NOTE_ADDED,
            ticket=ticket,
            conversation=conversation,
            message=message,
        )
        Draft.objects.filter(
            conversation=conversation, agent=self.agent, mode=Draft.Mode.NOTE
        ).delete()
        return message
