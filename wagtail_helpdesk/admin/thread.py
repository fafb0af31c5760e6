"""What happened on a ticket, in words and in order: messages, notes, changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from wagtail_helpdesk.admin.changes import describe
from wagtail_helpdesk.admin.thread_html import events_html, mails_html, message_html
from wagtail_helpdesk.admin.ticket_reading import (
    People,
    changes_of,
    newest_messages,
)
from wagtail_helpdesk.admin.ticket_rows import FileOf, Mail, carried_by
from wagtail_helpdesk.models import (
    Agent,
    Conversation,
    Delivery,
    Event,
    Message,
    Ticket,
)
from wagtail_helpdesk.pagination import KeysetPage
from wagtail_helpdesk.sanitise import text_to_html

#: Newest messages that a ticket's page shows, as many as the portal's; earlier ones
#: are a link away.
THREAD_SIZE = 20

#: Events that the message itself tells already.
_TOLD_BY_MESSAGES = (
    Event.Kind.MESSAGE_RECEIVED,
    Event.Kind.MESSAGE_SENT,
    Event.Kind.NOTE_ADDED,
)


@dataclass(frozen=True)
class MessageEntry:
    """A message or note with its files and what became of its mails.

    Attributes:
        message: The message, its author and conversation read.
        body: What it says, safe to show.
        may_undo: Whether the agent who looks may still take it back.
        is_new: Whether it came while the agent was writing.
    """

    message: Message
    body: SafeString
    deliveries: Sequence[Mail] = ()
    attachments: Sequence[FileOf] = ()
    may_undo: bool = False
    is_new: bool = False
    kind: str = "message"

    @property
    def at(self) -> datetime:
        """When it was written."""
        return self.message.created_at

    @property
    def look(self) -> str:
        """The end of its CSS classes' names."""
        direction = self.message.direction
        return f"{direction} hdw-message--new" if self.is_new else direction

    @property
    def is_note(self) -> bool:
        """Whether only agents see it."""
        return self.message.is_note

    @property
    def label(self) -> str:
        """From which side it comes, in words."""
        if self.message.is_note:
            return _("Internal note – customers can't see this")
        return _("Customer") if self.message.is_from_customer else _("Reply")

    @property
    def channel(self) -> str:
        """Through which channel it went, if any."""
        channel = self.message.conversation.channel
        return channel.name if channel is not None and not self.is_note else ""

    @property
    def has_more(self) -> bool:
        """Whether it carries more than text and mails that went well."""
        return bool(self.message.form_data or self.attachments or self.failed)

    @property
    def html(self) -> SafeString:
        """From its beginning to the end of its text."""
        return message_html(self)

    @property
    def end(self) -> SafeString:
        """What follows all it carries."""
        return format_html("{}</article></li>", mails_html(self.mails))

    @property
    def author(self) -> str:
        """Who wrote it, as colleagues see it."""
        if self.message.author_agent is not None:
            return self.message.author_agent.full_name
        if self.message.author_contact is not None:
            return self.message.author_contact.display_name
        return str(_("The system"))

    @property
    def mails(self) -> list[tuple[str, str]]:
        """Each address it goes to, with what became of that mail."""
        return [
            (mail.address, str(Delivery.Status(mail.status).label))
            for mail in self.deliveries
        ]

    @cached_property
    def failed(self) -> list[Mail]:
        """Mails that did not leave, or may not have."""
        states = (Delivery.Status.FAILED, Delivery.Status.UNKNOWN)
        failed = [mail for mail in self.deliveries if mail.status in states]
        if not failed:
            return []
        found = Delivery.objects.filter(pk__in=[mail.pk for mail in failed])
        tokens = dict(found.values_list("pk", "token"))
        return [mail._replace(token=tokens.get(mail.pk)) for mail in failed]

    @property
    def visible_fields(self) -> list[dict[str, Any]]:
        """The submitted fields of a form, hidden ones flagged (L15)."""
        fields = self.message.form_data
        return [row for row in fields if isinstance(row, dict) and row.get("label")]


@dataclass(slots=True)
class EventEntry:
    """Changes between two messages; several are folded into one line."""

    events: list[Event] = field(default_factory=list)
    kind: str = "events"

    @property
    def lines(self) -> list[tuple[Event, str]]:
        """Each change with its sentence."""
        return [(event, describe(event)) for event in self.events]

    @property
    def html(self) -> SafeString:
        """The whole of it."""
        return events_html(self)


