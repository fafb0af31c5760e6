"""Articles suggested for a new request, and what became of them (F5, F8, N4)."""

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache

from tests.factories import AgentFactory, SupportFormFactory
from tests.fulltext import searches
from tests.knowledge_base.factories import (
    ArticleFactory,
    CategoryFactory,
    HomeFactory,
    restrict,
    translate,
)
from tests.portal.build import change, connect
from wagtail_helpdesk.models import Deflection, Ticket

pytestmark = searches

SUGGEST = "/support/new/suggest/"


@pytest.fixture(autouse=True)
def no_attempts_counted():
    cache.clear()


@pytest.fixture
def category(portal):
    return CategoryFactory(parent=HomeFactory(), title="Pumps")


@pytest.fixture
def article(category):
    return ArticleFactory(parent=category, title="When the pump leaks")


def parsed(response):
    return BeautifulSoup(response.content, "html.parser")


def links(response):
    return [
        (link.bdi.text, link["href"])
        for link in parsed(response).select(".hd-suggested a")
    ]


def kinds():
    return list(Deflection.objects.order_by("pk").values_list("kind", flat=True))


def file_request(client, subject="The pump leaks", **data):
    return client.post(
        "/support/new/",
        {
            "subject": subject,
            "body": "Since Monday",
            "client_token": "a-token-of-this-test-0007",
            **data,
        },
    )


def test_what_is_typed_is_answered_with_articles_and_nothing_else(client, article):
    response = client.get(SUGGEST, {"q": "pump leaks"})
    assert links(response) == [
        ("When the pump leaks", f"/support/new/article/{article.pk}/")
    ]
    assert not parsed(response).select("html, body, nav")
    assert "no-store" in response["Cache-Control"]
    assert client.get(SUGGEST, {"q": "invoice"}).content == b""


def test_a_sentence_finds_the_article_with_its_telling_word_in_the_title(
    client, article, category
):
    ArticleFactory(parent=category, title="Holidays", introduction="in our house")
    query = {"q": "water in our house because of the pump"}
    assert [title for title, _url in links(client.get(SUGGEST, query))] == [
        "When the pump leaks"
    ]


@pytest.mark.parametrize("typed", ["", "pu", "\x00", "?!.", "a" * 5000, "\ud7ff'--"])
def test_nothing_useful_typed_is_answered_with_nothing(client, article, typed):
    response = client.get(SUGGEST, {"q": typed})
    assert (response.status_code, response.content) == (200, b"")


def test_at_most_five_are_suggested(client, category):
    for number in range(7):
        ArticleFactory(parent=category, title=f"Pump {number}")
    assert len(links(client.get(SUGGEST, {"q": "pump"}))) == 5


def test_what_the_customer_may_not_open_is_neither_suggested_nor_opened(
    client, article
):
    """UX83."""
    from django.contrib.auth.models import Group

    restrict(article, Group.objects.create(name="Partners"))
    assert client.get(SUGGEST, {"q": "pump leaks"}).content == b""
    hidden = client.get(f"/support/new/article/{article.pk}/")
    missing = client.get("/support/new/article/999999/")
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert "pump" not in hidden.content.decode().casefold()
    assert kinds() == []


def test_articles_of_another_language_are_not_suggested(client, article):
    translate(article, "de", title="Wenn die Pumpe pumpt: pump leaks")
    titles = [title for title, _url in links(client.get(SUGGEST, {"q": "pump leaks"}))]
    assert titles == ["When the pump leaks"]


@pytest.mark.parametrize("page_id", ["0", "x", "9" * 40, "-1", "%00", "1e5"])
def test_an_id_that_is_no_article_is_answered_as_missing(client, portal, page_id):
    assert client.get(f"/support/new/article/{page_id}/").status_code == 404


def test_a_page_that_is_no_article_is_no_way_out(client, portal):
    assert client.get(f"/support/new/article/{portal.pk}/").status_code == 404


