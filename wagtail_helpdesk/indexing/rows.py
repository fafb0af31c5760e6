"""What the rows of a ticket hold: words of messages, in bounded numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from types import ModuleType

from django.db.models import QuerySet
from django.db.models.functions import Left

from wagtail_helpdesk.fulltext.words import SEAM, marked, words_of
from wagtail_helpdesk.models import (
    Audience,
    Conversation,
    Message,
    Ticket,
    TicketText,
)
from wagtail_helpdesk.models.ticket_texts import WHOLE

#: Words of one message that can be found, from its beginning.
MOST_OF_MESSAGE = 2_000
#: Words of one row: about two hundred messages. What comes after cannot be found.
MOST_OF_ROW = 10_000
#: Characters of a message that are read; enough for its words in any language.
_CHARACTERS = 20_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A message as far as the index is concerned.

    Attributes:
        pk: Its id.
        conversation: The conversation's id.
        is_trashed: Whether its conversation is in the trash.
        is_hidden: Whether no portal shows its conversation.
        is_note: Whether only agents may see it.
        release_at: Until when its author may take it back, if at all.
        words: Folded.
    """

    pk: int
    conversation: int
    is_trashed: bool
    is_hidden: bool
    is_note: bool
    release_at: datetime | None
    words: list[str]


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation as far as the index is concerned.

    Attributes:
        pk: Its id.
        inbox: The inbox's id.
        is_trashed: Whether it is in the trash.
        is_hidden: Whether no portal shows it.
    """

    pk: int
    inbox: int
    is_trashed: bool
    is_hidden: bool


@dataclass(slots=True)
class Taken:
    """Messages that a row takes.

    Attributes:
        last_message: The newest one that has been looked at.
        due_at: When the next one may be looked at, if that is known.
        words: Theirs.
        length: How many words the row has with them.
    """

    last_message: int
    length: int
    due_at: datetime | None = None
    words: list[str] = field(default_factory=list)


def entries(messages: QuerySet[Message]) -> list[tuple[int, Entry]]:
    """Messages with the ids of their tickets, in the order they were written."""
    rows = messages.order_by("pk").values_list(
        "conversation__ticket",
        "pk",
        "conversation",
        "conversation__deleted_at",
        "conversation__status",
        "conversation__is_customer_visible",
        "direction",
        "release_at",
        Left("body_text", _CHARACTERS),
    )
    return [
        (
            ticket,
            Entry(
                pk=pk,
                conversation=conversation,
                is_trashed=deleted_at is not None,
                is_hidden=_is_hidden(deleted_at, status, is_visible),
                is_note=direction == Message.Direction.INTERNAL,
                release_at=release_at,
                words=words_of(text, most=MOST_OF_MESSAGE),
            ),
        )
        for (
            ticket,
            pk,
            conversation,
            deleted_at,
            status,
            is_visible,
            direction,
            release_at,
            text,
        ) in rows
    ]


def threads(conversations: QuerySet[Conversation]) -> dict[int, list[Thread]]:
    """Conversations by ticket."""
    rows = conversations.order_by("pk").values_list(
        "ticket", "pk", "inbox", "deleted_at", "status", "is_customer_visible"
    )
    found: dict[int, list[Thread]] = defaultdict(list)
    for ticket, pk, inbox, deleted_at, status, is_visible in rows:
        is_hidden = _is_hidden(deleted_at, status, is_visible)
        found[ticket].append(Thread(pk, inbox, deleted_at is not None, is_hidden))
    return found


def _is_hidden(deleted_at: datetime | None, status: str, is_visible: bool) -> bool:
    """What ``models.conversations.HIDDEN`` says."""
    is_spam = status == Conversation.Status.SPAM
    return deleted_at is not None or is_spam or not is_visible


def take(
    messages: Iterable[Entry],
    audience: int,
    conversations: set[int],
    *,
    now: datetime,
    after: int = 0,
    length: int = 0,
) -> Taken:
    """The words of messages that a row may have.

    A row for customers ends before a reply that its author may still take back.

    Args:
        messages: In the order they were written.
        audience: Whose row it is.
        conversations: The ids of those whose messages it has.
        now: The time.
        after: The newest message that the row has already.
        length: How many words it has already.
    """
    taken = Taken(last_message=after, length=length)
    for entry in messages:
        if entry.pk <= after:
            continue
        is_public = audience == Audience.PUBLIC
        if is_public and entry.release_at is not None and entry.release_at > now:
            taken.due_at = entry.release_at
            break
        taken.last_message = entry.pk
        if entry.conversation not in conversations or (is_public and entry.is_note):
            continue
        words = entry.words[: MOST_OF_ROW - taken.length]
        if words:
            taken.words += [SEAM, *words]
            taken.length += len(words) + 1
    return taken


def rows_of(
    ticket: Ticket,
    conversations: list[Thread],
    messages: list[Entry],
    *,
    database: ModuleType,
    now: datetime,
) -> list[TicketText]:
    """All rows of a ticket, not saved.

    Args:
        ticket: With its contact.
        conversations: Of the ticket.
        messages: Of all of these, in the order they were written.
        database: How the database stores words.
        now: The time.
    """
    rows = []
    parts: list[tuple[int, list[Thread]]] = [(WHOLE, conversations)]
    if len(conversations) > 1:
        parts += [(thread.pk, [thread]) for thread in conversations]
    for audience in Audience:
        heading = words_of(ticket.subject)
        if audience == Audience.AGENTS and ticket.contact.name:
            heading += [SEAM, *words_of(ticket.contact.name)]
        for scope, members in parts:
            # Whether somebody may read a conversation is asked when they search; what
            # is left out here only makes the row of the whole ticket worth reading.
            kept = [
                thread
                for thread in members
                if scope != WHOLE
                or not (
                    thread.is_trashed
                    if audience == Audience.AGENTS
                    else thread.is_hidden
                )
            ]
            taken = take(messages, audience, {t.pk for t in kept}, now=now)
            inboxes = {thread.inbox for thread in kept}
            rows.append(
                TicketText(
                    ticket=ticket,
                    audience=audience,
                    scope=scope,
                    conversation_id=members[0].pk if len(members) == 1 else None,
                    inbox_id=inboxes.pop() if len(inboxes) == 1 else None,
                    conversations=len(kept),
                    last_message=taken.last_message,
                    length=taken.length,
                    due_at=taken.due_at,
                    words=database.stored(
                        [*heading, SEAM, *marked(heading), *taken.words],
                        heavy=len(heading),
                    ),
                )
            )
    return rows


#: Columns that differ after a rebuild.
WRITTEN = (
    "conversation",
    "inbox",
    "conversations",
    "last_message",
    "length",
    "due_at",
    "words",
)
