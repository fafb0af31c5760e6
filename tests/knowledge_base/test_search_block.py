"""The block "Knowledge base search" on any page (N2)."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.test import Client, RequestFactory

from example_site.home.models import StandardPage
from tests.fulltext import searches
from tests.knowledge_base.factories import (
    ArticleFactory,
    HomeFactory,
    locale,
    member_of,
    restrict,
    site_root,
    translate,
)
from wagtail_helpdesk.knowledge_base.search_block import KnowledgeBaseSearchBlock

pytestmark = searches

HERE = "/here/"
SUGGEST = "/help/search/suggest/"


@pytest.fixture(autouse=True)
def no_attempts_counted():
    cache.clear()


def block(**values):
    usual = {"heading": "", "help_centre": None, "label": ""}
    return "knowledge_base_search", {**usual, **values}


def add_page(*blocks):
    page = site_root().add_child(
        instance=StandardPage(title="Here", slug="here", body=list(blocks))
    )
    page.save_revision().publish()
    return page


def parsed(response):
    return BeautifulSoup(response.content, "html.parser")


def blocks_at(path, browser=None):
    return parsed((browser or Client()).get(path)).select(".hd-embed")


def test_the_box_leads_to_the_results_without_a_script(home, article):
    add_page(block(heading="Ask first", label="Search <b>guides</b>"))
    (found,) = blocks_at(HERE)
    field = found.select_one("input[type=search]")
    assert (field["name"], field["placeholder"]) == ("q", "Search <b>guides</b>")
    assert found.find("label", attrs={"for": field["id"]}).text == field["placeholder"]
    assert found.form["method"] == "get"
    results = Client().get(found.form["action"], {"q": "invoice"})
    assert "Download an" in parsed(results).select_one(".hd-results").text


def test_several_on_a_page_keep_ids_and_landmarks_apart(home):
    other = HomeFactory(title="Partner guides", slug="partners")
    add_page(block(), block(), block(help_centre=other))
    html = parsed(Client().get(HERE))
    ids = [tag["id"] for tag in html.find_all(id=True)]
    assert len(ids) == len(set(ids))
    boxes = html.select(".hd-embed form")
    assert [box.get("aria-label") for box in boxes] == [
        "Help centre",
        None,
        "Partner guides",
    ]
    assert [box["action"] for box in boxes][1:] == [
        "/help/search/",
        "/partners/search/",
    ]
    assert len(html.find_all("link", href=lambda url: "helpdesk.css" in url)) == 1
    assert len(html.select('script[src*="suggest.js"]')) == 1


@pytest.mark.parametrize("is_chosen", [False, True])
def test_a_page_in_another_language_leads_to_its_help_centre(home, is_chosen):
    page = add_page(block(help_centre=home if is_chosen else None))
    page.copy_for_translation(locale("es")).save_revision().publish()
    # Without a translation, the chosen one is better than none.
    before = blocks_at("/es/here/")
    assert [box.form["action"] for box in before] == ["/help/search/"] * is_chosen
    translate(home, "es", title="Centro de ayuda")
    (found,) = blocks_at("/es/here/")
    assert found.form["action"] == "/es/help/search/"


def test_an_unpublished_help_centre_is_told_to_editors_only(home):
    page = add_page(block(help_centre=home))
    home.unpublish()
    assert blocks_at(HERE) == []
    assert "Visitors see nothing here" in page.make_preview_request().text


def test_a_private_help_centre_shows_to_its_members_alone(home, partners):
    add_page(block(help_centre=home), block())
    restrict(home, partners)
    response = Client().get(HERE)
    assert "hd-embed" not in response.text
    # A shared cache must not show members what a visitor was shown.
    assert "private" in response["Cache-Control"]
    assert "Cookie" in response["Vary"]
    member = Client()
    member.force_login(member_of(partners))
    assert len(blocks_at(HERE, member)) == 2


def test_a_public_page_with_it_may_be_kept(home):
    add_page(block())
    assert "private" not in Client().get(HERE).get("Cache-Control", "")


def test_outside_of_a_request_nothing_is_shown(home):
    made = KnowledgeBaseSearchBlock()
    value = made.to_python({"help_centre": home.pk})
    assert made.render(value).strip() == ""
    gone = made.to_python({"help_centre": 999_999})
    request = RequestFactory().get("/")
    assert made.render(gone, {"request": request}).strip() != ""


def test_articles_are_suggested_while_one_types(home, category, article):
    secret = ArticleFactory(parent=category, title="Invoice of a partner")
    restrict(secret)
    response = Client().get(SUGGEST, {"q": "invoice"})
    links = [(a.text, a["href"]) for a in parsed(response).select("a")]
    assert links == [(article.title, article.get_url())]
    assert response["X-Robots-Tag"] == "noindex"
    assert "1 article may answer it." in response.text


def test_what_says_nothing_is_answered_with_nothing(home, article):
    for text in ("", "in", "\x00\x00", "zzzz", "x" * 5000):
        response = Client().get(SUGGEST, {"q": text})
        assert (response.status_code, response.content) == (200, b"")
    assert Client().post(SUGGEST).status_code == 405


def test_who_types_very_fast_waits(home, article, settings):
    settings.WAGTAIL_HELPDESK = {
        **settings.WAGTAIL_HELPDESK,
        "SUGGEST_RATE_LIMIT": "1/m",
    }
    assert Client().get(SUGGEST, {"q": "invoice"}).status_code == 200
    response = Client().get(SUGGEST, {"q": "invoice"})
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
