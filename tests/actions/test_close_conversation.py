"""R5: closing a conversation leaves the ticket alone."""

import pytest

from tests.factories import ConversationFactory
from wagtail_helpdesk.actions import CloseConversation, ReopenConversation
from wagtail_helpdesk.exceptions import ActionPermissionError

pytestmark = pytest.mark.django_db


def test_the_ticket_stays_open(opened, agent):
    """B109."""
    result = CloseConversation(conversation=opened.conversation, actor=agent).execute()
    opened.ticket.refresh_from_db()
    assert result.conversation.status == "closed"
    assert not opened.ticket.is_closed
    assert not result.suggest_closing_ticket


def test_the_last_one_may_suggest_closing_the_ticket(opened, agent, inbox):
    """R5's option."""
    inbox.suggest_closing = True
    inbox.save()
    second = ConversationFactory(ticket=opened.ticket)
    first = CloseConversation(conversation=opened.conversation, actor=agent).execute()
    last = CloseConversation(conversation=second, actor=agent).execute()
    assert (first.suggest_closing_ticket, last.suggest_closing_ticket) == (False, True)


def test_it_can_be_opened_again(opened, agent):
    CloseConversation(conversation=opened.conversation, actor=agent).execute()
    conversation = ReopenConversation(
        conversation=opened.conversation, actor=agent
    ).execute()
    assert conversation.status == "open"


def test_a_foreign_agent_closes_nothing(opened, foreign_agent):
    with pytest.raises(ActionPermissionError):
        CloseConversation(
            conversation=opened.conversation, actor=foreign_agent
        ).execute()
