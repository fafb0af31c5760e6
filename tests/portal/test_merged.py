"""Addresses of merged and moved tickets lead to the ticket, or nowhere (R9)."""

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories import ContactFactory, InboxFactory
from tests.fulltext import searches
from tests.portal.build import change, make_portal, make_ticket
from wagtail_helpdesk.access import guest_links
from wagtail_helpdesk.access.merge_readers import new_readers
from wagtail_helpdesk.actions import (
    ChangeParticipant,
    MergeTickets,
    UnmergeTicket,
    Upload,
)
from wagtail_helpdesk.actions.uploads import store_uploads
from wagtail_helpdesk.models import Message, Ticket
from wagtail_helpdesk.portal import kept_text

pytestmark = pytest.mark.django_db


def merge(source, target):
    MergeTickets(
        source=source,
        target=target,
        actor=None,
        agreed=new_readers(source, target).key,
    ).execute()


def in_inbox(inbox):
    return [{"property": "inbox", "operator": "is", "values": [inbox.pk]}]


def url_of(portal, ticket, page=""):
    return f"{portal.url}r/{ticket.public_id}/{page}"


@pytest.fixture
def ticket(ana):
    return make_ticket(ana, "First", subject="Router")


@pytest.fixture
def target(ana):
    return make_ticket(ana, "Second", subject="Router again")


def text(response):
    return response.content.decode()


@pytest.mark.parametrize("page", ["", "transcript/", "people/"])
def test_the_old_address_leads_to_the_one_ticket(portal, client, ticket, target, page):
    """F7: merged → link."""
    merge(ticket, target)
    response = client.get(url_of(portal, ticket, page))
    assert (response.status_code, response["Location"]) == (302, url_of(portal, target))
    shown = text(client.get(response["Location"]))
    assert "First" in shown and "Second" in shown
    assert f"{ticket.reference} and this request were merged." in shown
    listed = text(client.get(portal.url))
    assert target.reference in listed and ticket.reference not in listed


@pytest.mark.parametrize("form", ["{reference}", "#{number}", "hd{number}"])
def test_the_old_number_leads_to_the_one_ticket_from_the_search(
    portal, client, ticket, target, form
):
    """UX41."""
    merge(ticket, target)
    asked = form.format(reference=ticket.reference, number=ticket.number)
    response = client.get(portal.url, {"q": asked})
    assert (response.status_code, response["Location"]) == (302, url_of(portal, target))
    shown = text(client.get(response["Location"]))
    assert f"{ticket.reference} and this request were merged." in shown
    response = client.get(portal.url, {"q": target.reference}, follow=True)
    assert "were merged" not in text(response)


@searches
def test_the_old_number_without_its_sign_finds_the_one_ticket(
    portal, client, ana, ticket, target
):
    last = make_ticket(ana, "Third", subject="Router once more")
    merge(ticket, target)
    merge(target, last)
    for old in (ticket, target):
        listed = text(client.get(portal.url, {"q": str(old.number)}))
        assert last.subject in listed and last.reference in listed
        assert old.reference not in listed


@searches
def test_the_old_number_finds_nothing_for_who_may_not_see_the_target(
    portal, client, ana, zoe, ticket
):
    """R9: an own number that now stands for a foreign request tells nothing."""
    hers = make_ticket(zoe, "Of Zoe", subject="Hers")
    merge(ticket, hers)
    ChangeParticipant(ticket=hers, contact=ana, actor=None, takes_part=False).execute()
    for asked in (ticket.reference, f"#{ticket.number}", str(ticket.number)):
        response = client.get(portal.url, {"q": asked})
        assert response.status_code == 200
        assert "Hers" not in text(response) and hers.reference not in text(response)


@searches
def test_the_old_number_costs_no_further_query(portal, client, ticket, target):
    def queries(number):
        with CaptureQueriesContext(connection) as asked:
            assert target.reference in text(client.get(portal.url, {"q": str(number)}))
        return len(asked)

    queries(target.number)
    before = queries(target.number)
    merge(ticket, target)
    assert queries(ticket.number) == before


def test_a_reply_to_the_old_page_is_kept_for_the_new_one(
    portal, client, ticket, target
):
    """UX27: nothing is lost, and its writer sees first who will read it."""
    merge(ticket, target)
    data = {"body": "Half an hour of work", "client_token": "t-0001"}
    response = client.post(url_of(portal, ticket), data)
    assert (response.status_code, response["Location"]) == (302, url_of(portal, target))
    assert not Message.objects.filter(body_text="Half an hour of work").exists()
    soup = BeautifulSoup(client.get(response["Location"]).content, "html.parser")
    assert soup.select_one("[name=body]").text.strip() == "Half an hour of work"


def test_a_reply_kept_over_the_sign_in_goes_on_to_the_new_page(
    portal, client, ana, ticket, target
):
    """UX27: the session ended, the reply was sent, and an agent had merged."""
    client.logout()
    client.post(url_of(portal, ticket), {"body": "Half an hour of work"})
    merge(ticket, target)
    client.force_login(ana.user, backend="django.contrib.auth.backends.ModelBackend")
    response = client.get(url_of(portal, ticket), follow=True)
    soup = BeautifulSoup(response.content, "html.parser")
    assert soup.select_one("[name=body]").text.strip() == "Half an hour of work"


