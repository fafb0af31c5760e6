"""All that a portal shows to a customer about themselves, as one JSON text (F11).

The same rules decide as on the pages: ``visible_to_contact`` for tickets, ``shown_in``
for messages. Of the tickets a customer sees only their own are in it. The text is made
while it is sent, in steps of a few hundred rows, so that its length costs no memory.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from itertools import groupby
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override

from wagtail_helpdesk.models import (
    Attachment,
    Contact,
    Message,
    SatisfactionRating,
    Ticket,
)
from wagtail_helpdesk.portal.display import (
    agent_name,
    entries_of,
    for_rows,
    ticket_status,
)
from wagtail_helpdesk.portal.entry import Visit
from wagtail_helpdesk.portal.properties import definitions, visible_properties

FORMAT = "wagtail-helpdesk-own-data"
#: Counts up when a reader of the file has to change.
VERSION = 1
#: Rows that are in memory at a time.
TICKETS, MESSAGES = 50, 200
_BLOCK = 32_768


def own_data(visit: Visit) -> Iterator[str]:
    """The JSON text in pieces.

    Args:
        visit: The visit of the customer whose data it is.
    """
    return _in_blocks(_in_language(get_language(), _OwnData(visit).parts()))


class _OwnData:
    """One download: what is read once, and the parts of the text."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.contact = visit.contact
        self.now = timezone.now()
        self.properties = definitions()

    def parts(self) -> Iterator[str]:
        """The text, one value or ticket or message at a time."""
        head = {
            "format": FORMAT,
            "version": VERSION,
            "created_at": self.now,
            "portal": {"name": self.visit.page.title, "url": self._url(self.visit.url)},
            "profile": profile_of(self.contact),
            "account": account_of(self.visit.request.user),
            "addresses": _rows(
                self.contact.identities.order_by("pk"),
                *("kind", "value", "verified_at", "created_at"),
            ),
            "organizations": [
                {
                    "name": row.organization.name,
                    "role": row.role,
                    "is_primary": row.is_primary,
                    "sees_tickets": row.sees_tickets,
                }
                for row in self.contact.memberships.select_related(
                    "organization"
                ).order_by("pk")
            ],
            "consents": _rows(
                self.contact.consents.order_by("pk"),
                *("source", "language", "text", "given_at", "withdrawn_at"),
            ),
            "sessions": sessions_of(self.visit.request.user),
        }
        yield f'{_json(head)[:-1]}, "tickets": [\n'
        between = ""
        for parts in self._tickets():
            yield between
            yield from parts
            between = ",\n"
        yield "\n]}\n"

    def _tickets(self) -> Iterator[Iterator[str]]:
        """Each ticket in parts, which have to be read before the next one."""
        own = Ticket.objects.visible_to_contact(self.contact, self.visit.rules)
        merged = Ticket.objects.filter(contact=self.contact).exclude(merged_into=None)
        mine = Q(contact=self.contact) | Q(pk__in=merged.values("merged_into"))
        rated = Exists(self._said().filter(of_ticket=OuterRef("pk")))
        own = for_rows(own.filter(mine), self.visit.rules).annotate(is_rated=rated)
        last = 0
        while batch := list(own.filter(pk__gt=last).order_by("pk")[:TICKETS]):
            last = batch[-1].pk
            said = self._ratings(batch)
            threads = groupby(self._messages(batch), key=lambda m: int(m.of_ticket))
            thread = next(threads, None)
            for ticket in batch:
                if thread is not None and thread[0] == ticket.pk:
                    yield self._ticket(ticket, said[ticket.pk], thread[1])
                    thread = next(threads, None)
                else:
                    yield self._ticket(ticket, said[ticket.pk], ())

    def _ratings(self, tickets: list[Any]) -> dict[int, list[SatisfactionRating]]:
        """What the contact said of these tickets and of those merged into them."""
        keys = [ticket.pk for ticket in tickets if ticket.is_rated]
        found: dict[int, list[SatisfactionRating]] = defaultdict(list)
        if keys:
            for rating in self._said().filter(of_ticket__in=keys).order_by("pk"):
                found[rating.of_ticket].append(rating)
        return found

    def _said(self) -> QuerySet[Any]:
        """All that the contact said, each with the ticket it is shown on."""
        said = SatisfactionRating.objects.filter(contact=self.contact)
        shown = Coalesce("ticket__merged_into", "ticket")
        return said.annotate(of_ticket=shown)

    def _messages(self, tickets: Sequence[Ticket]) -> Iterator[Any]:
        """What the portal shows of these tickets, by ticket and then by time."""
        shown = (
            Message.objects.shown_in(self.visit.rules, now=self.now)
            .filter(conversation__ticket__in=[ticket.pk for ticket in tickets])
            .annotate(
                of_ticket=F("conversation__ticket"),
                has_files=Exists(Attachment.objects.filter(message=OuterRef("pk"))),
            )
            .select_related("author_contact", "author_agent__user")
            .prefetch_related("attachments")
            .order_by("of_ticket", "created_at", "pk")
        )
        after = Q()
        while batch := list(shown.filter(after)[:MESSAGES]):
            yield from batch
            last: Any = batch[-1]
            same = Q(of_ticket=last.of_ticket)
            after = (
                Q(of_ticket__gt=last.of_ticket)
                | (same & Q(created_at__gt=last.created_at))
                | (same & Q(created_at=last.created_at, pk__gt=last.pk))
            )

    def _ticket(
        self,
        ticket: Ticket,
        ratings: Iterable[SatisfactionRating],
        messages: Iterable[Any],
    ) -> Iterator[str]:
        rules = self.visit.rules
        head = {
            "reference": ticket.reference,
            "id": ticket.public_id,
            "url": self._url(self.visit.ticket_url(ticket)),
            "subject": ticket.subject,
            "status": ticket_status(ticket, rules).label,
            "is_closed": ticket.is_closed,
            "owner": agent_name(ticket.owner, rules) if ticket.owner else "",
            "language": ticket.language,
            "created_at": ticket.created_at,
            "closed_at": ticket.closed_at,
            "properties": [
                {"label": label, "value": value}
                for label, value in visible_properties(ticket, self.properties)
            ],
            "ratings": [
                {
                    "score": rating.score,
                    "comment": rating.comment,
                    "created_at": rating.created_at,
                    "changed_at": rating.changed_at,
                }
                for rating in ratings
            ],
        }
        yield f'{_json(head)[:-1]}, "messages": ['
        between = ""
        for message in messages:
            yield f"{between}\n{_json(self._message(message))}"
            between = ","
        yield "]}"

    def _message(self, message: Any) -> dict[str, Any]:
        (entry,) = entries_of([message], viewer=self.contact, rules=self.visit.rules)
        return {
            "id": message.public_id,
            "created_at": message.created_at,
            "author": entry.author,
            "is_from_support": entry.is_support,
            "text": message.body_text,
            "html": str(message.safe_html) if message.body_html else "",
            "answers": [
                {"label": row.get("label", ""), "value": row.get("value", "")}
                for row in message.form_data
                # Hidden inputs were filled by the site, and no page shows them.
                if isinstance(row, dict) and not row.get("hidden")
            ],
            "attachments": [
                {
                    "name": file.name,
                    "content_type": file.content_type,
                    "size": file.size,
                    "sha256": file.sha256,
                    "url": self._url(
                        reverse("wagtail_helpdesk:attachment", args=[file.public_id])
                    ),
                }
                for file in entry.attachments
            ],
        }

    def _url(self, path: str) -> str:
        return self.visit.request.build_absolute_uri(path)


