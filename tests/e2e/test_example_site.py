"""The example site's own front page, in every look (UX1, UX14)."""

import pytest
from playwright.sync_api import expect
from wagtail.models import Page, Site

from example_site.home.models import HomePage, StandardPage


@pytest.mark.parametrize(
    "look", [{}, {"dark": True}, {"width": 320}], ids=["light", "dark", "320px"]
)
def test_the_front_page_is_accessible(open_page, assert_accessible, assert_fits, look):
    root = Page.objects.get(depth=1)
    home = root.add_child(
        instance=HomePage(title="Northwind", slug="front", introduction="Hello.")
    )
    Site.objects.update(root_page=home)
    Site.clear_site_root_paths_cache()
    prices = home.add_child(
        instance=StandardPage(title="Prices", slug="prices", show_in_menus=True)
    )
    card = {"title": "Routers", "text": "Fast", "page": prices}
    home.body = [
        ("cards", {"heading": "Start here", "cards": [card]}),
        ("text", "<h2>Why us</h2><p>See <a href='/prices/'>our prices</a>.</p>"),
    ]
    home.save()
    page = open_page(**look)

    page.goto("/")

    expect(page.get_by_role("heading", level=1)).to_have_text("Northwind")
    assert_accessible(page)
    assert_fits(page)
