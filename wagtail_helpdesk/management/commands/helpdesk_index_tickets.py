"""``manage.py helpdesk_index_tickets``: make tickets findable that are not yet."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connections, router

from wagtail_helpdesk.indexing import rebuild
from wagtail_helpdesk.models import TicketText

#: Tickets between two lines of progress.
_STEP = 10_000


class Command(BaseCommand):
    """Safe while the site works; stopped and run again, it goes on where it was."""

    help = (
        "Puts the words of tickets into the search that are not there yet: after an "
        "upgrade, an import or a restored backup."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add ``--all`` and ``--after``."""
        parser.add_argument(
            "--all",
            action="store_true",
            dest="everything",
            help="Also tickets that are indexed already, from scratch.",
        )
        parser.add_argument(
            "--after",
            type=int,
            default=0,
            metavar="ID",
            help="With --all: go on behind the ticket with this id, which an earlier "
            "run has named last.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Index in batches and say how far it is."""
        started = time.monotonic()
        done, told = 0, 0
        for done, last in rebuild(
            everything=options["everything"], after=options["after"]
        ):
            if options["verbosity"] > 1 or done - told >= _STEP:
                told = done
                self.stdout.write(f"{done:,} tickets, up to id {last}")
        connection = connections[router.db_for_write(TicketText)]
        if done and connection.vendor == "postgresql":
            # The search chooses its plan by how often a word occurs.
            with connection.cursor() as cursor:
                table = connection.ops.quote_name(TicketText._meta.db_table)
                cursor.execute(f"ANALYZE {table}")
        seconds = time.monotonic() - started
        self.stdout.write(
            self.style.SUCCESS(f"{done:,} tickets indexed in {seconds:.1f} s.")
        )
