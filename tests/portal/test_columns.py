"""The columns of the list, as the portal's editor chooses them (B38 to B41)."""

import csv
import io
from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale
from wagtail.test.utils.form_data import streamfield

from tests.factories import OrganizationFactory
from tests.portal.build import make_ticket
from tests.portal.test_page_form import editor, save  # noqa: F401
from tests.portal.test_ticket_list import get
from wagtail_helpdesk.models import Priority, TicketProperty

pytestmark = pytest.mark.django_db


def choose(portal, *keys):
    portal.list_columns = [("column", key) for key in keys]
    portal.save_revision().publish()


def heads(soup):
    return [" ".join(head.text.split()) for head in soup.select("thead th")]


def cells(soup):
    """The values of the first line, by their labels."""
    found = soup.select("tbody tr:first-child td")
    return {cell["data-label"]: " ".join(cell.text.split()) for cell in found}


def a_property(key="colour", **fields):
    values = {"label": "Colour", "is_customer_visible": True, **fields}
    return TicketProperty.objects.create(key=key, locale=Locale.get_default(), **values)


def test_the_chosen_ones_stand_in_their_order_after_the_subject(portal, client, ana):
    """B38, B39."""
    choose(portal, "status", "priority", "activity")
    make_ticket(ana, subject="Broken", priority=Priority.HIGH)

    soup = get(client)

    assert heads(soup) == ["Subject", "Status", "Priority", "Last activity"]
    assert cells(soup)["Priority"] == "High"
    assert soup.select_one("tbody th").text.split()[0] == "Broken"


def test_without_a_choice_there_are_the_recommended_ones(portal, client, ana):
    """B40, B41: taking all away brings them back."""
    choose(portal, "status")
    choose(portal)
    make_ticket(ana)

    assert len(heads(get(client))) == 6


def test_every_built_in_column_shows_what_its_ticket_holds(portal, client, ana):
    choose(portal, "type", "organization", "closed", "created", "requester", "owner")
    moment = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
    make_ticket(
        ana,
        type="Question",
        organization=OrganizationFactory(name="Acme & Sons"),
        closed=True,
        closed_at=moment,
    )

    shown = cells(get(client))

    assert shown["Type"] == "Question"
    assert shown["Organization"] == "Acme & Sons"
    assert "2026" in shown["Closed"]
    assert shown["Owner"] == "Nobody yet"


def test_a_cell_without_a_value_says_so(portal, client, ana):
    choose(portal, "type", "closed")
    make_ticket(ana)

    assert cells(get(client)) == {"Type": "–", "Closed": "–"}


@pytest.mark.parametrize(
    ("type_", "stored", "shown"),
    [
        ("text", "<b>red</b>", "<b>red</b>"),
        ("number", 7, "7"),
        ("number", 0, "0"),
        ("checkbox", True, "Yes"),
        ("checkbox", False, "No"),
        ("date", "2026-11-28", "2026-11-28"),
        ("choice", "red", "Bright red"),
        ("choice", "gone", "gone"),
        ("text", None, "–"),
        ("text", ["odd"], "['odd']"),
    ],
)
def test_a_property_is_shown_as_customers_read_it(
    portal, client, ana, type_, stored, shown
):
    row = a_property(type=type_)
    row.choices = [("choice", {"value": "red", "label": "Bright red"})]
    row.save()
    choose(portal, "property:colour")
    make_ticket(ana, properties={"colour": stored})

    assert cells(get(client)) == {"Colour": shown}


def test_a_property_has_its_label_in_the_readers_language(portal, client, ana):
    row = a_property()
    spanish, _new = Locale.objects.get_or_create(language_code="es")
    translated = row.copy_for_translation(spanish)
    translated.label = "Color en español"
    translated.save()
    choose(portal, "property:colour")
    make_ticket(ana)
    client.cookies["django_language"] = "es"

    page = portal.copy_for_translation(spanish, copy_parents=True)
    page.save_revision().publish()
    soup = BeautifulSoup(client.get(page.get_url()).content, "html.parser")

    assert "Color en español" in heads(soup)


@pytest.mark.parametrize("gone", ["hidden", "deleted"])
def test_a_property_that_customers_may_not_see_is_left_out(portal, client, ana, gone):
    row = a_property()
    choose(portal, "property:colour", "status")
    make_ticket(ana, properties={"colour": "secret red"})
    if gone == "hidden":
        row.is_customer_visible = False
        row.save()
    else:
        row.delete()

    soup = get(client)

    assert heads(soup) == ["Subject", "Status"]
    assert "secret red" not in str(soup)


def test_the_export_has_the_same_columns(portal, client, ana):
    """R18."""
    a_property()
    choose(portal, "property:colour", "priority")
    make_ticket(ana, subject="Broken", properties={"colour": "=1+1"})

    answer = client.get("/support/export/")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")

    head, row = csv.reader(io.StringIO(text))
    assert head == ["Number", "Subject", "Colour", "Priority"]
    assert row[1:] == ["Broken", "'=1+1", "Normal"]


def test_columns_take_no_query_for_each_ticket(portal, client, ana):
    a_property()
    choose(portal, "property:colour", "organization", "owner", "priority")
    taken = []
    for _round in range(2):
        for _number in range(3):
            make_ticket(ana, organization=OrganizationFactory())
        client.get("/support/")  # Statements are made once and kept.
        with CaptureQueriesContext(connection) as counted:
            client.get("/support/")
        taken.append(len(counted))

    assert taken[0] == taken[1] <= 15


def test_the_preview_has_the_chosen_columns(portal, rf):
    from django.contrib.auth.models import AnonymousUser

    a_property(type="choice", choices=[("choice", {"value": "red", "label": "Red"})])
    choose(portal, "property:colour", "type")
    request = rf.get("/preview/")
    request.user, request.session, request.is_preview = AnonymousUser(), {}, True

    response = portal.serve_preview(request, "").render()

    soup = BeautifulSoup(response.content, "html.parser")
    assert heads(soup) == ["Subject", "Colour", "Type"]
    assert cells(soup) == {"Colour": "Red", "Type": "–"}


def columns(*keys):
    return streamfield([("column", key) for key in keys])


def test_the_editor_saves_columns(portal, editor):  # noqa: F811
    a_property()

    save(editor, portal, list_columns=columns("priority", "property:colour"))

    assert [column.key for column in portal.shown_columns] == [
        "priority",
        "property:colour",
    ]


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        (("status", "owner", "status"), "is there twice"),
        (("secret",), "secret is not one of the available choices"),
        (("status",) * 11, "These are 11 columns; 10 at most."),
    ],
)
def test_a_choice_that_cannot_be_is_refused_with_its_value(
    portal,
    editor,  # noqa: F811
    keys,
    told,
):
    answer = save(editor, portal, list_columns=columns(*keys))

    assert answer.status_code == 200
    assert told in answer.content.decode()
    assert not portal.list_columns
