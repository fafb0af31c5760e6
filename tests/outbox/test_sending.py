"""What becomes of a mail on a real SMTP server (EM28), class by class."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone, translation

from tests.factories import ContactFactory
from tests.smtp import free_port, sending_to
from wagtail_helpdesk import actions, notifications, outbox
from wagtail_helpdesk.models import Delivery
from wagtail_helpdesk.outbox import handover
from wagtail_helpdesk.outbox.running import MAX_ATTEMPTS, back_off

pytestmark = pytest.mark.django_db


def test_a_reply_reaches_the_mail_server_once(mail_host, reply):
    delivery = reply()

    first, second = outbox.run_due(), outbox.run_due()

    assert (first.sent, second.sent) == (1, 0)
    (envelope,) = mail_host.taken
    assert envelope.recipients == ["ana@acme.example"]
    assert envelope.sender == "help@northwind.example"
    assert "Have you tried another socket?" in envelope.text()
    delivery.refresh_from_db()
    assert delivery.status == Delivery.Status.SENT
    assert delivery.external_id == envelope.message["Message-ID"]
    assert delivery.sent_at is not None


def test_acknowledgement_and_notice_reach_the_mail_server(mail_host, ticket):
    notifications.handle_due()

    outbox.run_due()

    by_reader = {e.recipients[0]: e.message for e in mail_host.wait_for(2)}
    acknowledgement = by_reader["ana@acme.example"]
    assert acknowledgement["Auto-Submitted"] == "auto-replied"
    assert acknowledgement["X-Auto-Response-Suppress"] == "All"
    assert by_reader["amy@staff.example"]["Auto-Submitted"] == "auto-generated"


def test_nothing_leaves_before_the_undo_window_has_passed(mail_host, ticket, agent):
    """UX70."""
    actions.ReplyToTicket(ticket=ticket, agent=agent, body_text="Wait").execute()

    assert outbox.run_due().handled == 0
    assert mail_host.taken == []


def test_a_refused_recipient_fails_with_the_servers_words(mail_host, reply):
    mail_host.refuse_recipient["ana@acme.example"] = "550 5.1.1 No such user here"
    delivery = reply()

    report = outbox.run_due()

    delivery.refresh_from_db()
    assert report.failed == 1
    assert delivery.status == Delivery.Status.FAILED
    assert "No such user here" in delivery.error


def test_one_bad_recipient_does_not_stop_the_others(mail_host, ticket, agent):
    bo, cy = (
        ContactFactory(email="bo@acme.example"),
        ContactFactory(email="cy@acme.example"),
    )
    for contact in (bo, cy):
        ticket.participants.create(contact=contact)
    mail_host.refuse_recipient["bo@acme.example"] = "550 No such user here"
    actions.ReplyToTicket(ticket=ticket, agent=agent, body_text="Hi").execute()
    Delivery.objects.update(run_at=timezone.now())

    outbox.run_due()

    recipients = sorted(e.recipients[0] for e in mail_host.taken)
    assert recipients == ["ana@acme.example", "cy@acme.example"]


@pytest.mark.parametrize("answer", ["451 4.7.1 Greylisted", "421 Too busy"])
def test_a_passing_refusal_is_tried_again_later(mail_host, reply, make_due, answer):
    mail_host.answer_to_data = [answer]
    delivery = reply()

    report = outbox.run_due()

    delivery.refresh_from_db()
    assert report.postponed == 1
    assert delivery.status == Delivery.Status.QUEUED
    assert delivery.run_at > timezone.now() + timedelta(seconds=20)
    assert answer[4:] in delivery.error
    make_due()
    assert outbox.run_due().sent == 1
    assert len(mail_host.taken) == 1
    assert mail_host.taken[0].message["Message-ID"] == delivery.external_id


def test_a_greylisted_recipient_is_tried_again_later(mail_host, reply):
    mail_host.refuse_recipient["ana@acme.example"] = "450 4.2.0 Try again"
    delivery = reply()

    outbox.run_due()

    delivery.refresh_from_db()
    assert delivery.status == Delivery.Status.QUEUED


def test_after_the_last_attempt_it_fails(mail_host, reply):
    mail_host.answer_to_data = ["451 Not now"]
    delivery = reply()
    Delivery.objects.filter(pk=delivery.pk).update(attempts=MAX_ATTEMPTS - 1)

    outbox.run_due()

    delivery.refresh_from_db()
    assert delivery.status == Delivery.Status.FAILED
    assert "Not now" in delivery.error


def test_attempts_go_on_for_three_days():
    """EM28: the waits grow, with jitter, and add up to about three days."""
    waits = [back_off(attempt) for attempt in range(1, MAX_ATTEMPTS)]
    total = sum(waits, timedelta())

    assert timedelta(days=2.5) < total < timedelta(days=3.6)
    assert waits[0] < timedelta(minutes=1) < waits[4] < timedelta(hours=1) < waits[-1]
    assert len({back_off(1) for _ in range(5)}) > 1


def test_a_refused_text_fails_with_the_servers_words(mail_host, reply):
    mail_host.answer_to_data = ["554 5.7.1 Looks like spam"]
    delivery = reply()

    outbox.run_due()

    delivery.refresh_from_db()
    assert delivery.status == Delivery.Status.FAILED
    assert "Looks like spam" in delivery.error


def test_a_server_that_is_down_ends_the_pass_and_costs_nothing(reply):
    first, second = reply("One"), reply("Two")
    with sending_to(free_port()):
        report = outbox.run_due()

    assert report.server_unavailable
    for delivery in (first, second):
        delivery.refresh_from_db()
        assert delivery.status == Delivery.Status.QUEUED
        assert delivery.accidents == 0
    assert "not available" in first.error


def test_a_connection_that_breaks_after_the_text_is_held_then_sent_once_more(
    mail_host, reply, lose_worker
):
    """Nobody can tell whether it was taken: RFC 1047."""
    mail_host.answer_to_data, mail_host.takes_anyway = [None], True
    delivery = reply()

    assert outbox.run_due().unknown == 1

    delivery.refresh_from_db()
    assert delivery.status == Delivery.Status.UNKNOWN
    hold = delivery.lease_until - timezone.now()
    assert timedelta(seconds=80) < hold <= timedelta(seconds=90)
    assert outbox.run_due().handled == 0, "It is held"
    lose_worker()
    assert outbox.run_due().sent == 1
    first, copy = mail_host.taken
    assert first.message["Message-ID"] == copy.message["Message-ID"]


def test_lost_a_second_time_it_waits_for_a_person(mail_host, reply, lose_worker, agent):
    mail_host.answer_to_data = [None, None]
    delivery = reply()
    outbox.run_due()
    lose_worker()
    outbox.run_due()

    lose_worker()
    assert outbox.run_due().handled == 0

    delivery.refresh_from_db()
    assert delivery.status == Delivery.Status.UNKNOWN
    assert delivery.lease_until is None
    actions.RetryDelivery(delivery=delivery, agent=agent).execute()
    assert outbox.run_due().sent == 1


def test_a_server_that_never_answers_gets_no_second_copy(
    mail_host, reply, lose_worker, monkeypatch
):
    """EM28: it has the whole text and most likely the mail."""
    monkeypatch.setattr(handover, "ANSWER_SECONDS", 0.3)
    mail_host.never_answers = True
    delivery = reply()

    outbox.run_due()

    delivery.refresh_from_db()
    assert delivery.status == Delivery.Status.UNKNOWN
    lose_worker()
    assert outbox.run_due().handled == 0
    assert len(mail_host.taken) == 1


def test_mails_of_one_conversation_keep_their_order(mail_host, reply, make_due):
    mail_host.answer_to_data = ["451 Not now"]
    reply("First")
    reply("Second")

    report = outbox.run_due()

    assert (report.postponed, report.sent) == (1, 0), "The second waits for the first"
    make_due()
    outbox.run_due()
    texts = [envelope.text() for envelope in mail_host.taken]
    assert "First" in texts[0]
    assert "Second" in texts[1]


def test_many_mails_share_one_connection(mail_host, ticket, agent):
    for number in range(25):
        ticket.participants.create(
            contact=ContactFactory(email=f"c{number}@acme.example")
        )
    actions.ReplyToTicket(ticket=ticket, agent=agent, body_text="Hi").execute()
    Delivery.objects.update(run_at=timezone.now())

    assert outbox.run_due(limit=12).sent == 12
    assert outbox.run_due().sent == 14
    assert len({e.recipients[0] for e in mail_host.taken}) == 26


def test_a_pass_ends_when_its_time_is_over(mail_host, reply):
    reply()

    assert outbox.run_due(budget_seconds=0).handled == 0
    assert outbox.run_due(should_stop=lambda: True).handled == 0
    assert outbox.run_due().sent == 1


def test_lines_that_begin_with_a_dot_arrive_whole(mail_host, reply):
    reply(".\n.hidden\n..two")
    outbox.run_due()

    assert ".\n.hidden\n..two" in mail_host.taken[0].text().replace("\r\n", "\n")


def test_every_backend_of_djangos_mail_framework_works(reply, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    delivery = reply()

    assert outbox.run_due().sent == 1

    delivery.refresh_from_db()
    assert mail.outbox[0].extra_headers["Message-ID"] == delivery.external_id


@pytest.mark.parametrize(
    ("error", "status"),
    [
        ("ConnectionRefusedError", "queued"),
        ("TimeoutError", "unknown"),
        ("RuntimeError", "unknown"),
        ("ProviderError(429)", "queued"),
        ("ProviderError(422)", "failed"),
    ],
)
def test_what_another_backend_raises_decides(reply, settings, error, status):
    settings.EMAIL_BACKEND = "tests.outbox.backends.FailingBackend"
    settings.FAILING_BACKEND_RAISES = error
    delivery = reply()

    outbox.run_due()

    delivery.refresh_from_db()
    assert delivery.status == status


def test_an_address_nobody_can_write_to_fails_at_once(mail_host, reply):
    delivery = reply()
    Delivery.objects.filter(pk=delivery.pk).update(address="añá@acme.example")

    outbox.run_due()

    delivery.refresh_from_db()
    assert delivery.status == Delivery.Status.FAILED
    assert "añá@acme.example" in delivery.error


def test_a_template_that_fails_does_not_stop_other_mails(
    mail_host, ticket, agent, reply
):
    notifications.handle_due()
    broken = reply()
    broken.message.attachments.create(
        file="gone.pdf", name="gone.pdf", content_type="application/pdf", size=3
    )

    report = outbox.run_due()

    assert (report.sent, report.postponed) == (2, 1)
    broken.refresh_from_db()
    assert "could not be composed" in broken.error


def test_reasons_are_in_the_sites_language_whoever_triggers_the_pass(reply):
    delivery = reply()
    with translation.override("ar"), sending_to(free_port()):
        outbox.run_due()

    delivery.refresh_from_db()
    assert delivery.error.startswith("The mail server is not available")
