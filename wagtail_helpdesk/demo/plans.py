"""What happened to a ticket, step by step, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from wagtail_helpdesk.actions import Origin, Upload
from wagtail_helpdesk.models import Agent, Channel, Contact, Priority, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrote:
    """Somebody wrote: a contact, or an agent to the customer or as a note."""

    at: datetime
    author: Agent | Contact
    text: str
    is_note: bool = False
    files: Sequence[Upload] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """An agent, or the system, moved the ticket to another stage of its pipeline."""

    at: datetime
    stage: Stage
    actor: Agent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """The ticket got another owner, or none."""

    at: datetime
    owner: Agent | None
    actor: Agent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prioritised:
    """The ticket became more or less urgent."""

    at: datetime
    priority: int
    actor: Agent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged:
    """The ticket got these tags instead of those it had."""

    at: datetime
    tags: Sequence[str]
    actor: Agent | None = None


Step = Wrote | Moved | Assigned | Prioritised | Tagged


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketPlan:
    """A ticket and everything that happened to it.

    Attributes:
        channel: Where it came in; decides inbox, pipeline and defaults.
        contact: Who asks.
        opened_at: When.
        subject: Its subject.
        body: The first message.
        files: Files that came with it.
        steps: What followed, in the order of time.
        language: Language code.
        priority: A ``Priority``, as it was at the start.
        type: The ticket's type, or empty.
        properties: Custom properties by key.
        form_data: Submitted fields, see ``Message.form_data``.
        origin: The page it came from.
    """

    channel: Channel
    contact: Contact
    opened_at: datetime
    subject: str
    body: str
    files: Sequence[Upload] = ()
    steps: Sequence[Step] = ()
    language: str = ""
    priority: int = Priority.NORMAL
    type: str = ""
    properties: dict[str, Any] = field(default_factory=dict)
    form_data: Sequence[dict[str, Any]] = ()
    origin: Origin = field(default_factory=Origin)
