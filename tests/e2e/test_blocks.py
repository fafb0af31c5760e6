"""Search, open requests and contact card on a page, in a browser (N2)."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from playwright.sync_api import expect
from wagtail.models import Site

from example_site.home.models import StandardPage
from tests.factories import CustomerFactory, InboxFactory
from tests.knowledge_base.factories import ArticleFactory, CategoryFactory, HomeFactory
from tests.portal.build import make_portal, make_ticket
from wagtail_helpdesk.models import BusinessCalendar

#: What a site's style sheet may say of bare elements (UX59).
HOSTILE = """
* { all: revert; } table { display: block; color: red; float: left }
a, input, th, td, li, p { color: #eee; background: #fff; font-size: 3px; margin: 90px }
ul { list-style: square; padding: 40px } form { display: none; position: absolute }
"""


@pytest.fixture
def ana(db):
    """A customer with two open requests; all blocks stand twice on ``/here/``."""
    cache.clear()
    office = BusinessCalendar.objects.create(
        name="Office", time_zone="Europe/Madrid", week=[[[540, 780], [840, 1080]]] * 7
    )
    inbox = InboxFactory(calendar=office, first_reply_minutes=120)
    portal = make_portal(inbox=inbox)
    category = CategoryFactory(parent=HomeFactory(), title="Pumps")
    ArticleFactory(parent=category, title="When the pump leaks")
    ana = CustomerFactory(name="Ana García")
    for subject in ("The pump leaks", "Overflow" * 20):
        make_ticket(ana, "Hello", subject=subject)
    search = {"heading": "Ask first", "help_centre": None, "label": ""}
    mine = {"heading": "", "portal": None, "number": 5, "only_own": False}
    card = {
        "heading": "Reach us",
        "text": "On working days.",
        "phone": "+34 600 123 456",
        "email": "a-rather-long-name-of-a-team@support.northwind.example",
        "form_page": portal,
        "portal_page": portal,
        "inbox": inbox,
        "show_email": False,
        "show_hours": True,
        "show_answer": True,
    }
    blocks = [
        ("knowledge_base_search", search),
        ("my_open_tickets", mine),
        ("contact_card", card),
    ]
    root = Site.objects.get(is_default_site=True).root_page
    root.add_child(
        instance=StandardPage(title="Here", slug="here", body=[*blocks, *blocks])
    )
    return ana


@pytest.mark.parametrize(
    "look", [{}, {"dark": True, "width": 320}], ids=["light", "dark-320px"]
)
def test_anybody_can_use_them(open_page, assert_accessible, assert_fits, ana, look):
    page = open_page(user=ana.user, **look)
    page.goto("/here/")
    box = page.get_by_role("searchbox", name="Search articles").first
    box.fill("pump leaks")
    expect(page.get_by_role("link", name="When the pump leaks").first).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    page.add_style_tag(content=HOSTILE)
    assert_accessible(page, within=".hd-embed")
    box.press("Enter")
    page.wait_for_url("**/help/search/?q=pump+leaks")


def test_without_a_script_a_visitor_searches_and_signs_in(open_page, ana):
    page = open_page(javascript=False)
    page.goto("/here/")
    link = page.locator(".hd-embed").get_by_role("link", name="Sign in").first
    assert "next=/here/" in link.get_attribute("href")
    page.get_by_role("searchbox").first.fill("pump")
    page.get_by_role("button", name="Search").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.url.endswith("/help/search/?q=pump")
