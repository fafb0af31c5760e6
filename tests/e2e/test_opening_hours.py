"""The block "Opening hours" and the promise on a form, in a browser (N2, N17)."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from wagtail.models import Locale, Site
from wagtail.models import Page as WagtailPage

from example_site.home.models import HomePage, StandardPage
from tests.factories import SupportFormFactory
from wagtail_helpdesk.models import BusinessCalendar


@pytest.fixture(autouse=True)
def contact_page(db):
    """``/contact/`` with the block and a form, and its Arabic translation."""
    office = BusinessCalendar.objects.create(
        name="Office",
        time_zone="Europe/Madrid",
        week=[[[540, 780], [840, 1080]]] * 7,
        holidays="12-25 Christmas Day\n01-06",
    )
    form = SupportFormFactory(key="contact")
    inbox = form.channel.inbox
    inbox.calendar, inbox.first_reply_minutes = office, 120
    inbox.save()
    root = WagtailPage.objects.get(depth=1)
    home = root.add_child(instance=HomePage(title="Northwind", slug="front"))
    Site.objects.update(root_page=home)
    Site.clear_site_root_paths_cache()
    hours = {
        "heading": "When we are here",
        "calendar": office,
        "show_now": True,
        "inbox": inbox,
    }
    body = [
        ("opening_hours", hours),
        ("support_form", {"heading": "Send us a request", "form": form}),
    ]
    page = home.add_child(
        instance=StandardPage(title="Contact", slug="contact", body=body)
    )
    arabic = Locale.objects.create(language_code="ar")
    home.copy_for_translation(arabic).save_revision().publish()
    page.copy_for_translation(arabic).save_revision().publish()


@pytest.mark.parametrize(
    "kwargs",
    [{}, {"dark": True}, {"language": "ar", "width": 320}],
    ids=["light", "dark", "rtl-320px"],
)
def test_anybody_can_read_it(open_page, assert_accessible, assert_fits, kwargs):
    page = open_page(**kwargs)
    prefix = "/ar" if kwargs.get("language") == "ar" else ""
    page.goto(f"{prefix}/contact/")
    expect(page.locator(".hd-embed table tr")).to_have_count(7)
    assert_accessible(page)
    assert_fits(page)


def test_without_a_script_the_same_is_said(open_page):
    page = open_page(javascript=False)
    page.goto("/contact/")
    block = page.locator(".hd-embed").first
    expect(block).to_contain_text("If you send this now, we answer by")
    expect(page.locator("#hd-form-contact")).to_contain_text("we answer by")
