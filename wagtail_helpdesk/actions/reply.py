"""An agent answers the customer, and may take it back for some seconds (R16)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Max, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_helpdesk.actions.base import (
    Action,
    IdempotentAction,
    lock_conversation,
    lock_conversations,
    lock_ticket,
    require_ticket_access,
    save_ticket,
)
from wagtail_helpdesk.actions.change_stage import ChangeStage
from wagtail_helpdesk.actions.messages import (
    append_message,
    sent_before,
    start_conversation,
)
from wagtail_helpdesk.actions.text import clean_text
from wagtail_helpdesk.actions.uploads import Upload, check_uploads
from wagtail_helpdesk.conf import helpdesk_settings
from wagtail_helpdesk.exceptions import (
    ActionError,
    ActionPermissionError,
    ConversationChanged,
)
from wagtail_helpdesk.models import (
    Agent,
    Contact,
    Conversation,
    Delivery,
    Draft,
    Event,
    Message,
    Participant,
    Stage,
    Ticket,
)


class ReplyToTicket(IdempotentAction[Message]):
    """Write to the customer; the mail leaves when the undo window has passed.

    Args:
        ticket: The ticket.
        agent: Who writes.
        body_text: The reply.
        uploads: Files; checked here.
        conversation: Default: the latest of the ticket; a ticket without any gets one.
        client_token: The same one twice has one effect.
        seen_seq: The ``last_seq`` of the conversation that the agent had on screen.
            If a customer or a colleague wrote since, nothing is sent (R16).
        force: Send although somebody wrote since.
        stage: Move the ticket to this stage with the same click.

    Raises:
        ConversationChanged: Somebody wrote since ``seen_seq``.
    """

    def __init__(
        self,
        *,
        ticket: Ticket,
        agent: Agent,
        body_text: str,
        uploads: Iterable[Upload] = (),
        conversation: Conversation | None = None,
        client_token: str = "",
        seen_seq: int | None = None,
        force: bool = False,
        stage: Stage | None = None,
    ) -> None:
        self.ticket = ticket
        self.actor = self.agent = agent
        self.body_text = clean_text(body_text)
        self.uploads = list(uploads)
        self.conversation = conversation
        self.client_token = client_token
        self.seen_seq = seen_seq
        self.force = force
        self.stage = stage

    def check(self) -> None:
        require_ticket_access(self.ticket, self.agent)
        conversation = self.conversation
        if conversation is not None and conversation.ticket_id != self.ticket.pk:
            raise ActionPermissionError(_("That conversation is another ticket's."))

    def validate(self) -> None:
        check_uploads(self.uploads)
        if not self.body_text and not self.uploads:
            raise ActionError("empty", _("Write your reply."), field="body")

    def existing(self) -> Message | None:
        return sent_before(self.ticket, self.agent, self.client_token)

    def perform(self) -> Message:
        now = timezone.now()
        ticket = lock_ticket(self.ticket)
        conversation = self._conversation(ticket, now)
        if not self.force:
            self._refuse_if_changed(conversation)
        release_at = now + timedelta(seconds=helpdesk_settings.UNDO_SEND_SECONDS)
        message = append_message(
            conversation,
            direction=Message.Direction.OUTBOUND,
            author=self.agent,
            at=now,
            body_text=self.body_text,
            uploads=self.uploads,
            client_token=self.client_token,
            release_at=release_at,
        )
        ticket.last_activity_at = ticket.last_agent_message_at = now
        fields = ["last_activity_at", "last_agent_message_at"]
        if ticket.first_replied_at is None:
            ticket.first_replied_at = now
            fields.append("first_replied_at")
        save_ticket(ticket, *fields)
        data: dict[str, Any] = {"despite_newer": self.force}
        if self.stage is not None:
            data["stage"] = {"before": ticket.stage_id, "after": self.stage.pk}
        event = self.record(
            Event.Kind.MESSAGE_SENT,
            ticket=ticket,
            conversation=conversation,
            message=message,
            **data,
        )
        self._queue_mails(ticket, conversation, message, event, release_at)
        Draft.objects.filter(
            conversation=conversation, agent=self.agent, mode=Draft.Mode.REPLY
        ).delete()
        if self.stage is not None:
            ChangeStage(
                ticket=ticket, stage=self.stage, actor=self.agent, is_locked=True
            ).execute_in_transaction()
        return message

    def _conversation(self, ticket: Ticket, now: datetime) -> Conversation:
        if self.conversation is not None:
            return lock_conversation(self.conversation)
        mine = ticket.conversations.own().live().visible_to_agent(self.agent)
        latest = mine.order_by("-last_message_at", "-pk")
        locked = latest.select_for_update().first()
        return locked or start_conversation(ticket, at=now)

    def _refuse_if_changed(self, conversation: Conversation) -> None:
        if self.seen_seq is None or conversation.last_seq <= self.seen_seq:
            return
        newer = (
            conversation.messages.filter(seq__gt=self.seen_seq)
            .exclude(direction=Message.Direction.INTERNAL)
            .exclude(author_agent=self.agent)
        )
        if newer.exists():
            raise ConversationChanged(
                "changed_since",
                _("Somebody wrote while you were writing. Read it, then send again."),
            )

    def _queue_mails(
        self,
        ticket: Ticket,
        conversation: Conversation,
        message: Message,
        event: Event,
        run_at: datetime,
    ) -> None:
        recipients: dict[str, Contact] = {}
        main = conversation.contact_id
        participants = Participant.objects.filter(ticket=ticket).values("contact")
        contacts = list(
            Contact.objects.filter(
                Q(pk=main) | Q(pk__in=participants)
            ).prefetch_related("identities")
        )
        contacts.sort(key=lambda contact: (contact.pk != main, contact.pk))
        for contact in contacts:
            if contact.email and not contact.is_blocked:
                recipients.setdefault(contact.email, contact)
        Delivery.objects.bulk_create(
            Delivery(
                kind=Delivery.Kind.REPLY,
                key=f"reply:{message.pk}:{contact.pk}",
                ticket=ticket,
                conversation=conversation,
                message=message,
                event=event,
                contact=contact,
                address=address,
                run_at=run_at,
            )
            for address, contact in recipients.items()
        )


class UndoSend(Action[Draft]):
    """Take a reply back before it is released: it becomes a draft again.

    Args:
        message: A reply of this agent within its undo window.
        agent: Its author.
    """

    def __init__(self, *, message: Message, agent: Agent) -> None:
        self.message = message
        self.actor = self.agent = agent

    def check(self) -> None:
        if self.message.author_agent_id != self.agent.pk:
            raise ActionPermissionError(_("Only its author takes a reply back."))

    def perform(self) -> Draft:
        if (ticket := self.message.conversation.ticket) is not None:
            lock_ticket(ticket)
        # Also where it came with a merged ticket: the mail is still here.
        (conversation,) = lock_conversations([self.message.conversation_id])
        message = Message.objects.select_for_update().filter(pk=self.message.pk).first()
        if message is None:
            raise ActionError("undone", _("The reply was taken back already."))
        if message.release_at is None or message.release_at <= timezone.now():
            raise ActionError("too_late", _("The reply has been sent already."))
        waiting = message.deliveries.filter(status=Delivery.Status.QUEUED)
        waiting.update(status=Delivery.Status.CANCELLED)
        draft, created = Draft.objects.get_or_create(
            conversation=conversation,
            agent=self.agent,
            mode=Draft.Mode.REPLY,
            defaults={"text": message.body_text},
        )
        if not created and draft.text != message.body_text:
            # What has been written since stays, below the reply.
            draft.text = f"{message.body_text}\n\n{draft.text}"
            draft.save(update_fields=["text", "updated_at"])
        for attachment in message.attachments.all():
            transaction.on_commit(partial(attachment.file.delete, save=False))
        self.record(
            Event.Kind.SEND_UNDONE,
            ticket=conversation.ticket,
            conversation=conversation,
        )
        sent = message.events.filter(kind=Event.Kind.MESSAGE_SENT).first()
        message.delete()
        if conversation.ticket is not None:
            self._restore(conversation.ticket, sent)
        return draft

    def _restore(self, ticket: Ticket, sent: Event | None) -> None:
        """Times as if nothing had been written, and the stage that the click left."""
        ticket = lock_ticket(ticket)
        replies = Message.objects.filter(
            conversation__ticket=ticket, direction=Message.Direction.OUTBOUND
        ).aggregate(first=Min("created_at"), last=Max("created_at"))
        ticket.first_replied_at = replies["first"]
        ticket.last_agent_message_at = replies["last"]
        save_ticket(ticket, "first_replied_at", "last_agent_message_at")
        moved = sent.data.get("stage") if sent else None
        if not moved or ticket.stage_id != moved["after"]:
            return
        before = Stage.objects.filter(pk=moved["before"]).first()
        if before is not None:
            ChangeStage(ticket=ticket, stage=before, actor=self.agent).execute(
                skip_permission_checks=True
            )


class RetryDelivery(Action[Delivery]):
    """Send a mail again that failed or may have been lost.

    Args:
        delivery: A delivery with status failed or unknown.
        agent: Who asks for it.
    """

    def __init__(self, *, delivery: Delivery, agent: Agent) -> None:
        self.delivery = delivery
        self.actor = self.agent = agent

    def check(self) -> None:
        if self.delivery.ticket is None:
            raise ActionPermissionError(_("You have no access to this ticket."))
        require_ticket_access(self.delivery.ticket.current, self.agent)

    def perform(self) -> Delivery:
        delivery = Delivery.objects.select_for_update().get(pk=self.delivery.pk)
        if delivery.status not in {Delivery.Status.FAILED, Delivery.Status.UNKNOWN}:
            raise ActionError("not_failed", _("This mail is on its way or was sent."))
        delivery.status = Delivery.Status.QUEUED
        delivery.run_at = timezone.now()
        delivery.attempts = 0
        delivery.error = ""
        delivery.save(update_fields=["status", "run_at", "attempts", "error"])
        self.record(
            Event.Kind.SEND_RETRIED,
            ticket=delivery.ticket,
            conversation=delivery.conversation,
            message=delivery.message,
        )
        return delivery
