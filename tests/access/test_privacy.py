"""What is remembered between requests of who may see what never outlives a change.

The other worker, a script or the database's own console may have made it; so all
changes here are made past the models' own methods.
"""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction

from tests.knowledge_base.factories import (
    ArticleFactory,
    CategoryFactory,
    HomeFactory,
    restrict,
    translate,
)
from wagtail_helpdesk.access.visibility import Visibility

pytestmark = pytest.mark.django_db


@pytest.fixture
def category():
    return CategoryFactory(parent=HomeFactory(), title="For partners")


def open_to_all(page) -> bool:
    """Asked twice: the second answer is the one that rests on the first."""
    page = Page.objects.get(pk=page.pk)
    first, second = Visibility(None).can_view(page), Visibility(None).can_view(page)
    assert first is second
    return first


def test_a_second_request_asks_once(category, article, partners):
    restrict(category, partners)
    translate(article, "es")
    open_to_all(article)
    with CaptureQueriesContext(connection) as captured:
        assert not Visibility(None).can_view(article)
        assert Visibility(None).is_private(article)
    assert len(captured) == 2


def test_a_new_a_changed_and_a_lifted_restriction_count_at_once(category, article):
    assert open_to_all(article)
    PageViewRestriction.objects.bulk_create(
        [PageViewRestriction(page_id=category.pk, restriction_type="login")]
    )
    assert not open_to_all(article)
    PageViewRestriction.objects.update(restriction_type="none")
    assert open_to_all(article)
    PageViewRestriction.objects.update(restriction_type="login", page_id=article.pk)
    assert not open_to_all(article)
    assert open_to_all(category)
    PageViewRestriction.objects.all()._raw_delete("default")
    assert open_to_all(article)


def test_a_translation_counts_from_when_it_is_one_until_it_is_none(
    category, article, partners
):
    restrict(category, partners)
    other = ArticleFactory(
        parent=CategoryFactory(parent=HomeFactory(slug="other")), title="Other"
    )
    assert open_to_all(other)
    own_key = other.translation_key
    spanish = translate(
        CategoryFactory(parent=HomeFactory(slug="third")), "es"
    ).locale_id
    Page.objects.filter(pk=other.pk).update(
        translation_key=article.translation_key, locale_id=spanish
    )
    assert not open_to_all(other)
    Page.objects.filter(pk=other.pk).update(translation_key=own_key)
    assert open_to_all(other)


def test_an_alias_counts_until_it_is_detached(category, article, partners):
    restrict(category, partners)
    other = ArticleFactory(
        parent=CategoryFactory(parent=HomeFactory(slug="other")), title="Other"
    )
    Page.objects.filter(pk=other.pk).update(alias_of_id=article.pk)
    assert not open_to_all(other)
    Page.objects.filter(pk=other.pk).update(alias_of_id=None)
    assert open_to_all(other)


def test_a_page_that_is_moved_is_judged_where_it_stands(category, article, partners):
    restrict(category, partners)
    public = CategoryFactory(parent=HomeFactory(slug="other"), title="For all")
    assert not open_to_all(article)
    inside = article.path
    Page.objects.filter(pk=article.pk).update(path=f"{public.path}0001")
    assert open_to_all(article)
    Page.objects.filter(pk=article.pk).update(path=inside)
    assert not open_to_all(article)


def test_what_a_translation_led_to_is_asked_again_too(category, article, partners):
    """A translation of the category, and below it an article with an alias."""
    restrict(category, partners)
    elsewhere = CategoryFactory(parent=HomeFactory(slug="other"), title="Otra")
    below = ArticleFactory(parent=elsewhere, title="Below")
    far = ArticleFactory(
        parent=CategoryFactory(parent=HomeFactory(slug="third")), title="Far"
    )
    spanish = translate(
        CategoryFactory(parent=HomeFactory(slug="four")), "es"
    ).locale_id
    Page.objects.filter(pk=elsewhere.pk).update(
        translation_key=category.translation_key, locale_id=spanish
    )
    assert not open_to_all(below)
    assert open_to_all(far)
    Page.objects.filter(pk=far.pk).update(alias_of_id=below.pk)
    assert not open_to_all(far)
    Page.objects.filter(pk=below.pk).update(path=f"{far.path[:-4]}0009")
    assert open_to_all(below)
    assert open_to_all(far)


def test_a_public_page_is_served_without_asking_wagtail_again(article):
    client = Client()
    client.get(article.url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(article.url).status_code == 200
    asked = [q["sql"] for q in captured if "pageviewrestriction" in q["sql"]]
    assert len(asked) == 1
    PageViewRestriction.objects.create(page_id=article.pk, restriction_type="login")
    assert client.get(article.url).status_code == 302


def test_a_page_type_with_restrictions_of_its_own_is_still_asked(article, monkeypatch):
    def always(page):
        return [PageViewRestriction(page=page, restriction_type="login")]

    monkeypatch.setattr(type(article), "get_view_restrictions", always)
    assert Client().get(article.url).status_code == 302
