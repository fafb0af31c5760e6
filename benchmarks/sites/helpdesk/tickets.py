"""Tickets of the data set as rows of our tables, by the demo's own replay.

``wagtail_helpdesk.demo.replay`` plays what happened exactly as the actions do: it is
the one place that knows which events, counters and times an action writes. This module
only feeds it and gives out ids.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
from random import Random
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import Max

from benchmarks import dataset
from benchmarks.sinks import Sink
from wagtail_helpdesk.actions import Upload
from wagtail_helpdesk.channels.email.message_ids import message_id
from wagtail_helpdesk.conf import helpdesk_settings
from wagtail_helpdesk.demo.bulk import Row
from wagtail_helpdesk.demo.plans import (
    Assigned,
    Moved,
    Prioritised,
    Step,
    Tagged,
    TicketPlan,
    Wrote,
)
from wagtail_helpdesk.demo.replay import Replay
from wagtail_helpdesk.models import (
    Agent,
    Attachment,
    Channel,
    Contact,
    Conversation,
    Delivery,
    Event,
    Message,
    Organization,
    Stage,
    Tag,
    Ticket,
    TicketNumber,
)
from wagtail_helpdesk.models.files import private_storage

#: Language codes of the data set to those of the site.
LANGUAGES = {"en": "en", "es": "es", "pt": "pt-br"}
#: The models whose tables ``write`` fills.
TABLES = (TicketNumber, Ticket, Conversation, Message, Event, Attachment, Delivery)
#: Domain of the Message-IDs of mails that were sent.
DOMAIN = "desk.example"
_CHUNK = 2_000
#: Events after which the customer gets a mail.
_MAILED = (Event.Kind.TICKET_OPENED.value, Event.Kind.MESSAGE_SENT.value)
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"


class TicketWriter:
    """Writes tickets in the order they were opened.

    Ids are the numbers of the data set plus one: tickets, contacts, organizations.

    Args:
        data: The data set.
        channels: The channel of each inbox of the data set, in their order.
        agents: The agents of the data set, in their order.
        stages: The stages of the pipeline by category, in their order.
    """

    def __init__(
        self,
        *,
        data: dataset.Dataset,
        channels: Sequence[Channel],
        agents: Sequence[Agent],
        stages: Sequence[Stage],
    ) -> None:
        self.data = data
        self.channels = channels
        self.agents = agents
        self.stages = stages
        self._by_category = {stage.category: stage for stage in stages}
        self._tags: dict[str, Tag] = {}
        self._numbers = Sink(TicketNumber)
        self._tickets = Sink(Ticket)
        self._conversations = Sink(Conversation)
        self._messages = Sink(Message)
        before = Event.objects.aggregate(last=Max("pk"))["last"] or 0
        self._events = Sink(Event, first_id=before + 1)
        self._deliveries = Sink(Delivery)
        self._attachments = Sink(Attachment)
        self._tagged = Sink(Ticket.tags.through, own_id=False)

    def write(self) -> Iterator[int]:
        """Write all tickets, some thousand at a time.

        Yields:
            How many are written so far.
        """
        remaining = self.data.tickets()
        while chunk := list(islice(remaining, _CHUNK)):
            rng = Random(f"{self.data.seed}/public/{chunk[0].number}")
            for ticket in chunk:
                self._add(ticket, rng)
            for sink in (
                self._numbers,
                self._tickets,
                self._conversations,
                self._messages,
                self._events,
                self._deliveries,
                self._attachments,
                self._tagged,
            ):
                sink.flush()
            yield self._tickets.count

    def _add(self, record: dataset.Ticket, rng: Random) -> None:
        pk = record.number + 1
        plan = self._plan(record)
        replay = Replay(plan, number=pk, stages=self.stages, rng=rng)
        replay.ticket.pk = pk
        replay.conversation.pk = pk
        replay.conversation.ticket_id = pk
        replay.link_messages()
        for message in replay.messages:
            message["id"] = self._messages.next_id
            self._messages.add(message)
        replay.link_events()
        self._numbers.add({"id": pk})
        self._tickets.add_instance(replay.ticket)
        self._conversations.add_instance(replay.conversation)
        for event in replay.events:
            event["id"] = self._events.next_id
            self._events.add(event)
        address = self.data.people.contact(record.contact).email
        for event in replay.events:
            if event["kind"] in _MAILED:
                self._deliveries.add(
                    _delivery(event, self._deliveries.next_id, plan, address, rng)
                )
        for message, uploads in replay.files:
            self._attach(message["id"], uploads, rng)
        for name in replay.tags:
            self._tagged.add({"ticket_id": pk, "tag_id": self._tag(name).pk})

    def _plan(self, record: dataset.Ticket) -> TicketPlan:
        contact = self._contact(record)
        language = LANGUAGES[record.language]
        return TicketPlan(
            channel=self.channels[record.inbox],
            contact=contact,
            opened_at=record.opened_at,
            subject=record.subject,
            body=record.body,
            files=_uploads(record.files),
            steps=list(self._steps(record, contact)),
            language=language,
            priority=record.priority,
        )

    def _contact(self, record: dataset.Ticket) -> Contact:
        """Who asks, as far as the replay looks: without a query."""
        # Ids that nobody looks at, given so that none are drawn.
        contact = Contact(id=record.contact + 1, public_id="-")
        organization = None
        if record.organization is not None:
            organization = Organization(id=record.organization + 1, public_id="-")
        contact.__dict__["organization"] = organization
        return contact

    def _steps(self, record: dataset.Ticket, contact: Contact) -> Iterator[Step]:
        tagged = not record.tags
        for entry in record.entries:
            by = None if entry.agent is None else self.agents[entry.agent]
            if not tagged and by is not None:
                tagged = True
                yield Tagged(at=entry.at, tags=record.tags, actor=by)
            if entry.kind in ("message", "note"):
                yield Wrote(
                    at=entry.at,
                    author=by or contact,
                    text=entry.text,
                    is_note=entry.kind == "note",
                    files=_uploads(entry.files),
                )
            elif entry.kind == "stage":
                stage = self._by_category[str(entry.value)]
                yield Moved(at=entry.at, stage=stage, actor=by)
            elif entry.kind == "owner":
                owner = self.agents[int(entry.value)]
                yield Assigned(at=entry.at, owner=owner, actor=by)
            else:
                priority = int(entry.value)
                yield Prioritised(at=entry.at, priority=priority, actor=by)

    def _attach(self, message: int, uploads: Sequence[Upload], rng: Random) -> None:
        """As ``actions.uploads.store_uploads``, which would save row by row."""
        for upload in uploads:
            upload.content.seek(0)
            content = upload.content.read()
            public_id, stored = _public_id(rng), _public_id(rng)
            path = f"helpdesk/attachments/{public_id[:2]}/{stored}"
            self._attachments.add(
                {
                    "id": self._attachments.next_id,
                    "public_id": public_id,
                    "message_id": message,
                    "file": private_storage().save(path, ContentFile(content)),
                    "name": upload.name,
                    "content_type": "text/plain",
                    "size": len(content),
                    "sha256": hashlib.sha256(content).hexdigest(),
                }
            )

    def _tag(self, name: str) -> Tag:
        if name not in self._tags:
            self._tags[name] = Tag.objects.get_or_create(name=name)[0]
        return self._tags[name]


def _delivery(event: Row, pk: int, plan: TicketPlan, address: str, rng: Random) -> Row:
    """The mail that an event caused, which was sent at once and arrived."""
    token = uuid.UUID(int=rng.getrandbits(128), version=4)
    is_reply = event["kind"] == Event.Kind.MESSAGE_SENT.value
    kind = Delivery.Kind.REPLY if is_reply else Delivery.Kind.ACKNOWLEDGEMENT
    key = f"reply:{event['message_id']}:{plan.contact.pk}"
    sent_at = event["created_at"]
    if is_reply:
        sent_at += timedelta(seconds=helpdesk_settings.UNDO_SEND_SECONDS)
    return {
        "id": pk,
        "kind": kind.value,
        "key": key if is_reply else f"acknowledgement:{event['ticket_id']}",
        "token": token,
        "ticket_id": event["ticket_id"],
        "conversation_id": event["conversation_id"],
        "message_id": event["message_id"] if is_reply else None,
        "event_id": event["id"],
        "contact_id": plan.contact.pk,
        "address": address,
        "status": Delivery.Status.SENT.value,
        "attempts": 1,
        "run_at": sent_at,
        "external_id": message_id(token, DOMAIN),
        "created_at": event["created_at"],
        "sent_at": sent_at,
    }


def _uploads(files: Sequence[dataset.Attachment]) -> list[Upload]:
    return [Upload(name=file.name, content=ContentFile(file.content)) for file in files]


def _public_id(rng: Random) -> str:
    return "".join(rng.choices(_LETTERS, k=16))


def contact_rows(data: dataset.Dataset, rng: Random) -> Iterator[dict[str, Any]]:
    """Rows of all contacts."""
    for contact in data.contacts():
        yield {
            "id": contact.number + 1,
            "public_id": _public_id(rng),
            "name": contact.name,
            "language": LANGUAGES[contact.language],
        }


def organization_rows(data: dataset.Dataset, rng: Random) -> Iterator[dict[str, Any]]:
    """Rows of all organizations; their members share what they ask."""
    for organization in data.organizations():
        yield {
            "id": organization.number + 1,
            "public_id": _public_id(rng),
            "name": organization.name,
            "domains": [organization.domain],
            "sharing": Organization.Sharing.ORGANIZATION.value,
        }