def test_whoever_types_very_fast_gets_nothing_for_a_while(client, article, settings):
    settings.WAGTAIL_HELPDESK = {"SUGGEST_RATE_LIMIT": "2/d"}
    statuses = [client.get(SUGGEST, {"q": "pump"}).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    response = client.get(SUGGEST, {"q": "pump"})
    assert response.content == b""
    assert int(response["Retry-After"]) > 0


def test_nobody_is_suggested_anything_before_signing_in(client, article):
    client.logout()
    assert client.get(SUGGEST, {"q": "pump"}).status_code == 302
    assert client.get(f"/support/new/article/{article.pk}/").status_code == 302


def test_the_ledger_says_what_was_shown_and_opened_once_a_day(client, article, portal):
    client.get(SUGGEST, {"q": "pump leaks"})
    client.get(SUGGEST, {"q": "the pump leaks"})
    response = client.get(f"/support/new/article/{article.pk}/")
    assert response["Location"] == "/help/pumps/when-the-pump-leaks/"
    client.get(f"/support/new/article/{article.pk}/")
    assert kinds() == ["shown", "opened"]
    opened = Deflection.objects.get(kind="opened")
    assert (opened.article_id, opened.page_id) == (article.pk, portal.pk)
    assert opened.locale == "en"
    assert client.session.session_key not in opened.visitor


def test_a_browser_that_reads_ahead_has_opened_nothing(client, article):
    url = f"/support/new/article/{article.pk}/"
    client.get(url, headers={"sec-purpose": "prefetch"})
    client.head(url)
    assert kinds() == []


def test_without_a_script_the_articles_are_shown_after_sending(client, article):
    page = parsed(client.get("/support/new/"))
    suggest = page.select_one("hd-suggest")
    assert (suggest["for"], suggest["src"]) == ("id_subject", SUGGEST)
    sent = client.get(file_request(client)["Location"])
    assert "While you wait" in parsed(sent).select_one("#hd-main").text
    assert [title for title, _url in links(sent)] == ["When the pump leaks"]


def test_a_request_sent_anyway_is_written_beside_what_was_opened(client, article):
    client.get(SUGGEST, {"q": "pump leaks"})
    client.get(f"/support/new/article/{article.pk}/")
    file_request(client)
    filed = Deflection.objects.get(kind="filed")
    assert filed.article_id == article.pk
    file_request(client)  # A second click.
    assert kinds().count("filed") == 1


def test_a_request_without_any_suggestion_before_says_nothing(client, portal):
    file_request(client)
    assert kinds() == []


def test_an_article_that_solved_it_closes_the_request(client, article, portal):
    change(portal, may_close=True)
    sent = file_request(client)["Location"]
    page = parsed(client.get(sent))
    (button,) = page.select('button[value="solved"]')
    assert button.text == "This solved it – close my request"
    client.get(f"/support/new/article/{article.pk}/")
    response = client.post(button.find_parent("form")["action"], {"action": "solved"})
    ticket = Ticket.objects.get()
    assert ticket.is_closed
    assert response["Location"] == f"/support/r/{ticket.public_id}/"
    page = parsed(client.get(response["Location"])).select_one("#hd-main").text
    assert "is closed, since an article has answered it" in page
    assert "Your reply opens it again" in page
    solved = Deflection.objects.get(kind="solved")
    assert solved.article_id == article.pk
    client.post(sent, {"action": "solved"})
    assert kinds().count("solved") == 1


def test_where_the_portal_hides_closed_requests_solving_one_leads_to_the_list(
    client, article, portal
):
    """B18: the request's own page is gone from this portal."""
    open_only = {"property": "category", "operator": "is_not", "values": ["closed"]}
    change(portal, may_close=True, reopen_days=0, visibility_filters=[open_only])
    sent = file_request(client)["Location"]

    response = client.post(sent, {"action": "solved"}, follow=True)

    assert response.redirect_chain == [("/support/", 302)]
    page = parsed(response).select_one("#hd-main").text
    assert "send us a new message" in page
    assert "opens it again" not in page


def test_where_customers_may_not_close_no_button_offers_it(client, article):
    sent = file_request(client)["Location"]
    assert not parsed(client.get(sent)).select('button[value="solved"]')
    client.post(sent, {"action": "solved"})
    assert not Ticket.objects.get().is_closed
    assert "solved" not in kinds()


def test_the_page_after_sending_takes_nothing_else(client, portal):
    sent = file_request(client)["Location"]
    assert client.post(sent, {"action": "x"}).status_code == 405
    assert client.post("/support/new/suggest/").status_code == 405


def test_the_support_form_of_a_portal_suggests_too(client, article, portal, settings):
    settings.WAGTAIL_HELPDESK = {"FORM_MIN_SECONDS": 0}
    change(portal, may_close=True)
    connect(portal, SupportFormFactory(key="contact-us"))
    page = parsed(client.get("/support/new/"))
    subject = page.select_one(f"#{page.select_one('hd-suggest')['for']}")
    assert subject["name"].endswith("-subject")
    form = page.select_one(".hd-support-form form")
    data = {
        field["name"]: field.get("value", "")
        for field in form.select("input:not([type=file])")
    }
    data[subject["name"]] = "The pump leaks"
    data[form.textarea["name"]] = "Since Monday"
    sent = client.get(client.post(form["action"], data)["Location"])
    assert [title for title, _url in links(sent)] == ["When the pump leaks"]
    (button,) = parsed(sent).select('button[value="solved"]')
    client.post(button.find_parent("form")["action"], {"action": "solved"})
    assert Ticket.objects.get().is_closed


def test_an_agent_who_looks_as_a_customer_leaves_nothing_in_the_ledger(
    article, ana, sign_in
):
    agent = AgentFactory(user__is_superuser=True, user__is_staff=True)
    browser = sign_in(agent)
    browser.post(f"/admin/helpdesk/contacts/{ana.public_id}/view-as/")
    response = browser.get(SUGGEST, {"q": "pump leaks"})
    assert links(response)
    browser.get(f"/support/new/article/{article.pk}/")
    assert kinds() == []
