"""The example site's own pages, which the help desk is added to."""

import pytest
from wagtail.models import Locale, Page, PageViewRestriction, Site

from example_site.home.models import HomePage, StandardPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> HomePage:
    root = Page.objects.get(depth=1)
    home = root.add_child(
        instance=HomePage(
            title="Networks that stay out of your way",
            slug="front",
            introduction="For small offices.",
        )
    )
    Site.objects.update(root_page=home)
    Site.clear_site_root_paths_cache()
    return home


def add(home: Page, title: str, **values) -> StandardPage:
    return home.add_child(
        instance=StandardPage(
            title=title, slug=title.lower(), show_in_menus=True, **values
        )
    )


def test_the_front_page_shows_what_editors_wrote(client, home):
    prices = add(home, "Prices")
    home.body = [
        ("heading", "Why us"),
        ("text", "<p>Because it <b>works</b>.</p>"),
        (
            "cards",
            {
                "heading": "Start here",
                "cards": [{"title": "Routers", "text": "Fast", "page": prices}],
            },
        ),
    ]
    home.save()

    text = client.get("/").text

    for expected in ("For small offices.", "Why us", "<b>works</b>", "Start here"):
        assert expected in text
    assert '<a href="/prices/">' in text


def test_the_menu_marks_the_page_and_the_section_above_it(client, home):
    prices = add(home, "Prices")
    prices.add_child(instance=StandardPage(title="Routers", slug="routers"))

    assert 'href="/prices/" aria-current="page"' in client.get("/prices/").text
    assert 'href="/prices/" aria-current="true"' in client.get("/prices/routers/").text


def test_the_menu_names_no_private_page(client, admin_client, home):
    private = add(home, "Partners")
    PageViewRestriction.objects.create(
        page=private, restriction_type=PageViewRestriction.LOGIN
    )

    assert "Partners" not in client.get("/").text
    assert "Partners" in admin_client.get("/").text


def test_a_missing_page_is_answered_in_the_sites_look(client, home):
    response = client.get("/nowhere/")

    assert response.status_code == 404
    assert "This page does not exist" in response.text
    assert "Northwind Devices" in response.text


def test_a_right_to_left_page_says_so(client, home):
    arabic = Locale.objects.create(language_code="ar")
    home.copy_for_translation(arabic).save_revision().publish()

    text = client.get("/ar/").text

    assert '<html lang="ar" dir="rtl"' in text
    assert 'href="/ar/" lang="ar" hreflang="ar" dir="rtl" aria-current="true"' in text
    assert 'href="/" lang="en"' in text
