"""Search over titles and bodies (F4)."""

from urllib.parse import quote

import pytest

from tests.knowledge_base.conftest import searches
from tests.knowledge_base.factories import (
    ArticleFactory,
    CategoryFactory,
    HomeFactory,
    body,
    member_of,
    restrict,
    text,
    translate,
)
from tests.knowledge_base.pages import get, main, words

pytestmark = searches


def find(query: str, *, user=None, status: int = 200, more: str = ""):
    return get(f"/help/search/?q={quote(query)}{more}", user=user, status=status)


def titles(soup) -> list[str]:
    return [words(h) for h in soup.select(".hd-results h2")]


def count(soup) -> str:
    return words(soup.select_one("[role=status]"))


def test_it_finds_words_of_title_introduction_and_body(category, article):
    article.body = body(
        ("text", "<p>Open the ledger.</p>"),
        ("steps", [{"text": "<p>Press the turquoise button.</p>"}]),
        ("callout", {"kind": "note", "text": "<p>Only for treasurers.</p>"}),
        ("code", {"language": "bash", "title": "", "code": "fetch-invoice --all"}),
        (
            "table",
            {
                "table_caption": "Fees",
                "table_header_choice": "row",
                "data": [["Zloty"]],
            },
        ),
        ("questions", [{"question": "Refundable?", "answer": "<p>Rarely.</p>"}]),
    )
    article.save()
    ArticleFactory(parent=category, title="Something else")
    for query in (
        "invoice",
        "PDF",
        "ledger",
        "turquoise",
        "treasurers",
        "fetch-invoice",
        "Zloty",
        "Fees",
        "refundable",
        "rarely",
    ):
        assert titles(find(query)) == ["Download an invoice"], query


def test_a_result_shows_its_place_and_the_words_marked(article):
    """UX82."""
    article.body = text("<p>You find the ledger in your account.</p>")
    article.save()
    inner = CategoryFactory(parent=article.get_parent(), title="Old invoices")
    article.move(inner, pos="last-child")
    result = find("ledger").select_one(".hd-results li")
    assert result.h2.a["href"] == "/help/billing/old-invoices/download-an-invoice/"
    assert [words(mark) for mark in result.select("mark")] == ["ledger"]
    facts = words(result.select_one(".hd-results__facts"))
    assert "Billing" in facts and "Old invoices" in facts and "Updated" in facts
    title = find("invoice").select_one(".hd-results h2")
    assert [words(mark) for mark in title.select("mark")] == ["invoice"]


def test_who_answers_in_the_title_comes_first(category):
    for number in range(5):
        ArticleFactory(
            parent=category, title=f"Error {number}", body=text("<p>invoice</p>" * 5)
        )
    ArticleFactory(parent=category, title="Read your invoice")
    ArticleFactory(parent=category, title="Error 9", body=text("<p>invoice</p>" * 5))
    assert titles(find("invoice"))[0] == "Read your invoice"


def test_the_number_of_results_is_announced(category, article):
    assert count(find("invoice")) == "1 result"
    ArticleFactory(parent=category, title="Pay an invoice")
    assert count(find("invoice")) == "2 results"


def test_drafts_are_not_found(article):
    article.unpublish()
    assert titles(find("invoice")) == []


@pytest.mark.parametrize("where", ["page", "category"])
def test_private_articles_are_found_by_members_alone(
    home, category, article, partners, where
):
    """UX83: neither the title nor the number of results tells an outsider."""
    restrict(article if where == "page" else category, partners)
    for outsider in (None, member_of()):
        soup = find("invoice", user=outsider)
        assert titles(soup) == []
        assert count(soup) == "No results for “ invoice ”"
        assert "Download" not in str(main(soup))
        assert "Billing" not in str(main(soup))
    for reader in (member_of(partners), member_of(is_superuser=True)):
        soup = find("invoice", user=reader)
        assert titles(soup) == ["Download an invoice"]
        assert "Private" in words(soup.select_one(".hd-results li"))


