"""Queries are put together once and kept; who asks and what for is never kept (R10)."""

from __future__ import annotations

import pytest

from tests.admin.conftest import make_agent, signed_in, url
from tests.factories import InboxFactory
from wagtail_helpdesk.models import Inbox

pytestmark = pytest.mark.django_db


def listed(agent, query: str = "view=open") -> set[str]:
    page = signed_in(agent.user).get(f"{url('inbox')}?{query}")
    return {row.subject for row in page.context["rows"]}


def test_agents_with_as_many_inboxes_each_see_their_own(agent, open_ticket):
    other = make_agent(first_name="Olga")
    open_ticket("Of Amy")
    open_ticket("Of Olga", inbox=InboxFactory(agents=[other]))

    assert [listed(agent), listed(other), listed(agent)] == [
        {"Of Amy"},
        {"Of Olga"},
        {"Of Amy"},
    ]


def test_an_agent_who_leaves_the_inbox_sees_nothing_of_it(agent, inbox, open_ticket):
    open_ticket("Of the past")
    assert listed(agent) == {"Of the past"}

    inbox.memberships.all().delete()

    assert listed(agent) == set()


def test_an_agent_who_is_switched_off_is_refused(agent, open_ticket):
    open_ticket()
    browser = signed_in(agent.user)
    assert browser.get(url("inbox")).status_code == 200

    agent.is_active = False
    agent.save()

    assert browser.get(url("inbox")).status_code != 200


def test_a_superuser_sees_inboxes_without_being_their_member(agent, open_ticket):
    open_ticket("Of another inbox", inbox=InboxFactory())
    assert listed(agent) == set()

    agent.user.is_superuser = True
    agent.user.save()

    assert listed(agent) == {"Of another inbox"}
    InboxFactory()
    assert listed(agent) == {"Of another inbox"}
    Inbox.objects.filter(tickets=None).delete()
    assert listed(agent) == {"Of another inbox"}


def test_the_preview_is_of_what_the_agent_may_read(agent, open_ticket):
    ticket = open_ticket("Mixed")
    foreign = ticket.conversations.get()
    foreign.inbox = InboxFactory()
    foreign.save()

    page = signed_in(agent.user).get(f"{url('inbox')}?view=open")

    assert [row.preview for row in page.context["rows"]] == [""]
