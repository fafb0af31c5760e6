"""The words follow what happens to a ticket, also when a process dies in between."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import (
    AgentFactory,
    ChannelFactory,
    ContactFactory,
    InboxFactory,
    MessageFactory,
    TicketFactory,
    UserFactory,
)
from tests.fulltext import searches
from wagtail_helpdesk import actions, indexing
from wagtail_helpdesk.models import (
    Event,
    Message,
    PortalRules,
    Ticket,
    TicketText,
)

pytestmark = searches


@pytest.fixture(autouse=True)
def _nothing_follows_a_commit(settings):
    """Where tests commit, the events would be handled before a test looks."""
    values = {**settings.WAGTAIL_HELPDESK, "KICK_AFTER_COMMIT": False}
    settings.WAGTAIL_HELPDESK = values


@pytest.fixture
def agent(db):
    return AgentFactory(user=UserFactory(is_superuser=True))


@pytest.fixture
def channel(agent):
    return ChannelFactory(inbox=InboxFactory(agents=[agent]))


@pytest.fixture
def ticket(channel):
    opened = actions.OpenTicket(
        channel=channel,
        contact=ContactFactory(name="Zoë"),
        subject="Router",
        body_text="It hums",
    ).execute()
    indexing.handle_due()
    return opened.ticket


def found(text, agent):
    return list(Ticket.objects.search_with_notes(text, agent).values_list("number"))


def shown(text):
    return Ticket.objects.search(text, PortalRules()).exists()


def later(message):
    """As if the undo window of a reply had passed."""
    Message.objects.filter(pk=message.pk).update(release_at=timezone.now())
    TicketText.objects.exclude(due_at=None).update(due_at=timezone.now())


def test_what_is_written_is_found_once_the_events_are_handled(ticket, agent):
    assert found("hums router", agent)
    actions.AddNote(ticket=ticket, agent=agent, body_text="Recall").execute()
    reply = actions.ReplyToTicket(
        ticket=ticket, agent=agent, body_text="Unplug"
    ).execute()
    assert not found("recall", agent)
    indexing.handle_due()
    assert found("recall unplug hums", agent)
    assert not shown("unplug")
    later(reply)
    assert indexing.handle_due() == 1
    assert shown("unplug hums")
    assert not shown("recall")
    assert indexing.handle_due() == 0


def test_a_reply_that_is_taken_back_is_forgotten(ticket, agent):
    """R16."""
    reply = actions.ReplyToTicket(
        ticket=ticket, agent=agent, body_text="Rashly"
    ).execute()
    indexing.handle_due()
    assert found("rashly", agent)
    actions.UndoSend(message=reply, agent=agent).execute()
    indexing.handle_due()
    assert not found("rashly", agent)
    assert found("hums", agent)


def test_a_new_subject_replaces_the_old_one(ticket, agent):
    actions.ChangeTicketDetails(ticket=ticket, actor=agent, subject="Kettle").execute()
    indexing.handle_due()
    assert found("kettle hums", agent)
    assert not found("router", agent)


def test_trash_and_back(ticket, agent):
    """R6."""
    actions.TrashTicket(ticket=ticket, actor=agent).execute()
    indexing.handle_due()
    actions.RestoreTicket(ticket=ticket, actor=agent).execute()
    indexing.handle_due()
    assert found("hums router", agent)
    assert shown("hums router")


def test_a_crash_before_the_rows_are_written_loses_nothing(ticket, agent, monkeypatch):
    actions.AddNote(ticket=ticket, agent=agent, body_text="Recall").execute()

    def die(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("wagtail_helpdesk.indexing.consumer.append_messages", die)
    with pytest.raises(KeyboardInterrupt):
        indexing.handle_due()
    monkeypatch.undo()
    assert Event.objects.due(Event.Consumer.SEARCH).exists()
    assert indexing.handle_due() == 1
    assert found("recall", agent)


def test_a_crash_after_the_rows_are_written_doubles_nothing(ticket, agent):
    event = Event.objects.latest("pk")
    before = list(TicketText.objects.values_list("pk", "last_message", "length"))
    Event.objects.filter(pk=event.pk).update(
        kind=Event.Kind.MESSAGE_RECEIVED, due=Event.Consumer.SEARCH
    )
    assert indexing.handle_due() == 1
    after = list(TicketText.objects.values_list("pk", "last_message", "length"))
    assert after == before


def test_a_ticket_that_fails_does_not_stop_the_others(
    ticket, agent, channel, monkeypatch, caplog
):
    opened = actions.OpenTicket(
        channel=channel, contact=ContactFactory(), subject="Fridge", body_text="Warm"
    ).execute()
    actions.ChangeTicketDetails(ticket=ticket, actor=agent, subject="Kettle").execute()

    def index(keys):
        if ticket.pk in keys:
            raise RuntimeError("broken")
        return indexing.index_tickets(keys)

    monkeypatch.setattr("wagtail_helpdesk.indexing.consumer.index_tickets", index)
    indexing.handle_due()
    assert found("fridge warm", agent) == [(opened.ticket.number,)]
    assert Event.objects.due(Event.Consumer.SEARCH).count() == 1
    assert f"ticket {ticket.pk} could not be indexed" in caplog.text


def test_only_the_bit_of_the_search_is_cleared(ticket):
    Event.objects.update(due=Event.Consumer.SEARCH | Event.Consumer.NOTIFICATIONS)
    indexing.handle_due()
    dues = set(Event.objects.values_list("due", flat=True))
    assert dues == {Event.Consumer.NOTIFICATIONS}


def test_a_message_costs_the_same_in_a_long_thread(ticket, agent):
    def statements():
        MessageFactory(conversation=ticket.conversations.get(), body_text="Again")
        event = Event.objects.create(
            kind="message_received", ticket=ticket, due=Event.Consumer.SEARCH
        )
        with CaptureQueriesContext(connection) as captured:
            assert indexing.handle_events([event]) == 1
        return [
            query["sql"]
            for query in captured
            if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))
        ]

    few = statements()
    for number in range(50):
        MessageFactory(
            conversation=ticket.conversations.get(), body_text=f"Long {number}"
        )
    indexing.index_tickets([ticket.pk])
    many = statements()
    assert len(many) == len(few) <= 5
    # Neither the old messages nor the old words are read.
    assert not any("Long 7" in sql for sql in many)


def test_words_beyond_the_limit_of_a_row_are_left_out(ticket, agent, monkeypatch):
    monkeypatch.setattr("wagtail_helpdesk.indexing.rows.MOST_OF_ROW", 5)
    for text in ("alpha beta gamma", "delta"):
        actions.AddNote(ticket=ticket, agent=agent, body_text=text).execute()
    indexing.handle_due()
    assert found("alpha", agent)
    assert not found("delta", agent)


def test_the_command_indexes_what_came_past_the_actions(agent, capsys):
    TicketFactory.create_batch(3, subject="Imported")
    assert not found("imported", agent)
    call_command("helpdesk_index_tickets")
    assert "3 tickets indexed" in capsys.readouterr().out
    assert len(found("imported", agent)) == 3
    call_command("helpdesk_index_tickets")
    assert "0 tickets indexed" in capsys.readouterr().out


def test_the_command_goes_on_where_it_was_stopped(agent, monkeypatch):
    monkeypatch.setattr("wagtail_helpdesk.indexing.rebuilding.BATCH", 1)
    TicketFactory.create_batch(3, subject="Imported")
    steps = indexing.rebuild()
    assert next(steps)[0] == 1
    steps.close()
    assert len(found("imported", agent)) == 1
    assert [done for done, _last in indexing.rebuild()] == [1, 2]
    Ticket.objects.update(subject="Renamed")
    assert [done for done, _last in indexing.rebuild(everything=True)] == [1, 2, 3]
    assert len(found("renamed", agent)) == 3


def test_the_name_a_contact_takes_when_they_sign_in_is_found(ticket, agent):
    ticket.contact.name = "Renamed Person"
    ticket.contact.save()
    Event.objects.create(
        kind=Event.Kind.CONTACT_CLAIMED,
        contact=ticket.contact,
        due=Event.Consumer.SEARCH,
    )
    assert indexing.handle_due() == 1
    assert found("renamed router", agent)
    assert not found("zoe", agent)


def test_the_system_check_names_tickets_without_words(ticket):
    def warnings():
        return [found.id for found in indexing.check_index(None, ["default"])]

    TicketFactory(created_at=timezone.now())
    assert warnings() == []
    TicketFactory(created_at=timezone.now() - timedelta(days=1))
    assert warnings() == ["wagtail_helpdesk.W204"]
    for _step in indexing.rebuild():
        pass
    assert warnings() == []
