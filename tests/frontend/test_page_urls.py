"""Addresses worked out at once are the addresses that Wagtail gives (UX33)."""

import pytest
from django.core.cache import cache
from django.test import RequestFactory
from django.utils import translation
from wagtail.models import Page, Site

from tests.knowledge_base.factories import (
    ArticleFactory,
    CategoryFactory,
    HomeFactory,
    site_root,
    translate,
)
from wagtail_helpdesk.knowledge_base.models import CategoryPage
from wagtail_helpdesk.page_urls import PageUrls

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages():
    """A tree in two languages, with a slug that is escaped in addresses."""
    home = HomeFactory()
    category = CategoryFactory(parent=home, title="Billing")
    article = ArticleFactory(parent=category, title="Rechnung", slug="prüfung-año")
    translate(category, "es")
    translate(article, "es")
    return Page.objects.filter(depth__gt=1).order_by("path")


def request_to(host: str = "testserver"):
    cache.clear()
    return RequestFactory().get("/", headers={"host": host})


@pytest.mark.parametrize("language", ["en", "es", "it"])
@pytest.mark.parametrize("backwards", [False, True])
def test_every_page_has_wagtails_address(pages, language, backwards):
    request = request_to()
    with translation.override(language):
        urls = PageUrls.of(request)
        for page in pages.reverse() if backwards else pages:
            assert urls.of_page(page) == page.get_url(request)
            assert urls.of_path(page.url_path) == page.get_url(request)
    assert len(pages) > 5


@pytest.mark.parametrize("host", ["testserver", "other.example"])
def test_pages_of_another_site_are_linked_with_its_host(pages, host):
    elsewhere = site_root().get_parent().add_child(title="Other", slug="other")
    below = elsewhere.add_child(title="Below", slug="below")
    Site.objects.create(hostname="other.example", root_page=elsewhere)
    request = request_to(host)
    urls = PageUrls.of(request)
    for page in (*pages, elsewhere, below):
        assert urls.of_page(page) == (page.get_url(request) or "")
    assert urls.of_path("/nowhere/at-all/") == ""


def test_a_page_type_with_addresses_of_its_own_is_asked(pages, monkeypatch):
    monkeypatch.setattr(
        CategoryPage, "get_url_parts", lambda *args, **kwargs: (1, "", "/own/")
    )
    request = request_to()
    assert PageUrls.of(request).of_page(CategoryPage.objects.first()) == "/own/"
