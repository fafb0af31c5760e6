"""Writes the histories of many tickets with few statements."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import models, transaction

from wagtail_helpdesk.actions.uploads import check_uploads, store_uploads
from wagtail_helpdesk.demo.bulk import insert, insert_bare, insert_unkeyed
from wagtail_helpdesk.demo.plans import TicketPlan
from wagtail_helpdesk.demo.replay import Replay
from wagtail_helpdesk.models import (
    Conversation,
    Event,
    Message,
    Stage,
    Tag,
    Ticket,
    TicketNumber,
)

#: Tickets of one transaction.
CHUNK = 2_500


class HistoryWriter:
    """Turns plans into tickets that look as if the actions had run at their time.

    Args:
        rng: Where public ids come from; the same seed on an empty database gives
            the same rows.
    """

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self._stages: dict[int, list[Stage]] = {}
        self._tags: dict[str, Tag] = {}

    def write(self, plans: Iterable[TicketPlan]) -> Iterator[list[Ticket]]:
        """Write all plans, some thousand in one transaction.

        Args:
            plans: In the order of their opening, so that numbers grow with time.

        Yields:
            The tickets of each transaction, after it is committed.
        """
        remaining = iter(plans)
        while chunk := list(islice(remaining, CHUNK)):
            yield self._write(chunk)

    @transaction.atomic
    def _write(self, plans: Sequence[TicketPlan]) -> list[Ticket]:
        numbers = insert_bare(TicketNumber, len(plans))
        played = [
            Replay(plan, number=number, stages=self._stages_of(plan), rng=self.rng)
            for plan, number in zip(plans, numbers, strict=True)
        ]
        tickets = [history.ticket for history in played]
        _save(Ticket, tickets, "number")
        for history in played:
            history.conversation.ticket_id = history.ticket.pk
        _save(Conversation, [h.conversation for h in played], "public_id")
        for history in played:
            history.link_messages()
        insert(Message, [row for h in played for row in h.messages], "public_id")
        for history in played:
            history.link_events()
        insert_unkeyed(Event, [row for h in played for row in h.events])
        self._write_tags(played)
        for history in played:
            for row, files in history.files:
                check_uploads(files)
                store_uploads(Message(**row), files)
        return tickets

    def _stages_of(self, plan: TicketPlan) -> list[Stage]:
        pipeline = plan.channel.inbox.default_pipeline_id
        if pipeline not in self._stages:
            self._stages[pipeline] = list(
                Stage.objects.filter(pipeline=pipeline).order_by("order", "pk")
            )
        return self._stages[pipeline]

    def _write_tags(self, played: Sequence[Replay]) -> None:
        for name in sorted({name for history in played for name in history.tags}):
            if name not in self._tags:
                self._tags[name] = Tag.objects.get_or_create(name=name)[0]
        through = Ticket.tags.through
        insert_unkeyed(
            through,
            [
                {"ticket_id": history.ticket.pk, "tag_id": self._tags[name].pk}
                for history in played
                for name in history.tags
            ],
        )


def _save(model: type[models.Model], instances: Sequence[Any], key: str) -> None:
    """Insert instances with all their fields and give them their ids."""
    names = [field.attname for field in model._meta.concrete_fields]
    names.remove("id")
    rows = [{name: getattr(one, name) for name in names} for one in instances]
    insert(model, rows, key)
    for one, row in zip(instances, rows, strict=True):
        one.pk = row["id"]
