"""The frame: navigation and the languages of a Wagtail page."""

import pytest
from django.test import RequestFactory
from wagtail.models import Locale, Page

from wagtail_helpdesk import frontend
from wagtail_helpdesk import navigation as navigation_of_apps
from wagtail_helpdesk.frontend import NavItem, frame
from wagtail_helpdesk.languages import page_languages

pytestmark = pytest.mark.django_db


@pytest.fixture
def navigation(monkeypatch):
    """An empty navigation to register entries in."""
    monkeypatch.setattr(navigation_of_apps, "_navigation", [])


def entries(path: str) -> dict[str, str]:
    return {i.label: i.current for i in frame(RequestFactory().get(path)).nav}


def test_entries_of_several_apps_come_in_their_order(navigation):
    frontend.register_navigation(lambda request: [NavItem("Requests", "/support/", 20)])
    frontend.register_navigation(lambda request: [NavItem("Help", "/help/", 10)])

    assert list(entries("/")) == ["Help", "Requests"]


def test_the_nearest_entry_above_a_page_is_current(navigation):
    frontend.register_navigation(
        lambda request: [
            NavItem("Requests", "/support/", 20),
            NavItem("New request", "/support/new/", 30),
        ]
    )

    assert entries("/support/new/") == {"Requests": "", "New request": "page"}
    assert entries("/support/r/abc/") == {"Requests": "true", "New request": ""}


@pytest.fixture
def page() -> Page:
    home = Page.objects.get(depth=2)
    return home.add_child(instance=Page(title="Prices", slug="prices"))


@pytest.fixture
def spanish(page: Page) -> Locale:
    locale = Locale.objects.create(language_code="es")
    page.get_parent().specific.copy_for_translation(locale)
    Page.objects.filter(locale=locale).update(live=True)
    return locale


def links(page: Page, path: str = "") -> dict[str, tuple[str, bool]]:
    found = page_languages(page, path or page.url)
    return {link.code: (link.url, link.is_exact) for link in found}


def test_a_translated_page_links_to_its_translation(page: Page, spanish: Locale):
    page.copy_for_translation(spanish)
    Page.objects.filter(locale=spanish).update(live=True)

    found = links(page)

    assert found["en"] == ("/prices/", True)
    assert found["es"][0].startswith("/es/prices")
    assert found["es"][1] is True


def test_what_follows_a_pages_address_is_kept_in_the_other_language(
    page: Page, spanish: Locale
):
    page.copy_for_translation(spanish)
    Page.objects.filter(locale=spanish).update(live=True)

    assert links(page, "/prices/r/abc/")["es"][0].endswith("/r/abc/")


def test_a_page_that_is_not_translated_links_to_the_page_above_it(
    page: Page, spanish: Locale
):
    assert links(page)["es"][1] is False


def test_an_unpublished_translation_is_not_linked(page: Page, spanish: Locale):
    page.copy_for_translation(spanish)
    page.get_translation(spanish).unpublish()

    assert links(page)["es"][1] is False


def test_the_languages_cost_the_same_for_a_deep_page(
    page: Page, spanish: Locale, django_assert_max_num_queries
):
    deep = page
    for number in range(5):
        deep = deep.add_child(instance=Page(title=f"P{number}", slug=f"p{number}"))
    links(deep)

    with django_assert_max_num_queries(5):
        links(deep)
