"""The acknowledgement tells the customer, and cannot be made to tell anything else."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import override_settings
from django.utils import timezone

from tests.factories import ContactFactory
from wagtail_helpdesk import actions, notifications, outbox
from wagtail_helpdesk.models import Delivery, Event, Identity

pytestmark = pytest.mark.django_db

CANARY = "BUY-NOW-https://spam.example"


def acknowledgements():
    return Delivery.objects.filter(kind=Delivery.Kind.ACKNOWLEDGEMENT)


@pytest.fixture
def ask(channel):
    def ask(contact, **kwargs):
        texts = {"subject": "Lamp", "body_text": "It flickers"} | kwargs
        opened = actions.OpenTicket(channel=channel, contact=contact, **texts).execute()
        notifications.handle_due()
        return opened.ticket

    return ask


def test_a_new_request_is_acknowledged_to_its_contact(ask, contact):
    ticket = ask(contact)

    (delivery,) = acknowledgements()
    assert delivery.address == "ana@acme.example"
    assert delivery.ticket == ticket


def test_it_repeats_nothing_that_a_visitor_typed(ask, channel):
    """Not even the name: what mails strangers one's own words is a mail cannon."""
    stranger = ContactFactory(
        name=CANARY, email="victim@x.example", email__unverified=True
    )
    ask(
        stranger,
        subject=CANARY,
        body_text=CANARY,
        form_data=[{"key": "a", "label": CANARY, "value": CANARY, "hidden": False}],
    )

    outbox.run_due()

    (sent,) = [m for m in mail.outbox if "victim@x.example" in m.to[0]]
    assert CANARY not in sent.message().as_string()
    assert "spam.example" not in sent.body
    assert "spam.example" not in sent.alternatives[0][0]


def test_a_contact_with_a_verified_address_is_greeted_by_name(ask, contact):
    ask(contact)
    outbox.run_due()

    (sent,) = [m for m in mail.outbox if "ana@acme.example" in m.to[0]]
    assert "Hello Ana García," in sent.body


def test_a_ticket_is_acknowledged_once_however_often_the_event_is_seen(ask, contact):
    ask(contact)
    Event.objects.update(due=Event.Consumer.NOTIFICATIONS)

    notifications.handle_due()

    assert acknowledgements().count() == 1


def test_one_address_gets_three_an_hour_and_ten_a_day(ask, contact):
    """EM25: two machines that answer each other stop here."""
    for _ in range(5):
        ask(contact)
    assert acknowledgements().count() == 3

    for hours in range(2, 12):
        earlier = timezone.now() - timedelta(hours=hours)
        acknowledgements().filter(
            created_at__gt=timezone.now() - timedelta(hours=1)
        ).update(created_at=earlier)
        for _ in range(4):
            ask(contact)
    assert acknowledgements().count() == 10

    acknowledgements().update(created_at=timezone.now() - timedelta(hours=25))
    ask(contact)
    assert acknowledgements().count() == 11


def test_the_caps_count_each_address_alone(ask, contact):
    for _ in range(4):
        ask(contact)

    ask(ContactFactory(email="bo@acme.example"))

    assert acknowledgements().filter(address="bo@acme.example").count() == 1


def test_a_blocked_contact_gets_none(ask, ticket, contact):
    contact.is_blocked = True
    contact.save()

    notifications.handle_due()

    assert not acknowledgements().exists()


def test_a_contact_blocked_after_it_was_queued_gets_none(ask, contact):
    ask(contact)
    contact.is_blocked = True
    contact.save()

    assert outbox.run_due().cancelled == 1
    assert not [m for m in mail.outbox if "ana@acme.example" in m.to[0]]


@pytest.mark.parametrize(
    "address",
    [
        "help@northwind.example",
        "site@northwind.example",
        "mailer-daemon@acme.example",
        "noreply@acme.example",
        "postmaster@acme.example",
    ],
)
@override_settings(DEFAULT_FROM_EMAIL="Northwind <site@northwind.example>")
def test_our_own_addresses_and_machines_get_none(ask, address):
    """EM25: writing to our own address would start a loop."""
    ask(ContactFactory(email=address))

    assert not acknowledgements().exists()


def test_a_contact_without_a_mail_address_gets_none(ask):
    contact = ContactFactory(email=False)
    Identity.objects.create(contact=contact, kind="phone", value="+34600000000")

    ask(contact)

    assert not acknowledgements().exists()


def test_a_later_message_is_not_acknowledged(ask, contact):
    ticket = ask(contact)
    actions.ReceiveMessage(ticket=ticket, contact=contact, body_text="More").execute()

    notifications.handle_due()

    assert acknowledgements().count() == 1


def test_spam_and_the_trash_get_none(channel, contact, agent):
    spam = actions.OpenTicket(channel=channel, contact=contact, body_text="a").execute()
    spam.conversation.status = "spam"
    spam.conversation.save()
    trashed = actions.OpenTicket(
        channel=channel, contact=contact, body_text="b"
    ).execute()
    actions.TrashTicket(ticket=trashed.ticket, actor=agent).execute()

    notifications.handle_due()

    assert not Delivery.objects.exists()


def test_a_ticket_that_staff_opened_is_not_acknowledged(ticket, agent):
    Event.objects.update(actor_contact=None, actor_agent=agent)

    notifications.handle_due()

    assert not acknowledgements().exists()
