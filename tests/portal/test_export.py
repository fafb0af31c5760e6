"""The list as a file (B64, R18): what is on the screen, however many rows."""

import csv
import io
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import CustomerFactory
from tests.fulltext import index_all, searches
from tests.portal.build import make_ticket
from tests.portal.test_ticket_list import get, subjects
from wagtail_helpdesk.portal.views import export

pytestmark = pytest.mark.django_db


def lines(client, query=""):
    answer = client.get(f"/support/export/{query}")
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_it_has_the_columns_rows_and_order_of_the_view(portal, client, ana, agent):
    make_ticket(ana, subject="Beta", owner=agent)
    make_ticket(ana, subject="alpha")
    make_ticket(ana, subject="Closed", closed=True)
    query = "?status=open&sort=subject"

    heads, *rows = lines(client, query)

    page = get(client, query)
    shown = [" ".join(head.text.split()) for head in page.select("thead th")]
    assert heads == ["Number", *shown]
    assert [row[1] for row in rows] == ["alpha", "Beta"] == subjects(client, query)
    assert rows[1][2] == "You"
    assert (rows[1][4], rows[1][6]) == ("Amy", "Open")


@searches
def test_a_search_is_exported_as_it_was_found(portal, client, ana):
    make_ticket(ana, subject="Broken printer")
    make_ticket(ana, subject="Invoice")
    index_all()

    assert [row[1] for row in lines(client, "?q=printer")[1:]] == ["Broken printer"]


def test_the_view_links_to_its_own_export(portal, client, ana):
    make_ticket(ana, subject="One")

    link = get(client, "?status=open&sort=subject").select_one("a[download]")

    assert link["href"] == "/support/export/?status=open&sort=subject"
    assert len(lines(client, "?status=open&sort=subject")) == 2


def test_times_are_those_of_the_customers_zone(portal, client, ana):
    ana.time_zone = "Pacific/Auckland"
    ana.save()
    moment = datetime(2026, 6, 1, 20, 5, tzinfo=UTC)
    make_ticket(ana, subject="Late", last_activity_at=moment)

    assert lines(client)[1][5] == "2026-06-02 08:05"


def test_no_cell_is_a_formula(portal, client, ana):
    """R18: a spreadsheet must not run what somebody wrote as a subject."""
    make_ticket(ana, subject='=HYPERLINK("https://evil.example")')

    assert lines(client)[1][1] == '\'=HYPERLINK("https://evil.example")'


def test_what_others_see_is_not_in_it(portal, client, ana, zoe):
    """R9."""
    make_ticket(zoe, subject="Theirs")
    make_ticket(ana, subject="In the trash", deleted_at=timezone.now())

    assert len(lines(client)) == 1


def test_it_is_read_in_steps_each_with_the_same_few_queries(
    portal, client, ana, monkeypatch
):
    monkeypatch.setattr(export, "BATCH", 5)
    taken = []
    for rows in (5, 10, 15):
        for number in range(rows - 5, rows):
            make_ticket(ana, subject=f"Number {number}")
        lines(client)  # Statements are made once and kept.
        with CaptureQueriesContext(connection) as counted:
            found = lines(client, "?sort=created")[1:]
        assert [row[1] for row in found] == [f"Number {n}" for n in range(rows)]
        taken.append(len(counted))

    assert taken[1] - taken[0] == taken[2] - taken[1] <= 2


def test_rows_that_vanish_while_it_is_read_do_not_start_it_again(
    portal, client, ana, monkeypatch
):
    """A list whose end is gone shows its beginning, which an export must not."""
    monkeypatch.setattr(export, "BATCH", 2)
    tickets = [make_ticket(ana, subject=f"Number {number}") for number in range(3)]
    answer = client.get("/support/export/?sort=created")
    stream = iter(answer.streaming_content)
    text = next(stream) + next(stream)

    tickets[2].deleted_at = timezone.now()
    tickets[2].save()
    text += b"".join(stream)

    rows = list(csv.reader(io.StringIO(text.decode("utf-8-sig"))))[1:]
    assert [row[1] for row in rows] == ["Number 0", "Number 1"]


def test_the_file_is_named_after_what_the_portal_calls_its_tickets(portal, client, ana):
    portal.request_singular, portal.request_plural = "Bestellung", "Bestellungen"
    portal.save_revision().publish()
    today = timezone.localdate().isoformat()

    answer = client.get("/support/export/")

    expected = f'attachment; filename="bestellungen-{today}.csv"'
    assert answer.headers["Content-Disposition"] == expected
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_visitors_sign_in_first_and_come_back_to_the_list(portal, client):
    client.logout()

    answer = client.get("/support/export/?status=open")

    assert answer.status_code == 302
    assert "next=" in answer.headers["Location"]


def test_a_colleague_who_is_no_customer_here_gets_nothing(portal, sign_in, agent):
    assert sign_in(agent).get("/support/export/").status_code == 403


def test_two_people_get_two_files(portal, sign_in, ana):
    other = CustomerFactory(name="Bea")
    make_ticket(ana, subject="Ana's")
    make_ticket(other, subject="Bea's")

    assert [row[1] for row in lines(sign_in(other))[1:]] == ["Bea's"]
