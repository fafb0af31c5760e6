"""Plays a plan as the actions would have done, and keeps the rows in memory."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from wagtail_helpdesk.actions import Upload
from wagtail_helpdesk.conf import helpdesk_settings
from wagtail_helpdesk.demo.bulk import Row
from wagtail_helpdesk.demo.plans import (
    Assigned,
    Moved,
    Prioritised,
    Tagged,
    TicketPlan,
    Wrote,
)
from wagtail_helpdesk.models import (
    Agent,
    Contact,
    Conversation,
    Event,
    Inbox,
    Message,
    Stage,
    Ticket,
)

#: Base 32 letters to the letters of public ids, see ``models.fields``.
_LETTERS = bytes.maketrans(
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", b"abcdefghijkmnpqrstuvwxyz23456789"
)


class Replay:
    """The rows of one ticket, not yet saved.

    Each step changes ``ticket`` and ``conversation`` and appends to ``messages`` and
    ``events`` exactly as the action of the same meaning does in the database: same
    order of events, same ``data``, same count of ``version``. Events are not due: for
    what happened long ago nobody is to get a mail.

    Args:
        plan: What happened.
        number: The ticket's number.
        stages: All stages of the ticket's pipeline, in their order.
        rng: Where public ids come from, so that a seed gives the same ones.
    """

    def __init__(
        self,
        plan: TicketPlan,
        *,
        number: int,
        stages: Sequence[Stage],
        rng: random.Random,
    ) -> None:
        self.plan = plan
        self.stages = stages
        self.rng = rng
        self.messages: list[Row] = []
        self.events: list[Row] = []
        self.files: list[tuple[Row, Sequence[Upload]]] = []
        self.tags: Sequence[str] = ()
        self._links: list[tuple[Row | None, bool]] = []
        self._release = timedelta(seconds=helpdesk_settings.UNDO_SEND_SECONDS)
        self._open(number)
        handlers: dict[type, Callable[[Any], None]] = {
            Wrote: self._write,
            Moved: self._move,
            Assigned: self._assign,
            Prioritised: self._prioritise,
            Tagged: self._tag,
        }
        for step in plan.steps:
            handlers[type(step)](step)

    def link_messages(self) -> None:
        """Give the messages the id of the conversation, now saved."""
        for message in self.messages:
            message["conversation_id"] = self.conversation.pk

    def link_events(self) -> None:
        """Give the events the ids of ticket, conversation and message, now saved."""
        for event, (message, in_conversation) in zip(
            self.events, self._links, strict=True
        ):
            event["ticket_id"] = self.ticket.pk
            if in_conversation:
                event["conversation_id"] = self.conversation.pk
            if message is not None:
                event["message_id"] = message["id"]

    def _public_id(self) -> str:
        letters = base64.b32encode(self.rng.randbytes(10))
        return letters.translate(_LETTERS).decode()

    def _open(self, number: int) -> None:
        """As ``actions.OpenTicket``."""
        plan, channel = self.plan, self.plan.channel
        contact, at = plan.contact, plan.opened_at
        stage = channel.default_stage or self._first(lambda s: not s.is_closed)
        self.ticket = Ticket(
            number=number,
            public_id=self._public_id(),
            subject=plan.subject,
            inbox=channel.inbox,
            channel=channel,
            pipeline_id=stage.pipeline_id,
            stage=stage,
            is_closed=stage.is_closed,
            priority=plan.priority,
            type=plan.type,
            contact=contact,
            organization=contact.organization,
            origin_page_id=plan.origin.page_id,
            origin_revision_id=plan.origin.revision_id,
            origin_locale=plan.origin.locale,
            language=plan.language,
            properties={**channel.ticket_defaults, **plan.properties},
            created_at=at,
            last_activity_at=at,
            last_customer_message_at=at,
        )
        self.conversation = Conversation(
            public_id=self._public_id(),
            inbox=channel.inbox,
            channel=channel,
            contact=contact,
            subject=plan.subject,
            created_at=at,
            last_message_at=at,
        )
        opening = Wrote(at=at, author=contact, text=plan.body, files=plan.files)
        message = self._append(opening, Message.Direction.INBOUND)
        message["form_data"] = list(plan.form_data)
        self._record(
            Event.Kind.TICKET_OPENED, at, contact, message, channel=channel.type
        )

    def _write(self, step: Wrote) -> None:
        ticket = self.ticket
        ticket.last_activity_at = step.at
        ticket.version += 1
        if step.is_note:
            message = self._append(step, Message.Direction.INTERNAL)
            self._record(Event.Kind.NOTE_ADDED, step.at, step.author, message)
        elif isinstance(step.author, Agent):
            message = self._append(step, Message.Direction.OUTBOUND)
            message["release_at"] = step.at + self._release
            ticket.last_agent_message_at = step.at
            ticket.first_replied_at = ticket.first_replied_at or step.at
            kind = Event.Kind.MESSAGE_SENT
            self._record(kind, step.at, step.author, message, despite_newer=False)
        else:
            self._receive(step)

    def _receive(self, step: Wrote) -> None:
        """As ``actions.ReceiveMessage``: a reply re-opens, and ends the waiting."""
        ticket = self.ticket
        self.conversation.status = Conversation.Status.OPEN
        message = self._append(step, Message.Direction.INBOUND)
        ticket.last_customer_message_at = step.at
        self._record(Event.Kind.MESSAGE_RECEIVED, step.at, step.author, message)
        if ticket.is_closed:
            before = ticket.stage_before_closing
            stage = before or self._first(lambda s: not s.is_closed)
            self._change_stage(stage, step.at, step.author)
        elif ticket.stage.category == Stage.Category.WAITING:
            working = self._first(lambda s: s.category == Stage.Category.OPEN)
            self._change_stage(working, step.at, step.author)

    def _move(self, step: Moved) -> None:
        self._change_stage(step.stage, step.at, step.actor)

    def _change_stage(
        self, stage: Stage, at: datetime, actor: Agent | Contact | None
    ) -> None:
        """As ``actions.ChangeStage`` (R3, R4)."""
        ticket, before = self.ticket, self.ticket.stage
        if before.pk == stage.pk:
            return
        ticket.stage = stage
        ticket.version += 1
        if stage.is_closed and not ticket.is_closed:
            ticket.is_closed, ticket.closed_at = True, at
            ticket.stage_before_closing = before
        elif ticket.is_closed and not stage.is_closed:
            ticket.is_closed, ticket.closed_at = False, None
            ticket.reopened_count += 1
        self._record(
            Event.Kind.STAGE_CHANGED,
            at,
            actor,
            before={"stage": before.pk, "name": before.name},
            after={"stage": stage.pk, "name": stage.name},
        )
        if before.is_closed == stage.is_closed:
            return
        if stage.is_closed:
            status, kind = Conversation.Status.CLOSED, Event.Kind.CONVERSATION_CLOSED
        else:
            status, kind = Conversation.Status.OPEN, Event.Kind.CONVERSATION_REOPENED
        if self.conversation.status != status:
            self.conversation.status = status
            self._record(kind, at, actor, in_conversation=True)

    def _assign(self, step: Assigned) -> None:
        """As ``actions.AssignTicket`` (R2)."""
        after = {
            "owner": step.owner.pk if step.owner else None,
            "name": str(step.owner) if step.owner else "",
        }
        ticket, conversation = self.ticket, self.conversation
        if ticket.owner_id != after["owner"]:
            before = {"owner": ticket.owner_id}
            ticket.owner = step.owner
            ticket.version += 1
            kind = Event.Kind.TICKET_ASSIGNED
            self._record(kind, step.at, step.actor, before=before, after=after)
        if ticket.inbox.owner_sync != Inbox.OwnerSync.BOTH:
            return
        if conversation.owner_id != after["owner"]:
            before = {"owner": conversation.owner_id}
            conversation.owner = step.owner
            self._record(
                Event.Kind.CONVERSATION_ASSIGNED,
                step.at,
                step.actor,
                in_conversation=True,
                before=before,
                after=after,
            )

    def _prioritise(self, step: Prioritised) -> None:
        """As ``actions.ChangePriority``."""
        before = self.ticket.priority
        if before == step.priority:
            return
        self.ticket.priority = step.priority
        self.ticket.version += 1
        self._record(
            Event.Kind.PRIORITY_CHANGED,
            step.at,
            step.actor,
            before={"priority": before},
            after={"priority": step.priority},
        )

    def _tag(self, step: Tagged) -> None:
        """As ``actions.ChangeTicketDetails(tags=…)``."""
        if set(step.tags) == set(self.tags):
            return
        self.tags = step.tags
        self.ticket.version += 1
        self._record(Event.Kind.DETAILS_CHANGED, step.at, step.actor, fields=["tags"])

    def _append(self, step: Wrote, direction: Message.Direction) -> Row:
        """As ``actions.messages.append_message``."""
        conversation = self.conversation
        conversation.last_seq += 1
        conversation.last_message_at = step.at
        message: Row = {
            "public_id": self._public_id(),
            "seq": conversation.last_seq,
            "direction": direction.value,
            "body_text": step.text,
            "created_at": step.at,
        }
        by_agent = isinstance(step.author, Agent)
        message["author_agent_id" if by_agent else "author_contact_id"] = step.author.pk
        self.messages.append(message)
        if step.files:
            self.files.append((message, step.files))
        return message

    def _record(
        self,
        kind: Event.Kind,
        at: datetime,
        actor: Agent | Contact | None,
        message: Row | None = None,
        *,
        in_conversation: bool = False,
        **data: Any,
    ) -> None:
        """As ``Action.record``; ``link_events`` fills in what has no id yet."""
        event: Row = {"kind": kind.value, "data": data, "created_at": at}
        if actor is not None:
            whose = "actor_agent_id" if isinstance(actor, Agent) else "actor_contact_id"
            event[whose] = actor.pk
        self.events.append(event)
        self._links.append((message, message is not None or in_conversation))

    def _first(self, fits: Callable[[Stage], bool]) -> Stage:
        return next(stage for stage in self.stages if fits(stage))
