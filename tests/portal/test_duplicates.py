"""A customer who asks nearly the same again is told so, never stopped (UX51)."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.factories import SupportFormFactory
from tests.portal.build import connect, make_ticket
from wagtail_helpdesk.models import Ticket
from wagtail_helpdesk.portal.duplicates import are_alike, words_of

pytestmark = pytest.mark.django_db


def parsed(response):
    return BeautifulSoup(response.content, "html.parser")


def send(client, subject="The pump leaks", **data):
    data.setdefault("client_token", "a-token-of-this-test-0011")
    return client.post(
        "/support/new/", {"subject": subject, "body": "Since Monday", **data}
    )


@pytest.fixture
def asked(portal, ana):
    """What Ana asked yesterday."""
    return make_ticket(
        ana,
        "hello",
        subject="the PUMP leaks!",
        created_at=timezone.now() - timedelta(days=1),
    )


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("The pump leaks", "the PUMP leaks!!", True),
        ("Facturación", "facturacion", True),
        ("Pump leaks again", "Again: pump leaks", True),
        ("My invoices are wrong", "My invoice is wrong", True),
        ("Order 4711 is late", "Order 4712 is late", False),
        ("The pump leaks", "The door squeaks", False),
        ("Help", "Help with my invoice", False),
        ("", "", False),
        ("!!!", "???", False),
        ("请帮忙", "请帮忙", True),
    ],
)
def test_what_counts_as_the_same(one, other, alike):
    assert are_alike(words_of(one), words_of(other)) is alike


def test_nearly_the_same_is_asked_about_before_it_is_sent(client, asked):
    files = [SimpleUploadedFile("photo.txt", b"text")]
    response = send(client, files=files)
    assert response.status_code == 409
    assert Ticket.objects.count() == 1
    notice = parsed(response).select_one(".hd-similar")
    text = " ".join(notice.text.split())
    assert "You asked something similar yesterday:" in text
    assert asked.reference in text
    assert "photo.txt" in text
    assert notice.a["href"] == f"/support/r/{asked.public_id}/"
    assert parsed(response).textarea.text.strip() == "Since Monday"
    assert parsed(response).select_one("#id_subject")["value"] == "The pump leaks"
    button = notice.select_one("button")
    assert send(client, **{button["name"]: button["value"]}).status_code == 302
    assert Ticket.objects.count() == 2


def test_a_second_click_is_no_second_question(client, portal):
    """UX25."""
    first = send(client)
    assert first.status_code == 302
    assert send(client)["Location"] == first["Location"]


@pytest.mark.parametrize(
    "change_it",
    [
        lambda ticket, zoe: Ticket.objects.filter(pk=ticket.pk).update(contact=zoe),
        lambda ticket, zoe: Ticket.objects.filter(pk=ticket.pk).update(is_closed=True),
        lambda ticket, zoe: Ticket.objects.filter(pk=ticket.pk).update(
            created_at=timezone.now() - timedelta(days=9)
        ),
        lambda ticket, zoe: Ticket.objects.filter(pk=ticket.pk).update(
            deleted_at=timezone.now()
        ),
    ],
    ids=["of somebody else", "closed", "long ago", "in the trash"],
)
def test_what_is_not_compared(client, asked, zoe, change_it):
    change_it(asked, zoe)
    assert send(client).status_code == 302


def test_the_list_while_typing_names_it_too_before_files_are_chosen(client, asked):
    page = parsed(client.get("/support/new/suggest/", {"q": "the pump leaks"}))
    assert page.a["href"] == f"/support/r/{asked.public_id}/"
    assert asked.reference in page.select_one("[data-hd-said]").text


def test_however_many_were_asked_it_is_one_query(
    client, ana, portal, django_assert_max_num_queries
):
    from tests.portal.test_suggestions import SUGGEST

    def count():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as found:
            client.get(SUGGEST, {"q": "the pump leaks"})
        return len(found)

    client.get(SUGGEST, {"q": "the pump leaks"})
    before = count()
    for number in range(20):
        make_ticket(ana, subject=f"Something else {number}")
    assert count() == before


def test_a_support_form_asks_as_well_and_keeps_everything(
    client, asked, portal, settings
):
    settings.WAGTAIL_HELPDESK = {"FORM_MIN_SECONDS": 0}
    connect(portal, SupportFormFactory(key="contact-us"))
    form = parsed(client.get("/support/new/")).select_one(".hd-support-form form")
    data = {
        field["name"]: field.get("value", "")
        for field in form.select("input:not([type=file])")
    }
    (subject,) = [name for name in data if name.endswith("-subject")]
    data[subject] = "Pump leaks, the"
    data[form.textarea["name"]] = "Since Monday"
    response = client.post(form["action"], data)
    assert response.status_code == 409
    page = parsed(response)
    assert asked.reference in page.select_one(".hd-similar").text
    assert page.select_one(f'[name="{subject}"]')["value"] == "Pump leaks, the"
    assert (
        page.select_one(".hd-similar").find_parent("form")["action"]
        == (page.select_one(".hd-support-form form")["action"])
    )
    action = page.select_one(".hd-support-form form")["action"]
    assert client.post(action, {**data, "send_anyway": "1"}).status_code == 303
    assert Ticket.objects.count() == 2
    assert client.post(action, data).status_code == 303
    assert Ticket.objects.count() == 2