def test_aliases_and_translations_of_private_articles_are_not_found(
    home, article, partners
):
    public = CategoryFactory(parent=home, title="Public")
    article.create_alias(parent=public, update_slug="invoice-too")
    translate(article, "es", title="Descargar invoice")
    restrict(article, partners)
    assert titles(find("invoice")) == []
    spanish = get("/es/help/search/?q=invoice")
    assert titles(spanish) == []
    # The other language is not offered either.
    assert not find("invoice").select("#hd-offers")


def test_a_category_narrows_the_search(home, category, article):
    other = CategoryFactory(parent=home, title="Network")
    ArticleFactory(parent=other, title="An invoice for traffic")
    soup = find("invoice")
    topics = soup.select("[aria-labelledby=hd-filters] a")
    assert [words(a) for a in topics] == ["All topics 2", "Billing 1", "Network 1"]
    assert topics[2]["href"] == "/help/search/?q=invoice&in=network"
    soup = get(topics[2]["href"])
    assert titles(soup) == ["An invoice for traffic"]
    assert count(soup) == "1 result in Network"
    topics = soup.select("[aria-labelledby=hd-filters] a")
    assert topics[2]["aria-current"] == "true"
    # The filter stays when another word is searched.
    assert soup.select_one("input[name=in]")["value"] == "network"


def test_a_category_that_does_not_exist_narrows_nothing(article):
    assert count(find("invoice", more="&in=nowhere")) == "1 result"


def test_ten_results_make_a_page(category):
    for number in range(12):
        ArticleFactory(parent=category, title=f"Invoice {number}")
    first = find("invoice")
    assert len(titles(first)) == 10
    assert count(first) == "12 results"
    following = first.select_one(".hd-pages a[rel=next]")["href"]
    second = get(f"/help/search/{following}")
    assert len(titles(second)) == 2
    assert not set(titles(first)) & set(titles(second))


def test_nothing_asked_gets_a_prompt_and_popular_articles(article):
    article.is_popular = True
    article.save()
    for url in ("/help/search/", "/help/search/?q=", "/help/search/?q=%20%20"):
        soup = main(get(url))
        assert words(soup.h1) == "Search"
        assert "Type a word or a question" in words(soup)
        assert "Download an invoice" in words(soup)


def test_nothing_found_gets_tips_popular_articles_and_help(home, article):
    article.is_popular = True
    article.save()
    home.contact_page = article
    home.save()
    soup = main(find("xylophone"))
    assert "No results for “ xylophone ”" in words(soup)
    assert "Check the spelling" in words(soup)
    assert "Download an invoice" in words(soup)
    assert soup.select_one(".hd-cta a")


def test_some_of_the_words_are_better_than_nothing(article):
    soup = find("invoice xylophone")
    assert titles(soup) == ["Download an invoice"]
    assert "have some of them" in words(soup.select_one("[role=status]"))


def test_one_language_is_searched_and_the_others_are_offered(home, article):
    """UX97: an answer in another language is better than none."""
    translate(article, "es", title="Descargar una factura")
    soup = find("factura")
    assert titles(soup) == []
    (offer,) = soup.select("[aria-labelledby=hd-offers] a")
    assert words(offer) == "1 result in español"
    assert offer.select_one("span")["lang"] == "es"
    assert offer["href"] == "/es/help/search/?q=factura"
    assert titles(get(offer["href"])) == ["Descargar una factura"]


def test_another_knowledge_base_of_the_site_is_not_searched(home, article):
    other = HomeFactory(title="Partner help", slug="partner-help")
    category = CategoryFactory(parent=other)
    ArticleFactory(parent=category, title="Partner invoice")
    assert titles(find("invoice")) == ["Download an invoice"]
    assert titles(get("/partner-help/search/?q=invoice")) == ["Partner invoice"]


