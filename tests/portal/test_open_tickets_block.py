"""The block "My open requests": on any page, by the portal's rules (N2, R9)."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.models import Locale, Site

from example_site.home.models import StandardPage
from tests.factories import AccessGroupFactory, AgentFactory, CustomerFactory
from tests.knowledge_base.factories import restrict
from tests.portal.build import change, make_ticket
from wagtail_helpdesk.forms.serving import serve_support_forms
from wagtail_helpdesk.models import Stage
from wagtail_helpdesk.portal.blocks import MyOpenTicketsBlock

pytestmark = pytest.mark.django_db

HERE = "/here/"


@pytest.fixture(autouse=True)
def no_attempts_counted():
    cache.clear()


def block(**values):
    usual = {"heading": "", "portal": None, "number": 5, "only_own": False}
    return "my_open_tickets", {**usual, **values}


def add_page(*blocks, slug="here"):
    root = Site.objects.get(is_default_site=True).root_page
    page = root.add_child(
        instance=StandardPage(title="Here", slug=slug, body=list(blocks))
    )
    page.save_revision().publish()
    return page


@pytest.fixture
def here(portal):
    return add_page(block())


def parsed(response):
    return BeautifulSoup(response.content, "html.parser")


def block_of(browser, path=HERE):
    return parsed(browser.get(path)).select_one(".hd-embed")


def words(node):
    return " ".join(node.text.split())


def subjects(node):
    return [link.text for link in node.select(".hd-request__subject")]


def test_the_open_requests_as_the_list_shows_them(here, client, ana, zoe):
    tickets = [make_ticket(ana, "Hello", subject=f"Pump {n}") for n in range(7)]
    make_ticket(ana, subject="Over", closed=True)
    make_ticket(zoe, subject="Somebody else's")

    found = block_of(client)
    listed = parsed(client.get("/support/?status=open"))

    assert subjects(found) == subjects(listed)[:5]
    assert words(found.h2) == "My requests"
    link = found.select_one("tbody a")["href"]
    assert link in {f"/support/r/{ticket.public_id}/" for ticket in tickets}
    assert client.get(link).status_code == 200
    assert words(found.select_one("tbody td")) == "Open"
    assert found.select_one(".hd-actions a")["href"] == "/support/"


def test_status_and_words_are_the_portals_own(here, portal, client, ana):
    """B37, B44."""
    change(portal, request_singular="order", request_plural="orders", show_stages=True)
    ticket = make_ticket(ana, subject="Pump")
    waiting = ticket.pipeline.stages.filter(category=Stage.Category.WAITING).first()
    ticket.stage = waiting
    ticket.save()

    found = block_of(client)

    assert words(found.h2) == "Orders"
    assert words(found.select_one("tbody td")) == waiting.public_label


def test_nothing_open_leads_to_the_form(here, portal, client, ana):
    make_ticket(ana, subject="Over", closed=True)
    found = block_of(client)
    assert "Nothing is open." in words(found)
    assert found.select_one(".hd-btn")["href"] == "/support/new/"

    change(portal, channel=None)
    assert block_of(client).select_one(".hd-btn") is None


def test_a_visitor_signs_in_and_comes_back(here, ana):
    make_ticket(ana, subject="Secret")
    response = Client().get(f"{HERE}?a=b")
    link = parsed(response).select_one(".hd-embed .hd-btn")
    assert link["href"].endswith("?next=/here/%3Fa%3Db")
    assert "Secret" not in response.text


def test_no_shared_cache_keeps_it(here, client, ana):
    """A copy would show one customer's requests to others."""
    make_ticket(ana, subject="Secret")
    response = client.get(HERE)
    assert response["Cache-Control"] == "private, no-store"
    assert "Cookie" in response["Vary"]
    response = Client().get(HERE)
    assert "private" in response["Cache-Control"]
    assert "Cookie" in response["Vary"]


def test_whom_the_portal_is_not_for_sees_nothing_of_it(here, portal, client, ana):
    make_ticket(ana, subject="Secret")
    group = AccessGroupFactory()
    change(portal, requires_groups=True, access_groups=[group])
    response = client.get(HERE)
    assert "hd-embed" not in response.text
    # Nor may a kept copy say so to a member.
    assert response["Cache-Control"] == "private, no-store"
    agent = Client()
    agent.force_login(AgentFactory().user)
    assert block_of(agent) is None


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"entry": "sso"}, "Nothing can be shown to you here yet."),
        ({"consent_text": "<p>We keep it.</p>"}, "we need your consent"),
    ],
)
def test_who_has_still_to_do_something_is_led_to_the_portal(
    here, portal, client, ana, fields, said
):
    """R17, B54."""
    make_ticket(ana, subject="Secret")
    change(portal, **fields)
    found = block_of(client)
    assert said in words(found)
    assert "Secret" not in found.text
    assert found.select_one(".hd-actions a")["href"] == "/support/"


