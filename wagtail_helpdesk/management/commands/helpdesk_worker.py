"""``manage.py helpdesk_worker``: take mail in and send mail until told to end."""

from __future__ import annotations

import logging
import signal
import threading
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections

from wagtail_helpdesk import indexing, intake, notifications, outbox

#: So long what came in may keep mail from leaving.
INTAKE_SECONDS = 20.0

logger = logging.getLogger("wagtail_helpdesk.worker")


class Command(BaseCommand):
    """Run one or several of these, on as many machines as the site has.

    A worker ends between two mails on SIGTERM or SIGINT, and survives the loss of the
    database or the mail server.
    """

    help = "Take in mail, handle events and send mail until SIGTERM or Ctrl+C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add ``--poll``."""
        parser.add_argument(
            "--poll",
            type=float,
            default=1.0,
            metavar="SECONDS",
            help="How long to wait when nothing was due (default: 1).",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Work until told to end."""
        told_to_end = threading.Event()

        def end(signum: int, frame: FrameType | None) -> None:
            told_to_end.set()

        before = {
            number: signal.signal(number, end)
            for number in (signal.SIGTERM, signal.SIGINT)
        }
        try:
            self.stdout.write("Working. Ctrl+C ends it.")
            while not told_to_end.is_set():
                if not self._pass(told_to_end):
                    told_to_end.wait(options["poll"])
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        self.stdout.write("Ended.")

    def _pass(self, told_to_end: threading.Event) -> bool:
        """Do what is due; whether there was anything."""
        close_old_connections()
        try:
            came_in = intake.take_in(
                budget_seconds=INTAKE_SECONDS, should_stop=told_to_end.is_set
            ).handled
            handled = notifications.handle_due()
            handled += indexing.handle_due(ends_at=time.monotonic() + 60.0)
            report = outbox.run_due(budget_seconds=60.0, should_stop=told_to_end.is_set)
        except DatabaseError:
            logger.exception("The database did not answer; trying again")
            return False
        if report.server_unavailable:
            return bool(came_in)
        return bool(came_in or handled or report.handled)
