"""Pages leave the front-end cache as soon as they become private, or public again."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from wagtail.contrib.frontend_cache.backends.base import BaseBackend

from tests.knowledge_base.factories import (
    ArticleFactory,
    CategoryFactory,
    restrict,
    translate,
)

pytestmark = pytest.mark.django_db

PURGED: list[str] = []


class RecordingBackend(BaseBackend):
    """A cache that writes down what it is told to forget."""

    def __init__(self, params):
        super().__init__(params)

    def purge(self, url):
        PURGED.append(url)


@pytest.fixture
def cache(settings, django_capture_on_commit_callbacks):
    settings.WAGTAILFRONTENDCACHE = {
        "default": {"BACKEND": f"{__name__}.RecordingBackend"}
    }
    PURGED.clear()
    return django_capture_on_commit_callbacks


@pytest.fixture
def category(home):
    return CategoryFactory(parent=home, title="Prices")


@pytest.fixture
def article(category):
    return ArticleFactory(parent=category, title="Routers")


def purged(*pages) -> set[str]:
    """Which of these pages the cache was told to forget."""
    return {page.title for page in pages if page.full_url in PURGED}


def test_a_new_restriction_purges_all_that_it_closes(home, category, article, cache):
    spanish = translate(article, "es", title="Rúteres")
    alias = article.create_alias(parent=home, update_slug="alias")
    alias.title = "Alias"
    other = CategoryFactory(parent=home, title="Other")
    with cache(execute=True):
        restrict(category)
    everything = (category, article, spanish, alias, other, home)
    assert purged(*everything) == {"Prices", "Routers", "Rúteres", "Alias"}


def test_nothing_is_purged_before_the_restriction_counts(article, cache):
    """A page that is asked for in between would go back into the cache."""
    with cache(execute=False):
        restrict(article)
    assert PURGED == []


def test_a_change_and_a_removal_purge_too(article, cache):
    restriction = restrict(article, Group.objects.create(name="Partners"))
    with cache(execute=True):
        restriction.groups.add(Group.objects.create(name="Resellers"))
    assert purged(article) == {"Routers"}
    PURGED.clear()
    with cache(execute=True):
        restriction.delete()
    assert purged(article) == {"Routers"}


def test_a_draft_is_in_no_cache(category, cache):
    draft = ArticleFactory(parent=category, title="Draft", live=False)
    with cache(execute=True):
        restrict(category)
    assert purged(category, draft) == {"Prices"}


def test_without_the_cache_module_nothing_is_purged(article, cache, monkeypatch):
    monkeypatch.delitem(apps.app_configs, "wagtailfrontendcache")
    with cache(execute=True):
        restrict(article)
    assert PURGED == []
