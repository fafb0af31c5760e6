"""What happened on a ticket, in words and in order: messages, notes, changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wagtail_helpdesk.models import (
    Agent,
    Delivery,
    Event,
    Message,
    Priority,
    Ticket,
)
from wagtail_helpdesk.pagination import KeysetPage

#: Newest messages that a ticket's page shows; earlier ones are a link away.
THREAD_SIZE = 60

#: Events that the message itself tells already.
_TOLD_BY_MESSAGES = (
    Event.Kind.MESSAGE_RECEIVED,
    Event.Kind.MESSAGE_SENT,
    Event.Kind.NOTE_ADDED,
)


@dataclass(frozen=True, slots=True)
class MessageEntry:
    """A message or note with what became of its mails.

    Attributes:
        message: The message, read with ``for_thread()``.
        deliveries: Its mails to customers.
        may_undo: Whether the agent who looks may still take it back.
        is_new: Whether it came while the agent was writing.
    """

    message: Message
    deliveries: Sequence[Delivery] = ()
    may_undo: bool = False
    is_new: bool = False
    kind: str = "message"

    @property
    def at(self) -> datetime:
        """When it was written."""
        return self.message.created_at

    @property
    def author(self) -> str:
        """Who wrote it, as colleagues see it."""
        if self.message.author_agent is not None:
            return self.message.author_agent.full_name
        if self.message.author_contact is not None:
            return self.message.author_contact.display_name
        return str(_("The system"))

    @property
    def failed(self) -> list[Delivery]:
        """Mails that did not leave, or may not have."""
        states = (Delivery.Status.FAILED, Delivery.Status.UNKNOWN)
        return [mail for mail in self.deliveries if mail.status in states]

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


def read_thread(
    ticket: Ticket, agent: Agent, *, params: QueryDict, new_after: int | None = None
) -> Thread:
    """Read one part of a ticket's thread: a constant number of queries.

    Args:
        ticket: The ticket.
        agent: Who reads; conversations in a foreign inbox stay out.
        params: The address's query string, for the position.
        new_after: Primary key of the newest message the agent had seen; later ones
            are marked as new.
    """
    messages = Message.objects.visible_to_agent(agent).filter(
        conversation__ticket=ticket
    )
    page = KeysetPage(
        messages.for_thread(),
        ordering=("-created_at", "-pk"),
        params=params,
        size=THREAD_SIZE,
    )
    shown = list(page)[::-1]
    now = timezone.now()
    mails = _mails_by_message(shown)
    entries = [
        MessageEntry(
            message=message,
            deliveries=mails.get(message.pk, ()),
            may_undo=(
                message.author_agent_id == agent.pk
                and message.release_at is not None
                and message.release_at > now
            ),
            is_new=new_after is not None and message.pk > new_after,
        )
        for message in shown
    ]
    events = Event.objects.history_of(ticket).exclude(kind__in=_TOLD_BY_MESSAGES)
    if entries and page.has_next:
        events = events.filter(created_at__gte=entries[0].at)
    if entries and page.has_previous:
        events = events.filter(created_at__lte=entries[-1].at)
    return Thread(
        entries=_merge(entries, events[: THREAD_SIZE * 4]),
        earlier_url=page.next_url,
        later_url=page.previous_url,
    )


def _mails_by_message(messages: Iterable[Message]) -> dict[int, list[Delivery]]:
    mails: dict[int, list[Delivery]] = {}
    rows = Delivery.objects.filter(
        message__in=[message.pk for message in messages],
        kind__in=[Delivery.Kind.REPLY, Delivery.Kind.ACKNOWLEDGEMENT],
    ).order_by("pk")
    for mail in rows:
        if mail.message_id is not None:
            mails.setdefault(mail.message_id, []).append(mail)
    return mails


def _merge(
    messages: list[MessageEntry], events: Iterable[Event]
) -> list[MessageEntry | EventEntry]:
    """Put the changes between the messages they happened between."""
    merged: list[MessageEntry | EventEntry] = []
    waiting = list(messages)
    for event in events:
        while waiting and waiting[0].at <= event.created_at:
            merged.append(waiting.pop(0))
        if not merged or not isinstance(merged[-1], EventEntry):
            merged.append(EventEntry())
        last = merged[-1]
        if isinstance(last, EventEntry):
            last.events.append(event)
    return [*merged, *waiting]


_FIELD_NAMES = {
    "subject": gettext_lazy("subject"),
    "type": gettext_lazy("type"),
    "team": gettext_lazy("team"),
    "properties": gettext_lazy("properties"),
    "tags": gettext_lazy("tags"),
}


def describe(event: Event) -> str:
    """A change as a sentence without its actor's name: "changed the stage: New → Open".

    Args:
        event: An event of a ticket's history.
    """
    text = str(event.get_kind_display())
    before, after = event.data.get("before"), event.data.get("after")
    if not isinstance(before, dict):
        before = {}
    if not isinstance(after, dict):
        after = {}
    if event.kind == Event.Kind.STAGE_CHANGED:
        return _arrow(text, before.get("name", ""), after.get("name", ""))
    if event.kind == Event.Kind.PRIORITY_CHANGED:
        return _arrow(
            text, _priority(before.get("priority")), _priority(after.get("priority"))
        )
    if event.kind in (Event.Kind.TICKET_ASSIGNED, Event.Kind.CONVERSATION_ASSIGNED):
        return _("%(what)s: %(value)s") % {
            "what": text,
            "value": after.get("name") or _("nobody"),
        }
    if event.kind == Event.Kind.DETAILS_CHANGED:
        names = [str(_FIELD_NAMES.get(n, n)) for n in event.data.get("fields", [])]
        return _("%(what)s: %(value)s") % {"what": text, "value": ", ".join(names)}
    return text


def _arrow(text: str, before: str, after: str) -> str:
    return _("%(what)s: %(before)s → %(after)s") % {
        "what": text,
        "before": before,
        "after": after,
    }


def _priority(value: Any) -> str:
    return str(Priority(value).label) if value in Priority.values else ""