def test_what_was_typed_stays_in_the_box_and_the_title(article):
    soup = find('invoice "2026" <b>')
    assert soup.select_one("input[type=search]")["value"] == 'invoice "2026" <b>'
    assert words(soup.title).startswith('Results for “invoice "2026" <b>”')
    assert not main(soup).select("h1 b")


def test_results_are_no_page_for_search_engines(article, client):
    response = client.get("/help/search/?q=invoice")
    assert response["X-Robots-Tag"] == "noindex"
    soup = find("invoice")
    assert soup.find("meta", attrs={"name": "robots"})["content"] == "noindex"
    assert not soup.find("link", rel="canonical")


def test_scripts_in_an_article_are_text_in_the_snippet(category):
    """UX82."""
    code = "<script>alert('invoice')</script><img src=x onerror=alert(1)>"
    ArticleFactory(
        parent=category,
        title="<b>Odd</b> invoice",
        slug="odd",
        body=body(("code", {"language": "html", "title": "", "code": code})),
    )
    for query in ("invoice", "script", "alert", "onerror"):
        results = find(query).select_one(".hd-results")
        assert not results.select("script, img, b")
        assert "<script>alert('invoice')</script>" in results.get_text()
        assert results.select("mark")


@pytest.mark.parametrize(
    "query",
    [
        '"',
        '""',
        '"unclosed',
        "invoice*",
        "*",
        "-",
        "invoice AND",
        "NOT invoice",
        "NEAR(invoice, 2)",
        "invoice) OR (1=1",
        "title:invoice",
        "{invoice}^2",
        "invoice'; DROP TABLE x; --",
        "%",
        "_",
        "\\",
        "invoice\\",
        "a&b|c!d:e",
        "<->",
        "()",
        '+invoice -"x" @3 ~',
        "%s %d %(x)s {0}",
        "invoice\x00",
        "in\x07voice\x1b[0m",
        "\u202einvoice\u202c",
        "\u200b",
        "🎉",
        "فاتورة",
        "請求書",
        "चालान",
        "é" * 100,
        "a " * 100,
    ],
)
def test_no_query_breaks_the_search(article, query):
    """Operators and quotes of a search engine are no part of what people ask."""
    find(query)


@pytest.mark.parametrize(
    "query", ["invoice\x00", "\u202einvoice", "“invoice”", "*invoice*"]
)
def test_characters_that_are_no_words_do_not_hide_the_answer(article, query):
    soup = find(query)
    assert titles(soup) == ["Download an invoice"]
    shown = str(main(soup))
    assert "\x00" not in shown and "\u202e" not in shown


def test_invalid_utf8_is_no_error(article):
    get("/help/search/?q=%ff%fe")
    get("/help/search/?q=%ed%a0%80invoice")


def test_a_question_without_words_is_answered_as_such(article):
    assert "There are no words in your search" in count(find("???"))


def test_a_query_of_ten_thousand_characters_is_refused_with_the_reason(article):
    soup = find("x" * 10_000, status=400)
    assert "Use 200 characters at most" in count(soup)
    assert words(soup.title).startswith("Error:")
    assert len(soup.select_one("input[type=search]")["value"]) == 200
    assert titles(find("invoice " * 20)) == ["Download an invoice"]


def test_accents_do_not_matter_to_the_marks(category):
    ArticleFactory(parent=category, title="Descargar la facturación")
    mark = find("facturación").select_one(".hd-results mark")
    assert words(mark) == "facturación"


def test_the_page_of_an_article_named_search_stays_reachable(home):
    """The search page has the address, so a category may not take it."""
    from django.core.exceptions import ValidationError

    taken = CategoryFactory(parent=home, title="Search", slug="searching")
    taken.slug = "search"
    with pytest.raises(ValidationError) as error:
        taken.full_clean()
    assert "slug" in error.value.message_dict
