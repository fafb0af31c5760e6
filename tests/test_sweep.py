"""Without a worker, mail leaves with the requests to the help desk."""

import logging
from datetime import timedelta

import pytest
from django.core import mail
from django.core.checks import run_checks
from django.db import OperationalError, connection
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from tests.mail_fixtures import *  # noqa: F403
from tests.smtp import free_port, sending_to
from wagtail_helpdesk import outbox, sweep
from wagtail_helpdesk.frontend import frame
from wagtail_helpdesk.models import Delivery, Event

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def first_turn(settings, monkeypatch):
    """A process that has not swept yet."""
    sweep.on_request_finished(sender=None)
    monkeypatch.setattr(sweep, "_turns", sweep._Turns())
    settings.WAGTAIL_HELPDESK = {}


def answer(*, by_help_desk=True):
    """What Django does around a request, its database connections apart."""
    if by_help_desk:
        frame(RequestFactory().get("/"))
    sweep.on_request_finished(sender=None)


def replies():
    return [m for m in mail.outbox if "another socket" in m.body]


def test_a_request_to_the_help_desk_sends_what_is_due(reply):
    reply()

    answer()

    assert len(replies()) == 1


def test_it_also_finds_events_that_a_crash_left_behind(ticket):
    answer()

    assert len(mail.outbox) == 2
    assert not Event.objects.due().exists()


def test_other_requests_of_the_site_do_nothing(reply):
    reply()

    answer(by_help_desk=False)

    assert mail.outbox == []


def test_a_process_sweeps_once_in_ten_seconds(reply, django_assert_num_queries):
    answer()
    reply()

    with django_assert_num_queries(0):
        answer()

    assert replies() == []


def test_a_site_with_a_worker_switches_it_off(reply, settings):
    settings.WAGTAIL_HELPDESK = {"SWEEP_AFTER_REQUESTS": False}
    reply()

    answer()

    assert mail.outbox == []


def test_a_mail_server_that_is_down_is_left_alone_for_a_while(reply, ticket, channel):
    """Else each visitor would wait for it again."""
    reply()
    with sending_to(free_port()):
        answer()

    assert not sweep.may_send_in_requests()


def test_nothing_waits_on_a_healthy_site(reply):
    assert outbox.oldest_due_age() is not None
    outbox.run_due()
    Event.objects.update(due=0)

    assert outbox.oldest_due_age() is None
    assert run_checks(databases=["default"], tags=["database"]) == []


def test_mail_that_waits_too_long_is_a_warning(reply):
    delivery = reply()
    Event.objects.update(due=0)
    Delivery.objects.filter(pk=delivery.pk).update(
        run_at=timezone.now() - timedelta(minutes=7)
    )

    (warning,) = run_checks(databases=["default"], tags=["database"])

    assert outbox.oldest_due_age() > timedelta(minutes=6)
    assert warning.id == "wagtail_helpdesk.W201"
    assert "7 minutes" in warning.msg
    assert "helpdesk_worker" in warning.hint


def test_an_event_that_waits_too_long_is_a_warning_too(ticket):
    Event.objects.update(created_at=timezone.now() - timedelta(minutes=9))

    assert run_checks(databases=["default"], tags=["database"])


def test_a_failure_that_waits_for_its_next_attempt_is_none(reply):
    delivery = reply()
    Event.objects.update(due=0)
    Delivery.objects.filter(pk=delivery.pk).update(
        run_at=timezone.now() + timedelta(hours=2),
        created_at=timezone.now() - timedelta(days=1),
    )

    assert outbox.oldest_due_age() is None


def test_the_sweep_of_a_request_survives_the_loss_of_the_database(reply, caplog):
    reply()
    with caplog.at_level(logging.ERROR), connection.execute_wrapper(_no_database):
        answer()

    assert "The sweep after a request failed" in caplog.text


def test_a_page_asked_for_over_http_sends_what_is_due(client, reply):
    reply()

    client.get(reverse("account_login"))

    assert len(replies()) == 1


def _no_database(execute, sql, params, many, context):
    raise OperationalError("server closed the connection")
