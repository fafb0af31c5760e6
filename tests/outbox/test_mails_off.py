"""Mails that a contact has switched off are not sent, by one rule (F11)."""

import pytest
from django.core import mail
from django.utils import timezone

from tests.factories import CustomerFactory
from wagtail_helpdesk import actions, notifications, outbox
from wagtail_helpdesk.models import Contact, Delivery, Participant

pytestmark = pytest.mark.django_db

Mail, Kind, Status = Contact.Mail, Delivery.Kind, Delivery.Status


@pytest.fixture
def contact(db):
    """A customer with an account; only such a one can switch mails off."""
    return CustomerFactory(name="Ana", email="ana@acme.example")


@pytest.fixture
def colleague(ticket):
    """Takes part in Ana's ticket."""
    colleague = CustomerFactory(name="Luis", email="luis@acme.example")
    Participant.objects.create(ticket=ticket, contact=colleague)
    return colleague


@pytest.fixture
def answered(ticket, colleague, agent):
    """The receipt and an answer wait in the outbox, for both of them."""
    notifications.handle_due()
    actions.ReplyToTicket(ticket=ticket, agent=agent, body_text="Try it").execute()
    Delivery.objects.update(run_at=timezone.now())
    return ticket


def told():
    """Who got what, as far as it went to customers."""
    rows = Delivery.objects.exclude(contact=None).filter(status=Status.SENT)
    return {(row.contact.name, row.kind) for row in rows.select_related("contact")}


RECEIPT = ("Ana", Kind.ACKNOWLEDGEMENT)
ANSWER = ("Ana", Kind.REPLY)
COPY = ("Luis", Kind.REPLY)


@pytest.mark.parametrize(
    ("name", "off", "expected"),
    [
        ("Ana", [], {RECEIPT, ANSWER, COPY}),
        ("Ana", [Mail.RECEIVED], {ANSWER, COPY}),
        ("Ana", [Mail.ANSWER], {RECEIPT, COPY}),
        ("Ana", [Mail.TAKES_PART], {RECEIPT, ANSWER, COPY}),
        ("Luis", [Mail.TAKES_PART], {RECEIPT, ANSWER}),
        ("Luis", [Mail.ANSWER, Mail.RECEIVED], {RECEIPT, ANSWER, COPY}),
        # Written by a version that knew another kind.
        ("Ana", ["monthly_report"], {RECEIPT, ANSWER, COPY}),
    ],
)
def test_each_kind_is_switched_off_alone(answered, name, off, expected):
    Contact.objects.filter(name=name).update(mails_off=off)

    outbox.run_due()

    assert told() == expected


def test_what_was_switched_off_after_queueing_does_not_leave(answered, contact):
    """The choice is asked for when a mail is sent, not when it is queued."""
    assert Delivery.objects.filter(contact=contact, status=Status.QUEUED).count() == 2
    actions.ChangeProfile(
        contact=contact,
        name=contact.name,
        language="",
        time_zone="",
        mails_off=[Mail.ANSWER],
    ).execute()

    outbox.run_due()

    reply = Delivery.objects.get(contact=contact, kind=Kind.REPLY)
    assert reply.status == Status.CANCELLED
    assert reply.error == "The contact has switched off such mails."
    assert [sent for sent in mail.outbox if "ana@" in sent.to[0]][1:] == []


def test_who_has_no_account_any_more_gets_every_mail(answered, contact):
    """They cannot read the answer in a portal, nor switch the mails on again."""
    Contact.objects.filter(pk=contact.pk).update(mails_off=list(Mail.values), user=None)

    outbox.run_due()

    assert {RECEIPT, ANSWER} <= told()
