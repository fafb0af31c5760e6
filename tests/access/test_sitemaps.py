"""The sitemap lists what everyone may see, whoever asks."""

import re

import pytest
from django.test import Client
from wagtail.models import Page

from tests.factories import UserFactory
from tests.knowledge_base.factories import (
    ArticleFactory,
    CategoryFactory,
    restrict,
    site_root,
    translate,
)

pytestmark = pytest.mark.django_db


def listed(client: Client | None = None) -> set[str]:
    """Paths of the pages in the sitemap."""
    response = (client or Client()).get("/sitemap.xml")
    assert response.status_code == 200
    found = re.findall(r"<loc>http://localhost(.*?)</loc>", response.content.decode())
    return set(found)


@pytest.fixture
def article(home):
    category = CategoryFactory(parent=home, title="Manuals")
    return ArticleFactory(parent=category, title="Prices")


def test_it_lists_published_pages_in_every_language(article):
    translate(article, "es")
    Page.objects.filter(pk=ArticleFactory(parent=article.get_parent()).pk).update(
        live=False
    )
    assert {"/help/", "/help/manuals/", "/help/manuals/prices/"} < listed()
    assert "/es/help/manuals/prices/" in listed()
    assert not [path for path in listed() if "article-" in path]


def test_it_lists_no_alias_and_no_translation_of_a_private_page(home, article):
    """Pages of the site's own, so nothing but the sitemap decides."""
    plain = site_root().add_child(instance=Page(title="Plan", slug="plan"))
    spanish = translate(plain, "es")
    alias = plain.create_alias(parent=site_root(), update_slug="plan-2")
    paths = {page.get_url() for page in (plain, spanish, alias)}
    assert paths <= listed()
    restrict(plain)
    assert not paths & listed()


def test_a_superuser_is_shown_no_more_than_everyone(article):
    restrict(article)
    client = Client()
    client.force_login(
        UserFactory(is_superuser=True),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    assert "/help/manuals/prices/" not in listed(client)
