"""R7: a customer's reply, also on a closed ticket."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import ContactFactory, ConversationFactory, TicketFactory
from wagtail_helpdesk.actions import (
    ChangeStage,
    OpenTicket,
    ReceiveMessage,
    TrashTicket,
)
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.models import Event, Message, PortalRules, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def reply(ticket, contact):
    def reply(text="Still broken.", **options):
        options.setdefault("portal", PortalRules())
        return ReceiveMessage(
            ticket=ticket, contact=contact, body_text=text, **options
        ).execute()

    return reply


@pytest.fixture
def closed(ticket, agent, stages):
    ChangeStage(ticket=ticket, stage=stages["open"], actor=agent).execute()
    return ChangeStage(ticket=ticket, stage=stages["closed"], actor=agent).execute()


def closed_days_ago(ticket, days):
    Ticket.objects.filter(pk=ticket.pk).update(
        closed_at=timezone.now() - timedelta(days=days)
    )


def test_a_reply_joins_the_conversation(ticket, opened, reply):
    received = reply()
    assert received.created
    assert received.message.conversation == opened.conversation
    assert received.message.seq == 2
    ticket.refresh_from_db()
    assert ticket.last_customer_message_at == received.message.created_at


def test_the_same_reply_twice_is_one_message(reply):
    first, second = reply(client_token="t"), reply(client_token="t")
    assert (first.created, second.created) == (True, False)
    assert first.message == second.message
    assert Event.objects.filter(kind="message_received").count() == 1


def test_a_reply_on_a_closed_ticket_reopens_it_where_it_was(closed, reply, stages):
    """R7, R4, B45."""
    received = reply()
    ticket = received.ticket
    ticket.refresh_from_db()
    assert (ticket.stage, ticket.is_closed) == (stages["open"], False)
    assert received.message.conversation.status == "open"
    assert not received.is_follow_up


def test_after_the_window_a_follow_up_is_opened(closed, ticket, reply):
    """R7."""
    closed_days_ago(ticket, 15)
    received = reply()
    assert received.is_follow_up
    assert received.ticket.follow_up_of == ticket
    assert received.ticket.subject == ticket.subject
    ticket.refresh_from_db()
    assert ticket.is_closed


def test_a_follow_up_sent_twice_is_one_ticket(closed, ticket, reply):
    closed_days_ago(ticket, 15)
    first, second = reply(client_token="late"), reply(client_token="late")
    assert first.ticket == second.ticket
    assert second.is_follow_up
    assert Ticket.objects.count() == 2


def test_the_window_is_a_setting(closed, ticket, reply):
    closed_days_ago(ticket, 15)
    assert not reply(portal=PortalRules(reopen_days=20)).is_follow_up


def test_where_closed_is_closed_nothing_is_written(closed, reply):
    """R7, B45: the caller keeps the text and offers the form."""
    with pytest.raises(ActionError) as error:
        reply(portal=PortalRules(reply_on_closed=False))
    assert error.value.code == "closed"
    assert Message.objects.count() == 1


def test_a_reply_ends_the_waiting(ticket, agent, stages, reply):
    ChangeStage(ticket=ticket, stage=stages["waiting"], actor=agent).execute()
    reply()
    ticket.refresh_from_db()
    assert ticket.stage == stages["open"]


def test_a_ticket_without_conversation_gets_one_its_own_agents_read(channel, contact):
    """B7; every ticket has an inbox here, and whoever works the ticket must see it."""
    ticket = TicketFactory(contact=contact)
    received = ReceiveMessage(
        ticket=ticket,
        contact=contact,
        portal=PortalRules(),
        channel=channel,
        body_text="Hello",
    ).execute()
    assert received.message.conversation.channel == channel
    assert received.message.conversation.inbox == ticket.inbox


def test_with_the_original_thread_only_the_reply_goes_there(opened, reply):
    """L2."""
    ConversationFactory(ticket=opened.ticket)
    received = reply(portal=PortalRules(thread_policy="original"))
    assert received.message.conversation == opened.conversation


def test_nobody_replies_on_a_ticket_they_do_not_see(ticket, agent, contact, reply):
    for stranger, portal in [
        (ContactFactory(), PortalRules()),
        (contact, PortalRules(is_active=False)),
    ]:
        with pytest.raises(ActionPermissionError):
            ReceiveMessage(
                ticket=ticket, contact=stranger, portal=portal, body_text="x"
            ).execute()
    TrashTicket(ticket=ticket, actor=agent).execute()
    with pytest.raises(ActionPermissionError):
        reply()


def test_an_empty_reply_is_refused(reply):
    with pytest.raises(ActionError) as error:
        reply(" \u2028 ")
    assert (error.value.code, error.value.field) == ("empty", "body")


def test_a_token_counts_for_its_own_ticket_only(reply, contact, channel):
    other = OpenTicket(channel=channel, contact=contact, subject="Another").execute()
    reply(client_token="t")
    again = {"ticket": other.ticket, "contact": contact, "client_token": "t"}
    first = ReceiveMessage(body_text="x", **again).execute()
    second = ReceiveMessage(body_text="x", **again).execute()
    assert (first.created, second.created) == (True, False)
    assert first.message == second.message
