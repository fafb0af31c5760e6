"""What the data consists of, as plain values that no system owns.

``number`` counts from 0 and is what other records refer to. Times are aware, in UTC.
Tuples, because a million tickets bring ten million of them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, NamedTuple

Kind = Literal["message", "note", "stage", "owner", "priority"]
Stage = Literal["new", "open", "waiting", "closed"]


class Organization(NamedTuple):
    """A company whose people ask."""

    number: int
    name: str
    domain: str


class Contact(NamedTuple):
    """A person who asks; ``organization`` is a number or ``None``."""

    number: int
    name: str
    email: str
    language: str
    organization: int | None


class Agent(NamedTuple):
    """A member of staff."""

    number: int
    first_name: str
    last_name: str
    email: str


class Inbox(NamedTuple):
    """Where tickets come in: an inbox, a queue, a department."""

    number: int
    name: str
    slug: str
    email: str


class Attachment(NamedTuple):
    """A small text file."""

    name: str
    content: bytes


class Entry(NamedTuple):
    """What happened to a ticket after it was opened.

    Attributes:
        at: When.
        kind: ``message`` and ``note`` have a text; ``stage``, ``owner`` and
            ``priority`` a value.
        agent: Number of the agent who did it; ``None``: the contact of the ticket.
        text: What was written.
        value: The new stage (``"open"``), owner (number of an agent) or priority (1
            low to 4 urgent).
        files: Files that came with a message.
    """

    at: datetime
    kind: Kind
    agent: int | None
    text: str = ""
    value: str | int = ""
    files: tuple[Attachment, ...] = ()


class Ticket(NamedTuple):
    """A ticket and everything that happened to it, in the order of time.

    Attributes:
        number: Its place by the time it was opened; the first is 0.
        subject: One line.
        body: The opening message, by the contact.
        contact: Number of who asks.
        organization: Number of their organization, or ``None``.
        inbox: Number of where it came in.
        opened_at: When.
        language: ``en``, ``es`` or ``pt``.
        priority: 1 (low) to 4 (urgent) as it was opened.
        tags: Words agents put on it.
        files: Files that came with the opening message.
        entries: What followed.
        stage: The stage it ends in.
        owner: Number of the agent it ends with, or ``None``.
    """

    number: int
    subject: str
    body: str
    contact: int
    organization: int | None
    inbox: int
    opened_at: datetime
    language: str
    priority: int
    tags: tuple[str, ...]
    files: tuple[Attachment, ...]
    entries: tuple[Entry, ...]
    stage: Stage
    owner: int | None

    @property
    def messages(self) -> int:
        """Messages and notes, the opening one among them."""
        return 1 + sum(1 for e in self.entries if e.kind in ("message", "note"))


class Category(NamedTuple):
    """A section of the knowledge base; a private one is for one group only."""

    number: int
    title: str
    slug: str
    is_private: bool


class Article(NamedTuple):
    """An article of the knowledge base, in English.

    Attributes:
        number: From 0 to 499.
        title: Unique.
        slug: Unique.
        category: Number of its section.
        summary: One sentence.
        body: Parts in their order: (``"heading"`` | ``"paragraph"`` | ``"list"`` |
            ``"code"``, text); the items of a list are lines.
    """

    number: int
    title: str
    slug: str
    category: int
    summary: str
    body: tuple[tuple[str, str], ...]

    def as_html(self) -> str:
        """The body as HTML; the texts have nothing in them that needs escaping."""
        parts = []
        for kind, text in self.body:
            if kind == "heading":
                parts.append(f"<h2>{text}</h2>")
            elif kind == "list":
                items = "".join(f"<li>{line}</li>" for line in text.splitlines())
                parts.append(f"<ol>{items}</ol>")
            elif kind == "code":
                parts.append(f"<pre><code>{text}</code></pre>")
            else:
                parts.append(f"<p>{text}</p>")
        return "\n".join(parts)

    def as_markdown(self) -> str:
        """The body as Markdown."""
        parts = []
        for kind, text in self.body:
            if kind == "heading":
                parts.append(f"## {text}")
            elif kind == "list":
                parts.append("\n".join(f"1. {line}" for line in text.splitlines()))
            elif kind == "code":
                parts.append("\n".join(f"    {line}" for line in text.splitlines()))
            else:
                parts.append(text)
        return "\n\n".join(parts)
