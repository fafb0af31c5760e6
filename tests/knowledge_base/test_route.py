"""An article is found in one step, and by no other address than before."""

import pytest
from django.db import connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.knowledge_base.factories import ArticleFactory, CategoryFactory
from wagtail_helpdesk.knowledge_base.models import ArticlePage, CategoryPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def deep(category):
    """An article three levels below the home page, and one of its slug elsewhere."""
    inner = CategoryFactory(parent=category, title="Cards", slug="cards")
    ArticleFactory(parent=category, title="Twin", slug="limits")
    return ArticleFactory(parent=inner, title="Limits", slug="limits")


def test_the_page_that_answers_is_the_one_of_the_address(deep):
    client = Client()
    page = client.get("/help/billing/cards/limits/").context["page"]
    assert (page.pk, page.title) == (deep.pk, "Limits")
    assert [above.title for above in page.line] == [
        "Help centre",
        "Billing",
        "Cards",
    ]
    assert client.get("/help/billing/limits/").context["page"].title == "Twin"


@pytest.mark.parametrize(
    "path",
    [
        "/help/cards/limits/",
        "/help/billing/limits/cards/",
        "/help/billing/cards/limits/more/",
        "/help/billing/billing/",
    ],
)
def test_no_other_address_leads_there(deep, path):
    assert Client().get(path).status_code == 404


def test_a_draft_answers_404_and_one_above_it_hides_nothing(deep):
    """As in Wagtail: whether the pages above are published does not matter."""
    CategoryPage.objects.filter(slug="cards").update(live=False)
    assert Client().get("/help/billing/cards/limits/").status_code == 200
    ArticlePage.objects.filter(pk=deep.pk).update(live=False)
    assert Client().get("/help/billing/cards/limits/").status_code == 404


def test_a_page_with_a_routing_of_its_own_is_asked(deep, monkeypatch):
    def refuse(self, request, path_components):
        raise Http404

    monkeypatch.setattr(CategoryPage, "route", refuse)
    assert Client().get("/help/billing/cards/limits/").status_code == 404


def test_a_deeper_article_takes_no_more_queries(category, deep):
    def queries(url):
        client = Client()
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    few = queries("/help/billing/cards/limits/")
    parent = CategoryPage.objects.get(slug="cards")
    for level in range(4):
        parent = CategoryFactory(parent=parent, slug=f"level-{level}")
    ArticleFactory(parent=parent, title="Deepest", slug="deepest")
    path = "/".join(f"level-{level}" for level in range(4))
    assert queries(f"/help/billing/cards/{path}/deepest/") == few
