"""``manage.py helpdesk_tick``: one pass, for cron."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from wagtail_helpdesk import notifications, outbox
from wagtail_helpdesk.actions import PurgeTrash


class Command(BaseCommand):
    """Handle events, send mail and empty the trash, once."""

    help = (
        "Handle events, send the mail that is due and delete what has been in the "
        "trash too long. Run it every minute where no helpdesk_worker runs."
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
        events = notifications.handle_due(ends_at=ends_at)
        report = outbox.run_due(budget_seconds=max(0.0, ends_at - time.monotonic()))
        purged = PurgeTrash().execute()
        self.stdout.write(
            f"Events: {events}. Mails: {report.sent} sent, {report.postponed} "
            f"postponed, {report.failed} failed, {report.unknown} unknown, "
            f"{report.cancelled} cancelled. Tickets deleted for good: {purged}."
        )
        if report.server_unavailable:
            self.stderr.write("The mail server is not available.")