def test_an_unproved_address_shows_nothing(here, sign_in):
    ana = CustomerFactory(email__unverified=True)
    make_ticket(ana, subject="Secret")
    found = block_of(sign_in(ana))
    assert "Nothing can be shown to you here yet." in words(found)


@pytest.mark.parametrize("state", ["off", "draft", "private"])
def test_a_portal_that_nobody_can_open_shows_nothing(here, portal, ana, state):
    if state == "off":
        change(portal, is_active=False)
    elif state == "draft":
        portal.unpublish()
    else:
        restrict(portal, password="secret")
    make_ticket(ana, subject="Secret")
    here.body = [block(portal=portal)]
    here.save_revision().publish()
    for browser in (Client(), _signed_in(ana)):
        assert block_of(browser) is None


def _signed_in(person):
    browser = Client()
    browser.force_login(
        person.user, backend="django.contrib.auth.backends.ModelBackend"
    )
    return browser


def test_a_preview_shows_nobodys_requests(here, portal, client, ana):
    """B14: not even those of the editor who looks."""
    make_ticket(ana, subject="Secret")
    response = here.make_preview_request(original_request=client.get("/").wsgi_request)
    assert "Secret" not in response.text
    assert "How do I add a colleague?" in response.text
    assert "the requests are invented" in response.text
    portal.unpublish()
    assert "Visitors see nothing here" in here.make_preview_request().text


def test_a_page_in_another_language_uses_the_portal_in_it(here, portal, client, ana):
    make_ticket(ana, subject="Pump")
    spanish = Locale.objects.create(language_code="es")
    root = portal.get_parent()
    root.copy_for_translation(spanish).save_revision().publish()
    copy = portal.copy_for_translation(spanish)
    copy.request_singular, copy.request_plural = "pedido", "pedidos"
    copy.save_revision().publish()
    here.body = [block(portal=portal)]
    here.save_revision().publish()
    here.copy_for_translation(spanish).save_revision().publish()

    found = block_of(client, "/es/here/")

    assert words(found.h2) == "Pedidos"
    assert found.select_one("tbody a")["href"].startswith("/es/support/r/")


def test_the_queries_stay_the_same(portal, client, ana):
    add_page(block(number=1), slug="one")
    add_page(block(number=10), slug="ten")
    for number in range(12):
        make_ticket(ana, subject=f"Pump {number}")
    client.get("/one/")
    client.get("/ten/")
    with CaptureQueriesContext(connection) as one:
        client.get("/one/")
    with CaptureQueriesContext(connection) as ten:
        assert len(subjects(block_of(client, "/ten/"))) == 10
    assert len(ten) == len(one) <= 15


def test_two_on_a_page_differ_in_what_they_show(portal, client, ana):
    other = CustomerFactory(name="Other")
    ticket = make_ticket(other, subject="Shared")
    ticket.participants.create(contact=ana, address=ana.email)
    make_ticket(ana, subject="Own")
    add_page(block(heading="All"), block(heading="Own", only_own=True))
    html = parsed(client.get(HERE))
    every, own = html.select(".hd-embed")
    assert set(subjects(every)) == {"Shared", "Own"}
    assert subjects(own) == ["Own"]
    ids = [tag["id"] for tag in html.find_all(id=True)]
    assert len(ids) == len(set(ids))
    assert len(html.find_all("link", href=lambda url: "requests.css" in url)) == 1


def test_outside_of_a_page_nothing_is_shown(portal):
    """Search indexes and the API render blocks without a visitor."""
    made = MyOpenTicketsBlock()
    value = made.to_python({"number": 5})
    assert made.render(value).strip() == ""
    request = RequestFactory().get("/")
    assert made.render(value, {"request": request}).strip() == ""
    request.user = AnonymousUser()
    assert "Sign in" in made.render(value, {"request": request})


@pytest.mark.parametrize("number", ["0", "11", "x", ""])
def test_an_editor_chooses_from_one_to_ten(portal, number):
    made = MyOpenTicketsBlock()
    data = {"b-heading": "", "b-portal": "", "b-number": number}
    with pytest.raises(StructBlockValidationError):
        made.clean(made.value_from_datadict(data, {}, "b"))


def test_who_reads_it_is_signed_out_as_early_as_in_the_portal(
    here, portal, client, ana
):
    """B59."""
    change(portal, idle_minutes=20)
    client.get(HERE)
    assert client.session["helpdesk_session"]["portals"] == {str(portal.pk): 20}


def test_a_page_that_answers_with_finished_html_is_kept_by_no_cache(portal, ana):
    make_ticket(ana, subject="Pump")
    made = MyOpenTicketsBlock()

    def serve(page, request, args, kwargs):
        value = made.to_python({"number": 5})
        return HttpResponse(made.render(value, {"request": request, "page": page}))

    request = RequestFactory().get(HERE)
    request.user, request.session = ana.user, SessionStore()
    response = serve_support_forms(serve)(portal, request, (), {})
    assert "Pump" in response.text
    assert response["Cache-Control"] == "private, no-store"
    assert response["Vary"] == "Cookie"
