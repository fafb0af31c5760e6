"""Priority, details, tags, drafts, followers and agents."""

import pytest

from tests.factories import ContactFactory, InboxFactory, UserFactory
from wagtail_helpdesk.actions import (
    ChangeParticipant,
    ChangePriority,
    ChangeTicketDetails,
    FollowTicket,
    RegisterAgent,
    SaveDraft,
)
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.models import Agent, Draft, Event, PortalRules, Ticket

pytestmark = pytest.mark.django_db


def test_a_priority_changes_with_its_history(ticket, agent):
    ChangePriority(ticket=ticket, priority=4, actor=agent).execute()
    ticket.refresh_from_db()
    assert ticket.priority == 4
    event = Event.objects.get(kind="priority_changed")
    assert (event.data["before"], event.data["after"]) == (
        {"priority": 2},
        {"priority": 4},
    )


def test_an_unknown_priority_is_named(ticket, agent):
    with pytest.raises(ActionError) as error:
        ChangePriority(ticket=ticket, priority=9, actor=agent).execute()
    assert "9" in str(error.value.message)


def test_only_what_is_given_changes(ticket, agent):
    ChangeTicketDetails(
        ticket=ticket, actor=agent, properties={"serial": "X1", "plan": "pro"}
    ).execute()
    ChangeTicketDetails(
        ticket=ticket,
        actor=agent,
        type="incident",
        tags=["vip", " vip ", "router"],
        properties={"plan": None},
    ).execute()
    ticket.refresh_from_db()
    assert ticket.subject == "The router restarts"
    assert (ticket.type, ticket.properties) == ("incident", {"serial": "X1"})
    assert sorted(ticket.tags.values_list("name", flat=True)) == ["router", "vip"]
    last = Event.objects.filter(kind="details_changed").last()
    assert last.data == {"fields": ["type", "properties", "tags"]}


def test_nothing_new_is_no_event(ticket, agent):
    ChangeTicketDetails(ticket=ticket, actor=agent, subject=ticket.subject).execute()
    assert not Event.objects.filter(kind="details_changed").exists()


def test_a_subject_cannot_be_empty(ticket, agent):
    with pytest.raises(ActionError) as error:
        ChangeTicketDetails(ticket=ticket, actor=agent, subject=" ").execute()
    assert error.value.field == "subject"


def test_foreign_agents_change_nothing(ticket, foreign_agent, opened):
    attempts = [
        ChangePriority(ticket=ticket, priority=4, actor=foreign_agent),
        ChangeTicketDetails(ticket=ticket, actor=foreign_agent, type="x"),
        FollowTicket(ticket=ticket, agent=foreign_agent),
        ChangeParticipant(ticket=ticket, contact=ContactFactory(), actor=foreign_agent),
        SaveDraft(
            conversation=opened.conversation,
            agent=foreign_agent,
            mode="reply",
            text="x",
        ),
    ]
    for attempt in attempts:
        with pytest.raises(ActionPermissionError):
            attempt.execute()


def test_a_draft_is_kept_replaced_and_removed(opened, agent):
    """UX64."""

    def save(text, mode="reply"):
        return SaveDraft(
            conversation=opened.conversation, agent=agent, mode=mode, text=text
        ).execute()

    save("Dear")
    save("Dear Ana")
    save("internal", mode="note")
    assert sorted(Draft.objects.values_list("mode", "text")) == [
        ("note", "internal"),
        ("reply", "Dear Ana"),
    ]
    assert save("  ") is None
    assert Draft.objects.get().mode == "note"


def test_following_twice_is_once(ticket, agent):
    assert FollowTicket(ticket=ticket, agent=agent).execute()
    assert not FollowTicket(ticket=ticket, agent=agent).execute()
    assert FollowTicket(ticket=ticket, agent=agent, follow=False).execute()
    assert not ticket.watchers.exists()


def test_a_participant_sees_the_ticket_until_removed(ticket, agent):
    colleague = ContactFactory()

    def sees():
        return Ticket.objects.visible_to_contact(colleague, PortalRules()).exists()

    assert not sees()
    ChangeParticipant(ticket=ticket, contact=colleague, actor=agent).execute()
    assert sees()
    ChangeParticipant(
        ticket=ticket, contact=colleague, actor=agent, takes_part=False
    ).execute()
    assert not sees()


def test_an_agent_may_enter_the_admin_and_nothing_more():
    user = UserFactory()
    inbox = InboxFactory()
    agent = RegisterAgent(user=user, inboxes=[inbox]).execute()
    assert RegisterAgent(user=user, inboxes=[inbox]).execute() == agent
    assert Agent.objects.count() == 1
    user = type(user).objects.get(pk=user.pk)
    assert user.get_all_permissions() == {"wagtailadmin.access_admin"}
    assert Event.objects.filter(kind="agent_registered").count() == 1
