"""Ten deliveries have one effect, whoever reads them (EM12, EM15)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from tests.factories import ChannelFactory
from tests.mails import raw_mail
from wagtail_helpdesk import intake
from wagtail_helpdesk.models import (
    Contact,
    Event,
    EventReceipt,
    Message,
    Receipt,
    Ticket,
)

THREADS = 8


def test_the_same_mail_ten_times_is_one_ticket(channel, receive):
    states = [receive().state for _delivery in range(10)]
    assert states == ["done"] + ["ignored"] * 9
    assert Ticket.objects.count() == Message.objects.count() == 1
    assert Event.objects.filter(kind="ticket_opened").count() == 1


def test_the_same_mail_ten_times_in_one_pass_is_one_ticket(channel):
    for _delivery in range(10):
        intake.store(channel, raw_mail())
    report = intake.take_in(budget_seconds=60)
    assert (report.done, report.ignored) == (1, 9)
    assert Ticket.objects.count() == 1


def test_another_way_here_makes_no_other_mail(receive):
    receive(b"Received: by mx1\r\n\tat noon\r\nX-Spam: 1\n" + raw_mail(message_id=""))
    again = receive(b"Received: by mx2\r\n" + raw_mail(message_id=""))
    assert again.state == "ignored"
    assert Ticket.objects.count() == 1


def test_a_used_message_id_with_another_text_is_another_mail(receive):
    receive(text="One")
    receive(text="Two")
    assert Ticket.objects.count() == 2


def test_the_same_mail_on_two_channels_is_two_tickets(receive):
    receive()
    intake.store(ChannelFactory(type="email"), raw_mail())
    intake.take_in(budget_seconds=60)
    assert Ticket.objects.count() == 2


def test_a_mail_that_was_done_can_be_replayed_without_effect(receive):
    receipt = receive()
    Receipt.objects.update(state="new")
    intake.take_in(budget_seconds=60)
    receipt.refresh_from_db()
    assert (receipt.state, receipt.error) == ("ignored", "It has come before.")
    assert Ticket.objects.count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_eight_workers_take_each_mail_once(channel):
    for number in range(40):
        for _copy in range(3):
            raw = raw_mail(
                message_id=f"<{number}@acme.example>",
                sender=f"Contact {number % 7} <c{number % 7}@acme.example>",
            )
            intake.store(channel, raw)
    start = Barrier(THREADS)

    def work(_number):
        try:
            start.wait(timeout=30)
            return intake.take_in(budget_seconds=60)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(THREADS)))
    # What met another worker's write waits for its next attempt.
    while Receipt.objects.filter(state="new").exists():
        Receipt.objects.filter(state="new").update(run_at="2020-01-01T00:00Z")
        intake.take_in(budget_seconds=60)
    assert set(Receipt.objects.values_list("state", flat=True)) == {"done", "ignored"}
    assert Ticket.objects.count() == Message.objects.count() == 40
    assert EventReceipt.objects.count() == 40
    assert Contact.objects.filter(identities__value__startswith="c").count() == 7
