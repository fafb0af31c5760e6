"""Wagtail's API v2 with our mixins: the pages of the site, and no copies kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from tests.factories import UserFactory
from tests.knowledge_base.factories import (
    CategoryFactory,
    HomeFactory,
    member_of,
    restrict,
    translate,
)

pytestmark = pytest.mark.django_db
PAGES = "/api/v2/pages/"


@pytest.fixture
def category():
    return CategoryFactory(parent=HomeFactory(), title="Manuals")


def ask(url: str, user: Any = None):
    client = Client()
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(url)


def served(page: Page, user: Any = None) -> bool:
    """Whether it is served, listed, found and a child; they have to agree on it."""
    status = ask(f"{PAGES}{page.pk}/", user).status_code
    items = ask(f"{PAGES}?limit=20", user).json()["items"]
    found = ask(f"{PAGES}find/?id={page.pk}", user).status_code
    children = ask(f"{PAGES}?child_of={page.get_parent().pk}", user)
    below = [item["id"] for item in children.json().get("items", [])]
    answers = {
        status == 200,
        page.pk in [item["id"] for item in items],
        found == 302,
        page.pk in below,
    }
    assert len(answers) == 1, (status, items, found, below)
    return answers.pop()


def test_a_private_page_is_there_for_those_who_may_see_it(category, article, partners):
    assert served(article)
    restrict(category, partners)
    assert not served(article)
    assert not served(article, member_of())
    assert served(article, member_of(partners))
    assert served(article, UserFactory(is_superuser=True))
    by_path = f"{PAGES}find/?html_path={article.get_url()}"
    assert ask(by_path).status_code == 404
    assert ask(by_path, member_of(partners)).status_code == 302


def test_so_are_its_translation_and_its_alias(category, article, partners):
    spanish = translate(article, "es")
    public = CategoryFactory(parent=category.get_parent(), title="Open")
    alias = article.create_alias(parent=public, update_slug="prices-2")
    restrict(category, partners)
    for page in (spanish, alias):
        assert not served(page)
        assert served(page, member_of(partners))


def test_a_type_and_a_search_show_no_more(category, article, partners):
    public = CategoryFactory(parent=category.get_parent(), title="Open")
    article.create_alias(parent=public, update_slug="prices-2")
    article_type = "type=helpdesk_knowledge_base.ArticlePage"
    assert ask(f"{PAGES}?{article_type}").json()["meta"]["total_count"] == 2
    restrict(category, partners)
    for query in (article_type, "slug=prices-2", f"translation_of={article.pk}"):
        answer = ask(f"{PAGES}?{query}").json()
        assert not answer.get("items"), query


def test_no_cache_keeps_what_a_member_is_shown(article, partners):
    for url in (PAGES, "/api/v2/documents/", f"{PAGES}999999/"):
        answer = ask(url, member_of(partners))
        assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
    anonymous = ask(PAGES)
    assert "no-store" not in anonymous.get("Cache-Control", "")
    assert "Cookie" in anonymous["Vary"]


def test_no_cache_keeps_what_a_shared_password_has_opened(article):
    restriction = restrict(article, password="open sesame")
    client = Client()
    session = client.session
    key = PageViewRestriction.passed_view_restrictions_session_key
    session[key] = [restriction.pk]
    session.save()
    answer = client.get(f"{PAGES}{article.pk}/")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
