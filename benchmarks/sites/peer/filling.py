"""Fills django-helpdesk's tables as its own forms and mail intake would.

A ticket opens with a public follow-up that repeats its text; each message is a public
follow-up and each note a private one; what an agent changes is a follow-up with a
``TicketChange``. Stages that it does not have (new, waiting) are its status "Open".
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from helpdesk.models import (
    FollowUp,
    FollowUpAttachment,
    KBCategory,
    KBItem,
    Queue,
    Ticket,
    TicketChange,
)

from benchmarks.dataset import Dataset, Entry
from benchmarks.dataset import Ticket as Record
from benchmarks.dataset.core import END
from benchmarks.mails import INBOX
from benchmarks.sinks import Sink, bulk_loading
from benchmarks.sites.databases import FILES

#: Its priorities run from 1, critical, to 5.
PRIORITIES = {1: 4, 2: 3, 3: 2, 4: 1}
_CHUNK = 2_000
_OPEN, _CLOSED = Ticket.OPEN_STATUS, Ticket.CLOSED_STATUS


def shared_address(data: Dataset) -> str:
    """The address from which the whole huge organization writes.

    django-helpdesk knows no organizations: a customer's list is the tickets of one
    address. A company whose people want to see all of them uses one together.
    """
    return f"office@{data.people.organization(0).domain}"


#: Where ``get_email`` finds mails; the queue "Support" reads it.
MAIL_FOLDER = FILES / "mail"


def fill(data: Dataset, *, seed: int, note: Callable[[str], None]) -> None:
    """Load everything into the migrated, empty database."""
    call_command("loaddata", "emailtemplate", verbosity=0)
    queues = [
        Queue.objects.create(
            title=inbox.name,
            slug=inbox.slug,
            email_address=inbox.email,
            allow_public_submission=True,
            allow_email_submission=True,
        )
        for inbox in data.inboxes()
    ]
    MAIL_FOLDER.mkdir(parents=True, exist_ok=True)
    Queue.objects.filter(pk=queues[INBOX].pk).update(
        email_box_type="local",
        email_box_local_dir=str(MAIL_FOLDER),
        # At each run, not only after five minutes.
        email_box_interval=0,
        logging_type="none",
    )
    agents = [
        _user(agent.email, agent.first_name, agent.last_name, is_staff=True)
        for agent in data.agents()
    ]
    _user(shared_address(data), "Office", "Huge")
    small = data.people.contact(data.people.small_contact)
    _user(small.email, *small.name.split(" ", 1))
    _fill_knowledge_base(data)
    with bulk_loading([Ticket, FollowUp, TicketChange, FollowUpAttachment]):
        writer = _Writer(data, seed, queues, agents)
        for done in writer.write():
            if done % 50_000 == 0:
                note(f"{done} tickets")


def _user(email: str, first_name: str, last_name: str, **more: Any) -> Any:
    user = get_user_model()(
        username=email, email=email, first_name=first_name, last_name=last_name, **more
    )
    user.set_unusable_password()
    user.save()
    return user


def _fill_knowledge_base(data: Dataset) -> None:
    categories = [
        KBCategory.objects.create(
            name=category.title,
            title=category.title,
            slug=category.slug,
            description=f"All about {category.title}.",
            public=not category.is_private,
        )
        for category in data.categories()
    ]
    KBItem.objects.bulk_create(
        KBItem(
            category=categories[article.category],
            title=article.title,
            question=article.summary,
            answer=article.as_markdown(),
            last_updated=END,
            order=article.number,
        )
        for article in data.articles()
    )


class _Writer:
    """Turns tickets of the data set into rows."""

    def __init__(
        self, data: Dataset, seed: int, queues: list[Any], agents: list[Any]
    ) -> None:
        self.data = data
        self.seed = seed
        self.queues = queues
        self.agents = agents
        self.shared = shared_address(data)
        self._tickets = Sink(Ticket)
        self._followups = Sink(FollowUp)
        self._changes = Sink(TicketChange, own_id=False)
        self._attachments = Sink(FollowUpAttachment, own_id=False)

    def write(self) -> Iterator[int]:
        """Write all, some thousand at a time; yields how many are written."""
        remaining = self.data.tickets()
        while chunk := list(islice(remaining, _CHUNK)):
            rng = Random(f"{self.seed}/keys/{chunk[0].number}")
            for record in chunk:
                self._add(record, rng)
            sinks = (self._tickets, self._followups, self._changes, self._attachments)
            for sink in sinks:
                sink.flush()
            yield self._tickets.count

    def _add(self, record: Record, rng: Random) -> None:
        pk = record.number + 1
        key = str(uuid.UUID(int=rng.getrandbits(128), version=4))
        state = {"status": _OPEN, "priority": PRIORITIES[record.priority]}
        state["assigned_to_id"] = None
        folder = f"{self.queues[record.inbox].slug}-{pk}-{key}"
        opening = self._follow_up(
            pk, record.opened_at, "Ticket Opened Via Web", record.body
        )
        self._attach(opening, folder, record.files)
        modified = record.opened_at
        for entry in record.entries:
            modified = entry.at
            self._play(pk, entry, state, folder)
        self._tickets.add(
            {
                "id": pk,
                "title": record.subject,
                "queue_id": self.queues[record.inbox].pk,
                "created": record.opened_at,
                "modified": modified,
                "submitter_email": self._address(record),
                "description": record.body,
                "secret_key": key,
                **state,
            }
        )

    def _address(self, record: Record) -> str:
        if record.organization == 0:
            return self.shared
        return self.data.people.contact(record.contact).email

    def _play(self, pk: int, entry: Entry, state: dict[str, Any], folder: str) -> None:
        agent = None if entry.agent is None else self.agents[entry.agent]
        if entry.kind in ("message", "note"):
            public = entry.kind == "message"
            follow_up = self._follow_up(
                pk, entry.at, "Comment", entry.text, agent=agent, public=public
            )
            self._attach(follow_up, folder, entry.files)
        elif entry.kind == "owner":
            owner = self.agents[int(entry.value)]
            title = f"Assigned to {owner.get_username()}"
            follow_up = self._follow_up(pk, entry.at, title, "", agent=agent)
            self._change(follow_up, "Owner", "", str(owner))
            state["assigned_to_id"] = owner.pk
        elif entry.kind == "priority":
            new = PRIORITIES[int(entry.value)]
            if new != state["priority"]:
                follow_up = self._follow_up(pk, entry.at, "Updated", "", agent=agent)
                self._change(follow_up, "Priority", str(state["priority"]), str(new))
                state["priority"] = new
        elif entry.value == "closed":
            follow_up = self._follow_up(
                pk, entry.at, "Closed", "", agent=agent, new_status=_CLOSED
            )
            self._change(follow_up, "Status", "Open", "Closed")
            state["status"] = _CLOSED

    def _follow_up(
        self,
        ticket: int,
        at: Any,
        title: str,
        comment: str,
        *,
        agent: Any = None,
        public: bool = True,
        new_status: int | None = None,
    ) -> int:
        pk = self._followups.next_id
        self._followups.add(
            {
                "id": pk,
                "ticket_id": ticket,
                "date": at,
                "title": title,
                "comment": comment,
                "public": public,
                "user_id": agent.pk if agent else None,
                "new_status": new_status,
                "email_recipients": None,
            }
        )
        return pk

    def _change(self, follow_up: int, field: str, old: str, new: str) -> None:
        self._changes.add(
            {
                "followup_id": follow_up,
                "field": field,
                "old_value": old,
                "new_value": new,
            }
        )

    def _attach(self, follow_up: int, folder: str, files: Any) -> None:
        for file in files:
            name = f"helpdesk/attachments/{folder}/{follow_up}/{file.name}"
            path = Path(settings.MEDIA_ROOT, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.content)
            self._attachments.add(
                {
                    "followup_id": follow_up,
                    "file": name,
                    "filename": file.name,
                    "mime_type": "text/plain",
                    "size": len(file.content),
                }
            )
