"""A new conversation arrives and opens a ticket (R1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_helpdesk.access.colleagues import may_send_for
from wagtail_helpdesk.actions.base import IdempotentAction
from wagtail_helpdesk.actions.messages import append_message
from wagtail_helpdesk.actions.text import clean_text, subject_from
from wagtail_helpdesk.actions.uploads import Upload, check_uploads
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.models import (
    Channel,
    Contact,
    Conversation,
    Event,
    Message,
    Organization,
    Participant,
    Stage,
    Ticket,
    TicketNumber,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a ticket came from (N3).

    Attributes:
        page_id: Id of the page.
        revision_id: Id of the page's live revision, if it has one.
        locale: Language code of the page.
    """

    page_id: int | None = None
    revision_id: int | None = None
    locale: str = ""


@dataclass(frozen=True, slots=True)
class OnBehalf:
    """For whom somebody else sends a request.

    Attributes:
        contact: Whose ticket it becomes.
        organization: The organization in which the sender manages this contact.
    """

    contact: Contact
    organization: Organization


@dataclass(frozen=True, slots=True)
class OpenedTicket:
    """What ``OpenTicket`` found or made.

    Attributes:
        ticket: ``None`` in an inbox that opens no tickets (B112).
        conversation: The conversation.
        message: Its first message.
        created: Whether this call made it; ``False`` when it came a second time.
    """

    ticket: Ticket | None
    conversation: Conversation
    message: Message
    created: bool


class OpenTicket(IdempotentAction[OpenedTicket]):
    """Open a ticket with its conversation and first message.

    Exactly one ticket in the channel's default pipeline, stage and properties; run
    twice with the same ``client_token`` or ``thread_key``, it changes nothing the
    second time. In an inbox that is no help desk, a conversation without a ticket.

    Args:
        channel: The channel it came through; decides inbox and defaults.
        contact: Who asks.
        subject: Empty: the first line of the body.
        body_text: What they wrote.
        body_html: The same as HTML, as received.
        uploads: Files; checked here.
        language: Language code of the request; empty: the contact's.
        properties: Custom ticket properties by key, over the channel's defaults.
        priority: A ``Priority``; ``None``: the channel's.
        stage: ``None``: the channel's first stage.
        type: The ticket's type.
        form_data: Submitted fields, see ``Message.form_data``.
        origin: The page it came from.
        client_token: A random value per submission, at most 64 characters.
        thread_key: What the channel knows the thread by; default: the client token.
        external_id: The provider's id of the first message, or empty.
        follow_up_of: The closed ticket this one follows (R7).
        on_behalf: The colleague for whom the contact sends it, as a manager of their
            organization. The ticket is the colleague's; the sender takes part in it.
        acknowledge: Whether a mail may tell the contact that it has arrived; not where
            a machine or a mailing list would read it.
    """

    def __init__(
        self,
        *,
        channel: Channel,
        contact: Contact,
        subject: str = "",
        body_text: str = "",
        body_html: str = "",
        uploads: Iterable[Upload] = (),
        language: str = "",
        properties: Mapping[str, Any] | None = None,
        priority: int | None = None,
        stage: Stage | None = None,
        type: str = "",
        form_data: Sequence[dict[str, Any]] = (),
        origin: Origin | None = None,
        client_token: str = "",
        thread_key: str = "",
        external_id: str = "",
        follow_up_of: Ticket | None = None,
        on_behalf: OnBehalf | None = None,
        acknowledge: bool = True,
    ) -> None:
        self.channel = channel
        self.contact = on_behalf.contact if on_behalf else contact
        self.actor = self.sender = contact
        self.on_behalf = on_behalf
        self.subject = subject
        self.body_text = clean_text(body_text)
        self.body_html = body_html
        self.uploads = list(uploads)
        self.language = language or self.contact.language
        self.properties = {**channel.ticket_defaults, **(properties or {})}
        self.priority = priority or channel.default_priority
        self.stage = stage
        self.type = type
        self.form_data = form_data
        self.origin = origin or Origin()
        self.client_token = client_token
        self.thread_key = thread_key or (
            f"token:{client_token}" if client_token else ""
        )
        self.external_id = external_id
        self.follow_up_of = follow_up_of
        self.acknowledge = acknowledge

    def check(self) -> None:
        if self.contact.is_blocked or self.sender.is_blocked:
            raise ActionPermissionError(_("We cannot take requests from this address."))
        if self.on_behalf is not None and not may_send_for(
            self.sender, self.on_behalf.contact, self.on_behalf.organization
        ):
            raise ActionPermissionError(_("You cannot send requests for this person."))
        if not self.channel.is_enabled:
            raise ActionError("channel_off", _("This form is switched off for now."))

    def validate(self) -> None:
        check_uploads(self.uploads)
        self.subject = subject_from(self.subject, self.body_text)
        if not self.subject:
            raise ActionError("empty", _("Write what you need help with."))

    def existing(self) -> OpenedTicket | None:
        if not self.thread_key:
            return None
        conversation = Conversation.objects.filter(
            channel=self.channel, thread_key=self.thread_key
        ).first()
        if conversation is None:
            return None
        if conversation.contact_id != self.contact.pk:
            raise ActionError(
                "token_used", _("This form was sent before. Load the page again.")
            )
        message = conversation.messages.order_by("seq")[:1].get()
        return OpenedTicket(conversation.ticket, conversation, message, False)

    def perform(self) -> OpenedTicket:
        now = timezone.now()
        inbox = self.channel.inbox
        ticket = self._create_ticket(now) if inbox.creates_tickets else None
        conversation = Conversation(
            ticket=ticket,
            inbox=inbox,
            channel=self.channel,
            contact=self.contact,
            thread_key=self.thread_key or None,
            subject=self.subject,
            created_at=now,
            last_message_at=now,
        )
        message = append_message(
            conversation,
            direction=Message.Direction.INBOUND,
            author=self.sender,
            at=now,
            body_text=self.body_text,
            body_html=self.body_html,
            uploads=self.uploads,
            form_data=self.form_data,
            client_token=self.client_token,
            external_id=self.external_id,
        )
        data: dict[str, Any] = {} if self.acknowledge else {"acknowledge": False}
        if self.on_behalf is not None:
            data["on_behalf_of"] = self.contact.pk
        self.record(
            Event.Kind.TICKET_OPENED if ticket else Event.Kind.MESSAGE_RECEIVED,
            ticket=ticket,
            conversation=conversation,
            message=message,
            channel=self.channel.type,
            **data,
        )
        if ticket is not None and self.on_behalf is not None:
            Participant.objects.create(ticket=ticket, contact=self.sender)
            self.record(
                Event.Kind.PARTICIPANT_ADDED, ticket=ticket, contact=self.sender
            )
        return OpenedTicket(ticket, conversation, message, True)

    def _create_ticket(self, now: Any) -> Ticket:
        stage = self.stage or self.channel.first_stage()
        return Ticket.objects.create(
            number=TicketNumber.objects.create().pk,
            subject=self.subject,
            inbox=self.channel.inbox,
            channel=self.channel,
            pipeline_id=stage.pipeline_id,
            stage=stage,
            is_closed=stage.is_closed,
            priority=self.priority,
            type=self.type,
            contact=self.contact,
            organization=self.on_behalf.organization
            if self.on_behalf
            else self.contact.organization,
            origin_page_id=self.origin.page_id,
            origin_revision_id=self.origin.revision_id,
            origin_locale=self.origin.locale,
            language=self.language,
            properties=self.properties,
            created_at=now,
            last_activity_at=now,
            last_customer_message_at=now,
            follow_up_of=self.follow_up_of,
        )
