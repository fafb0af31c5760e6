"""Claims, leases, another try, and what is left for a person."""

import pytest
from django.core.checks import run_checks
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import ContactFactory
from tests.mails import raw_mail
from wagtail_helpdesk import intake
from wagtail_helpdesk.channels import registry
from wagtail_helpdesk.channels.base import Channel
from wagtail_helpdesk.channels.events import InboundEvent, Kind, Party
from wagtail_helpdesk.intake import leases, running
from wagtail_helpdesk.models import Attachment, Event, Message, Receipt, Ticket
from wagtail_helpdesk.signals import events_recorded


def test_what_is_stored_is_kept_byte_for_byte(channel):
    raw = bytes(range(256))
    receipt = intake.store(channel, raw, headers={"sender": "a@b"})
    receipt = Receipt.objects.get(pk=receipt.pk)
    assert (receipt.raw(), receipt.size) == (raw, 256)
    assert receipt.headers == {"sender": "a@b"}


def test_what_is_large_lies_in_a_private_file(channel):
    raw = b"x" * 300_000
    receipt = intake.store(channel, raw)
    receipt = Receipt.objects.get(pk=receipt.pk)
    assert receipt.body in (b"", None) or bytes(receipt.body) == b""
    assert receipt.raw() == raw


def test_what_is_too_large_is_refused(channel, settings):
    settings.WAGTAIL_HELPDESK = {"MAX_RECEIPT_BYTES": 10}
    with pytest.raises(intake.TooLarge):
        intake.store(channel, b"x" * 11)
    assert not Receipt.objects.exists()


def test_what_fails_is_tried_again_and_then_left_to_a_person(
    channel, receive, make_due, monkeypatch
):
    def fail(*args):
        raise OperationalError("the disk is full")

    monkeypatch.setattr(running, "apply", fail)
    receipt = receive()
    assert (receipt.state, receipt.attempts) == ("new", 1)
    assert receipt.run_at > timezone.now() and "disk is full" in receipt.error
    for _attempt in range(leases.MAX_ATTEMPTS - 1):
        make_due()
        intake.take_in(budget_seconds=60)
    receipt.refresh_from_db()
    assert (receipt.state, receipt.attempts) == ("failed", leases.MAX_ATTEMPTS)
    monkeypatch.undo()
    assert intake.try_again(receipt)
    intake.take_in(budget_seconds=60)
    receipt.refresh_from_db()
    assert (receipt.state, Ticket.objects.count()) == ("done", 1)


def test_a_lost_worker_costs_an_attempt_and_nothing_else(channel, make_due):
    intake.store(channel, raw_mail())
    assert leases.claim("lost", limit=10)
    assert intake.take_in(budget_seconds=60).done == 0
    make_due()
    report = intake.take_in(budget_seconds=60)
    assert (report.reclaimed, report.done) == (1, 1)


def test_a_mail_that_takes_its_worker_along_is_read_alone_and_given_up(
    channel, make_due
):
    for number in range(3):
        intake.store(channel, raw_mail(message_id=f"<{number}@x>"))
    later = timezone.now() + timezone.timedelta(hours=1)
    poison = leases.claim("lost", limit=10)[0]
    Receipt.objects.exclude(pk=poison.pk).update(run_at=later)
    for _attempt in range(leases.MAX_ATTEMPTS - 1):
        make_due()
        leases.reclaim_lost()
        Receipt.objects.exclude(pk=poison.pk).update(run_at=later)
        assert leases.claim("lost too", limit=10) == [poison]
    make_due()
    leases.reclaim_lost()
    poison.refresh_from_db()
    assert poison.state == "failed"
    assert poison.raw() == raw_mail(message_id="<0@x>")
    make_due()
    intake.take_in(budget_seconds=60)
    assert Ticket.objects.count() == 2


def test_a_worker_without_its_lease_writes_nothing(channel, monkeypatch):
    receipt = intake.store(channel, raw_mail())
    adapter = registry.adapter_for("email")
    parse = adapter.parse

    def be_slow(raw, headers):
        Receipt.objects.update(lease_owner="another")
        return parse(raw, headers)

    monkeypatch.setattr(adapter, "parse", be_slow)
    intake.take_in(budget_seconds=60)
    receipt.refresh_from_db()
    assert (receipt.state, receipt.lease_owner) == ("claimed", "another")
    assert not Ticket.objects.exists() and not Event.objects.exists()


def test_a_channel_that_is_off_keeps_its_mail(channel, receive):
    channel.is_enabled = False
    channel.save()
    assert receive().state == "new"
    channel.is_enabled = True
    channel.save()
    intake.take_in(budget_seconds=60)
    assert Ticket.objects.count() == 1