@dataclass(frozen=True, slots=True)
class Thread:
    """The part of a ticket's thread that a page shows, oldest first.

    Attributes:
        entries: Messages and the changes between them.
        earlier_url: Query string of the earlier part, or an empty text.
        later_url: Query string of the later part, or an empty text.
    """

    entries: list[MessageEntry | EventEntry]
    earlier_url: str
    later_url: str

    @property
    def undoable(self) -> MessageEntry | None:
        """The agent's reply that has not left yet."""
        for entry in reversed(self.entries):
            if isinstance(entry, MessageEntry) and entry.may_undo:
                return entry
        return None

    @property
    def newest_message(self) -> int:
        """Primary key of the newest message on the page; 0: there is none."""
        shown = [e.message.pk for e in self.entries if isinstance(e, MessageEntry)]
        return max(shown, default=0)


def read_thread(
    ticket: Ticket,
    agent: Agent,
    *,
    conversations: Iterable[Conversation],
    people: People,
    params: QueryDict,
    new_after: int | None = None,
) -> Thread:
    """Read one part of a ticket's thread: a constant number of queries.

    Rows are read without joins and put together here: in a thread the same few people
    write again and again.

    Args:
        ticket: The ticket.
        agent: Who reads.
        conversations: Those of the ticket's conversations that ``agent`` may read,
            with their channels.
        people: Who is known already; authors are added to them.
        params: The address's query string, for the position.
        new_after: Primary key of the newest message the agent had seen; later ones
            are marked as new.
    """
    by_pk = {conversation.pk: conversation for conversation in conversations}
    page = KeysetPage(
        Message.objects.filter(conversation__in=list(by_pk)),
        ordering=("-created_at", "-pk"),
        params=params,
        size=THREAD_SIZE,
        first=lambda: newest_messages(list(by_pk), THREAD_SIZE + 1),
    )
    shown = list(page)[::-1]
    changes = changes_of(
        ticket,
        but=_TOLD_BY_MESSAGES,
        since=shown[0].created_at if shown and page.has_next else None,
        until=shown[-1].created_at if shown and page.has_previous else None,
        limit=THREAD_SIZE * 12,
    )
    people.add_agents(
        [m.author_agent_id for m in shown] + [e.actor_agent_id for e in changes]
    )
    people.add_contacts(
        [m.author_contact_id for m in shown] + [e.actor_contact_id for e in changes]
    )
    for message in shown:
        message.conversation = by_pk[message.conversation_id]
        message.author_agent = people.agents.get(message.author_agent_id or 0)
        message.author_contact = people.contacts.get(message.author_contact_id or 0)
    for event in changes:
        event.actor_agent = people.agents.get(event.actor_agent_id or 0)
        event.actor_contact = people.contacts.get(event.actor_contact_id or 0)
    entries = _entries(shown, agent, new_after)
    return Thread(
        entries=_merge(entries, changes),
        earlier_url=page.next_url,
        later_url=page.previous_url,
    )


def _entries(
    messages: list[Message], agent: Agent, new_after: int | None
) -> list[MessageEntry]:
    now = timezone.now()
    mails, files = carried_by([message.pk for message in messages], THREAD_SIZE)
    return [
        MessageEntry(
            message=message,
            body=message.safe_html or text_to_html(message.body_text),
            deliveries=mails.get(message.pk, ()),
            attachments=files.get(message.pk, ()),
            may_undo=(
                message.author_agent_id == agent.pk
                and message.release_at is not None
                and message.release_at > now
            ),
            is_new=new_after is not None and message.pk > new_after,
        )
        for message in messages
    ]


def _merge(
    messages: list[MessageEntry], events: Iterable[Event]
) -> list[MessageEntry | EventEntry]:
    """Put the changes between the messages they happened between."""
    merged: list[MessageEntry | EventEntry] = []
    position = 0
    for event in events:
        while position < len(messages) and messages[position].at <= event.created_at:
            merged.append(messages[position])
            position += 1
        if not merged or not isinstance(merged[-1], EventEntry):
            merged.append(EventEntry())
        last = merged[-1]
        if isinstance(last, EventEntry):
            last.events.append(event)
    return [*merged, *messages[position:]]
