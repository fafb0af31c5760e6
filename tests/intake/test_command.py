"""One message on standard input, as mail servers hand it over."""

import io
import os
import sys

import pytest
from django.core.management import call_command
from django.db import DatabaseError

from tests.factories import ChannelFactory, InboxFactory
from tests.mails import raw_mail
from wagtail_helpdesk import intake
from wagtail_helpdesk.models import Delivery, Receipt, Ticket


@pytest.fixture
def deliver(monkeypatch):
    """Pipe bytes into the command; returns its exit status."""

    def do(raw, *arguments):
        stdin = io.TextIOWrapper(io.BytesIO(raw))
        monkeypatch.setattr(sys, "stdin", stdin)
        try:
            call_command("helpdesk_receive_mail", *arguments)
        except SystemExit as end:
            return end.code
        return 0

    return do


def test_a_mail_becomes_a_ticket(channel, deliver):
    assert deliver(raw_mail()) == 0
    assert Ticket.objects.get().channel == channel


def test_it_may_only_be_kept(channel, deliver):
    assert deliver(raw_mail(), "--store-only", "--sender", "ana@acme.example") == 0
    assert Receipt.objects.get().headers["sender"] == "ana@acme.example"
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    "recipient", ["help@northwind.example", "Help+abc@Northwind.example"]
)
def test_the_recipient_decides_the_channel(channel, deliver, recipient):
    other = ChannelFactory(type="email", inbox=InboxFactory(from_email="b@b.example"))
    assert deliver(raw_mail(), "--recipient", recipient) == 0
    assert Receipt.objects.get().channel == channel != other


def test_a_channels_own_addresses_count(channel, deliver):
    other = ChannelFactory(type="email", config={"addresses": ["in@desk.example"]})
    assert deliver(raw_mail(), "--recipient", "in@desk.example") == 0
    assert Receipt.objects.get().channel == other


def test_the_header_decides_where_no_recipient_is_named(channel, deliver):
    ChannelFactory(type="email")
    assert deliver(raw_mail()) == 0
    assert Receipt.objects.get().channel == channel


def test_an_unknown_recipient_is_refused_for_good(channel, deliver):
    arguments = ("--recipient", "nobody@else.example")
    assert deliver(raw_mail(), *arguments) == os.EX_NOUSER
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("arguments", [(), ("--channel", "missing")])
def test_a_mistake_of_the_set_up_makes_mail_wait(db, deliver, arguments):
    assert deliver(raw_mail(), *arguments) == os.EX_TEMPFAIL


def test_a_channel_can_be_named(channel, deliver):
    ChannelFactory(type="email", config={"addresses": ["help@northwind.example"]})
    assert deliver(raw_mail(), "--channel", channel.public_id) == 0
    assert Receipt.objects.get().channel == channel


@pytest.mark.parametrize("raw", [b"", b"\n\n", b"From: a@b\n\n" + b"x" * 200])
def test_what_cannot_be_taken_is_refused_for_good(channel, deliver, settings, raw):
    settings.WAGTAIL_HELPDESK = {"MAX_RECEIPT_BYTES": 100}
    assert deliver(raw) == os.EX_DATAERR


@pytest.mark.parametrize("error", [DatabaseError, OSError, ValueError])
def test_what_cannot_be_kept_comes_again(channel, deliver, monkeypatch, error):
    def fail(*args, **kwargs):
        raise error("no room")

    monkeypatch.setattr(intake, "store", fail)
    assert deliver(raw_mail()) == os.EX_TEMPFAIL


def test_what_is_kept_does_not_come_again(channel, deliver, monkeypatch):
    def fail(*args, **kwargs):
        raise DatabaseError("gone")

    monkeypatch.setattr(intake, "run_due", fail)
    assert deliver(raw_mail()) == 0
    assert Receipt.objects.get().state == "new"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_without_a_worker_the_acknowledgement_leaves_too(channel, deliver, mailoutbox):
    assert deliver(raw_mail()) == 0
    assert Delivery.objects.filter(kind="acknowledgement", status="sent").exists()
