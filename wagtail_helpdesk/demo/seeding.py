"""Any number of believable tickets, the same ones for the same seed."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.base import ContentFile

from wagtail_helpdesk.actions import Upload
from wagtail_helpdesk.demo.desk import Desk, find_or_make_desks
from wagtail_helpdesk.demo.history import HistoryWriter
from wagtail_helpdesk.demo.plans import (
    Assigned,
    Moved,
    Prioritised,
    Step,
    Tagged,
    TicketPlan,
    Wrote,
)
from wagtail_helpdesk.demo.population import find_or_make_contacts
from wagtail_helpdesk.demo.threads import Conversationalist
from wagtail_helpdesk.models import Contact, Priority, Stage, TicketNumber

#: Messages of a ticket: half have six or fewer, few have many.
MEDIAN_MESSAGES = 6
MOST_MESSAGES = 200
#: Days over which the tickets are spread.
DAYS = 730
_FILES_AT_MOST = 400
_TAGS = ("firmware", "billing", "pairing", "vpn", "returns", "how-to", "outage")


def seed(*, tickets: int, seed: int, now: datetime) -> Iterator[int]:
    """Make tickets of the last two years, with everything they need.

    Few organizations have most of the tickets; most tickets are closed; the languages
    are English, Spanish and Portuguese. Run again, it adds as many again.

    Args:
        tickets: How many to add.
        seed: The same seed on the same database gives the same tickets.
        now: When the history ends.

    Yields:
        How many tickets are written so far, after each transaction.
    """
    # A second run with the same seed must not repeat the ids of the first.
    newest = TicketNumber.objects.order_by("-pk").values_list("pk", flat=True).first()
    rng = random.Random(f"{seed}/{newest or 0}")  # noqa: S311  (no secret)
    desks = find_or_make_desks()
    contacts = find_or_make_contacts(
        tickets=tickets, since=now - timedelta(days=DAYS + 1)
    )
    planner = Planner(desks=desks, contacts=contacts, now=now, rng=rng)
    done = 0
    for written in HistoryWriter(rng).write(planner.plans(tickets)):
        done += len(written)
        yield done


class Planner:
    """Decides what happened to each ticket.

    Args:
        desks: Where tickets come in; the first gets most of them.
        contacts: Who asks; the first ask most.
        now: Nothing happens later.
        rng: Decides everything.
    """

    def __init__(
        self,
        *,
        desks: list[Desk],
        contacts: list[Contact],
        now: datetime,
        rng: random.Random,
    ) -> None:
        self.desks = desks
        self.contacts = contacts
        self.now = now
        self.rng = rng
        self.desk_weights = [1 / (index + 1) for index in range(len(desks))]
        self.files_left = _FILES_AT_MOST

    def plans(self, count: int) -> Iterator[TicketPlan]:
        """As many tickets, the oldest first; the business grows with the years."""
        hours = DAYS * 24
        opened = sorted(hours * math.sqrt(self.rng.random()) for _ in range(count))
        start = self.now - timedelta(hours=hours)
        for hour in opened:
            yield self.plan(start + timedelta(hours=hour))

    def plan(self, at: datetime) -> TicketPlan:
        """One ticket that was opened at this time."""
        rng = self.rng
        contact = self.contacts[int(len(self.contacts) * rng.random() ** 2)]
        desk = rng.choices(self.desks, self.desk_weights)[0]
        texts = Conversationalist(contact.language or "en", rng)
        return TicketPlan(
            channel=desk.channel,
            contact=contact,
            opened_at=at,
            subject=texts.subject(),
            body=texts.opening(),
            files=self._files(),
            steps=list(self._steps(desk, contact, texts, at)),
            language=contact.language,
            priority=rng.choices(Priority.values, (15, 70, 12, 3))[0],
        )

    def _length(self) -> int:
        """How many messages: log-normal around the median, with a long tail."""
        if self.rng.random() < 0.002:
            return self.rng.randint(40, MOST_MESSAGES)
        length = round(self.rng.lognormvariate(math.log(MEDIAN_MESSAGES), 0.6))
        return min(MOST_MESSAGES, max(1, length))

    def _steps(
        self, desk: Desk, contact: Contact, texts: Conversationalist, opened: datetime
    ) -> Iterator[Step]:
        """The steps until the ticket is closed, or until now."""
        rng, at = self.rng, opened
        length = self._length()
        owner = rng.choice(desk.agents)
        will_close = rng.random() < self._closed_share(opened)
        if length > 1 and rng.random() < 0.9:
            at = self._later(at, hours=2)
            if at >= self.now:
                return
            yield Assigned(at=at, owner=owner, actor=owner)
            working = desk.stage(Stage.Category.OPEN)
            if working is not None:
                yield Moved(at=at, stage=working, actor=owner)
        if rng.random() < 0.25:
            tags = rng.sample(_TAGS, rng.randint(1, 2))
            yield Tagged(at=at, tags=tags, actor=owner)
        waiting = desk.stage(Stage.Category.WAITING)
        is_customers_turn = False
        for index in range(1, length):
            at = self._later(at, hours=8 if length < 40 else 1)
            if at >= self.now:
                return
            is_last = will_close and index >= length - 2
            if rng.random() < 0.12:
                yield Wrote(at=at, author=owner, text=texts.note(), is_note=True)
            elif is_customers_turn:
                text = texts.customer(is_last=is_last)
                yield Wrote(at=at, author=contact, text=text, files=self._files())
                is_customers_turn = False
            else:
                yield Wrote(at=at, author=owner, text=texts.agent(is_last=is_last))
                is_customers_turn = True
                if waiting is not None and rng.random() < 0.15:
                    yield Moved(at=at, stage=waiting, actor=owner)
            if rng.random() < 0.02:
                priority = rng.choice(Priority.values)
                yield Prioritised(at=at, priority=priority, actor=owner)
        closed = desk.stage(Stage.Category.CLOSED)
        at = self._later(at, hours=12)
        if will_close and closed is not None and at < self.now:
            yield Moved(at=at, stage=closed, actor=owner)

    def _closed_share(self, opened: datetime) -> float:
        """How likely a ticket of this age is closed."""
        days = (self.now - opened).days
        return 0.985 if days > 30 else 0.4 + days * 0.018

    def _later(self, at: datetime, *, hours: float) -> datetime:
        """Some time later, half of the time within 70 % of ``hours``."""
        seconds = max(60, int(self.rng.expovariate(1 / (hours * 3_600))))
        return at + timedelta(seconds=seconds)

    def _files(self) -> list[Upload]:
        if self.files_left == 0 or self.rng.random() >= 0.01:
            return []
        self.files_left -= 1
        lines = (f"{n:04d} link {self.rng.randrange(9_999)}" for n in range(20))
        content = ContentFile("\n".join(lines).encode())
        return [Upload(name="diagnostics.log", content=content)]
