"""Real worker processes on the real database, killed with SIGKILL (EM28).

Where SMTP itself cannot tell whether a mail was taken, a copy may go out, under the
same Message-ID; nowhere else, and nothing is lost.
"""

import os
import random
import signal
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from tests.factories import ConversationFactory, MessageFactory
from tests.smtp import DEADLINE, running_mail_host, sending_to
from wagtail_helpdesk import actions
from wagtail_helpdesk.models import Delivery
from wagtail_helpdesk.outbox import leases
from wagtail_helpdesk.signals import events_recorded
from wagtail_helpdesk.tasks import kick

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]


class Workshop:
    """Starts, kills and ends workers."""

    def __init__(self, port):
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.outbox.workshop"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "tests.outbox.worker_settings",
                "WORKER_DATABASE": str(connection.settings_dict["NAME"]),
                "WORKER_MAIL_PORT": str(port),
            },
        )

    def _ask(self, command):
        self._process.stdin.write(f"{command}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def start(self):
        return self._ask("start")

    def wait(self, worker):
        return self._ask(f"wait {worker}")

    def end(self, worker):
        os.kill(worker, signal.SIGTERM)
        return self.wait(worker)

    def close(self):
        self._process.stdin.close()
        self._process.wait(DEADLINE)
        self._process.stdout.close()


@pytest.fixture
def host():
    with running_mail_host() as (host, port):
        host.port = port
        yield host


@pytest.fixture
def workshop(host):
    workshop = Workshop(host.port)
    yield workshop
    workshop.close()


@pytest.fixture
def deliveries(db, inbox, agent):
    """Make replies that are due, each in a conversation of its own."""

    def make(count):
        made = []
        for number in range(count):
            conversation = ConversationFactory(
                ticket__inbox=inbox, ticket__contact__email=f"c{number}@acme.example"
            )
            message = MessageFactory(
                conversation=conversation, direction="outbound", author_agent=agent
            )
            made.append(
                Delivery.objects.create(
                    kind=Delivery.Kind.REPLY,
                    key=f"reply:{message.pk}",
                    ticket=conversation.ticket,
                    conversation=conversation,
                    message=message,
                    contact=conversation.contact,
                    address=conversation.contact.email,
                    run_at=timezone.now(),
                )
            )
        return made

    return make


class Killer:
    """Kills a worker at a step of its dialogue with the mail server."""

    def __init__(self, host):
        self.killed_at = []
        self._aimed = threading.Event()
        host.on_step = self

    def aim(self, workshop, *, at_step=None, after_steps=1, mails=None):
        """Start a worker that will be killed.

        Args:
            workshop: Where workers come from.
            at_step: Count steps of this kind only.
            after_steps: At which step of those.
            mails: At the latest with so many mails taken, since no more will come.
        """
        self._aimed.clear()
        self._at_step, self._steps, self._mails = at_step, after_steps, mails
        self.worker = workshop.start()
        self._aimed.set()
        return self.worker

    def __call__(self, step):
        assert self._aimed.wait(DEADLINE)
        if self._at_step in (None, step):
            self._steps -= 1
        if step == "taken" and self._mails is not None:
            self._mails -= 1
        if self._steps == 0 or self._mails == 0:
            self._steps, self._mails = -1, None
            self.killed_at.append(step)
            os.kill(self.worker, signal.SIGKILL)


@pytest.mark.parametrize("step", ["ehlo", "mail", "rcpt", "data"])
def test_killed_between_claim_and_send_nothing_is_lost_or_doubled(
    host, workshop, deliveries, lose_worker, step
):
    made = deliveries(3)
    worker = Killer(host).aim(workshop, at_step=step)

    assert workshop.wait(worker) == -signal.SIGKILL

    assert host.taken == []
    assert set(Delivery.objects.values_list("status", flat=True)) == {"claimed"}
    lose_worker()
    worker = workshop.start()
    host.wait_for(3)
    assert workshop.end(worker) == 0
    assert sorted(e.recipients[0] for e in host.taken) == [d.address for d in made]
    assert set(Delivery.objects.values_list("status", flat=True)) == {"sent"}
    assert set(Delivery.objects.values_list("accidents", flat=True)) == {0}


def test_killed_before_the_servers_answer_a_copy_has_the_same_message_id(
    host, workshop, deliveries, lose_worker
):
    (delivery,) = deliveries(1)
    killer = Killer(host)
    worker = killer.aim(workshop, at_step="taken")
    assert workshop.wait(worker) == -signal.SIGKILL
    delivery.refresh_from_db()
    assert delivery.status == Delivery.Status.SENDING

    lose_worker()
    leases.reclaim_lost()
    delivery.refresh_from_db()
    assert delivery.status == Delivery.Status.UNKNOWN
    lose_worker()
    host.on_step = lambda step: None
    worker = workshop.start()
    first, copy = host.wait_for(2)
    assert workshop.end(worker) == 0
    delivery.refresh_from_db()
    assert delivery.status == Delivery.Status.SENT
    assert first.message["Message-ID"] == copy.message["Message-ID"]
    assert delivery.external_id == first.message["Message-ID"]


def _on_their_way():
    given_up = {"status": Delivery.Status.UNKNOWN, "lease_until": None}
    return Delivery.objects.exclude(status=Delivery.Status.SENT).exclude(**given_up)


def test_killed_at_a_hundred_instants_nothing_is_lost(
    host, workshop, deliveries, lose_worker
):
    deliveries(150)
    killer = Killer(host)
    chance = random.Random(1047)
    lives = 0
    while pending := _on_their_way().count():
        steps = chance.randint(1, 16) if lives < 100 else 1_000_000
        worker = killer.aim(workshop, after_steps=steps, mails=pending)
        assert workshop.wait(worker) == -signal.SIGKILL
        lives += 1
        # The lease is over, and then the hold too: as if time had passed.
        lose_worker()
        leases.reclaim_lost()
        lose_worker()

    assert lives > 100
    copies = Counter(e.message["Message-ID"] for e in host.taken)
    doubled = sum(count - 1 for count in copies.values())
    # A worker killed after 354 may have handed the whole text to its kernel before.
    ambiguous = sum(step in {"text", "taken"} for step in killer.killed_at)
    assert doubled <= ambiguous, "Only where SMTP cannot tell"
    taken = {e.recipients[0] for e in host.taken}
    for delivery in Delivery.objects.all():
        if delivery.status == Delivery.Status.SENT:
            assert delivery.address in taken
        else:
            assert delivery.accidents == 2, "An agent is asked only after two accidents"


def test_parallel_workers_send_each_mail_once(host, workshop, deliveries):
    deliveries(80)
    workers = [workshop.start() for _ in range(4)]

    host.wait_for(80)

    assert [workshop.end(worker) for worker in workers] == [0, 0, 0, 0]
    assert len({e.message["Message-ID"] for e in host.taken}) == 80
    assert len(host.taken) == 80
    assert Delivery.objects.filter(status=Delivery.Status.SENT).count() == 80


def test_a_worker_that_is_told_to_end_leaves_nothing_claimed(
    host, workshop, deliveries
):
    deliveries(30)
    seen = threading.Event()
    host.on_step = lambda step: seen.set() if step == "taken" else None
    worker = workshop.start()
    assert seen.wait(DEADLINE)

    assert workshop.end(worker) == 0

    statuses = set(Delivery.objects.values_list("status", flat=True))
    assert statuses <= {"queued", "sent"}
    assert Delivery.objects.filter(status="sent").count() == len(host.taken)


def test_a_worker_handles_events_that_a_crash_left_behind(
    host, workshop, channel, contact
):
    """The commit came, the task did not."""
    worker = workshop.start()
    events_recorded.disconnect(kick, dispatch_uid="helpdesk_kick")
    try:
        actions.OpenTicket(channel=channel, contact=contact, body_text="Help").execute()
    finally:
        events_recorded.connect(kick, dispatch_uid="helpdesk_kick")
    host.wait_for(2)

    assert workshop.end(worker) == 0
    recipients = sorted(e.recipients[0] for e in host.taken)
    assert recipients == ["amy@staff.example", "ana@acme.example"]


def test_one_tick_does_what_is_due(host, deliveries, capsys):
    deliveries(2)
    with sending_to(host.port):
        call_command("helpdesk_tick")

    assert len(host.taken) == 2
    assert "2 sent" in capsys.readouterr().out
