"""The set-up of a portal in a browser: without scripts, accessible, right to left."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.factories import PipelineFactory, UserFactory
from wagtail_helpdesk.portal.models import PortalHomePage
from wagtail_helpdesk.portal.setup import pages

#: Wagtail's listings carry two searches; ours has one beside the sidebar's.
WAGTAILS_OWN = ("landmark-unique",)


@pytest.fixture
def boss(db):
    return UserFactory(is_superuser=True, is_staff=True)


def test_a_portal_is_set_up_without_scripts(open_page, boss):
    """B1, UX21."""
    page = open_page(user=boss, javascript=False)
    page.goto(reverse(pages.OVERVIEW))
    page.get_by_role("link", name="Set up a portal").click()
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_text("This field is required.").first).to_be_visible()
    page.get_by_label("Name of the portal").fill("Help desk")
    page.get_by_role("button", name="Save and continue").click()
    page.get_by_label("Inbox", exact=True).select_option("new")
    page.get_by_label("Name of the new inbox").fill("Front desk")
    for _step in ("inbox", "rules", "access", "form"):
        page.get_by_role("button", name="Save and continue").click()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Publish and switch on").click()
    expect(page.get_by_text("To do")).to_have_count(0)
    page.get_by_role("button", name="Send a test ticket").click()
    expect(page.get_by_text("A ticket has arrived")).to_be_visible()
    page.get_by_role("link", name="View portal").click()
    assert page.url.endswith("/help-desk/")
    assert PortalHomePage.objects.get().is_active


def test_what_is_done_looks_done(open_page, boss):
    """A check mark, where an empty circle looked as if nothing had been done."""
    page = open_page(user=boss)
    page.goto(reverse(pages.NEW))
    page.get_by_label("Name of the portal").fill("Help desk")
    page.get_by_role("button", name="Save and continue").click()
    portal = PortalHomePage.objects.get()
    page.goto(reverse(pages.CHECKLIST, args=[portal.pk]))
    drawn = page.get_by_text("Done", exact=True).first.evaluate(
        """one => {
            const mark = getComputedStyle(one, "::before");
            return [mark.borderTopWidth, mark.borderBottomWidth, mark.borderRadius];
        }"""
    )
    assert drawn == ["0px", "2px", "0px"]


@pytest.mark.parametrize("dark", [False, True])
def test_its_pages_are_accessible(
    open_page, boss, assert_accessible, assert_fits, dark
):
    page = open_page(user=boss, dark=dark)
    PipelineFactory()
    page.goto(reverse(pages.NEW))
    page.get_by_label("Name of the portal").fill("Help desk")
    page.get_by_role("button", name="Save and continue").click()
    portal = PortalHomePage.objects.get()
    addresses = [reverse(pages.OVERVIEW), reverse(pages.NEW)]
    addresses.append(reverse(pages.CHECKLIST, args=[portal.pk]))
    for step in ("inbox", "rules", "access", "look", "finish"):
        addresses.append(reverse(pages.STEP, args=[portal.pk, step]))
    for url in addresses:
        page.goto(url)
        assert_accessible(page, ignore=WAGTAILS_OWN)
    page.goto(reverse(pages.STEP, args=[portal.pk, "access"]))
    page.get_by_label("access group membership required").check()
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_text("Choose at least one access group.")).to_be_visible()
    assert_accessible(page, ignore=WAGTAILS_OWN)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_it_fits_a_small_screen(open_page, boss, assert_fits, language):
    """UX14: nor does a table hide what it has at its end."""
    page = open_page(user=boss, width=320, language=language)
    page.goto(reverse(pages.NEW))
    page.locator("#id_title").fill("Help desk")
    page.locator(".hdw button.hdw-button--primary").click()
    portal = PortalHomePage.objects.get()
    for url in (
        reverse(pages.OVERVIEW),
        reverse(pages.CHECKLIST, args=[portal.pk]),
        reverse(pages.STEP, args=[portal.pk, "inbox"]),
        reverse(pages.STEP, args=[portal.pk, "rules"]),
    ):
        page.goto(url)
        assert_fits(page)
        for table in page.locator(".hdw-table").all():
            assert table.evaluate("one => one.scrollWidth <= one.clientWidth")
