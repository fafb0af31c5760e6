"""Events are looked at once, also when a process dies between commit and task."""

import pytest
from django.core import mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.factories import AgentFactory
from wagtail_helpdesk import actions, notifications
from wagtail_helpdesk.models import Delivery, Event, InboxMembership

pytestmark = pytest.mark.django_db


def test_an_event_is_handled_once(ticket):
    event = Event.objects.get(kind=Event.Kind.TICKET_OPENED)

    first = notifications.handle_event(event)
    second = notifications.handle_event(event)

    assert len(first) == 2
    assert second == []
    assert Delivery.objects.count() == 2
    event.refresh_from_db()
    assert not event.due & Event.Consumer.NOTIFICATIONS


def test_only_our_bit_of_the_mask_is_cleared(ticket):
    event = Event.objects.get(kind=Event.Kind.TICKET_OPENED)
    Event.objects.filter(pk=event.pk).update(due=Event.Consumer.NOTIFICATIONS | 4)

    notifications.handle_event(event)

    event.refresh_from_db()
    assert event.due == 4


def test_a_consumer_that_dies_before_its_commit_leaves_the_event_due(ticket):
    event = Event.objects.get(kind=Event.Kind.TICKET_OPENED)
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        notifications.handle_event(event)
        raise KeyboardInterrupt

    assert not Delivery.objects.exists()
    assert notifications.handle_due() == 1
    assert Delivery.objects.count() == 2


def test_one_event_that_fails_does_not_stop_the_others(
    channel, contact, ticket, monkeypatch, caplog
):
    broken = Event.objects.get(ticket=ticket)
    actions.OpenTicket(channel=channel, contact=contact, body_text="b").execute()
    # An owner that is no mapping: an event written by hand, or by a broken extension.
    Event.objects.filter(pk=broken.pk).update(kind="ticket_assigned", data={"after": 7})

    assert notifications.handle_due() == 1

    broken.refresh_from_db()
    assert broken.due
    assert f"Event {broken.pk} could not be handled" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_mail_follows_from_a_commit_without_any_worker(channel, contact):
    actions.OpenTicket(channel=channel, contact=contact, body_text="Help").execute()

    recipients = sorted(address for m in mail.outbox for address in m.to)
    assert recipients == [
        '"Amy Agent" <amy@staff.example>',
        '"Ana García" <ana@acme.example>',
    ]


@pytest.mark.django_db(transaction=True)
def test_an_action_that_is_undone_sends_nothing(channel, contact):
    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        actions.OpenTicket(channel=channel, contact=contact, body_text="Help").execute()
        raise KeyboardInterrupt

    assert mail.outbox == []


def test_ten_more_readers_take_no_more_queries(inbox, channel, contact):
    def queries():
        actions.OpenTicket(channel=channel, contact=contact, body_text="a").execute()
        event = Event.objects.filter(kind=Event.Kind.TICKET_OPENED).latest("pk")
        with CaptureQueriesContext(connection) as captured:
            assert notifications.handle_event(event)
        return len(captured)

    few = queries()
    for _ in range(10):
        InboxMembership.objects.create(inbox=inbox, agent=AgentFactory())

    assert queries() == few
    assert few <= 16
