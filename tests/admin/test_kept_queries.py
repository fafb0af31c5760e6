"""Queries are put together once and kept; who asks and what for is never kept (R10)."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import combinations

import pytest
from django.db.models import Q
from django.http import QueryDict
from django.utils.timezone import make_aware

from tests.admin.conftest import make_agent, signed_in, url
from tests.factories import InboxFactory
from wagtail_helpdesk.admin.filters import TicketList
from wagtail_helpdesk.admin.pages import TicketPage
from wagtail_helpdesk.admin.tables import ROW_FIELDS
from wagtail_helpdesk.models import Inbox, Stage, Tag, Ticket

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


VIEWS = {
    "mine": lambda agent: Q(owner=agent, is_closed=False),
    "unassigned": lambda agent: Q(owner=None, is_closed=False),
    "open": lambda agent: Q(is_closed=False),
    "closed": lambda agent: Q(is_closed=True),
    "all": lambda agent: Q(),
}
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def filters(agent, colleague, inbox, stages, open_ticket):
    """The filters by name, each with values and what they mean to the plain ORM.

    There are 30 tickets that differ in all of it, and one that nobody here may see.
    """
    sales = InboxFactory(name="Sales", agents=[agent, colleague])
    tags = [Tag.objects.create(name=name) for name in ("Router", "Invoice")]
    places = list(stages.values())
    for number in range(30):
        ticket = open_ticket(f"Ticket {number}", inbox=(inbox, sales)[number % 2])
        stage = places[number // 2 % len(places)]
        Ticket.objects.filter(pk=ticket.pk).update(
            stage=stage,
            is_closed=stage.category == Stage.Category.CLOSED,
            priority=number // 3 % 4 + 1,
            owner=(None, agent, colleague)[number % 3],
            created_at=NOON + timedelta(days=number // 6),
        )
        ticket.tags.set(tags[: number // 2 % 3])
    open_ticket("Of others", inbox=InboxFactory())
    days = [(NOON + timedelta(days=number)).date() for number in (1, 2, 3)]
    # Not by ``__date``, for which MariaDB would want its tables of time zones.
    midnights = [make_aware(datetime.combine(day, time.min)) for day in days]
    return {
        "inbox": [(box.public_id, Q(inbox=box)) for box in (inbox, sales)],
        "stage": [(stage.pk, Q(stage=stage)) for stage in (places[0], places[-1])],
        "priority": [(number, Q(priority=number)) for number in (2, 3)],
        "owner": [
            (colleague.pk, Q(owner=colleague)),
            ("none", Q(owner=None)),
            ("me", Q(owner=agent)),
        ],
        "tag": [(tag.name, Q(tags=tag)) for tag in tags],
        "created_from": [
            (days[number], Q(created_at__gte=midnights[number])) for number in (0, 1)
        ],
        "created_to": [
            (days[number], Q(created_at__lt=midnights[number + 1])) for number in (1, 0)
        ],
    }


def walked(params: QueryDict, agent) -> list[int]:
    """The keys of all rows, page by page."""
    keys: list[int] = []
    while True:
        tickets = TicketList(params, agent=agent)
        page = TicketPage(tickets, fields=ROW_FIELDS, params=params, size=7)
        keys += [row.pk for row in page.items]
        if not page.next_cursor:
            return keys
        params["after"] = page.next_cursor


def assert_kept_lists_are_right(filters, agent, view, *, sort="activity", sizes=(1, 2)):
    mine = Ticket.objects.visible_to_agent(agent).filter(VIEWS[view](agent))
    order = {
        "activity": ("-last_activity_at", "-pk"),
        "priority": ("-priority", "-last_activity_at", "-pk"),
    }[sort]
    for names in [n for size in sizes for n in combinations(filters, size)]:
        # The first round is put together, the others fill in what was kept of it.
        for number in range(3):
            params, expected = QueryDict(f"view={view}&sort={sort}", mutable=True), mine
            for name in names:
                values = filters[name]
                value, condition = values[number % len(values)]
                params[name] = str(value)
                expected = expected.filter(condition)
            found = list(expected.order_by(*order).values_list("pk", flat=True))

            assert walked(params, agent) == found, params.urlencode()


@pytest.mark.parametrize("view", VIEWS)
def test_filters_have_each_time_the_values_that_are_asked_for(filters, agent, view):
    assert_kept_lists_are_right(filters, agent, view, sizes=(1, 2, 7))


@pytest.mark.parametrize("view", VIEWS)
def test_filters_hold_in_every_order(filters, agent, view):
    assert_kept_lists_are_right(filters, agent, view, sort="priority", sizes=(1,))


def test_a_superusers_filters_hold_when_an_inbox_is_added(filters, agent):
    agent.user.is_superuser = True
    agent.user.save()
    assert_kept_lists_are_right(filters, agent, "all", sizes=(1,))

    InboxFactory()
    assert_kept_lists_are_right(filters, agent, "all", sizes=(1,))