def test_a_channel_type_that_nobody_installed_fails_and_keeps_it(channel, receive):
    channel.type = "pigeon"
    channel.save()
    receipt = receive()
    assert receipt.state == "failed" and "pigeon" in receipt.error


class Pigeon(Channel):
    slug, label = "pigeon", "Pigeon"

    def parse(self, raw, headers):
        for number, text in enumerate(raw.decode().split("|")):
            party = Party(email=f"c{number}@acme.example")
            yield InboundEvent(
                kind=Kind.MESSAGE, key=f"{raw!r}:{number}", party=party, text=text
            )


def test_a_third_partys_channel_may_bring_several_messages(
    channel, receive, monkeypatch
):
    monkeypatch.setattr(registry, "_adapters", {})
    registry.register(Pigeon())
    channel.type = "pigeon"
    channel.save()
    assert receive(b"One|Two").state == "done"
    assert sorted(Message.objects.values_list("body_text", flat=True)) == ["One", "Two"]


def test_what_was_done_is_deleted_after_its_time(channel, receive, settings):
    done = receive()
    large = receive(raw_mail("x" * 300_000, message_id="<large@x>"))
    failed = receive(b"nothing")
    old = timezone.now() - timezone.timedelta(days=31)
    Receipt.objects.update(received_at=old)
    storage, name = large.file.storage, large.file.name
    assert storage.exists(name)
    assert intake.delete_old() == 2
    assert list(Receipt.objects.all()) == [failed]
    assert not storage.exists(name)
    assert Ticket.objects.count() == 2 and done.message is not None


def test_checks_warn_of_mail_that_waits_or_failed(channel, receive):
    receive(b"nothing")
    intake.store(channel, raw_mail())
    Receipt.objects.filter(state="new").update(
        run_at=timezone.now() - timezone.timedelta(minutes=6)
    )
    ids = {message.id for message in run_checks(databases=["default"])}
    assert {"wagtail_helpdesk.W202", "wagtail_helpdesk.W203"} <= ids


def test_one_tick_takes_mail_in_and_acknowledges_it(channel, mailoutbox, capsys):
    intake.store(channel, raw_mail())
    call_command("helpdesk_tick")
    assert "1 taken in" in capsys.readouterr().out
    assert any("ana@acme.example" in mail.to[0] for mail in mailoutbox)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_events_of_a_batch_are_announced_at_once(channel):
    heard = []

    def hear(sender, event_ids, **kwargs):
        heard.append(event_ids)

    for number in range(5):
        intake.store(channel, raw_mail(message_id=f"<{number}@x>"))
    events_recorded.connect(hear)
    try:
        intake.take_in(budget_seconds=60)
    finally:
        events_recorded.disconnect(hear)
    assert len(heard) == 1
    assert sorted(heard[0]) == sorted(Event.objects.values_list("pk", flat=True))


def _statements(channel, mails):
    with CaptureQueriesContext(connection) as stored:
        for raw in mails:
            intake.store(channel, raw)
    with CaptureQueriesContext(connection) as taken:
        report = intake.take_in(budget_seconds=60)
    assert report.done == len(mails)
    return (len(stored) + len(taken)) / len(mails)


def test_a_mail_costs_at_most_eight_statements(channel, ticket, our_mail):
    """Storing it included, in the steady state: a full batch of known contacts."""
    for number in range(running.BATCH):
        ContactFactory(email=f"c{number}@acme.example")
    answers = [
        raw_mail(str(n), message_id=f"<a{n}@x>", In_Reply_To=our_mail)
        for n in range(running.BATCH)
    ]
    new = [
        raw_mail(str(n), message_id=f"<n{n}@x>", sender=f"c{n}@acme.example")
        for n in range(running.BATCH)
    ]
    assert _statements(channel, answers) <= 8
    assert _statements(channel, new) <= 8


def test_files_of_a_batch_that_fails_do_not_stay_on_the_storage(channel, monkeypatch):
    for number in range(2):
        files = (("a.txt", b"x", "text/plain"),)
        raw = raw_mail(f"File {number}", message_id=f"<f{number}@x>", files=files)
        intake.store(channel, raw)
    deleted, written = [], Attachment.objects.bulk_create
    storage = storages["helpdesk_private"]

    def fail_once(rows):
        rows = list(rows)
        if len(rows) > 1:
            monkeypatch.setattr(Attachment.objects, "bulk_create", written)
            deleted.extend(row.file.name for row in rows)
            raise OperationalError("gone")
        return written(rows)

    monkeypatch.setattr(Attachment.objects, "bulk_create", fail_once)
    assert intake.take_in(budget_seconds=60).done == 2

    assert len(deleted) == 2
    assert not any(storage.exists(name) for name in deleted)
    kept = Attachment.objects.values_list("file", flat=True)
    assert len(kept) == 2
    assert all(storage.exists(name) for name in kept)
