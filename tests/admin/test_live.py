"""An open list asks for news: nothing, changed rows, or what came in (UX34)."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.admin.conftest import signed_in, url
from tests.factories import TicketFactory
from wagtail_helpdesk.actions import AddNote, AssignTicket, ChangePriority, ChangeStage
from wagtail_helpdesk.models import Ticket

pytestmark = pytest.mark.django_db

ROW = re.compile(r'data-number="(\d+)" data-version="(\d+)"')


class Screen:
    """A list in a browser, as its script sees it."""

    def __init__(self, browser: Client, **query: str) -> None:
        self.browser, self.etag = browser, ""
        page = browser.get(url("inbox"), query).content.decode()
        self.address = re.search(r'data-hdw-live="([^"]+)"', page)[1]
        self.address = self.address.replace("&amp;", "&")
        self.shown = "-".join(".".join(found) for found in ROW.findall(page))

    def ask(self):
        response = self.browser.get(
            f"{self.address}&shown={self.shown}", headers={"If-None-Match": self.etag}
        )
        self.etag = response.headers.get("ETag", "")
        return response


def test_nothing_new_is_a_304(browser, ticket):
    screen = Screen(browser, view="open")

    assert screen.ask().json() == {"rows": "", "gone": [], "news": ""}
    answer = screen.ask()

    assert answer.status_code == 304
    assert answer.content == b""
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_changed_row_comes_alone_and_small(browser, agent, ticket, open_ticket):
    open_ticket("Something else")
    screen = Screen(browser, view="open")
    screen.ask()
    AddNote(ticket=ticket, agent=agent, body_text="<b>Ask</b>").execute()
    ChangePriority(ticket=ticket, priority=4, actor=agent).execute()

    answer = screen.ask()

    news = answer.json()
    assert ROW.findall(news["rows"])[0][0] == str(ticket.number)
    assert "Urgent" in news["rows"]
    assert "&lt;b&gt;Ask" in news["rows"]
    assert "Something else" not in news["rows"]
    assert len(answer.content) <= 2048


def test_a_new_ticket_is_announced_until_it_is_shown(browser, ticket, open_ticket):
    screen = Screen(browser, view="open")
    screen.ask()
    open_ticket("Just in")

    news = screen.ask().json()

    assert news["news"] == "Show 1 new or changed ticket"
    assert news["rows"] == ""
    assert news["counts"]["open"] == "2"
    assert screen.ask().status_code == 304


def test_a_ticket_that_leaves_the_list_is_named(browser, agent, ticket, stages):
    screen = Screen(browser, view="open")
    ChangeStage(ticket=ticket, stage=stages["closed"], actor=agent).execute()

    news = screen.ask().json()

    assert news["gone"] == [ticket.number]
    assert "router" not in news["rows"]


def test_a_row_pushed_to_the_next_page_is_not_gone(browser, inbox, ticket):
    screen = Screen(browser, view="open")
    for _number in range(25):
        TicketFactory(inbox=inbox)

    news = screen.ask().json()

    assert news["gone"] == []
    assert "25" in news["news"]


def test_the_rest_moving_up_is_no_news(browser, agent, inbox, stages):
    tickets = [TicketFactory(inbox=inbox) for _number in range(26)]
    screen = Screen(browser, view="open")
    ChangeStage(ticket=tickets[12], stage=stages["closed"], actor=agent).execute()

    news = screen.ask().json()

    assert news["gone"] == [tickets[12].number]
    assert news["news"] == ""


def test_news_keep_to_the_filters_and_the_view(browser, agent, ticket, open_ticket):
    AssignTicket(ticket=ticket, owner=agent, actor=agent).execute()
    screen = Screen(browser, view="mine", priority="2")
    screen.ask()
    open_ticket("Nobody's")

    assert screen.ask().status_code == 304


def test_a_foreign_ticket_is_never_news(browser, ticket, foreign_ticket):
    screen = Screen(browser, view="open")
    screen.ask()
    screen.shown += f"-{foreign_ticket.number}.0"

    answer = screen.ask()

    assert answer.json()["gone"] == [foreign_ticket.number]
    assert b"Canary" not in answer.content


def test_who_is_no_agent_any_more_gets_nothing(browser, agent, ticket):
    screen = Screen(browser, view="open")
    agent.is_active = False
    agent.save()
    answer = browser.get(screen.address, headers={"X-Requested-With": "XMLHttpRequest"})

    assert answer.status_code == 403
    assert b"router" not in answer.content


def test_who_left_the_inbox_sees_its_rows_go(browser, agent, inbox, ticket):
    screen = Screen(browser, view="open")
    screen.ask()
    inbox.memberships.all().delete()

    news = screen.ask().json()

    assert news["gone"] == [ticket.number]
    assert news["rows"] == ""


def test_asking_for_news_does_not_prolong_the_session(browser, ticket, settings):
    screen = Screen(browser, view="open")
    before = browser.session.get_expiry_date()
    stored = browser.session.model.objects.get()
    settings.SESSION_SAVE_EVERY_REQUEST = True

    screen.ask()

    after = browser.session.model.objects.get()
    assert after.expire_date == stored.expire_date
    assert before


def test_nothing_new_costs_four_queries(browser, inbox):
    """The session, the user, the agent with inboxes, the rows; for any number."""
    TicketFactory(inbox=inbox)
    screen = Screen(browser, view="open")
    screen.ask()
    for _number in range(40):
        TicketFactory(inbox=inbox)
    screen = Screen(browser, view="open")
    screen.ask()
    with CaptureQueriesContext(connection) as captured:
        assert screen.ask().status_code == 304

    assert len(captured) == 4


@pytest.mark.parametrize(
    "shown", ["", "x", "1.", "9" * 400, "1.1-" * 500, "\x00", "١.١"]
)
def test_nonsense_is_no_error(browser, ticket, shown):
    poll = reverse("wagtail_helpdesk:inbox_poll")

    assert browser.get(poll, {"view": "open", "shown": shown}).status_code == 200


def test_an_empty_list_hears_of_the_first_ticket(browser, open_ticket):
    screen = Screen(browser, view="open")
    screen.ask()
    open_ticket("First")

    assert screen.ask().json()["news"]


def test_a_tag_is_found_by_name_and_key_and_suggested(
    browser, agent, ticket, foreign_ticket
):
    ticket.tags.create(name="vip")
    foreign_ticket.tags.create(name="vip-canary")
    own = signed_in(agent.user)

    by_name = browser.get(url("inbox"), {"view": "open", "tag": "VIP"})
    by_key = browser.get(
        url("inbox"), {"view": "open", "tag": str(ticket.tags.get().pk)}
    )
    foreign = browser.get(url("inbox"), {"view": "open", "tag": "vip-canary"})

    assert [row.number for row in by_name.context["rows"]] == [ticket.number]
    assert 'value="vip"' in by_key.content.decode()
    assert foreign.context["form"].errors["tag"]
    assert own.get(url("inbox_tags"), {"q": "V"}).json() == {"tags": ["vip"]}


def test_tickets_of_several_inboxes_stand_in_one_order(browser, agent, inbox):
    from tests.factories import InboxFactory

    other = InboxFactory(name="Sales", agents=[agent])
    for number in range(60):
        TicketFactory(inbox=(inbox, other)[number % 2], priority=1 + number % 4)
    for sort in ("activity", "quiet", "newest", "priority"):
        address = f"{url('inbox')}?view=all&sort={sort}"
        seen = []
        while address:
            page = browser.get(address)
            seen += [row.number for row in page.context["rows"]]
            following = page.context["page"].next_url
            address = following and url("inbox") + following
        assert len(seen) == len(set(seen)) == Ticket.objects.count()
