"""What happened outside, in our words: every channel's adapter says it this way."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What an event is about."""

    #: Somebody wrote.
    MESSAGE = "message"
    #: A mail of ours did not arrive.
    BOUNCE = "bounce"
    #: Nothing for us; ``reason`` says why.
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Party:
    """Who wrote, as the channel says it; nothing of it is proven.

    Attributes:
        email: Their address, or empty if the channel knows none.
        name: Their name, or empty.
    """

    email: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class InboundFile:
    """A file that came with a message.

    Attributes:
        name: As the sender's machine calls it.
        content: The bytes.
        content_type: What the sender claims; never believed.
    """

    name: str
    content: bytes
    content_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundEvent:
    """One thing that happened outside. Channels know nothing of tickets.

    Attributes:
        kind: What it is about.
        key: Names this event within its channel, at most 200 characters: the same key
            twice has one effect.
        party: Who wrote; ``None`` where nobody did, or nobody is named.
        external_id: The provider's id of the message, at most 255 characters; or empty.
        subject: One line, may be empty.
        text: What was written, as plain text.
        html: The same as HTML, as received; or empty.
        files: Its files.
        tokens: Deliveries of ours that it answers, proven by our signature; the
            nearest first.
        answers: Ids of messages that it says it answers, the nearest first. Anybody
            may write anything there.
        ticket_number: The number of a ticket that it names; anybody may name any.
        is_automatic: A machine wrote it.
        may_be_answered: Whether a machine may answer it.
        is_cut: It has more than this; the receipt has all of it.
        is_permanent: Of a bounce: whether trying again is of no use.
        reason: Of a bounce: what the other side said. Of ``IGNORED``: why.
    """

    kind: Kind
    key: str = ""
    party: Party | None = None
    external_id: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""
    files: tuple[InboundFile, ...] = ()
    tokens: tuple[uuid.UUID, ...] = ()
    answers: tuple[str, ...] = ()
    ticket_number: int | None = None
    is_automatic: bool = False
    may_be_answered: bool = True
    is_cut: bool = False
    is_permanent: bool = False
    reason: str = ""
