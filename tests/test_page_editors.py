"""The page chooser offers what its user may know of."""

from __future__ import annotations

import json
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from tests.factories import AgentFactory, UserFactory
from tests.knowledge_base.factories import (
    ArticleFactory,
    CategoryFactory,
    HomeFactory,
    restrict,
    translate,
)
from tests.test_who_can_see import editor_of
from wagtail_helpdesk.actions.register_agent import agent_group

# InnoDB finds words only in rows that are committed.
pytestmark = pytest.mark.django_db(transaction=connection.vendor == "mysql")


@pytest.fixture
def home():
    return HomeFactory()


@pytest.fixture
def category(home):
    category = CategoryFactory(parent=home, title="Manuals")
    restrict(category, Group.objects.create(name="Partners"))
    return category


@pytest.fixture
def article(category):
    return ArticleFactory(parent=category, title="Prices")


@pytest.fixture
def agent():
    """Works tickets, and may enter the admin for that; no page permission."""
    user = AgentFactory().user
    user.groups.add(agent_group())
    return user


def offered(url: str, user: Any, **params: str) -> set[str]:
    """Titles that the chooser lists, without the page it stands in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    response = client.get(url, params)
    assert response.status_code == 200
    text = response.content.decode()
    html = json.loads(text)["html"] if text.startswith("{") else text
    rows = BeautifulSoup(html, "html.parser").select("tr:not(.parent-page) td.title")
    return {row.get_text(" ", strip=True) for row in rows}


def inside(page: Page, user: Any) -> set[str]:
    return offered(reverse("wagtailadmin_choose_page_child", args=[page.pk]), user)


def searched(words: str, user: Any) -> set[str]:
    return offered(reverse("wagtailadmin_choose_page_search"), user, q=words)


def has(title: str, titles: set[str]) -> bool:
    return any(title in found for found in titles)


def test_an_agent_is_not_offered_a_page_that_is_closed_to_them(home, article, agent):
    public = CategoryFactory(parent=home, title="Setup")
    ArticleFactory(parent=public, title="Prices for all")
    assert not has("Manuals", inside(home, agent))
    assert has("Setup", inside(home, agent))
    assert not has("Prices", inside(article.get_parent(), agent))
    titles = searched("prices", agent)
    assert has("Prices for all", titles)
    assert len(titles) == 1


def test_its_translations_and_aliases_are_not_offered_either(home, article, agent):
    spanish = translate(article, "es", title="Precios")
    public = CategoryFactory(parent=home, title="Setup")
    article.create_alias(parent=public, update_slug="prices-2")
    assert not inside(public, agent)
    assert not inside(spanish.get_parent(), agent)


def test_who_edits_a_page_is_offered_it_whatever_its_privacy(home, category, article):
    editor = editor_of(category)
    assert has("Manuals", inside(home, editor))
    assert has("Prices", inside(category, editor))
    assert has("Prices", searched("prices", editor))


def test_who_edits_a_page_inside_a_closed_part_finds_the_way_to_it(
    home, category, article
):
    ArticleFactory(parent=category, title="Secret")
    editor = editor_of(article)
    assert has("Manuals", inside(home, editor))
    titles = inside(category, editor)
    assert has("Prices", titles)
    assert not has("Secret", titles)


def test_a_superuser_is_offered_every_page(home, article):
    boss = UserFactory(is_superuser=True)
    assert has("Manuals", inside(home, boss))
    assert has("Prices", searched("prices", boss))
