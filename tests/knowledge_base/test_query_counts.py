"""Lists cost the same for ten rows and for a thousand (UX33)."""

import uuid

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page
from wagtail.search.backends import get_search_backend

from tests.knowledge_base.conftest import searches
from tests.knowledge_base.factories import (
    ArticleFactory,
    CategoryFactory,
    body,
    member_of,
    restrict,
)
from tests.knowledge_base.test_article import picture
from wagtail_helpdesk.knowledge_base.models import ArticlePage, CategoryPage

pytestmark = searches


def fill(category: Page, start: int, end: int) -> None:
    """Many articles at once; a thousand saves would take a minute."""
    pages = [
        Page(
            title=f"Error code {number}",
            draft_title=f"Error code {number}",
            slug=f"error-{number}",
            depth=category.depth + 1,
            path=Page._get_path(category.path, category.depth + 1, number + 1),
            url_path=f"{category.url_path}error-{number}/",
            locale_id=category.locale_id,
            content_type=ContentType.objects.get_for_model(ArticlePage),
            translation_key=uuid.uuid4(),
            live=True,
        )
        for number in range(start, end)
    ]
    keys = {page.slug for page in Page.objects.bulk_create(pages)}
    added = Page.objects.child_of(category).filter(slug__in=keys)
    article = [(pk, "", "", "[]", False) for pk in added.values_list("pk", flat=True)]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {ArticlePage._meta.db_table} "  # noqa: S608
            "(page_ptr_id, introduction, audience, body, is_popular) "
            "VALUES (%s, %s, %s, %s, %s)",
            article,
        )
    CategoryPage.objects.filter(pk=category.pk).update(numchild=end)
    category.refresh_from_db()
    get_search_backend().add_bulk(
        ArticlePage, list(ArticlePage.objects.child_of(category).filter(slug__in=keys))
    )


def queries(url: str, user=None) -> int:
    client = Client()
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    client.get(url)  # what is cached between requests is not counted
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    ("url", "most"),
    [
        ("/help/", 20),
        ("/help/billing/", 22),
        ("/help/billing/?p=1", 22),
        ("/help/billing/error-3/", 16),
        ("/help/search/?q=error", 22),
    ],
)
def test_ten_articles_and_a_thousand_cost_the_same(category, partners, url, most):
    fill(category, 0, 10)
    restrict(category.get_children().first(), partners)
    member = member_of(partners)
    few, few_for_member = queries(url), queries(url, member)
    fill(category, 10, 1000)
    assert queries(url) == few
    assert queries(url, member) == few_for_member
    assert few <= most


def test_ten_categories_and_a_hundred_cost_the_same(home):
    for number in range(10):
        CategoryFactory(parent=home, title=f"Topic {number}")
    few = queries("/help/"), queries("/help/topic-3/")
    for number in range(10, 100):
        CategoryFactory(parent=home, title=f"Topic {number}")
    assert (queries("/help/"), queries("/help/topic-3/")) == few


def test_ten_pictures_cost_one_query_more_than_one_and_as_many_as_twenty(category):
    """Of a few pictures the sizes come from the cache, of more all in one query."""

    def article(title: str, count: int) -> str:
        images = [
            ("image", {"image": {"image": picture().pk, "decorative": True}})
            for _ in range(count)
        ]
        return ArticleFactory(parent=category, title=title, body=body(*images)).url

    one, ten, twenty = article("One", 1), article("Ten", 10), article("Twenty", 20)
    assert queries(ten) == queries(one) + 1
    assert queries(twenty) == queries(ten)


def test_a_word_that_every_article_has_is_answered_with_titles_first(category):
    """Five hundred are looked at; ranking all of them is slow on SQLite."""
    ArticleFactory(parent=category, title="Error code zero", slug="zero")
    category.refresh_from_db()
    fill(category, 1, 1000)
    response = Client().get("/help/search/?q=error")
    assert "The best 500 results" in response.content.decode()
    response = Client().get("/help/search/?q=error+zero")
    assert "1 result" in response.content.decode()
