"""Two at the same moment: real connections, real locks.

On SQLite every writer waits for the one before; PostgreSQL and MariaDB run them
side by side, so that is where these say most.
"""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from tests.factories import ChannelFactory, ContactFactory
from wagtail_helpdesk.actions import (
    AskForDeletion,
    MergeTickets,
    OpenTicket,
    ReceiveMessage,
    RecordConsent,
    ResolveContact,
    WithdrawConsent,
)
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import Consent, Contact, Event, Message, Ticket

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]

WRITERS = 6


def together(work):
    """Run ``work(n)`` in six threads that start at the same moment."""
    start = Barrier(WRITERS)

    def run(n):
        try:
            start.wait(timeout=30)
            return work(n)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(run, range(WRITERS)))


def test_a_double_click_files_one_ticket():
    """UX25."""
    channel, contact = ChannelFactory(), ContactFactory()
    results = together(
        lambda n: OpenTicket(
            channel=channel, contact=contact, subject="Once", client_token="t"
        ).execute()
    )
    assert sum(result.created for result in results) == 1
    assert Ticket.objects.count() == Message.objects.count() == 1
    assert Event.objects.filter(kind="ticket_opened").count() == 1


def test_one_address_becomes_one_contact():
    together(lambda n: ResolveContact(email="new@example.com").execute())
    assert Contact.objects.count() == 1


def test_messages_get_consecutive_numbers():
    """The per-conversation sequence has no gap and no double."""
    channel, contact = ChannelFactory(), ContactFactory()
    ticket = OpenTicket(channel=channel, contact=contact, subject="x").execute().ticket
    together(
        lambda n: ReceiveMessage(
            ticket=ticket, contact=contact, body_text=str(n), client_token=str(n)
        ).execute()
    )
    seqs = Message.objects.order_by("seq").values_list("seq", flat=True)
    assert list(seqs) == list(range(1, WRITERS + 2))


def test_tickets_opened_at_once_have_different_numbers():
    channel, contact = ChannelFactory(), ContactFactory()
    results = together(
        lambda n: OpenTicket(
            channel=channel, contact=contact, subject=str(n), client_token=str(n)
        ).execute()
    )
    assert len({result.ticket.number for result in results}) == WRITERS


def test_a_consent_is_given_and_withdrawn_once_each_time():
    """B57: two clicks at once, also after a withdrawal."""
    contact = ContactFactory()
    for number in (1, 2):
        together(
            lambda n: RecordConsent(
                contact=contact, text="Text\nYes", language="en", source="form:x"
            ).execute()
        )
        assert Consent.objects.count() == number
        together(lambda n: WithdrawConsent(contact=contact, source="form:x").execute())
        assert not Consent.objects.standing().exists()
    for kind in ("consent_given", "consent_withdrawn"):
        assert Event.objects.filter(kind=kind).count() == 2


def test_a_customer_who_asks_for_deletion_opens_one_ticket():
    """F11: two clicks at once, or two tabs."""
    channel, contact = ChannelFactory(), ContactFactory()
    results = together(
        lambda n: AskForDeletion(contact=contact, channel=channel).execute()
    )
    assert len({result.ticket.pk for result in results}) == 1
    assert Ticket.objects.count() == 1
    assert Event.objects.filter(kind="deletion_asked").count() == 1


def test_of_two_merges_in_opposite_directions_one_wins():
    """N15: six clicks at once, half of them the other way round."""
    channel, contact = ChannelFactory(), ContactFactory()
    one, other = (
        OpenTicket(channel=channel, contact=contact, subject=str(n)).execute().ticket
        for n in range(2)
    )

    def merge(n):
        source, target = (one, other) if n % 2 else (other, one)
        try:
            MergeTickets(source=source, target=target, actor=None).execute()
        except ActionError as error:
            return error.code
        return "done"

    assert sorted(together(merge)) == ["done"] * 3 + ["merged"] * 3
    assert Ticket.objects.live().count() == 1
    assert Event.objects.filter(kind="ticket_merged").count() == 2


def test_of_two_merges_that_make_a_chain_none_is_left_half_way():
    """N15: whichever comes first, what is merged leads to a ticket that is not."""
    channel, contact = ChannelFactory(), ContactFactory()
    first, middle, last = (
        OpenTicket(channel=channel, contact=contact, subject=str(n)).execute().ticket
        for n in range(3)
    )

    def merge(n):
        source, target = (first, middle) if n % 2 else (middle, last)
        try:
            MergeTickets(source=source, target=target, actor=None).execute()
        except ActionError as error:
            return error.code
        return "done"

    assert set(together(merge)) <= {"done", "merged", "changed"}
    # Whom it told that something has changed, since it now has more in it, asks again.
    assert merge(0) == "done"
    assert not Ticket.objects.exclude(merged_into__merged_into=None).exists()
    middle.refresh_from_db()
    assert middle.merged_into == last
    for ticket in Ticket.objects.live():
        merged = ticket.merged.count()
        assert ticket.conversations.count() == 1 + merged
