"""Fill a help desk with any number of tickets, to show it or to measure it."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from wagtail_helpdesk.demo.seeding import seed
from wagtail_helpdesk.indexing import rebuild


class Command(BaseCommand):
    """``helpdesk_seed_demo --tickets 100000``: works on any site, adds at each run."""

    help = (
        "Adds demo tickets of the last two years, with contacts and organizations. "
        "Agents and inboxes are made where the site has none."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--tickets", type=int, default=1_000, help="How many. Default: 1000."
        )
        parser.add_argument(
            "--seed",
            type=int,
            default=1,
            help="The same number on the same database gives the same tickets.",
        )
        parser.add_argument(
            "--until",
            default="",
            help="When the history ends, such as 2026-11-01T12:00Z. Default: now.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["tickets"] < 1:
            raise CommandError("--tickets has to be 1 or more.")
        now = timezone.now()
        if options["until"]:
            parsed = parse_datetime(options["until"])
            if parsed is None:
                raise CommandError(
                    f"--until {options['until']!r} is no time. "
                    "Write it like 2026-11-01T12:00Z."
                )
            now = parsed if timezone.is_aware(parsed) else timezone.make_aware(parsed)
        started = time.monotonic()
        for done in seed(tickets=options["tickets"], seed=options["seed"], now=now):
            if options["verbosity"] > 1 or done % 10_000 < 1:
                self.stdout.write(f"{done:,} tickets")
        if options["verbosity"] > 1:
            self.stdout.write("Indexing")
        for _done in rebuild():
            pass
        seconds = time.monotonic() - started
        self.stdout.write(
            self.style.SUCCESS(f"{options['tickets']:,} tickets in {seconds:.1f} s.")
        )
