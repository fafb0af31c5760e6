"""How a message is put into a conversation; used by the actions, never alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from wagtail_helpdesk.actions.together import insert_message
from wagtail_helpdesk.actions.uploads import Upload, store_uploads
from wagtail_helpdesk.models import (
    Agent,
    Channel,
    Contact,
    Conversation,
    Message,
    Ticket,
)


def start_conversation(
    ticket: Ticket,
    *,
    at: datetime,
    contact: Contact | None = None,
    channel: Channel | None = None,
) -> Conversation:
    """The first conversation of a ticket that was opened without one (B7, B70).

    ``append_message`` saves it with its first message.

    Args:
        ticket: The ticket, locked by the caller.
        at: When.
        contact: With whom; default: the ticket's contact.
        channel: Through which channel; default: the ticket's. The inbox is always the
            ticket's own, whose agents work it.
    """
    return Conversation(
        ticket=ticket,
        inbox=ticket.inbox,
        channel=channel or ticket.channel,
        contact=contact or ticket.contact,
        subject=ticket.subject,
        created_at=at,
        last_message_at=at,
    )


def sent_before(ticket: Ticket, agent: Agent, client_token: str) -> Message | None:
    """What ``agent`` wrote on ``ticket`` with this token, or ``None``."""
    if not client_token:
        return None
    return Message.objects.filter(
        conversation__ticket=ticket, client_token=client_token, author_agent=agent
    ).first()


def append_message(
    conversation: Conversation,
    *,
    direction: Message.Direction,
    author: Agent | Contact,
    at: datetime,
    body_text: str,
    body_html: str = "",
    uploads: Sequence[Upload] = (),
    form_data: Sequence[dict[str, Any]] = (),
    client_token: str = "",
    external_id: str = "",
    release_at: datetime | None = None,
) -> Message:
    """Write a message with the next ``seq`` of a conversation that is locked.

    Args:
        conversation: Locked by the caller; its ``last_seq`` and time are saved. A new
            one, which nobody else knows yet, is saved as a whole.
        direction: Inbound, outbound or internal.
        author: Who wrote it.
        at: When.
        body_text: Cleaned text.
        body_html: HTML as received; it is sanitised whenever it is shown.
        uploads: Checked uploads.
        form_data: Submitted fields, see ``Message.form_data``.
        client_token: Unique within the conversation, or empty.
        external_id: The provider's id of the message, or empty.
        release_at: Until when the author may take it back.
    """
    conversation.last_seq += 1
    conversation.last_message_at = at
    if conversation._state.adding:
        conversation.save(force_insert=True)
    else:
        conversation.save(update_fields=["last_seq", "last_message_at", "status"])
    message = Message(
        conversation=conversation,
        seq=conversation.last_seq,
        direction=direction,
        author_contact=author if isinstance(author, Contact) else None,
        author_agent=author if isinstance(author, Agent) else None,
        body_text=body_text,
        body_html=body_html,
        form_data=list(form_data),
        client_token=client_token or None,
        external_id=external_id,
        created_at=at,
        release_at=release_at,
    )
    insert_message(message)
    store_uploads(message, uploads)
    return message
