"""Merging on the ticket's page (A3): choose, see what happens, agree, undo."""

import pytest
from bs4 import BeautifulSoup

from tests.admin.conftest import url
from tests.factories import ContactFactory, ConversationFactory
from wagtail_helpdesk.access.merge_readers import new_readers
from wagtail_helpdesk.actions import MergeTickets, TrashTicket
from wagtail_helpdesk.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(open_ticket, ticket):
    """Another open ticket of the same contact."""
    return open_ticket("The router again", contact=ticket.contact)


@pytest.fixture
def luis_ticket(open_ticket):
    return open_ticket("Mine", contact=ContactFactory(name="Luis Vega"))


def soup_of(response):
    return BeautifulSoup(response.content, "html.parser")


def merge(ticket, target):
    MergeTickets(
        source=ticket,
        target=target,
        actor=None,
        agreed=new_readers(ticket, target).key,
    ).execute()


def is_merged(ticket):
    return Ticket.objects.get(pk=ticket.pk).merged_into_id is not None


def test_from_the_menu_to_one_ticket_and_back(browser, ticket, other):
    """A3, without script: every step is a link or a form."""
    page = soup_of(browser.get(url("ticket", ticket.public_id)))
    menu = page.find("a", string="Merge…")["href"]
    choose = soup_of(browser.get(menu))
    link = choose.select_one(".hdw-others a")
    assert "The router again" in link.text
    confirm = soup_of(browser.get(menu + link["href"]))
    told = confirm.select_one(".hdw-narrow").text
    assert "The router restarts" in told and "The router again" in told
    assert "Nobody will read what they could not read before." in told
    assert not is_merged(ticket)
    form = confirm.select_one(".hdw-narrow form")
    sent = {field["name"]: field.get("value", "") for field in form.select("[name]")}
    done = browser.post(menu, sent, follow=True)
    assert done.redirect_chain == [(url("ticket", other.public_id), 302)]
    assert is_merged(ticket)
    undo = soup_of(done).find("a", string=lambda text: text and "Undo merge" in text)
    notice = soup_of(browser.get(undo["href"]))
    assert notice.find("a", href=url("ticket", other.public_id))
    button = notice.find("button", string=lambda text: text and "Undo" in text)
    browser.post(button.find_parent("form")["action"])
    assert not is_merged(ticket)


def test_a_second_click_leads_to_the_same_result(browser, ticket, other):
    to = url("ticket_merge", ticket.public_id)
    for _click in range(2):
        response = browser.post(to, {"into": other.number})
        assert response.status_code == 302
    assert browser.get(response["Location"]).status_code == 200
    to = url("ticket_unmerge", ticket.public_id)
    for _click in range(2):
        assert browser.post(to, follow=True).status_code == 200


@pytest.mark.parametrize("into", ["", "nonsense", "99999", "foreign", "itself", "\x00"])
def test_what_is_no_ticket_of_theirs_is_told_in_words(
    browser, ticket, foreign_ticket, into
):
    """A foreign ticket is answered as one that is not there."""
    named = {"foreign": foreign_ticket.number, "itself": ticket.number}
    to = url("ticket_merge", ticket.public_id)
    response = browser.post(to, {"into": named.get(into, into)})
    assert response.status_code == 400
    assert "that you may see" in soup_of(response).select_one("[role=alert]").text
    assert "Canary" not in response.content.decode()
    assert not is_merged(ticket)


def test_whoever_would_read_more_is_named_and_has_to_be_agreed_to(
    browser, ticket, luis_ticket
):
    """R10."""
    to = url("ticket_merge", luis_ticket.public_id)
    told = soup_of(browser.get(to, {"into": ticket.reference}))
    names = told.select_one("fieldset").text
    assert "Luis Vega will read all of" in names
    assert "Ana García will read all of" in names
    box = told.select_one("[name=agreed]")
    assert not box.has_attr("checked")
    response = browser.post(to, {"into": ticket.number})
    assert response.status_code == 400 and not is_merged(luis_ticket)
    assert soup_of(response).select_one("[role=alert]")
    browser.post(to, {"into": ticket.number, "agreed": box["value"]})
    assert is_merged(luis_ticket)


def test_a_ticket_that_others_were_merged_into_is_merged_on_and_back(
    browser, ticket, other, open_ticket
):
    """N15: the page of each merged one names the last one, and undoes its own merge."""
    third = open_ticket("Third", contact=ticket.contact)
    merge(third, ticket)
    browser.post(url("ticket_merge", ticket.public_id), {"into": other.number})
    aside = soup_of(browser.get(url("ticket", other.public_id)))
    for earlier in (ticket, third):
        assert aside.find("a", string=f"Merged from {earlier.reference}")
        notice = soup_of(browser.get(url("ticket", earlier.public_id)))
        assert notice.find("a", href=url("ticket", other.public_id))
    browser.post(url("ticket_unmerge", ticket.public_id))
    assert not is_merged(ticket)
    notice = soup_of(browser.get(url("ticket", third.public_id)))
    assert notice.find("a", href=url("ticket", ticket.public_id))


def test_the_target_names_what_came_and_offers_no_change_to_it(browser, ticket, other):
    ConversationFactory(ticket=ticket, channel=ticket.channel)
    merge(ticket, other)
    page = soup_of(browser.get(url("ticket", other.public_id)))
    came = page.find_all("a", string=f"Merged from {ticket.reference}")
    assert len(came) == 2
    assert len(page.select("form[action$='/close/']")) == 2
    moved = ticket.conversations_given.first()
    for name in ("close", "trash"):
        to = url(f"conversation_{name}", other.public_id, moved.public_id)
        assert browser.post(to).status_code == 404
    found = browser.get(url("inbox"), {"q": ticket.reference})
    assert found["Location"] == url("ticket", ticket.public_id)


def test_a_rating_from_before_the_merge_is_shown_on_the_target(browser, ticket, other):
    """F13: also where the target itself was never closed."""
    ticket.ratings.create(contact=ticket.contact, closing=0, score=2, comment="Slow")
    merge(ticket, other)
    aside = browser.get(url("ticket", other.public_id)).content.decode()
    aside = aside.partition("Rating by the contact")[2]
    assert "Slow" in aside and "an earlier closing" in aside


def test_where_the_target_is_out_of_sight_nothing_of_it_is_told(
    browser, agent, ticket, other, foreign_ticket
):
    merge(ticket, other)
    TrashTicket(ticket=other, actor=agent).execute()
    page = browser.get(url("ticket", ticket.public_id))
    assert "The router again" not in page.content.decode()
    response = browser.post(url("ticket_unmerge", ticket.public_id), follow=True)
    assert "Restore it first" in response.content.decode()
    Ticket.objects.filter(pk=ticket.pk).update(merged_into=foreign_ticket)
    page = browser.get(url("ticket", ticket.public_id)).content.decode()
    assert "Canary" not in page and foreign_ticket.reference not in page
    assert browser.post(url("ticket_unmerge", ticket.public_id)).status_code == 404


def test_what_was_being_written_goes_on_on_the_other_ticket(browser, ticket, other):
    """UX64: nothing is lost, and nothing goes to whom its writer has not seen."""
    merge(ticket, other)
    data = {"do": "reply", "mode": "reply", "text": "Try a new cable.", "token": "t"}
    response = browser.post(url("compose", ticket.public_id), data)
    assert response.status_code == 409
    form = soup_of(response).select_one("#composer form, form#composer")
    assert form["action"] == url("compose", other.public_id)
    assert form.select_one("textarea").text.strip() == "Try a new cable."
    assert not other.conversations.filter(messages__direction="outbound").exists()
