"""A category (F2)."""

import pytest
from django.contrib.auth.models import Group

from tests.knowledge_base.factories import (
    ArticleFactory,
    CategoryFactory,
    member_of,
    restrict,
)
from tests.knowledge_base.pages import get, linked_data, main, words
from wagtail_helpdesk.knowledge_base.models import ArticlePage, CategoryPage

pytestmark = pytest.mark.django_db


def test_it_shows_its_sub_categories_and_articles_in_order(category, article):
    CategoryFactory(parent=category, title="Cards")
    ArticleFactory(parent=category, title="Add a card")
    soup = get("/help/billing/")
    assert words(soup.h1) == "Billing"
    assert [words(h) for h in soup.select(".hd-topic h3")] == ["Cards"]
    listed = [words(h) for h in soup.select(".hd-articles h3")]
    assert listed == ["Download an invoice", "Add a card"]
    assert "Every invoice as a PDF." in words(main(soup))


def test_drafts_are_not_listed(category):
    ArticleFactory(parent=category, title="Not yet", live=False)
    assert "Not yet" not in words(main(get("/help/billing/")))


def test_breadcrumbs_lead_back_up(category):
    inner = CategoryFactory(parent=category, title="Cards")
    crumbs = get(inner.url).select(".hd-crumbs li")
    assert [words(crumb) for crumb in crumbs] == ["Help centre", "Billing", "Cards"]
    assert crumbs[1].a["href"] == "/help/billing/"
    assert crumbs[2].a is None


def test_a_long_category_has_pages_of_fifty(category):
    for number in range(51):
        ArticleFactory(parent=category, title=f"Error code {number}")
    first = get("/help/billing/")
    assert len(first.select(".hd-articles h3")) == 50
    assert "Page 1 of 2" in words(first.select_one(".hd-pages"))
    following = first.select_one(".hd-pages a[rel=next]")["href"]
    second = get(f"/help/billing/{following}")
    assert [words(h) for h in second.select(".hd-articles h3")] == ["Error code 50"]


@pytest.mark.parametrize("number", ["0", "-1", "99", "x", "1e9", "%00", "²"])
def test_a_page_number_that_does_not_exist_is_no_error(article, number):
    assert "Download an invoice" in words(main(get(f"/help/billing/?p={number}")))


def test_an_empty_category_says_so_and_offers_the_search(category):
    soup = main(get("/help/billing/"))
    assert "No articles here yet" in words(soup)
    assert soup.select_one(".hd-empty a")["href"] == "/help/search/"


def test_members_see_private_articles_with_a_lock_and_the_word(
    category, article, partners
):
    ArticleFactory(parent=category, title="Discounts")
    restrict(category.get_children().get(title="Discounts"), partners)
    assert "Discounts" not in words(main(get("/help/billing/")))
    listed = get("/help/billing/", user=member_of(partners)).select(".hd-articles h3")
    assert [words(h) for h in listed] == ["Download an invoice", "Discounts Private"]
    assert listed[1].select_one("svg[aria-hidden=true]")


def test_a_private_category_is_not_among_the_topics(home, category, partners):
    closed = CategoryFactory(parent=home, title="For partners")
    CategoryFactory(parent=home, title="Network")
    restrict(closed, partners)
    topics = get("/help/billing/").select("[aria-labelledby=hd-siblings] a")
    assert [words(a) for a in topics] == ["Billing", "Network"]
    member = member_of(partners)
    topics = get("/help/billing/", user=member).select(
        "[aria-labelledby=hd-siblings] a"
    )
    assert [words(a) for a in topics] == ["Billing", "For partners Private", "Network"]


def test_aliases_of_private_articles_are_not_listed(home, category, article, partners):
    closed = CategoryFactory(parent=home, title="For partners")
    secret = ArticleFactory(parent=closed, title="Margins")
    secret.create_alias(parent=category, update_slug="margins")
    restrict(closed, partners)
    assert "Margins" not in words(main(get("/help/billing/")))
    assert "1 article" in words(main(get("/help/")))
    member = member_of(partners)
    assert "Margins" in words(main(get("/help/billing/", user=member)))


def test_its_breadcrumbs_are_machine_readable(category):
    (data,) = linked_data(get("/help/billing/"))
    assert data["@type"] == "BreadcrumbList"
    assert [item["name"] for item in data["itemListElement"]] == [
        "Help centre",
        "Billing",
    ]


def test_titles_are_shown_as_text(home):
    CategoryFactory(parent=home, title="<script>alert(1)</script>", slug="odd")
    soup = get("/help/odd/")
    assert words(soup.h1) == "<script>alert(1)</script>"
    assert not main(soup).select("script")


def test_categories_hold_articles_and_articles_hold_nothing():
    assert ArticlePage.allowed_subpage_models() == []
    assert set(CategoryPage.allowed_subpage_models()) == {CategoryPage, ArticlePage}
    assert ArticlePage.allowed_parent_page_models() == [CategoryPage]


def test_groups_of_a_similar_name_are_not_confused(category, article, partners):
    restrict(article, partners)
    other = Group.objects.create(name="Partner")
    user = member_of(other)
    assert "Download" not in words(main(get("/help/billing/", user=user)))