@pytest.mark.parametrize("host", ["", "https://support.example"])
def test_what_is_kept_is_found_at_every_way_to_write_the_address(host, rf):
    """UX27: Wagtail gives whole addresses between sites, and escapes their letters."""
    request = rf.get("/hilfe-für-alle/r/1/")
    request.session = {}
    kept_text.put(request, f"{host}/hilfe-f%C3%BCr-alle/r/1/", {"body": "Written"})
    assert kept_text.take(request) == {"body": "Written"}


def test_who_may_not_see_the_target_learns_nothing(
    portal, sign_in, ana, zoe, ticket, target, agent
):
    """R9: the answer is that of a ticket that never was."""
    hers = make_ticket(zoe, "Of Zoe")
    merge(ticket, hers)
    ChangeParticipant(ticket=hers, contact=ana, actor=None, takes_part=False).execute()
    client = sign_in(ana)
    missing = client.get(f"{portal.url}r/{'a' * 22}/")
    for send in (client.get, client.post):
        response = send(url_of(portal, ticket), {"body": "Hello"})
        assert response.status_code == missing.status_code == 404
        assert hers.reference not in text(response)
    assert sign_in(zoe).get(url_of(portal, ticket)).status_code == 302


def test_of_a_chain_every_address_leads_to_the_last_for_who_may_see_it(
    portal, sign_in, ana, zoe, ticket, target
):
    """N15: also where the one in between could be seen before."""
    last = make_ticket(zoe, "Of Zoe")
    merge(ticket, target)
    merge(target, last)
    client = sign_in(ana)
    for old in (ticket, target):
        assert client.get(url_of(portal, old))["Location"] == url_of(portal, last)
    ChangeParticipant(ticket=last, contact=ana, actor=None, takes_part=False).execute()
    for old in (ticket, target):
        assert client.get(url_of(portal, old)).status_code == 404
    target.refresh_from_db()
    UnmergeTicket(ticket=target, actor=None).execute()
    assert client.get(url_of(portal, ticket))["Location"] == url_of(portal, target)
    assert sign_in(zoe).get(url_of(portal, ticket)).status_code == 404


def test_a_guests_link_opens_the_target_as_far_as_they_may(portal):
    """F10: the same link, for as long as it would have worked."""
    gina = ContactFactory(email="gina@acme.example", email__unverified=True)
    old, new = make_ticket(gina, "First"), make_ticket(gina, "Second")
    store_uploads(
        Message.objects.get(body_text="First"),
        [Upload(name="log.txt", content=ContentFile(b"hello", name="log.txt"))],
    )
    url = f"/support/g/{guest_links.token_for(old, gina, gina.email)}/"
    merge(old, new)
    client = Client()
    shown = text(client.get(url))
    assert "First" in shown and "Second" in shown
    found = BeautifulSoup(shown, "html.parser").select_one("a[href*='/files/']")
    assert client.get(found["href"]).status_code == 200
    client.post(url, {"body": "Thanks", "client_token": "a-token-0002"})
    assert Message.objects.get(body_text="Thanks").conversation.ticket == new
    Ticket.objects.filter(pk=new.pk).update(contact=ContactFactory())
    assert client.get(url).status_code == 410


class TestMoved:
    """A ticket whose inbox is another portal's now."""

    @pytest.fixture
    def other(self):
        return make_portal(title="Orders", slug="orders", inbox=InboxFactory())

    @pytest.fixture
    def moved(self, portal, other, inbox, ana):
        """The portals show one inbox each; the ticket is in that of the second."""
        change(portal, visibility_filters=in_inbox(inbox))
        change(other, visibility_filters=in_inbox(other.channel.inbox))
        return make_ticket(ana, "Moved", inbox=other.channel.inbox)

    def test_the_old_portals_address_leads_to_the_new_one(
        self, portal, other, moved, client
    ):
        response = client.get(url_of(portal, moved))
        assert response.status_code == 302
        assert response["Location"] == url_of(other, moved)
        assert client.get(response["Location"]).status_code == 200

    def test_so_does_that_of_one_that_was_merged_into_it(
        self, portal, other, inbox, moved, client, ana
    ):
        here = make_ticket(ana, "Here", inbox=inbox)
        merge(here, moved)
        response = client.get(url_of(portal, here))
        assert response["Location"] == url_of(other, moved)

    def test_nobody_is_led_where_they_may_not_see_it(
        self, portal, other, moved, client, sign_in, zoe
    ):
        assert sign_in(zoe).get(url_of(portal, moved)).status_code == 404
        change(other, requires_groups=True)
        assert client.get(url_of(portal, moved)).status_code == 404
        change(other, requires_groups=False, is_active=False)
        assert client.get(url_of(portal, moved)).status_code == 404


def test_a_filter_that_hides_the_merged_one_is_told_before(portal, inbox, ana, ticket):
    """R10: a merge would bring to light what the portal hides (B18)."""
    change(portal, visibility_filters=in_inbox(inbox))
    shown = make_ticket(ana, "Shown", inbox=inbox)
    assert new_readers(ticket, shown).portals == (portal.title,)
    assert not new_readers(shown, ticket).key
