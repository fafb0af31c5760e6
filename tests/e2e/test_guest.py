"""The link in a mail, in a browser: to one request, without an account (F10, UX40)."""

import pytest
from playwright.sync_api import expect
from wagtail.models import Locale

from tests.e2e.test_accounts import LOOKS
from tests.factories import AgentFactory, ContactFactory, InboxFactory
from tests.portal.build import answer, make_portal, make_ticket
from wagtail_helpdesk.access import guest_links
from wagtail_helpdesk.models import Contact, Message


@pytest.fixture
def address():
    """Of a request with an answer."""
    page = make_portal(inbox=InboxFactory())
    arabic = Locale.objects.create(language_code="ar")
    page.get_parent().copy_for_translation(arabic).save_revision().publish()
    page.copy_for_translation(arabic).save_revision().publish()
    made = ContactFactory(
        name="Gina Guest", email="gina@acme.example", email__unverified=True
    )
    ticket = make_ticket(made, "It is broken", subject="The hub is offline")
    answer(ticket, AgentFactory(user__first_name="Amy"), "Restart it")
    gina = Contact.objects.get(pk=made.pk)
    return f"support/g/{guest_links.token_for(ticket, gina, gina.email)}/"


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_a_guest_reads_and_replies(address, open_page, javascript):
    page = open_page(javascript=javascript)
    page.goto(f"/{address}")
    expect(page.get_by_role("heading", name="The hub is offline")).to_be_visible()
    expect(page.get_by_text("Restart it")).to_be_visible()

    page.get_by_role("main").get_by_role("textbox").first.fill("That helped, thanks")
    page.get_by_role("main").get_by_role("button", name="Send").first.click()

    expect(page.get_by_text("That helped, thanks").first).to_be_visible()
    reply = Message.objects.latest("pk")
    assert reply.author_contact.name == "Gina Guest"


@pytest.mark.parametrize(
    ("look", "prefix"),
    [*((look, "") for look in LOOKS.values()), ({"width": 320}, "ar/")],
    ids=[*LOOKS, "right-to-left"],
)
def test_the_pages_of_a_guest_are_accessible(
    address, open_page, assert_accessible, assert_fits, look, prefix
):
    page = open_page(**look)
    page.goto(f"/{prefix}{address}")
    expect(page.get_by_text("Restart it")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)

    page.goto(f"/{prefix}support/g/no-link-of-ours/")
    assert_accessible(page)
    assert_fits(page)