def profile_of(contact: Contact) -> dict[str, Any]:
    """What a contact has said about themselves, and which mails they get."""
    return {
        "id": contact.public_id,
        "name": contact.name,
        "language": contact.language,
        "time_zone": contact.time_zone,
        "mails": {mail.value: contact.wants(mail) for mail in Contact.Mail},
        "created_at": contact.created_at,
    }


def account_of(user: Any) -> dict[str, Any]:
    """The account somebody signs in with; never a password, not even its hash."""
    names = ("email", "first_name", "last_name", "date_joined", "last_login")
    account = {name: getattr(user, name, None) for name in names}
    return {"username": user.get_username(), **account}


def sessions_of(user: Any) -> list[dict[str, Any]]:
    """Where the account was signed in, as far as the site keeps it; never a key."""
    if not apps.is_installed("allauth.usersessions"):
        return []
    from allauth.usersessions.models import UserSession

    rows = UserSession.objects.filter(user_id=user.pk).order_by("pk")
    return _rows(rows, "ip", "user_agent", "created_at", "last_seen_at")


def _rows(queryset: Any, *columns: str) -> list[dict[str, Any]]:
    return list(queryset.values(*columns))


class _Encoder(DjangoJSONEncoder):
    """Times in UTC, whatever the zone that is active while the text is sent."""

    def default(self, o: Any) -> Any:
        if hasattr(o, "astimezone") and getattr(o, "tzinfo", None):
            o = o.astimezone(UTC)
        return super().default(o)


def _json(value: Any) -> str:
    return json.dumps(value, cls=_Encoder, ensure_ascii=False)


def _in_language(language: str | None, parts: Iterator[str]) -> Iterator[str]:
    """Make each part in the language of the request, which is over by then."""
    while True:
        with override(language):
            part = next(parts, None)
        if part is None:
            return
        yield part


def _in_blocks(parts: Iterable[str]) -> Iterator[str]:
    """Fewer, longer pieces: each is a write to the network."""
    block: list[str] = []
    length = 0
    for part in parts:
        block.append(part)
        length += len(part)
        if length >= _BLOCK:
            yield "".join(block)
            block, length = [], 0
    yield "".join(block)
