"""What a ticket's page shows beside the messages themselves, read at once (UX33).

Each part is a small question of its own, and the answer to most is nothing; one after
the other they would be half of what the page asks. Which rows there are, and what they
mean, is said where each of them belongs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db.models import DateTimeField, IntegerField, QuerySet
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from wagtail_helpdesk.actions.close_own_ticket import closed_stage_among
from wagtail_helpdesk.models import (
    Attachment,
    PortalRules,
    SatisfactionRating,
    Stage,
    StageLabel,
    Ticket,
)
from wagtail_helpdesk.models.pipelines import StageNames
from wagtail_helpdesk.portal.entry import Visit
from wagtail_helpdesk.portal.people import Person, people_in, people_rows
from wagtail_helpdesk.portal.rating import Asked, RatingForm, asked_until
from wagtail_helpdesk.statements.slots import Slot
from wagtail_helpdesk.statements.together import Part, Row, Statement, aligned


@dataclass(slots=True)
class Beside:
    """What is known of a ticket beside its messages.

    Attributes:
        files: The files of messages, by the messages' keys.
        people: Who was added to it.
        may_close: Whether the button "Close" would work (R8).
        asked: The question how our help was.
        follows: The ticket that this one follows, if the reader may see it.
        followed_by: The newest ticket that follows this closed one, by the same rule.
    """

    files: dict[int, list[Attachment]] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)
    may_close: bool = False
    asked: Asked | None = None
    follows: Ticket | None = None
    followed_by: Ticket | None = None


def read_beside(
    visit: Visit,
    ticket: Ticket,
    thread: Iterable[Any],
    *,
    asked: Asked | None = None,
    chosen: Mapping[str, str] | None = None,
) -> Beside:
    """Read it, in one query. The ticket's stage knows its names afterwards.

    Args:
        visit: The request.
        ticket: A ticket that ``find_ticket`` has let through.
        thread: The messages of the page, with ``has_files``.
        asked: The question how our help was, if an answer stands in it.
        chosen: What is chosen in it beforehand; see ``RatingForm``.
    """
    with_files = [message.pk for message in thread if message.has_files]
    using = Ticket.objects.db
    wanted: dict[str, QuerySet[Any, Any] | Part] = {}
    if with_files:
        wanted["files"] = _files(with_files)
    if visit.rules.show_stages:
        wanted["labels"] = _labels(using)
    if not visit.is_guest:
        wanted["people"] = _people(visit.rules.thread_policy, using)
        wanted |= _related(visit, ticket)
    ends_at = asked_until(visit.page, ticket, visit.contact)
    if ends_at is not None and asked is None:
        own = SatisfactionRating.objects.of_closing(ticket, visit.contact)
        wanted["given"] = aligned(own, numbers=("pk", "score"), texts=("comment",))
    asks_closing = visit.rules.may_close and not ticket.is_closed
    if asks_closing:
        wanted["closed"] = _closed(using)
        # Of a draft, the choice is not in the database; other rules have their own.
        is_own = isinstance(visit.rules.closed_stages, SimpleLazyObject)
        if is_own and not visit.page.closed_stages.is_deferring:
            rows = visit.page.closed_stages.filter(stage__pipeline=ticket.pipeline_id)
            wanted["chosen"] = aligned(rows, numbers=("stage_id",))
    if not wanted:
        return Beside(asked=asked)
    values = {
        "ticket": ticket.pk,
        "stage": ticket.stage_id,
        "pipeline": ticket.pipeline_id,
        "now": timezone.now(),
    }
    rows_of = Statement(*wanted.values(), using=using).rows(values)
    found = dict(zip(wanted, rows_of, strict=True))

    if "labels" in found:
        ticket.stage.know_names(
            {row[3]: StageNames(row[4], row[5]) for row in found["labels"]}
        )
    beside = Beside(
        files=_files_in(found.get("files", ())),
        asked=asked,
        people=people_in(found.get("people", ()), visit.contact),
        follows=_ticket_in(found.get("follows")),
        followed_by=_ticket_in(found.get("followed_by")),
    )
    if ends_at is not None and asked is None:
        given = _rating_in(found["given"])
        form = RatingForm(given=given, chosen=chosen)
        beside.asked = Asked(visit.page.rating_text, given, ends_at, form)
    if asks_closing:
        key = (
            next((row[0] for row in found["chosen"]), None)
            if "chosen" in found
            else visit.rules.closed_stages.get(ticket.pipeline_id)
        )
        closed = {row[0] for row in found["closed"]}
        beside.may_close = closed_stage_among(closed, key) is not None
    return beside


def _files(messages: Collection[int]) -> QuerySet[Any, Any]:
    files = Attachment.objects.filter(message__in=messages)
    return aligned(
        files, numbers=("pk", "message_id", "size"), texts=("public_id", "name")
    )


def _files_in(rows: Iterable[Row]) -> dict[int, list[Attachment]]:
    files: defaultdict[int, list[Attachment]] = defaultdict(list)
    for pk, message, size, public_id, name, _none in sorted(rows):
        one = Attachment(
            pk=pk, message_id=message, size=size, public_id=public_id, name=name
        )
        files[message].append(one)
    return files


def _rating_in(rows: Iterable[Row]) -> SatisfactionRating | None:
    for pk, score, _none, comment, *_rest in rows:
        return SatisfactionRating(pk=pk, score=score, comment=comment)
    return None


@lru_cache
def _people(thread_policy: str, using: str) -> Part:
    # Of the portal's rules, only this one decides which messages show.
    rules = PortalRules(thread_policy=thread_policy)
    now = Slot("now", DateTimeField())
    return Part(people_rows(_slot("ticket"), rules, now=now), using)


@lru_cache
def _labels(using: str) -> Part:
    labels = aligned(
        StageLabel.objects.filter(stage=_slot("stage")),
        numbers=("pk",),
        texts=("locale__language_code", "name", "customer_label"),
    )
    return Part(labels, using)


@lru_cache
def _closed(using: str) -> Part:
    closed = Stage.objects.closed().filter(pipeline=_slot("pipeline"))
    return Part(aligned(closed.order_by(), numbers=("pk",)), using)


def _slot(name: str) -> Slot:
    return Slot(name, IntegerField())


def _related(visit: Visit, ticket: Ticket) -> dict[str, QuerySet[Any, Any]]:
    if ticket.follow_up_of_id is None and not ticket.is_closed:
        return {}
    seen = Ticket.objects.visible_to_contact(visit.contact, visit.rules)
    related = {}
    if ticket.follow_up_of_id is not None:
        related["follows"] = seen.filter(pk=ticket.follow_up_of_id)
    if ticket.is_closed:
        related["followed_by"] = seen.filter(follow_up_of=ticket)
    return {
        name: aligned(
            tickets, numbers=("pk", "number"), texts=("public_id", "subject")
        ).order_by("-pk")[:1]
        for name, tickets in related.items()
    }


def _ticket_in(rows: Iterable[Row] | None) -> Ticket | None:
    for pk, number, _none, public_id, subject, _empty in rows or ():
        return Ticket(pk=pk, number=number, public_id=public_id, subject=subject)
    return None
