"""R2: the ticket's owner follows the conversation's, not the other way round."""

import pytest

from tests.factories import AgentFactory, ConversationFactory
from wagtail_helpdesk.actions import AssignConversation, AssignTicket
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.models import Event, InboxMembership

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(inbox):
    colleague = AgentFactory()
    InboxMembership.objects.create(inbox=inbox, agent=colleague)
    return colleague


def owners(ticket):
    ticket.refresh_from_db()
    conversations = ticket.conversations.order_by("pk")
    return ticket.owner, [conversation.owner for conversation in conversations]


def test_the_conversations_owner_becomes_the_tickets(opened, agent):
    """B104."""
    AssignConversation(
        conversation=opened.conversation, owner=agent, actor=agent
    ).execute()
    assert owners(opened.ticket) == (agent, [agent])
    assert list(Event.objects.order_by("pk").values_list("kind", flat=True)) == [
        "ticket_opened",
        "conversation_assigned",
        "ticket_assigned",
    ]


def test_the_tickets_owner_leaves_the_conversations_alone(opened, agent):
    """B104."""
    AssignTicket(ticket=opened.ticket, owner=agent, actor=agent).execute()
    assert owners(opened.ticket) == (agent, [None])


def test_any_of_several_conversations_sets_the_tickets_owner(opened, agent, colleague):
    second = ConversationFactory(ticket=opened.ticket)
    AssignConversation(
        conversation=opened.conversation, owner=agent, actor=agent
    ).execute()
    AssignConversation(conversation=second, owner=colleague, actor=agent).execute()
    assert owners(opened.ticket) == (colleague, [agent, colleague])


@pytest.mark.parametrize(
    ("policy", "expected"), [("both", True), ("off", False)], ids=["both", "off"]
)
def test_the_inbox_may_sync_both_ways_or_not_at_all(
    opened, agent, colleague, policy, expected
):
    """L6."""
    inbox = opened.conversation.inbox
    inbox.owner_sync = policy
    inbox.save()
    opened.ticket.inbox.refresh_from_db()
    AssignTicket(ticket=opened.ticket, owner=agent, actor=agent).execute()
    assert owners(opened.ticket) == (agent, [agent if expected else None])
    opened.conversation.refresh_from_db()
    AssignConversation(
        conversation=opened.conversation, owner=colleague, actor=agent
    ).execute()
    assert owners(opened.ticket)[0] == (colleague if expected else agent)


def test_an_owner_must_be_a_member_of_the_inbox(ticket, agent, foreign_agent):
    with pytest.raises(ActionError) as error:
        AssignTicket(ticket=ticket, owner=foreign_agent, actor=agent).execute()
    assert error.value.code == "not_a_member"
    ticket.refresh_from_db()
    assert ticket.owner is None


def test_a_foreign_agent_assigns_nothing(opened, agent, foreign_agent):
    with pytest.raises(ActionPermissionError):
        AssignTicket(ticket=opened.ticket, owner=agent, actor=foreign_agent).execute()
    with pytest.raises(ActionPermissionError):
        AssignConversation(
            conversation=opened.conversation, owner=agent, actor=foreign_agent
        ).execute()


def test_the_same_owner_again_is_no_event(ticket, agent):
    AssignTicket(ticket=ticket, owner=agent, actor=agent).execute()
    AssignTicket(ticket=ticket, owner=agent, actor=agent).execute()
    assert Event.objects.filter(kind="ticket_assigned").count() == 1
