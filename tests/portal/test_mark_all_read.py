"""One button marks all that is new in a customer's list as read (F6)."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import (
    ContactFactory,
    ConversationFactory,
    CustomerFactory,
    MessageFactory,
    OrganizationFactory,
    ParticipantFactory,
)
from tests.portal.build import answer, change, make_ticket
from tests.portal.test_unread import fresh, marked, opened
from wagtail_helpdesk.actions import MarkAllRead, MergeTickets
from wagtail_helpdesk.models import Contact, PortalRules, ReadMark

pytestmark = pytest.mark.django_db

READ = "/support/read/"


def answered(contact, agent, subject="Broken", **fields):
    ticket = make_ticket(contact, "It is broken", subject=subject, **fields)
    answer(ticket, agent, "Is it plugged in?")
    return ticket


def page(client, query=""):
    response = client.get(f"/support/{query}")
    return BeautifulSoup(response.content, "html.parser")


def button(soup):
    """The form with the button, or nothing."""
    return soup.find("form", action=lambda url: url and url.startswith(READ))


def press(client, soup):
    """Send the form as a browser does."""
    form = button(soup)
    fields = {one["name"]: one["value"] for one in form.select("input")}
    return client.post(form["action"], fields)


def mark_all(contact, **rules):
    return MarkAllRead(
        contact=contact, portal=PortalRules(**rules), until=timezone.now()
    ).execute()


@pytest.fixture
def ticket(portal, ana, agent):
    """A ticket with an answer."""
    return answered(ana, agent)


def test_the_button_marks_everything_and_goes_away(ticket, client, agent):
    """UX12: it says in words what it has done."""
    answered(ticket.contact, agent, "Again")
    soup = page(client)
    assert button(soup).button.text == "Mark all as read"
    response = press(client, soup)
    assert (response.status_code, response["Location"]) == (302, "/support/")
    after = page(client)
    assert "What was new when you opened the list is marked as read." in after.text
    assert button(after) is None
    assert marked(client) == set()
    assert fresh(opened(client, ticket)) == []
    answer(ticket, agent, "Tell us more")
    assert marked(client) == {"Broken"}


def test_it_is_not_there_where_nothing_is_new(portal, client, ana):
    make_ticket(ana)
    assert button(page(client)) is None
    assert button(page(client, "?q=nothing")) is None


def test_the_list_comes_back_as_it_was(ticket, client):
    """UX42: filters, order and position."""
    query = "?status=open&period=30d&sort=subject&after=x"
    assert press(client, page(client, query))["Location"] == f"/support/{query}"


@pytest.mark.parametrize("method", ["get", "head", "put"])
def test_only_a_post_marks(ticket, client, method):
    """Whoever had to sign in comes back to the address by a GET."""
    response = getattr(client, method)(f"{READ}?status=open")
    assert response["Location"] == "/support/?status=open"
    assert marked(client) == {"Broken"}


def test_what_came_out_after_the_list_was_made_stays_new(ticket, client, agent):
    """Nobody has read what was not there yet."""
    other = answered(ticket.contact, agent, "Other")
    soup = page(client)
    answer(ticket, agent, "One more thing")
    press(client, soup)
    assert marked(client) == {"Broken"}
    assert fresh(opened(client, other)) == []
    assert fresh(opened(client, ticket)) == ["One more thing"]


def test_what_may_still_be_taken_back_stays_new(ticket, client, agent):
    """R16."""
    late = answer(
        ticket, agent, "Late", release_at=timezone.now() + timedelta(minutes=1)
    )
    press(client, page(client))
    late.release_at = timezone.now() - timedelta(microseconds=1)
    late.save()
    assert marked(client) == {"Broken"}


@pytest.mark.parametrize(
    ("until", "left"),
    [
        ("", set()),
        ("tomorrow", set()),
        ("2026-13-45T00:00:00Z", set()),
        ("2026-01-01T00:00:00", set()),
        ("9999-12-31T23:59:59-14:00", set()),
        ("0001-01-01T00:00:00+14:00", {"Broken"}),
    ],
)
def test_a_time_that_makes_no_sense_does_no_harm(ticket, client, agent, until, left):
    assert client.post(READ, {"until": until}).status_code == 302
    assert marked(client) == left
    answer(ticket, agent, "Tell us more")
    assert marked(client) == {"Broken"}


def test_only_what_the_portal_shows_them_is_marked(portal, client, ana, zoe, agent):
    """R9, B15, B18: each way to see a ticket, and none beside them."""
    acme, globex = OrganizationFactory(sharing="organization"), OrganizationFactory()
    acme.memberships.create(contact=ana, is_primary=True)
    change(portal, sharing="organization")
    shared = answered(zoe, agent, "Shared", organization=acme)
    copied = answered(zoe, agent, "Copied")
    ParticipantFactory(ticket=copied, contact=ana)
    own = answered(ana, agent, "Own")
    answered(zoe, agent, "Foreign", organization=globex)
    answered(ContactFactory(), agent, "A stranger's")
    trashed = answered(ana, agent, "In the trash")
    trashed.deleted_at = timezone.now()
    trashed.save()
    assert marked(client) == {"Shared", "Copied", "Own"}
    press(client, page(client))
    assert marked(client) == set()
    marks = ReadMark.objects.values_list("contact", "ticket")
    assert set(marks) == {(ana.pk, one.pk) for one in (shared, copied, own)}


def test_what_a_portal_hides_stays_new_for_another_one(portal, client, ana, agent):
    """B15: each portal decides what it shows."""
    acme = OrganizationFactory(sharing="organization")
    acme.memberships.create(contact=ana, is_primary=True)
    answered(ana, agent, "Own")
    answered(CustomerFactory(), agent, "Shared", organization=acme)
    press(client, page(client))
    change(portal, sharing="organization")
    assert marked(client) == {"Shared"}


def test_what_is_hidden_in_a_ticket_stays_new_for_another_portal(
    portal, client, ana, agent, ticket
):
    """B13: with one timeline of all conversations later, or in another portal."""
    second = ConversationFactory(ticket=ticket)
    MessageFactory(
        conversation=second, direction="outbound", author_agent=agent, body_text="Mail"
    )
    change(portal, thread_policy="original")
    for has_mark in (False, True):
        ReadMark.objects.all().delete()
        if has_mark:
            early = timezone.now() - timedelta(days=1)
            ReadMark.objects.create(contact=ana, ticket=ticket, read_until=early)
        assert press(client, page(client)).status_code == 302
        assert marked(client) == set()
        change(portal, thread_policy="all")
        assert marked(client) == {"Broken"}
        change(portal, thread_policy="original")


def test_a_text_that_waits_for_the_sign_in_is_not_lost_by_it(ticket, client, ana):
    """UX27: the button of another tab has nothing worth keeping."""
    soup = page(client)
    url = f"/support/r/{ticket.public_id}/"
    client.logout()
    client.post(url, {"body": "Half an hour of work"})
    press(client, soup)
    client.force_login(ana.user, backend="django.contrib.auth.backends.ModelBackend")
    text = BeautifulSoup(client.get(url).content, "html.parser").textarea.text
    assert text.strip() == "Half an hour of work"


def test_an_address_that_is_too_long_to_go_back_to_leads_to_the_list(ticket, client):
    response = client.post(f"{READ}?q={'x' * 2100}")
    assert (response.status_code, response["Location"]) == (302, "/support/")
    assert ReadMark.objects.exists()


def test_whoever_sees_nothing_marks_nothing(ticket, ana):
    Contact.objects.filter(pk=ana.pk).update(is_blocked=True)
    assert mark_all(Contact.objects.get(pk=ana.pk)) == 0
    assert mark_all(ana, is_active=False) == 0
    assert not ReadMark.objects.exists()


def test_marks_that_are_there_move_on_and_never_back(ticket, ana, agent):
    late = timezone.now() + timedelta(hours=1)
    newer = answered(ana, agent, "Newer")
    early = timezone.now() - timedelta(hours=1)
    ReadMark.objects.create(contact=ana, ticket=ticket, read_until=early)
    ahead = ReadMark.objects.create(contact=ana, ticket=newer, read_until=late)
    assert mark_all(ana) == 1
    moved = ReadMark.objects.get(ticket=ticket)
    assert early < moved.read_until < late
    ahead.refresh_from_db()
    assert ahead.read_until == late


def test_both_halves_of_a_merge_are_read(ticket, client, ana, agent):
    """N15."""
    target = answered(ana, agent, "Again")
    MergeTickets(source=ticket, target=target, actor=None).execute()
    press(client, page(client))
    assert marked(client) == set()
    assert fresh(opened(client, target)) == []


def test_thirty_tickets_cost_as_much_as_two(portal, ana, agent):
    def cost():
        with CaptureQueriesContext(
            connection,
        ) as sent:
            count = mark_all(ana)
        return count, len(sent)

    for number in range(2):
        answered(ana, agent, f"First {number}")
    few = cost()
    for number in range(30):
        answered(ana, agent, f"Second {number}")
    many = cost()
    assert (few[0], many[0]) == (2, 30)
    assert few[1] == many[1] <= 8


def test_the_list_asks_nothing_more_for_the_button(
    ticket, client, django_assert_max_num_queries
):
    client.get("/support/")  # What is kept between requests is kept from here on.
    with CaptureQueriesContext(connection) as with_button:
        assert button(page(client))
    press(client, page(client))
    client.get("/support/")
    with CaptureQueriesContext(connection) as without:
        assert button(page(client)) is None
    assert len(with_button) == len(without) <= 15
