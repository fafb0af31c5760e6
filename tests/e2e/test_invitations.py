"""Somebody who was invited registers, in a browser (B49, B53)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from wagtail.models import Site

from tests.e2e.test_accounts import LOOKS, PASSWORD
from tests.factories import ContactFactory, UserFactory
from tests.portal.build import make_portal
from wagtail_helpdesk import actions, outbox

WAGTAILS_OWN = ("landmark-unique",)


@pytest.fixture
def group():
    return actions.ChangeAccessGroup(name="Partners").execute()


@pytest.fixture
def link(group, mailoutbox, live_server) -> str:
    """The address in the mail, without the host."""
    place = urlsplit(live_server.url)
    Site.objects.update(hostname=place.hostname, port=place.port)
    portal = make_portal(
        title="Partner portal", entry="invitation", requires_groups=True
    )
    portal.access_groups.set([group])
    portal.save()
    ana = ContactFactory(name="Ana", email="ana@acme.example", email__unverified=True)
    actions.AddAccessMembers(group=group, contacts=[ana]).execute()
    actions.InviteAccessMembers(group=group, contacts=[ana]).execute()
    outbox.run_due()
    found = re.search(r"https?://[^/]+(/helpdesk/invitation/\w+/)", mailoutbox[-1].body)
    assert found, mailoutbox[-1].body
    return found.group(1)


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_from_the_mail_into_the_portal(open_page, link, javascript):
    """UX21: nothing here needs a script."""
    page = open_page(javascript=javascript)
    page.goto(link)
    page.get_by_role("main").get_by_role("button").first.click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign Up").click()

    expect(page).to_have_url(re.compile("/support/$"))


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS.keys())
def test_its_pages_are_accessible(
    open_page, link, assert_accessible, assert_fits, look
):
    page = open_page(**look)
    for address in (link, "/helpdesk/invitation/forged/", "/accounts/signup/"):
        page.goto(address)
        page.get_by_role("heading", level=1).wait_for()
        assert_accessible(page)
        assert_fits(page)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_groups_page_is_accessible(open_page, link, group, assert_accessible, dark):
    page = open_page(user=UserFactory(is_superuser=True), dark=dark)
    page.goto(f"/admin/helpdesk/access-groups/{group.public_id}/")
    expect(page.get_by_text("ana@acme.example").first).to_be_visible()
    assert_accessible(page, ignore=WAGTAILS_OWN)
