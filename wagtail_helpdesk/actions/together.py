"""Rows that nothing in their transaction reads, written for many actions at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.db import connection

from wagtail_helpdesk.models import Attachment, Event, Message


@dataclass(slots=True)
class _Waiting:
    """Rows to be inserted, in the order in which they name each other."""

    messages: list[Message] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def write(self) -> None:
        Message.objects.bulk_create(self.messages)
        Attachment.objects.bulk_create(self.attachments)
        Event.objects.bulk_create(self.events)


_waiting: ContextVar[_Waiting | None] = ContextVar("helpdesk_waiting", default=None)
_stored: ContextVar[list[Attachment] | None] = ContextVar(
    "helpdesk_stored", default=None
)


@contextmanager
def written_together() -> Iterator[None]:
    """Messages, files and events of actions inside are inserted at the end.

    For whoever executes many actions in one transaction, which this stands inside of.
    Until the end these rows have no primary keys.
    """
    if not connection.features.can_return_rows_from_bulk_insert:
        # MySQL does not say which keys such rows get.
        yield
        return
    waiting = _Waiting()
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
    waiting.write()


def insert_message(message: Message) -> None:
    """Insert a message, now or with others."""
    waiting = _waiting.get()
    if waiting is None:
        message.save(force_insert=True)
    else:
        waiting.messages.append(message)


def insert_attachments(attachments: list[Attachment]) -> None:
    """Insert the files of a message, now or with others."""
    waiting = _waiting.get()
    if waiting is not None:
        waiting.attachments.extend(attachments)
    elif len(attachments) > 1 and connection.features.can_return_rows_from_bulk_insert:
        Attachment.objects.bulk_create(attachments)
    else:
        for attachment in attachments:
            attachment.save(force_insert=True)


def insert_event(event: Event) -> None:
    """Insert an event, now or with others."""
    waiting = _waiting.get()
    if waiting is None:
        event.save(force_insert=True)
    else:
        waiting.events.append(event)


@contextmanager
def files_taken_back() -> Iterator[None]:
    """What actions inside put on the storage is deleted if the block fails.

    For whoever opens a transaction around them, which takes back only rows.
    """
    stored: list[Attachment] = []
    token = _stored.set(stored)
    try:
        yield
    except BaseException:
        for attachment in stored:
            attachment.file.delete(save=False)
        raise
    finally:
        _stored.reset(token)


def note_stored(attachment: Attachment) -> None:
    """A file is on the storage now: see ``files_taken_back``."""
    stored = _stored.get()
    if stored is not None:
        stored.append(attachment)
