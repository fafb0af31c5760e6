"""The link from the mail that asks how our help was, in a browser (F13, UX21)."""

import pytest
from playwright.sync_api import expect

from tests.factories import CustomerFactory, InboxFactory
from tests.portal.build import make_portal, make_ticket
from wagtail_helpdesk.access import guest_links
from wagtail_helpdesk.models import Contact, SatisfactionRating


@pytest.fixture
def ticket():
    make_portal(inbox=InboxFactory(), asks_rating=True)
    ana = CustomerFactory(name="Ana", email="ana@acme.example")
    return make_ticket(ana, "It is broken", subject="The hub is offline", closed=True)


def test_a_customer_rates_without_a_script_and_without_signing_in(
    ticket, open_page, assert_accessible, assert_fits
):
    ana = Contact.objects.get(pk=ticket.contact_id)
    token = guest_links.token_for(ticket, ana, ana.email, guest_links.Use.RATE)
    page = open_page(javascript=False, width=320)
    page.goto(f"/support/csat/{token}/?score=2")
    expect(page.get_by_role("radio", name="Bad", exact=True)).to_be_checked()
    assert_fits(page)
    assert SatisfactionRating.objects.count() == 0

    page.get_by_role("radio", name="Very good").check()
    page.get_by_role("textbox", name="Comment").fill("Thank you")
    page.get_by_role("button", name="Send rating").click()

    expect(page.get_by_text("You said: Very good")).to_be_visible()
    assert SatisfactionRating.objects.get().comment == "Thank you"
    assert_fits(page)

    page = open_page(dark=True)
    page.goto(f"/support/csat/{token}/?score=3")
    expect(page.get_by_text("Change your rating")).to_be_visible()
    assert_accessible(page)


def test_the_question_on_the_page_of_the_request_is_accessible(
    ticket, open_page, assert_accessible, assert_fits
):
    page = open_page(user=ticket.contact.user, width=320)
    page.goto(f"/support/r/{ticket.public_id}/")
    page.get_by_role("button", name="Send rating").click()
    expect(page.get_by_role("link", name="Choose one of the five")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
