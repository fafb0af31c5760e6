"""The kick after a commit through a queue: ``python -m benchmarks.scale.tasks db``.

Opens tickets while a queue takes the kicks, then lets the queue's own worker run until
the queue is empty, and counts what came out. ``rq`` needs Redis (``SCALE_REDIS``).
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

from benchmarks.scale.database import fresh_database

TICKETS = int(os.environ.get("SCALE_TICKETS", "200"))
WORKERS = {
    "db": ["db_worker", "--batch", "--interval", "0.1"],
    "rq": ["rqworker", "--burst", "--job-class", "django_tasks_rq.Job", "default"],
}


def main() -> int:
    """Print the figures; 1 if a mail is missing."""
    kind = sys.argv[1]
    os.environ["SCALE_TASKS"] = kind if kind in WORKERS else ""
    with fresh_database("scale_tasks"):
        from tests.factories import ChannelFactory, ContactFactory, InboxFactory
        from tests.smtp import running_mail_host
        from wagtail_helpdesk.actions import OpenTicket
        from wagtail_helpdesk.models import Delivery, Event

        inbox = InboxFactory(from_email="help@northwind.example")
        channel = ChannelFactory(inbox=inbox)
        contacts = [ContactFactory() for _ in range(TICKETS)]
        with running_mail_host() as (host, port):
            from django.conf import settings

            settings.EMAIL_PORT = port
            os.environ["SCALE_MAIL_PORT"] = str(port)
            started = time.perf_counter()
            for contact in contacts:
                OpenTicket(channel=channel, contact=contact, body_text="Help").execute()
            asked = time.perf_counter() - started
            before = len(host.taken)
            started = time.perf_counter()
            if kind in WORKERS:
                subprocess.run(
                    [sys.executable, "-m", "django", *WORKERS[kind]],
                    check=True,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            worked = time.perf_counter() - started
            sent = Delivery.objects.filter(status="sent").count()
            left = Event.objects.due().count()
            print(
                f"{kind}: opening a ticket took {asked / TICKETS * 1e3:.1f} ms; "
                f"{before} mails left meanwhile; the worker needed {worked:.1f} s with "
                f"its start; {sent} sent of {TICKETS}, taken {len(host.taken)}, "
                f"{left} events left"
            )
            return 0 if sent == len(host.taken) == TICKETS and not left else 1


if __name__ == "__main__":
    sys.exit(main())
