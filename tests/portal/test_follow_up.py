"""A request that follows a closed one: prefilled, linked, never a stranger's (R7)."""

import pytest
from bs4 import BeautifulSoup

from tests.portal.build import change, make_ticket
from wagtail_helpdesk.models import Ticket

pytestmark = pytest.mark.django_db

TOKEN = "a-token-of-this-test-0001"


@pytest.fixture
def ticket(portal, ana):
    change(portal, reply_on_closed=False)
    return make_ticket(ana, "hello", subject="Broken", closed=True)


def soup_of(response):
    return BeautifulSoup(response.content, "html.parser")


def send(client, **data):
    data = {"subject": "Again", "body": "It is", "client_token": TOKEN, **data}
    return client.post("/support/new/", data)


def test_the_page_leads_to_a_form_that_is_filled_in(portal, client, ticket):
    page = soup_of(client.get(f"/support/r/{ticket.public_id}/"))
    link = page.select_one("#reply a")["href"]
    form = soup_of(client.get(link))
    assert form.select_one('[name="subject"]')["value"] == "Re: Broken"
    note = form.select_one(".hd-note")
    assert f"Follow-up of {ticket.reference} Broken" in " ".join(note.text.split())
    assert note.a["href"] == f"/support/r/{ticket.public_id}/"
    named = form.select_one('[name="follow_up"]')["value"]

    response = send(client, follow_up=named)

    new = Ticket.objects.get(follow_up_of=ticket)
    assert response["Location"] == f"/support/new/sent/{new.public_id}/"
    for one, other in ((ticket, new), (new, ticket)):
        page = soup_of(client.get(f"/support/r/{one.public_id}/"))
        assert page.select_one(".hd-standing a")["href"] == (
            f"/support/r/{other.public_id}/"
        )


def test_the_link_stays_when_something_is_wrong_with_the_form(portal, client, ticket):
    form = soup_of(send(client, subject="", follow_up=ticket.public_id))
    assert form.select_one('[name="follow_up"]')["value"] == ticket.public_id


def test_a_reply_that_was_not_taken_becomes_a_linked_request(portal, client, ticket):
    data = {"body": "More to say", "action": "reply", "client_token": TOKEN}
    offered = soup_of(client.post(f"/support/r/{ticket.public_id}/", data))
    assert offered.select_one('[name="follow_up"]')["value"] == ticket.public_id
    assert offered.textarea.text.strip() == "More to say"


def test_a_subject_is_not_answered_twice(portal, client, ana):
    ticket = make_ticket(ana, "hello", subject="RE: Broken", closed=True)
    form = soup_of(client.get(f"/support/new/?follow_up={ticket.public_id}"))
    assert form.select_one('[name="subject"]')["value"] == "RE: Broken"


@pytest.mark.parametrize("whose", ["stranger", "nobody", "trash", "nonsense", "nul"])
def test_what_the_customer_may_not_see_counts_as_missing(
    portal, client, ana, zoe, whose
):
    """UX47: the form is the same, and the new request follows nothing."""
    theirs = make_ticket(zoe, "secret", subject="Secret", closed=True)
    trashed = make_ticket(ana, "gone", subject="Secret", closed=True)
    trashed.deleted_at = trashed.created_at
    trashed.save()
    named = {
        "stranger": theirs.public_id,
        "nobody": "a" * 16,
        "trash": trashed.public_id,
        "nonsense": "' OR 1=1 --",
        "nul": f"a\x00{'b' * 14}",
    }[whose]
    page = client.get("/support/new/", {"follow_up": named})
    assert page.status_code == 200
    assert "Secret" not in page.content.decode()
    assert not soup_of(page).select('[name="follow_up"]')
    assert send(client, follow_up=named).status_code == 302
    assert Ticket.objects.get(subject="Again").follow_up_of is None


def test_where_nothing_new_is_taken_there_is_no_link(portal, client, ticket):
    change(portal, channel=None)
    page = soup_of(client.get(f"/support/r/{ticket.public_id}/"))
    assert not page.select("#reply a")
