"""What each action asks of the database: the same for a new and for a long thread.

A number that grows has to be explained in the commit that raises it.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import ContactFactory, ConversationFactory
from wagtail_helpdesk import actions
from wagtail_helpdesk.models import Event, Message, PortalRules

pytestmark = pytest.mark.django_db(transaction=True)

#: Statements of an action with a worker beside it, BEGIN and COMMIT among them.
STATEMENTS = {
    "reply": 14,
    "reply and close": 20,
    "note": 11,
    "stage": 7,
    "close": 10,
    "customer's reply": 11,
}


@pytest.fixture(autouse=True)
def beside_a_worker(settings):
    settings.WAGTAIL_HELPDESK = {
        "SWEEP_AFTER_REQUESTS": False,
        "KICK_AFTER_COMMIT": False,
    }


@pytest.fixture
def execute(ticket, agent, contact, stages):
    """Executes the action of this name, and counts its statements."""

    def run(name: str) -> int:
        ticket.refresh_from_db()
        made = {
            "reply": lambda: actions.ReplyToTicket(
                ticket=ticket, agent=agent, body_text="Try it", client_token=token()
            ),
            "reply and close": lambda: actions.ReplyToTicket(
                ticket=ticket,
                agent=agent,
                body_text="Done",
                client_token=token(),
                stage=stages["closed"],
            ),
            "note": lambda: actions.AddNote(
                ticket=ticket, agent=agent, body_text="Hm", client_token=token()
            ),
            "stage": lambda: actions.ChangeStage(
                ticket=ticket, stage=stages["waiting"], actor=agent
            ),
            "close": lambda: actions.ChangeStage(
                ticket=ticket, stage=stages["closed"], actor=agent
            ),
            "customer's reply": lambda: actions.ReceiveMessage(
                ticket=ticket, contact=contact, body_text="Hm", client_token=token()
            ),
        }[name]()
        with CaptureQueriesContext(connection) as captured:
            made.execute()
        return len(captured)

    return run


def token() -> str:
    return f"token-{Message.objects.count()}"


def grow(ticket, number: int) -> None:
    conversation = ticket.conversations.get()
    start = conversation.last_seq
    Message.objects.bulk_create(
        Message(
            conversation=conversation,
            seq=start + step + 1,
            direction="inbound",
            author_contact=ticket.contact,
            body_text="hello",
            created_at=timezone.now(),
        )
        for step in range(number)
    )
    conversation.last_seq = start + number
    conversation.save()


@pytest.mark.parametrize("number", [5, 150])
@pytest.mark.parametrize("name", STATEMENTS)
def test_an_action_takes_so_many_statements(execute, ticket, name, number):
    grow(ticket, number)

    assert execute(name) == STATEMENTS[name]


def test_a_form_takes_so_many_statements(channel, contact):
    with CaptureQueriesContext(connection) as captured:
        actions.OpenTicket(
            channel=channel, contact=contact, body_text="Help", client_token="one"
        ).execute()

    assert len(captured) == 10


def test_no_savepoint_guards_a_whole_action(channel, contact):
    """The transaction undoes it all the same (R1)."""
    with CaptureQueriesContext(connection) as captured:
        actions.OpenTicket(
            channel=channel, contact=contact, body_text="Help", client_token="one"
        ).execute()

    assert not [q for q in captured.captured_queries if "SAVEPOINT" in q["sql"]]


def test_closing_takes_each_conversation_along(ticket, agent, stages):
    """R3: also those that were opened since."""
    other = ConversationFactory(ticket=ticket)

    actions.ChangeStage(ticket=ticket, stage=stages["closed"], actor=agent).execute()

    other.refresh_from_db()
    assert other.status == "closed"
    assert ticket.conversations.get(pk__lt=other.pk).status == "closed"


def test_the_own_conversation_comes_before_a_later_one(ticket, contact):
    """R14: a reply lands where its writer wrote before."""
    own = ticket.conversations.get()
    ConversationFactory(
        ticket=ticket, contact=ContactFactory(), last_message_at=timezone.now()
    )

    received = actions.ReceiveMessage(
        ticket=ticket, contact=contact, portal=PortalRules(), body_text="Hm"
    ).execute()

    assert received.message.conversation == own


# -- The kick --------------------------------------------------------------------


def kicks(monkeypatch) -> list[list[int]]:
    from wagtail_helpdesk import tasks

    seen: list[list[int]] = []
    monkeypatch.setattr(
        type(tasks.work_on_events),
        "enqueue",
        lambda self, event_ids: seen.append(event_ids),
    )
    return seen


def test_a_change_that_nobody_waits_for_kicks_no_task(
    ticket, agent, stages, settings, monkeypatch
):
    settings.WAGTAIL_HELPDESK = {}
    seen = kicks(monkeypatch)

    actions.ChangeStage(ticket=ticket, stage=stages["waiting"], actor=agent).execute()

    assert seen == []


def test_a_change_that_mails_follow_from_kicks_a_task(
    ticket, contact, settings, monkeypatch
):
    settings.WAGTAIL_HELPDESK = {}
    seen = kicks(monkeypatch)

    actions.ReceiveMessage(ticket=ticket, contact=contact, body_text="Hm").execute()

    assert seen == [[Event.objects.latest("pk").pk]]


def test_beside_a_worker_nothing_is_kicked(ticket, contact, monkeypatch):
    seen = kicks(monkeypatch)

    actions.ReceiveMessage(ticket=ticket, contact=contact, body_text="Hm").execute()

    assert seen == []
    assert Event.objects.due().exists()
