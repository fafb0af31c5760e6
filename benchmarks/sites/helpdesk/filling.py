"""Fills the tables of an empty help desk, in the order in which rows need others."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from django.core.management import call_command, get_commands
from wagtail.models import Page, ReferenceIndex
from wagtail.signal_handlers import disable_reference_index_auto_update

from benchmarks.dataset import Dataset
from benchmarks.sinks import bulk_loading
from benchmarks.sites.helpdesk import desk, pages, tickets
from wagtail_helpdesk.models import SupportForm


def fill(
    data: Dataset, *, note: Callable[[str], None], articles: int | None = None
) -> None:
    """Load everything; indexes and statistics included, the search indexes not.

    Args:
        data: The data set.
        note: Told how far it is.
        articles: How many of the articles; ``None``: all.
    """
    started = time.monotonic()

    def say(text: str) -> None:
        note(f"{text} after {time.monotonic() - started:.0f} s")

    with disable_reference_index_auto_update():
        made = desk.load_desk(data)
        pages.load_pages(data, made, articles=articles)
    say("desk and pages")
    with bulk_loading([*desk.TABLES, *tickets.TABLES]):
        desk.load_people(data)
        say("people")
        writer = tickets.TicketWriter(
            data=data, channels=made.channels, agents=made.agents, stages=made.stages
        )
        for done in writer.write():
            if done % 50_000 == 0:
                say(f"{done} tickets")
        say("all rows")
    say("indexes")
    desk.load_accounts(data)


def index() -> None:
    """Make pages and tickets findable, as the management commands do."""
    call_command("update_index", verbosity=0)
    # Articles refer to nothing; the pages above them refer to each other.
    referring = [*Page.objects.filter(depth__lte=3).specific()]
    for one in (*referring, *SupportForm.objects.all()):
        ReferenceIndex.create_or_update_for_object(one)
    if "helpdesk_index_tickets" in get_commands():
        call_command("helpdesk_index_tickets", verbosity=0, stdout=sys.stderr)
