"""The small things of a ticket's page, many kinds in one round trip, as plain rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import (
    BigAutoField,
    Case,
    CharField,
    F,
    IntegerField,
    QuerySet,
    Value,
    When,
)
from django.utils.translation import get_language

from wagtail_helpdesk.models import (
    Attachment,
    CannedReply,
    Delivery,
    Identity,
    Message,
    Participant,
    Stage,
    Tag,
    Ticket,
    Watcher,
)
from wagtail_helpdesk.statements.slots import Slot
from wagtail_helpdesk.statements.together import Statement


class StageChoice(NamedTuple):
    """A stage as the page shows it, its label in the active language."""

    pk: int
    category: str
    label: str

    @property
    def is_closed(self) -> bool:
        """Whether a ticket in this stage counts as done."""
        return self.category == Stage.Category.CLOSED


class CannedText(NamedTuple):
    """A canned reply with its language."""

    pk: int
    name: str
    body: str
    language: str


class Mail(NamedTuple):
    """What became of a mail."""

    pk: int
    address: str
    status: str
    error: str
    #: Names it in an address; only where it did not leave.
    token: Any = None


class FileOf(NamedTuple):
    """A file that came with a message."""

    public_id: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Small:
    """The small things of a ticket, read in one round trip.

    Attributes:
        watchers: Keys of the agents who follow it.
        participants: Keys of the contacts who are copied on it.
        tags: Names, in order.
        stages: Those of its pipeline, in order.
        email: The address of its contact, or an empty text.
        canned: All canned replies, in order of their names; none if not asked for.
    """

    watchers: list[int]
    participants: list[int]
    tags: list[str]
    stages: list[StageChoice]
    email: str
    canned: list[CannedText]


def small_things(ticket: Ticket, *, with_canned: bool) -> Small:
    """The small things of a ticket.

    Args:
        ticket: The ticket.
        with_canned: Whether canned replies are needed.
    """
    statement = _small_things(with_canned, Ticket.objects.all().db)
    parts = statement.rows(
        {
            "ticket": ticket.pk,
            "contact": ticket.contact_id,
            "pipeline": ticket.pipeline_id,
        }
    )
    watchers, participants, tags, stages, addresses, *rest = parts
    # As ``Contact.email``: a verified one first, else the oldest.
    _unverified, _pk, email = min(
        ((unverified, pk, value) for pk, unverified, value, *_row in addresses),
        default=(0, 0, ""),
    )
    canned = [
        CannedText(pk, name, body, language)
        for pk, _zero, name, body, language, _empty in (rest[0] if rest else ())
    ]
    return Small(
        watchers=sorted(row[0] for row in watchers),
        participants=sorted(row[0] for row in participants),
        tags=sorted((row[2] for row in tags), key=str.casefold),
        stages=_stages(stages),
        email=email,
        canned=sorted(canned, key=lambda reply: (reply.name.casefold(), reply.pk)),
    )


def _stages(rows: Iterable[Sequence[Any]]) -> list[StageChoice]:
    language = get_language() or ""
    codes = (language, language.split("-")[0])
    labels: dict[tuple[int, int, str, str], dict[str | None, str]] = {}
    for pk, order, name, category, code, label in rows:
        labels.setdefault((order, pk, name, category), {})[code] = label
    return [
        StageChoice(pk, category, next((own[c] for c in codes if c in own), name))
        for (_order, pk, name, category), own in sorted(
            labels.items(), key=lambda item: item[0]
        )
    ]


@lru_cache(maxsize=8)
def _small_things(with_canned: bool, using: str) -> Statement:
    ticket: Any = Slot("ticket", BigAutoField())
    contact: Any = Slot("contact", BigAutoField())
    pipeline: Any = Slot("pipeline", BigAutoField())
    unverified = Case(
        When(verified_at=None, then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    querysets = [
        _columns(Watcher.objects.filter(ticket=ticket), F("agent")),
        _columns(Participant.objects.filter(ticket=ticket), F("contact")),
        _columns(Tag.objects.filter(tickets=ticket), F("pk"), F("name")),
        _columns(
            Stage.objects.filter(pipeline=pipeline),
            F("pk"),
            *(F("name"), F("category")),
            *(F("labels__locale__language_code"), F("labels__name")),
            number=F("order"),
        ),
        _columns(
            Identity.objects.filter(contact=contact, kind=Identity.Kind.EMAIL),
            *(F("pk"), F("value")),
            number=unverified,
        ),
    ]
    if with_canned:
        querysets.append(
            _columns(
                CannedReply.objects.all(),
                *(F("pk"), F("name"), F("body"), F("locale__language_code")),
            )
        )
    return Statement(*querysets, using=using)


def _columns(
    queryset: QuerySet[Any], key: Any, *texts: Any, number: Any = None
) -> QuerySet[Any]:
    """Two numbers and four texts, whatever is missing filled up."""
    filled = {
        "hd_key": key,
        "hd_number": Value(0, IntegerField()) if number is None else number,
    }
    for place in range(4):
        empty = Value("", CharField())
        filled[f"hd_text_{place}"] = texts[place] if place < len(texts) else empty
    return queryset.order_by().annotate(**filled).values_list(*filled)


def carried_by(
    messages: Sequence[int], size: int
) -> tuple[dict[int, list[Mail]], dict[int, list[FileOf]]]:
    """The mails and files of messages, by the message's key.

    Args:
        messages: Keys of at most ``size`` messages.
        size: The number that the statement is kept for.
    """
    mails: dict[int, list[Mail]] = {}
    files: dict[int, list[FileOf]] = {}
    if not messages:
        return mails, files
    keys = list(messages) + [messages[-1]] * (size - len(messages))
    statement = _carried_by(len(keys), Message.objects.all().db)
    sent, attached = statement.rows({"messages": keys})
    for pk, message, _size, address, status, error in sorted(sent):
        mails.setdefault(message, []).append(Mail(pk, address, status, error))
    for _pk, message, bytes_, public_id, name, _empty in sorted(attached):
        files.setdefault(message, []).append(FileOf(public_id, name, bytes_))
    return mails, files


@lru_cache(maxsize=8)
def _carried_by(size: int, using: str) -> Statement:
    messages: Any = Slot("messages", BigAutoField(), size)
    mails = Delivery.objects.filter(
        message__in=messages,
        kind__in=[Delivery.Kind.REPLY, Delivery.Kind.ACKNOWLEDGEMENT],
    ).annotate(hd_zero=Value(0, IntegerField()))
    files = Attachment.objects.filter(message__in=messages).annotate(
        hd_empty=Value("", CharField())
    )
    return Statement(
        mails.order_by().values_list(
            "pk", "message", "hd_zero", "address", "status", "error"
        ),
        files.order_by().values_list(
            "pk", "message", "size", "public_id", "name", "hd_empty"
        ),
        using=using,
    )
