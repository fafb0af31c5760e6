"""UX72: one change on many tickets, and nothing an agent could not do one by one."""

import pytest

from tests.admin.conftest import url
from tests.factories import InboxFactory, TicketFactory
from wagtail_helpdesk.actions import ChangePriority
from wagtail_helpdesk.models import Event, Ticket

pytestmark = pytest.mark.django_db


def post(browser, action, ids, query="view=open"):
    return browser.post(
        url("inbox_bulk"), {"action": action, "id": ids, "query": query}, follow=True
    )


def test_the_chosen_tickets_are_assigned_to_the_agent(browser, agent, open_ticket):
    first, second = open_ticket("First"), open_ticket("Second")
    third = open_ticket("Third")

    answer = post(browser, "assign:me", [first.public_id, second.public_id])

    assert set(Ticket.objects.filter(owner=agent)) == {first, second}
    assert third.owner is None
    assert b"2 tickets updated." in answer.content
    assert Event.objects.filter(kind="ticket_assigned").count() == 2


def test_a_colleague_or_nobody_can_be_the_owner(browser, colleague, ticket):
    post(browser, f"assign:{colleague.pk}", [ticket.public_id])
    ticket.refresh_from_db()
    assert ticket.owner == colleague

    post(browser, "assign:none", [ticket.public_id])
    ticket.refresh_from_db()
    assert ticket.owner is None


def test_stage_and_closing(browser, ticket, stages):
    post(browser, f"stage:{stages['waiting'].pk}", [ticket.public_id])
    ticket.refresh_from_db()
    assert ticket.stage == stages["waiting"]

    answer = post(browser, "close", [ticket.public_id])
    ticket.refresh_from_db()
    assert ticket.is_closed
    assert b"1 ticket updated." in answer.content
    assert b"1 was so already." in post(browser, "close", [ticket.public_id]).content


def test_a_foreign_ticket_is_skipped_whatever_id_is_sent(
    browser, agent, ticket, foreign_ticket
):
    answer = post(
        browser,
        "assign:me",
        [ticket.public_id, foreign_ticket.public_id, "forged", "1", "\x00"],
    )

    foreign_ticket.refresh_from_db()
    assert foreign_ticket.owner is None
    assert b"1 ticket updated." in answer.content
    assert b"4 skipped" in answer.content


def test_all_means_all_that_the_filters_show(browser, agent, open_ticket):
    urgent, normal = open_ticket("Urgent"), open_ticket("Normal")
    ChangePriority(ticket=urgent, priority=4, actor=agent).execute()

    post(browser, "assign:me", ["all"], query="view=open&priority=4")

    normal.refresh_from_db()
    urgent.refresh_from_db()
    assert urgent.owner == agent
    assert normal.owner is None


def test_all_reaches_beyond_the_page_and_never_a_foreign_inbox(
    browser, agent, inbox, foreign_ticket
):
    for _number in range(30):
        TicketFactory(inbox=inbox)

    answer = post(browser, "assign:me", ["all"])

    assert Ticket.objects.filter(owner=agent).count() == 30
    foreign_ticket.refresh_from_db()
    assert foreign_ticket.owner is None
    assert b"30 tickets updated." in answer.content


def test_a_stage_of_another_pipeline_is_skipped_and_counted(
    browser, agent, ticket, stages
):
    other = TicketFactory(inbox=InboxFactory(agents=[agent]))

    answer = post(
        browser,
        f"stage:{stages['open'].pk}",
        [ticket.public_id, other.public_id],
    )

    assert b"1 ticket updated." in answer.content
    assert b"1 skipped" in answer.content


@pytest.mark.parametrize("action", ["", "delete", "assign:999999", "stage:x", "stage:"])
def test_an_unknown_action_changes_nothing(browser, ticket, action):
    before = Event.objects.count()

    answer = post(browser, action, [ticket.public_id])

    assert b"Choose what to do" in answer.content
    assert Event.objects.count() == before


def test_a_foreign_agent_or_stage_is_no_choice(
    browser, ticket, foreign_inbox, foreign_ticket
):
    zed = foreign_inbox.members.get()
    stage = foreign_inbox.default_pipeline.first_stage()
    for action in (f"assign:{zed.pk}", f"stage:{stage.pk}"):
        assert b"Choose what to do" in post(browser, action, [ticket.public_id]).content


def test_nothing_chosen_is_told(browser, ticket):
    assert b"Choose one or more tickets" in post(browser, "close", []).content


def test_the_list_is_shown_again_as_it_was(browser, ticket):
    answer = browser.post(
        url("inbox_bulk"),
        {"action": "close", "id": [ticket.public_id], "query": "view=open&q=router"},
    )

    assert answer.url == f"{url('inbox')}?view=open&q=router"
