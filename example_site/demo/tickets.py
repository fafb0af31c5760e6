"""The demo's tickets: sixty conversations, as if they had been held in three months."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain

from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.core.management.color import no_style
from django.db import connection
from django.utils import timezone

from example_site.demo import pictures
from example_site.demo.desk import channel
from example_site.demo.threads import Entry, Thread, read_threads
from wagtail_helpdesk.actions import Origin, RateTicket, ResolveContact, Upload
from wagtail_helpdesk.demo.history import HistoryWriter
from wagtail_helpdesk.demo.plans import Assigned, Moved, Step, Tagged, TicketPlan, Wrote
from wagtail_helpdesk.knowledge_base.models import ArticlePage
from wagtail_helpdesk.models import (
    Agent,
    Contact,
    Priority,
    Stage,
    Ticket,
    TicketNumber,
)
from wagtail_helpdesk.portal.models import PortalHomePage

#: The number of the first ticket: a help desk that has been open for a while.
FIRST_NUMBER = 1001
#: Hours between which people write.
MORNING, EVENING = 8, 19
_ENDS = {
    "new": Stage.Category.NEW,
    "in-progress": Stage.Category.OPEN,
    "waiting": Stage.Category.WAITING,
    # The last stage of each pipeline; refunded is the one before it in Billing.
    "closed": Stage.Category.CLOSED,
    "refunded": Stage.Category.CLOSED,
}
_PRODUCTS = {
    "hub": "hub",
    "routers": "router",
    "vpn": "router",
    "sensors": "sensor",
    "reports": "console",
}


def load_tickets(*, now: datetime | None = None) -> bool:
    """Write the tickets, unless there are any.

    Args:
        now: When the last of them happened; default: now.

    Returns:
        Whether anything was written.
    """
    if Ticket.objects.exists():
        return False
    if not TicketNumber.objects.exists():
        _begin_numbers()
    teller = _Teller(now or timezone.now())
    told = sorted(
        ((teller.plan(thread), thread) for thread in read_threads()),
        key=lambda pair: pair[0].opened_at,
    )
    rng = random.Random(2026)  # noqa: S311  (no secret)
    written = HistoryWriter(rng).write(plan for plan, _thread in told)
    tickets = list(chain.from_iterable(written))
    for (_plan, thread), ticket in zip(told, tickets, strict=True):
        if thread.score:
            _rate(ticket, thread)
    return True


def _rate(ticket: Ticket, thread: Thread) -> None:
    """What the customer says after the closing, in the portal in their language."""
    portals = PortalHomePage.objects.filter(locale__language_code=thread.language)
    RateTicket(
        ticket=ticket,
        contact=ticket.contact,
        portal=portals.get().rules,
        score=thread.score,
        comment=thread.comment,
    ).execute()


def _begin_numbers() -> None:
    """Let the sequence of ticket numbers begin at ``FIRST_NUMBER``."""
    TicketNumber.objects.create(pk=FIRST_NUMBER - 1)
    with connection.cursor() as cursor:
        # PostgreSQL's sequences do not notice ids that were given by hand.
        for statement in connection.ops.sequence_reset_sql(no_style(), [TicketNumber]):
            cursor.execute(statement)


class _Teller:
    """Turns threads into plans."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        users = get_user_model()._default_manager
        self.agents = {
            user.email.partition("@")[0]: Agent.objects.select_related("user").get(
                user=user
            )
            for user in users.exclude(helpdesk_agent=None)
        }
        self.contacts: dict[str, Contact] = {}

    def plan(self, thread: Thread) -> TicketPlan:
        """The plan of one thread."""
        contact = self._contact(thread)
        times = self._times(thread)
        first, *later = zip(times, thread.entries, strict=True)
        way_in = channel(thread.channel)
        stages = list(way_in.inbox.default_pipeline.stages.order_by("order"))
        steps = list(self._steps(thread, later, contact, stages))
        product = next((_PRODUCTS[t] for t in thread.tags if t in _PRODUCTS), "")
        return TicketPlan(
            channel=way_in,
            contact=contact,
            opened_at=first[0],
            subject=thread.subject,
            body=first[1].text,
            files=_files(first[1]),
            steps=steps,
            language=thread.language,
            priority=Priority[thread.priority.upper()].value,
            properties={"product": product} if product else {},
            origin=self._origin(thread),
        )

    def _contact(self, thread: Thread) -> Contact:
        if thread.email not in self.contacts:
            contact = ResolveContact(
                email=thread.email, name=thread.name, language=thread.language
            ).execute()
            self.contacts[thread.email] = contact
        return self.contacts[thread.email]

    def _times(self, thread: Thread) -> list[datetime]:
        """When each entry was written: by day, and never later than now."""
        # An hour that differs from ticket to ticket.
        minutes = sum(map(ord, thread.key)) * 53 % 300
        day = timezone.localtime(self.now) - timedelta(days=thread.age)
        at = day.replace(hour=8, minute=5) + timedelta(minutes=minutes)
        times = []
        for entry in thread.entries:
            at = _by_day(at + entry.after)
            times.append(at)
        while times[-1] > self.now:
            times = [time - timedelta(days=1) for time in times]
        return times

    def _steps(
        self,
        thread: Thread,
        entries: list[tuple[datetime, Entry]],
        contact: Contact,
        stages: list[Stage],
    ) -> Iterator[Step]:
        by_category = {stage.category: stage for stage in stages}
        end = by_category[_ENDS[thread.end]]
        if thread.end == "refunded":
            end = stages[-2]
        owner = self.agents.get(thread.owner)
        is_taken = False
        at, actor = self.now, owner
        for at, entry in entries:
            if entry.author == "customer":
                yield Wrote(at=at, author=contact, text=entry.text, files=_files(entry))
                continue
            author = self.agents[entry.author]
            actor = owner or author
            if not is_taken:
                # Taken over some minutes before the first answer.
                begin = at - timedelta(minutes=6)
                yield Assigned(at=begin, owner=actor, actor=actor)
                working = by_category[Stage.Category.OPEN]
                yield Moved(at=begin, stage=working, actor=actor)
                if thread.tags:
                    yield Tagged(at=begin, tags=thread.tags, actor=actor)
                is_taken = True
            yield Wrote(at=at, author=author, text=entry.text, is_note=entry.is_note)
        if is_taken:
            yield Moved(at=at + timedelta(minutes=1), stage=end, actor=actor)
        elif owner is not None and end.is_closed:
            at = self.now - timedelta(days=thread.age - 1)
            yield Assigned(at=at, owner=owner, actor=owner)
            yield Moved(at=at, stage=end, actor=owner)

    def _origin(self, thread: Thread) -> Origin:
        """The article it was opened from, in the customer's language if it is there."""
        pages = ArticlePage.objects.filter(slug=thread.article)
        page = (
            pages.filter(locale__language_code=thread.language).first() or pages.first()
        )
        if page is None:
            return Origin(locale=thread.language)
        return Origin(
            page_id=page.pk,
            revision_id=page.live_revision_id,
            locale=page.locale.language_code,
        )


def _by_day(at: datetime) -> datetime:
    """The same time, or the next morning if that is in the evening or at night."""
    if at.hour >= EVENING:
        at += timedelta(days=1)
    if at.hour >= EVENING or at.hour < MORNING:
        at = at.replace(hour=MORNING)
    return at


def _files(entry: Entry) -> list[Upload]:
    """The file of an entry, with content that fits its ending."""
    if not entry.file:
        return []
    if entry.file.endswith(".png"):
        colours = (pictures.AMBER, pictures.RED, pictures.GREEN)
        content = pictures.photo(colours[len(entry.file) % 3])
    else:
        lines = [
            f"day {day} 02:{minute:02d}:00 link=up signal=-{50 + minute} dBm"
            for day in range(1, 8)
            for minute in (29, 30, 31, 50)
        ]
        content = "\n".join([entry.file, *lines]).encode()
    return [Upload(name=entry.file, content=ContentFile(content))]
