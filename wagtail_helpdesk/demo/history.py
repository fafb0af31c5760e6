"""Writes the histories of many tickets with few statements."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from django.db import transaction

from wagtail_helpdesk.actions.uploads import check_uploads, store_uploads
from wagtail_helpdesk.demo.bulk import BATCH, insert, insert_bare, insert_unkeyed
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
CHUNK = 1_000


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
        """Write all plans, a thousand in one transaction.

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
        numbers = insert_bare(TicketNumber, [TicketNumber() for _plan in plans])
        played = [
            Replay(plan, number=number, stages=self._stages_of(plan), rng=self.rng)
            for plan, number in zip(plans, numbers, strict=True)
        ]
        tickets = [history.ticket for history in played]
        insert(Ticket, tickets, "number")
        for history in played:
            history.conversation.ticket_id = history.ticket.pk
        insert(Conversation, [h.conversation for h in played], "public_id")
        for history in played:
            for message in history.messages:
                message.conversation_id = history.conversation.pk
        insert(Message, [m for h in played for m in h.messages], "public_id")
        for history in played:
            history.link_events()
        insert_unkeyed(Event, [e for h in played for e in h.events])
        self._write_tags(played)
        for history in played:
            for message, files in history.files:
                check_uploads(files)
                store_uploads(message, files)
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
        through.objects.bulk_create(
            (
                through(ticket_id=history.ticket.pk, tag_id=self._tags[name].pk)
                for history in played
                for name in history.tags
            ),
            batch_size=BATCH,
        )
