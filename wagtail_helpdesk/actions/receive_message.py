"""A customer writes in a conversation that exists (R7, R14)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Q, When
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_helpdesk.actions.base import (
    IdempotentAction,
    lock_ticket,
    save_ticket,
)
from wagtail_helpdesk.actions.change_stage import (
    ChangeStage,
    reopening_stage,
    within_reopening_window,
)
from wagtail_helpdesk.actions.messages import append_message, start_conversation
from wagtail_helpdesk.actions.open_ticket import OpenTicket
from wagtail_helpdesk.actions.text import clean_text
from wagtail_helpdesk.actions.uploads import Upload, check_uploads
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.models import (
    Channel,
    Contact,
    Conversation,
    Event,
    Message,
    PortalRules,
    Stage,
    Ticket,
)


@dataclass(frozen=True, slots=True)
class ReceivedMessage:
    """What ``ReceiveMessage`` found or made.

    Attributes:
        message: The message.
        ticket: Its ticket: a new one if ``is_follow_up``.
        created: Whether this call made it; ``False`` when it came a second time.
        is_follow_up: Whether the reply came too late and opened a new ticket.
    """

    message: Message
    ticket: Ticket
    created: bool
    is_follow_up: bool = False


class ReceiveMessage(IdempotentAction[ReceivedMessage]):
    """Take a customer's reply on a ticket.

    On a closed ticket (R7): within the window it re-opens; later it opens a new
    ticket that follows the old one; where replies on closed tickets are not taken,
    nothing is written. On a ticket that waits for the customer, the waiting ends.

    Args:
        ticket: The ticket.
        contact: Who writes.
        portal: The rules of the portal it came through; they also say whether the
            contact sees the ticket (R9). ``None``: a channel that has found out for
            itself who may write here; the default rules then apply.
        channel: Where a conversation is opened if the ticket has none (B7).
        body_text: What they wrote.
        body_html: The same as HTML, as received.
        uploads: Files; checked here.
        client_token: A random value per submission, at most 64 characters; the same
            one twice has one effect.
        external_id: The provider's id of the message, or empty.
        form_data: What agents read below the text, see ``Message.form_data``.
        locked: The ticket and its conversation, if the caller has locked them in the
            transaction that this runs in; in this order.
        is_automatic: A machine of the contact's wrote it, such as a vacation notice.
            Agents see it as a note; it re-opens nothing, and nobody is told.
    """

    def __init__(
        self,
        *,
        ticket: Ticket,
        contact: Contact,
        portal: PortalRules | None = None,
        channel: Channel | None = None,
        body_text: str = "",
        body_html: str = "",
        uploads: Iterable[Upload] = (),
        client_token: str = "",
        external_id: str = "",
        form_data: Sequence[dict[str, Any]] = (),
        locked: tuple[Ticket, Conversation] | None = None,
        is_automatic: bool = False,
    ) -> None:
        self.ticket = ticket
        self.contact = contact
        self.actor = contact
        self.portal = portal
        self.rules = portal or PortalRules()
        self.channel = channel
        self.body_text = clean_text(body_text)
        self.body_html = body_html
        self.uploads = list(uploads)
        self.client_token = client_token
        self.external_id = external_id
        self.form_data = form_data
        self.locked = locked
        self.is_automatic = is_automatic

    def check(self) -> None:
        if self.portal is None:
            visible = Ticket.objects.live()
        else:
            visible = Ticket.objects.visible_to_contact(self.contact, self.portal)
        if self.contact.is_blocked or not visible.filter(pk=self.ticket.pk).exists():
            raise ActionPermissionError(_("You have no access to this request."))

    def validate(self) -> None:
        check_uploads(self.uploads)
        if not self.body_text and not self.uploads:
            raise ActionError("empty", _("Write your reply."), field="body")

    def existing(self) -> ReceivedMessage | None:
        if not self.client_token:
            return None
        message = (
            Message.objects.select_related("conversation__ticket")
            .filter(client_token=self.client_token, author_contact=self.contact)
            .filter(
                Q(conversation__ticket=self.ticket)
                | Q(conversation__ticket__follow_up_of=self.ticket)
            )
            .first()
        )
        ticket = message.conversation.ticket if message else None
        if message is None or ticket is None:
            return None
        if ticket.pk == self.ticket.pk:
            return ReceivedMessage(message, ticket, False)
        if ticket.follow_up_of_id == self.ticket.pk:
            return ReceivedMessage(message, ticket, False, True)
        return None

    def perform(self) -> ReceivedMessage:
        now = timezone.now()
        ticket = self.locked[0] if self.locked else lock_ticket(self.ticket)
        if self.is_automatic:
            return self._keep_as_note(ticket, now)
        if ticket.is_closed:
            if not self.rules.reply_on_closed:
                raise ActionError(
                    "closed",
                    _("This request is closed. Send a new one; your text is kept."),
                )
            days = self.rules.reopen_days
            if not within_reopening_window(ticket, days=days, now=now):
                return self._follow_up(ticket)
        conversation = self._conversation(ticket, now)
        conversation.status = Conversation.Status.OPEN
        message = append_message(
            conversation,
            direction=Message.Direction.INBOUND,
            author=self.contact,
            at=now,
            body_text=self.body_text,
            body_html=self.body_html,
            uploads=self.uploads,
            client_token=self.client_token,
            external_id=self.external_id,
            form_data=self.form_data,
        )
        ticket.last_activity_at = ticket.last_customer_message_at = now
        save_ticket(ticket, "last_activity_at", "last_customer_message_at")
        self.record(
            Event.Kind.MESSAGE_RECEIVED,
            ticket=ticket,
            conversation=conversation,
            message=message,
        )
        stage = self._stage_after_reply(ticket)
        if stage is not None:
            ChangeStage(
                ticket=ticket, stage=stage, actor=self.contact, is_locked=True
            ).execute_in_transaction()
        return ReceivedMessage(message, ticket, True)

    def _keep_as_note(self, ticket: Ticket, now: datetime) -> ReceivedMessage:
        """What a machine wrote: kept, but nothing waits for it and nothing follows."""
        conversation = self._conversation(ticket, now)
        message = append_message(
            conversation,
            direction=Message.Direction.INTERNAL,
            author=self.contact,
            at=now,
            body_text=self.body_text,
            body_html=self.body_html,
            uploads=self.uploads,
            client_token=self.client_token,
            external_id=self.external_id,
            form_data=self.form_data,
        )
        self.record(
            Event.Kind.MESSAGE_RECEIVED,
            ticket=ticket,
            conversation=conversation,
            message=message,
            notify=False,
            automatic=True,
        )
        return ReceivedMessage(message, ticket, True)

    def _stage_after_reply(self, ticket: Ticket) -> Stage | None:
        if ticket.is_closed:
            return reopening_stage(ticket)
        if ticket.stage.category == Stage.Category.WAITING:
            # It waited for this customer, who has just answered.
            working = ticket.pipeline.stages.filter(category=Stage.Category.OPEN)
            return working.order_by("order", "pk").first()
        return None

    def _conversation(self, ticket: Ticket, now: datetime) -> Conversation:
        """The contact's own latest conversation, else the latest, else a new one."""
        if self.locked:
            return self.locked[1]
        live = ticket.conversations.own().live().filter(is_customer_visible=True)
        if self.rules.thread_policy == "original":
            candidates = live.order_by("pk")
        else:
            own_first = Case(When(contact=self.contact, then=0), default=1)
            candidates = live.order_by(own_first, "-last_message_at", "-pk")
        locked = candidates.select_for_update().first()
        if locked is not None:
            return locked
        channel = self.channel or ticket.channel
        return start_conversation(ticket, at=now, contact=self.contact, channel=channel)

    def _follow_up(self, ticket: Ticket) -> ReceivedMessage:
        channel = self.channel or ticket.channel
        if channel is None:
            raise ActionError(
                "closed",
                _("This request is closed. Send a new one; your text is kept."),
            )
        opened = OpenTicket(
            channel=channel,
            contact=self.contact,
            subject=ticket.subject,
            body_text=self.body_text,
            body_html=self.body_html,
            uploads=self.uploads,
            language=ticket.language,
            client_token=self.client_token,
            external_id=self.external_id,
            form_data=self.form_data,
            follow_up_of=ticket,
        ).execute()
        if opened.ticket is None:
            raise ActionError("closed", _("This request is closed."))
        return ReceivedMessage(opened.message, opened.ticket, True, True)
