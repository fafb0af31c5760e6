"""Two workers, one of them killed with SIGKILL again and again: what is lost, doubled?

``python -m benchmarks.scale.kills``: needs PostgreSQL (``PGHOST``...). Sends 2,000
replies to a real SMTP server on the loopback address and takes 2,000 mails in.
Leases end after 8 s instead of minutes, so that lost work is found while one waits.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from typing import Any

from benchmarks.scale.database import fresh_database

PATIENCE_SECONDS = 1_800


def main() -> int:
    """Print the figures; 1 if anything is lost or doubled that need not be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with fresh_database("scale_kills"):
        from tests.smtp import running_mail_host

        with running_mail_host() as (host, port):
            os.environ["SCALE_MAIL_PORT"] = str(port)
            fill(options.count)
            started = time.monotonic()
            killed = run_workers(
                options.kills, options.count, random.Random(options.seed)
            )
            print(f"{killed} kills, done after {time.monotonic() - started:.0f} s")
            return judge(host, options.count)


def fill(count: int) -> None:
    """Replies that are due, each to a reader of its own, and mails to be taken in."""
    from django.utils import timezone

    from tests.factories import (
        AgentFactory,
        ChannelFactory,
        ConversationFactory,
        InboxFactory,
    )
    from wagtail_helpdesk import intake
    from wagtail_helpdesk.models import Delivery, Message

    agent = AgentFactory()
    inbox = InboxFactory(agents=[agent], from_email="help@northwind.example")
    now = timezone.now()
    messages = []
    for number in range(count):
        conversation = ConversationFactory(
            ticket__inbox=inbox, ticket__contact__email=f"r{number}@acme.example"
        )
        messages.append(
            Message(
                conversation=conversation,
                seq=1,
                direction="outbound",
                author_agent=agent,
                body_text="Have you tried another socket?",
                created_at=now,
            )
        )
    Delivery.objects.bulk_create(
        Delivery(
            kind=Delivery.Kind.REPLY,
            key=f"reply:{message.pk}",
            ticket=message.conversation.ticket,
            conversation=message.conversation,
            message=message,
            contact=message.conversation.contact,
            address=message.conversation.contact.email,
            run_at=now,
        )
        for message in Message.objects.bulk_create(messages)
    )
    channel = ChannelFactory(inbox=inbox, type="email", name="Mail")
    for number in range(count):
        intake.store(
            channel,
            f"From: s{number}@globex.example\r\nTo: help@northwind.example\r\n"
            f"Subject: Lamp {number}\r\nMessage-ID: <in-{number}@globex.example>\r\n"
            f"\r\nLamp {number} flickers.\r\n".encode(),
        )


class Workshop:
    """Starts workers quickly: forks of one process that has loaded everything."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.scale.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, command: str) -> int:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(f"{command}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


def left() -> int:
    """What still has to happen."""
    from wagtail_helpdesk.models import Delivery, Event, Receipt

    given_up = {"status": Delivery.Status.UNKNOWN, "lease_until": None}
    return (
        Delivery.objects.exclude(status=Delivery.Status.SENT)
        .exclude(**given_up)
        .exclude(status=Delivery.Status.CANCELLED)
        .count()
        + Receipt.objects.filter(state__in=["new", "claimed"]).count()
        + Event.objects.due().count()
    )


def done() -> int:
    """Mails that were taken in, and mails that left."""
    from wagtail_helpdesk.models import Delivery, Receipt

    return (
        Receipt.objects.filter(state="done").count()
        + Delivery.objects.filter(status=Delivery.Status.SENT).count()
    )


def run_workers(kills: int, count: int, chance: random.Random) -> int:
    """Two workers until all is done; returns how many were killed.

    The kills are spread over the work: a mail that comes in makes two that leave.
    """
    workshop = Workshop()
    workers = [workshop.ask("start"), workshop.ask("start")]
    moments = sorted(chance.randrange(4 * count) for _ in range(kills))
    killed, ends_at = 0, time.monotonic() + PATIENCE_SECONDS
    while remaining := left():
        if time.monotonic() > ends_at:
            print(f"{remaining} are not done after {PATIENCE_SECONDS} s")
            break
        time.sleep(chance.uniform(0.05, 0.5))
        if killed < kills and done() >= moments[killed]:
            victim = chance.randrange(2)
            os.kill(workers[victim], signal.SIGKILL)
            assert workshop.ask(f"wait {workers[victim]}") == -signal.SIGKILL
            workers[victim] = workshop.ask("start")
            killed += 1
    for worker in workers:
        os.kill(worker, signal.SIGTERM)
        workshop.ask(f"wait {worker}")
    assert workshop.process.stdin is not None
    workshop.process.stdin.close()
    workshop.process.wait(30)
    return killed


def judge(host: Any, count: int) -> int:
    """Compare what the two sides say."""
    from wagtail_helpdesk.models import Delivery, Event, Message, Receipt

    copies = Counter(mail.message["Message-ID"] for mail in host.taken)
    sent = Delivery.objects.filter(status=Delivery.Status.SENT)
    lost = [d.address for d in sent if not copies[d.external_id]]
    unsent = Delivery.objects.exclude(status=Delivery.Status.SENT)
    ambiguous = set(
        Delivery.objects.filter(accidents__gt=0).values_list("external_id", flat=True)
    )
    doubled = {key for key, number in copies.items() if number > 1}
    inbound = Message.objects.filter(direction="inbound")
    states = Counter(Receipt.objects.values_list("state", flat=True))
    opened = Event.objects.filter(kind="ticket_opened").count()
    print(
        f"Mails: {sent.count()} sent ({Delivery.objects.filter(kind='reply').count()} "
        f"replies), {len(host.taken)} taken by the server, {len(lost)} lost, "
        f"{unsent.count()} not sent.\n"
        f"  {len(ambiguous)} were cut off while being handed over; {len(doubled)} of "
        f"them arrived twice, under one Message-ID; {len(doubled - ambiguous)} others."
    )
    print(
        f"Intake: receipts {dict(states)}, {inbound.count()} messages of "
        f"{inbound.values('external_id').distinct().count()} mails, "
        f"{opened} tickets opened."
    )
    is_right = (
        not lost
        and not unsent.exclude(accidents=2).exists()
        and not doubled - ambiguous
        and states == {"done": count}
        and inbound.count() == count == opened
        and inbound.values("external_id").distinct().count() == count
    )
    fine = "Nothing lost; nothing doubled but where SMTP cannot tell."
    print(fine if is_right else "THIS IS NOT RIGHT.")
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main())
