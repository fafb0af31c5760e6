"""Fills the tables of an empty help desk, in the order in which rows need others."""

from __future__ import annotations

import time
from collections.abc import Callable

from wagtail.signal_handlers import disable_reference_index_auto_update

from benchmarks.dataset import Dataset
from benchmarks.sinks import bulk_loading
from benchmarks.sites.helpdesk import desk, pages, tickets


def fill(data: Dataset, *, note: Callable[[str], None]) -> None:
    """Load everything; indexes and statistics included, the search indexes not.

    Args:
        data: The data set.
        note: Told how far it is.
    """
    started = time.monotonic()

    def say(text: str) -> None:
        note(f"{text} after {time.monotonic() - started:.0f} s")

    with disable_reference_index_auto_update():
        made = desk.load_desk(data)
        pages.load_pages(data, made)
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
