"""``manage.py helpdesk_tick``: one pass, for cron."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from wagtail_helpdesk import indexing, intake, notifications, outbox
from wagtail_helpdesk.actions import PurgeDeflections, PurgeTrash


class Command(BaseCommand):
    """Take mail in, handle events, send mail and empty the trash, once."""

    help = (
        "Take in what was received, handle events, send the mail that is due and "
        "delete what has been kept long enough. Run it every minute where no "
        "helpdesk_worker runs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add ``--budget``."""
        parser.add_argument(
            "--budget",
            type=float,
            default=50.0,
            metavar="SECONDS",
            help="Begin nothing more after so many seconds (default: 50).",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do one pass and say what was done."""
        ends_at = time.monotonic() + options["budget"]
        received = intake.take_in(budget_seconds=options["budget"] / 2)
        events = notifications.handle_due(ends_at=ends_at)
        report = outbox.run_due(budget_seconds=max(0.0, ends_at - time.monotonic()))
        indexed = indexing.handle_due(ends_at=ends_at)
        purged = PurgeTrash().execute()
        intake.delete_old()
        PurgeDeflections().execute()
        self.stdout.write(
            f"Received: {received.done} taken in, {received.ignored} ignored, "
            f"{received.postponed} postponed, {received.failed} failed. "
            f"Events: {events}. Indexed: {indexed}. "
            f"Mails: {report.sent} sent, {report.postponed} "
            f"postponed, {report.failed} failed, {report.unknown} unknown, "
            f"{report.cancelled} cancelled. Tickets deleted for good: {purged}."
        )
        if report.server_unavailable:
            self.stderr.write("The mail server is not available.")
