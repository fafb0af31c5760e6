"""An agent looks at the site as a contact does, in a browser (N8, B12)."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.admin.conftest import agent_group
from tests.e2e.test_workspace import WAGTAILS_OWN
from tests.factories import AgentFactory, ContactFactory, InboxFactory
from tests.portal.build import change, make_portal, make_ticket
from tests.view_as.conftest import allow
from wagtail_helpdesk.portal.models import PortalHomePage

LOOKS: dict[str, dict] = {
    "light": {},
    "dark-phone": {"dark": True, "width": 320, "height": 640},
    "no-script": {"javascript": False},
}


@pytest.fixture
def agent():
    agent = AgentFactory(user__first_name="Amy", user__last_name="Adler")
    agent.user.groups.add(agent_group())
    allow(agent)
    return agent


@pytest.fixture
def ana(agent):
    inbox = InboxFactory(agents=[agent])
    make_portal(inbox=inbox)
    contact = ContactFactory(name="Ana García with a name too long for a telephone")
    make_ticket(contact, "It restarts", subject="The router", inbox=inbox)
    return contact


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS.keys())
def test_an_agent_looks_around_changes_nothing_and_stops(
    open_page, agent, ana, assert_accessible, assert_fits, look
):
    scripted = look.get("javascript", True)
    page = open_page(user=agent.user, **look)
    page.goto(f"/admin/helpdesk/contacts/{ana.public_id}/")
    if scripted:
        assert_accessible(page, ignore=WAGTAILS_OWN)
    page.get_by_role("button", name="View as this contact").click()
    banner = page.get_by_role("region", name="Viewing as a contact")
    expect(banner).to_contain_text("Ana García")
    if scripted:
        assert_accessible(page)
        assert_fits(page)

    page.get_by_role("link", name="The router").click()
    page.get_by_label("Your reply").fill("Not by Ana")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("main")).to_contain_text("You are only viewing")
    if scripted:
        assert_accessible(page)
        assert_fits(page)

    banner.get_by_role("button").click()
    expect(page).to_have_url(
        f"{page.url.split('/admin/')[0]}/admin/helpdesk/contacts/{ana.public_id}/"
    )


def test_why_is_accessible(open_page, agent, ana, assert_accessible):
    page = open_page(user=agent.user)
    page.goto(f"/admin/helpdesk/contacts/{ana.public_id}/sees/")
    ticket = ana.tickets.get()
    page.get_by_role("main").get_by_role("textbox").fill(str(ticket.number))
    page.get_by_role("main").get_by_role("textbox").press("Enter")
    expect(page.get_by_text("it is the contact's own ticket")).to_be_visible()
    assert_accessible(page, ignore=WAGTAILS_OWN)


@pytest.mark.parametrize("look", [LOOKS["light"], LOOKS["dark-phone"]])
def test_a_closed_page_leads_to_the_reason(
    open_page, agent, ana, assert_accessible, assert_fits, look
):
    """The button stands in the banner, which is the agent's, not in the page."""
    portal = PortalHomePage.objects.get()
    change(portal, entry="sso")
    page = open_page(user=agent.user, **look)
    page.goto(f"/admin/helpdesk/contacts/{ana.public_id}/")
    page.get_by_role("button", name="View as this contact").click()
    banner = page.get_by_role("region", name="Viewing as a contact")
    button = banner.get_by_role("button", name="Why?")
    expect(button).to_be_visible()
    assert_accessible(page)
    assert_fits(page)

    button.click()
    expect(page.get_by_text("no identity provider that is on")).to_be_visible()
    assert_accessible(page, ignore=WAGTAILS_OWN)
