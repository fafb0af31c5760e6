"""R3 and R4: closing closes the conversations, re-opening re-opens the only one."""

import pytest

from tests.factories import ConversationFactory, PipelineFactory
from wagtail_helpdesk.actions import ChangeStage
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.models import Event

pytestmark = pytest.mark.django_db


def statuses(ticket):
    return list(ticket.conversations.order_by("pk").values_list("status", flat=True))


def test_closing_a_ticket_closes_all_its_conversations(ticket, agent, stages):
    """R3, B107."""
    ConversationFactory(ticket=ticket)
    ChangeStage(ticket=ticket, stage=stages["closed"], actor=agent).execute()
    ticket.refresh_from_db()
    assert ticket.is_closed
    assert ticket.closed_at is not None
    assert ticket.stage_before_closing == stages["new"]
    assert statuses(ticket) == ["closed", "closed"]
    assert Event.objects.filter(kind="conversation_closed").count() == 2


def test_spam_stays_spam_when_the_ticket_closes(ticket, agent, stages):
    ConversationFactory(ticket=ticket, status="spam")
    ChangeStage(ticket=ticket, stage=stages["closed"], actor=agent).execute()
    assert statuses(ticket) == ["closed", "spam"]


def test_reopening_reopens_the_only_conversation(ticket, agent, stages):
    """R4, B108."""
    ChangeStage(ticket=ticket, stage=stages["closed"], actor=agent).execute()
    ChangeStage(ticket=ticket, stage=stages["open"], actor=agent).execute()
    ticket.refresh_from_db()
    assert (ticket.is_closed, ticket.closed_at, ticket.reopened_count) == (
        False,
        None,
        1,
    )
    assert statuses(ticket) == ["open"]


def test_reopening_with_several_conversations_reopens_none(ticket, agent, stages):
    """R4, B108."""
    ConversationFactory(ticket=ticket)
    ChangeStage(ticket=ticket, stage=stages["closed"], actor=agent).execute()
    ChangeStage(ticket=ticket, stage=stages["open"], actor=agent).execute()
    assert statuses(ticket) == ["closed", "closed"]


def test_one_live_conversation_counts_as_the_only_one(ticket, agent, stages):
    ConversationFactory(ticket=ticket, status="spam")
    ChangeStage(ticket=ticket, stage=stages["closed"], actor=agent).execute()
    ChangeStage(ticket=ticket, stage=stages["open"], actor=agent).execute()
    assert statuses(ticket) == ["open", "spam"]


def test_the_inbox_may_reopen_the_latest(ticket, agent, stages):
    """L7."""
    ticket.inbox.reopen_policy = "latest"
    ticket.inbox.save()
    ConversationFactory(ticket=ticket)
    ChangeStage(ticket=ticket, stage=stages["closed"], actor=agent).execute()
    ChangeStage(ticket=ticket, stage=stages["open"], actor=agent).execute()
    assert statuses(ticket).count("open") == 1


def test_moving_between_open_stages_touches_no_conversation(ticket, agent, stages):
    ChangeStage(ticket=ticket, stage=stages["waiting"], actor=agent).execute()
    assert statuses(ticket) == ["open"]
    event = Event.objects.get(kind="stage_changed")
    assert event.data["before"]["name"] == "New"
    assert event.data["after"]["name"] == "Waiting"
    assert event.actor_agent == agent


def test_a_stage_of_another_pipeline_is_refused(ticket, agent):
    foreign = PipelineFactory().stages.first()
    with pytest.raises(ActionError) as error:
        ChangeStage(ticket=ticket, stage=foreign, actor=agent).execute()
    assert error.value.code == "foreign_stage"


def test_a_foreign_agent_changes_nothing(ticket, foreign_agent, stages):
    with pytest.raises(ActionPermissionError):
        ChangeStage(
            ticket=ticket, stage=stages["closed"], actor=foreign_agent
        ).execute()


def test_the_same_stage_again_is_no_event(ticket, agent, stages):
    version = ticket.version
    ChangeStage(ticket=ticket, stage=stages["new"], actor=agent).execute()
    ticket.refresh_from_db()
    assert ticket.version == version
    assert not Event.objects.filter(kind="stage_changed").exists()
