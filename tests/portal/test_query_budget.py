"""The portal's pages ask at most 15 questions, whatever it switches on (UX33)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from tests.factories import (
    AccessGroupFactory,
    ContactFactory,
    OrganizationFactory,
    ParticipantFactory,
    SupportFormFactory,
)
from tests.fulltext import index_all, searches
from tests.knowledge_base.factories import HomeFactory
from tests.portal.build import answer, change, close, connect, make_ticket
from tests.portal.test_consent import LABEL, TEXT, agree
from tests.portal.test_filters import row
from tests.speed.statements import recorded
from wagtail_helpdesk import actions
from wagtail_helpdesk.models import Attachment, Membership, Message, Ticket

pytestmark = searches
MOST = 15


@pytest.fixture
def full(portal):
    """A portal with as many forms and links as it takes."""
    forms = [SupportFormFactory(key=f"form-{number}") for number in range(10)]
    connect(portal, *forms, menu_text="Ask")
    page = HomeFactory()
    rows = [{"link_page": page, "link_text": f"Link {n}"} for n in range(8)]
    portal.navigation_links = [
        portal.navigation_links.model(sort_order=n, **row) for n, row in enumerate(rows)
    ]
    portal.save()
    return portal


@pytest.fixture
def everything(full, client, ana):
    """The same with all that a portal can switch on; Ana may enter, and has agreed."""
    change(
        full,
        show_stages=True,
        asks_rating=True,
        may_close=True,
        sharing="organization",
        requires_groups=True,
        access_groups=[AccessGroupFactory()],
        consent_text=TEXT,
        consent_label=LABEL,
        visibility_filters=[row("created", "from", "2020-01-01")],
        idle_minutes=20,
    )
    acme = OrganizationFactory(name="Acme", sharing="organization")
    Membership.objects.create(contact=ana, organization=acme)
    (group,) = full.access_groups.all()
    actions.AddAccessMembers(group=group, contacts=[ana]).execute()
    agree(client)
    return full


def cost(client, url):
    """How many statements a page takes, with all of its navigation."""
    with recorded() as sent:
        page = client.get(url)
    assert page.status_code == 200
    assert "Link 7" in BeautifulSoup(page.content, "html.parser").nav.text
    return len(sent)


def test_ten_forms_and_eight_links_keep_the_pages_cheap(full, client, ana):
    ticket = make_ticket(ana, "hello")
    for url in ("/support/", f"/support/r/{ticket.public_id}/", "/support/new/"):
        client.get(url)
        assert cost(client, url) <= MOST


def test_a_request_stays_cheap_with_everything_switched_on(
    everything, client, ana, agent
):
    """Also the first time that something new is on it, which is marked as read."""
    still_open, closed = (make_ticket(ana, "hello", owner=agent) for _ in range(2))
    close(closed)
    before = make_ticket(ana, "hello")
    closed.follow_up_of = before
    closed.save()
    make_ticket(ana, "again", follow_up_of=closed)
    client.get("/support/")
    for ticket in (still_open, closed):
        ParticipantFactory(ticket=ticket, contact=ContactFactory(name="Luis"))
        for number in range(25):
            answer(ticket, agent, f"hello {number}")
        for message in Message.objects.filter(conversation__ticket=ticket):
            Attachment.objects.create(
                message=message, name="a.txt", size=5, content_type="text/plain"
            )
        url = f"/support/r/{ticket.public_id}/"
        first = client.get(url)
        page = BeautifulSoup(first.content, "html.parser")
        assert (
            page.select_one("#new")
            and page.select(".hd-files a")
            and "Luis" in page.text
        )
        answer(ticket, agent, "and this")
        assert cost(client, url) <= MOST
        assert cost(client, url) < MOST


def test_a_page_with_rules_of_its_own_closes_by_them(portal, client, ana, monkeypatch):
    """B47: the button is there if and only if pressing it would work."""
    change(portal, may_close=True)
    ticket = make_ticket(ana, "hello")
    stages = ticket.pipeline.stages
    chosen = stages.get(category="closed")
    stages.create(key="dropped", name="Dropped", category="closed", order=99)
    url = f"/support/r/{ticket.public_id}/"
    button = "form button[value=close]"

    def page():
        return BeautifulSoup(client.get(url).content, "html.parser")

    assert not page().select(button)
    rules = type(portal).rules.fget
    own = {ticket.pipeline_id: chosen.pk}
    monkeypatch.setattr(
        type(portal),
        "rules",
        property(lambda page: replace(rules(page), closed_stages=own)),
    )
    assert page().select(button)


def test_the_first_look_at_an_answer_is_as_cheap(everything, client, ana, agent):
    for ticket in [make_ticket(ana, "hello", owner=agent) for _ in range(2)]:
        client.get("/support/")
        answer(ticket, agent, "hello")
        assert cost(client, f"/support/r/{ticket.public_id}/") <= MOST


@pytest.mark.parametrize("query", ["", "?q=printer", "?sort=subject", "?scope=mine"])
def test_the_list_stays_cheap_with_everything_switched_on(
    everything, client, ana, agent, query
):
    for _ in range(30):
        make_ticket(ana, subject="The printer", owner=agent)
    index_all()
    url = f"/support/{query}"
    client.get(url)
    page = BeautifulSoup(client.get(url).content, "html.parser")
    assert page.select(".hd-request__link") and page.select_one("[rel=next]")
    assert cost(client, url) <= MOST


@pytest.mark.parametrize("query", ["?status=open", "?period=7d", "?q=nothing"])
@pytest.mark.parametrize("closed", [0, 3])
def test_an_empty_list_stays_cheap_too(everything, client, ana, query, closed):
    """However many organizations show the reader theirs."""
    for number in range(7):
        org = OrganizationFactory(name=f"Org {number}", sharing="organization")
        Membership.objects.create(contact=ana, organization=org, is_primary=False)
    change(everything, all_organizations=True)
    ParticipantFactory(contact=ana, ticket=make_ticket(ana, closed=True))
    for _ in range(closed):
        make_ticket(ana, closed=True)
    Ticket.objects.update(last_activity_at=timezone.now() - timedelta(days=60))
    index_all()
    url = f"/support/{query}"
    page = BeautifulSoup(client.get(url).content, "html.parser")
    assert page.select_one(".hd-empty")
    assert cost(client, url) <= MOST
