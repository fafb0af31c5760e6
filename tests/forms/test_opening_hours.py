"""The block "Opening hours" on pages, in previews and without a request (N2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import RequestFactory
from django.utils import timezone
from wagtail.blocks import ChoiceBlock
from wagtail.blocks.struct_block import StructBlockValidationError

from example_site.home.models import StandardPage
from tests.factories import InboxFactory
from wagtail_helpdesk import opening_hours, promises
from wagtail_helpdesk.blocks import OpeningHoursBlock
from wagtail_helpdesk.models import BusinessCalendar

pytestmark = pytest.mark.django_db

#: A Friday: 10:30 in Madrid.
FRIDAY = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)


class Clock:
    def __init__(self, time):
        self.time = time

    def now(self):
        return self.time

    get_default_timezone = staticmethod(timezone.get_default_timezone)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock(FRIDAY)
    monkeypatch.setattr(promises, "timezone", clock)
    monkeypatch.setattr(opening_hours, "timezone", clock)
    return clock


@pytest.fixture
def office(db):
    return BusinessCalendar.objects.create(
        name="Office",
        time_zone="Europe/Madrid",
        week=[[[540, 780], [840, 1440]]] * 5 + [[[0, 1440]], []],
        holidays="2025-12-24 Over\n12-25 Christmas Day\n2026-12-25\n01-06 Epiphany",
    )


def add_page(home, *blocks):
    page = home.add_child(
        instance=StandardPage(title="Visit us", slug="visit", body=list(blocks))
    )
    page.save_revision().publish()
    return page


def hours_of(office, **values):
    value = {"heading": "When we are here", "calendar": office, "inbox": None}
    return "opening_hours", {**value, "show_now": True, **values}


def parsed(response):
    return BeautifulSoup(response.content, "html.parser")


def text_of(node):
    return " ".join(node.text.split())


def block_of(client):
    response = client.get("/visit/")
    assert response.status_code == 200
    return response, parsed(response).select_one(".hd-embed")


def test_the_week_and_the_coming_holidays(client, home, office, clock):
    add_page(home, hours_of(office))
    _response, block = block_of(client)
    rows = [text_of(row) for row in block.select("tr")]
    assert rows[0] == "Monday 9 a.m.–1 p.m., 2 p.m.–midnight"
    assert rows[4].startswith("Friday Today 9 a.m.")
    assert rows[5:] == ["Saturday around the clock", "Sunday Closed"]
    assert [row.th["scope"] for row in block.select("tr")] == ["row"] * 7
    assert len(block.select("[aria-current=date]")) == 1
    holidays = [text_of(item) for item in block.select("li")]
    assert holidays == ["Dec. 25, 2026 Christmas Day", "Jan. 6, 2027 Epiphany"]
    assert "local times in Madrid" in text_of(block)


@pytest.mark.parametrize(
    ("hours_later", "state"),
    [
        (0, "Open now, until 1 p.m."),
        (3, "Closed, opens today 2 p.m."),
        # Over midnight the Friday goes on as the Saturday.
        (5, "Open now, until Sunday midnight"),
        (36, "Open now, until midnight"),
        (48, "Closed, opens Monday 9 a.m."),
    ],
)
def test_what_holds_now(client, home, office, clock, hours_later, state):
    add_page(home, hours_of(office))
    clock.time = FRIDAY + timedelta(hours=hours_later)
    _response, block = block_of(client)
    assert text_of(block.select_one("strong")) == state


def test_what_holds_now_is_kept_by_no_shared_cache(client, home, office, clock):
    page = add_page(home, hours_of(office))
    response, _block = block_of(client)
    assert "private" in response["Cache-Control"]
    assert "no-cache" in response["Cache-Control"]

    page.body = [hours_of(office, show_now=False)]
    page.save_revision().publish()
    response, block = block_of(client)
    assert "private" not in response.get("Cache-Control", "")
    assert "Open now" not in text_of(block)
    assert not block.select("[aria-current]")
    assert len(block.select("tr")) == 7


def test_by_when_an_inbox_answers(client, home, office, clock):
    inbox = InboxFactory(calendar=office, first_reply_minutes=180)
    page = add_page(home, hours_of(office, inbox=inbox))
    said = "If you send this now, we answer by today 2:30 p.m. (CET)."
    assert said in text_of(block_of(client)[1])
    page.body = [hours_of(office, inbox=inbox, show_now=False)]
    page.save_revision().publish()
    assert "we answer by" not in text_of(block_of(client)[1])


def test_beside_a_form_the_style_sheet_is_linked_once(
    client, home, office, support_form
):
    form = ("support_form", {"heading": "", "form": support_form})
    for blocks in ([hours_of(office), form], [form, hours_of(office)]):
        page = add_page(home, *blocks)
        html = client.get("/visit/").text
        assert html.count('rel="stylesheet" href="/static/wagtail_helpdesk/') == 1
        assert html.count('src="/static/wagtail_helpdesk/js/helpdesk.js"') == 1
        page.delete()


def test_a_preview_shows_it(home, office):
    page = add_page(home, hours_of(office))
    assert "When we are here" in page.make_preview_request().text


def test_outside_of_a_request_only_what_always_holds_is_shown(office):
    block = OpeningHoursBlock()
    value = block.to_python({"calendar": office.pk, "show_now": True})
    html = block.render(value)
    assert "Saturday" in html
    assert "Open now" not in html
    assert "Today" not in html


@pytest.mark.parametrize("calendar", [None, 999_999])
def test_a_calendar_that_is_gone_shows_nothing(calendar):
    block = OpeningHoursBlock()
    value = block.to_python({"calendar": calendar, "show_now": True})
    assert block.render(value, {"request": RequestFactory().get("/")}).strip() == ""


def test_a_time_zone_that_is_gone_shows_nothing(office):
    office.time_zone = "Mars/Olympus"
    office.save()
    block = OpeningHoursBlock()
    value = block.to_python({"calendar": office.pk})
    assert block.render(value).strip() == ""


@pytest.mark.parametrize("sent", ["", "x", "999999", "9" * 40, "\x00"])
def test_an_editor_cannot_choose_what_is_not_there(office, sent):
    block = OpeningHoursBlock()
    data = {"b-heading": "", "b-calendar": sent, "b-inbox": sent, "b-show_now": "on"}
    value = block.value_from_datadict(data, {}, "b")
    with pytest.raises(StructBlockValidationError) as caught:
        block.clean(value)
    assert set(caught.value.block_errors) == {"calendar"}


def test_an_editor_chooses_from_a_list(office):
    block = OpeningHoursBlock()
    data = {"b-heading": "", "b-calendar": str(office.pk), "b-inbox": ""}
    value = block.clean(block.value_from_datadict(data, {}, "b"))
    assert (value["calendar"], value["inbox"]) == (office, None)
    # As Wagtail's own lists of choices: its script fails on anything else, and the
    # list comes up empty when the page is edited.
    state = block.get_form_state(value)
    choices = ChoiceBlock(choices=[(str(office.pk), office.name)], required=False)
    assert state["calendar"] == choices.get_form_state(str(office.pk))
    assert state["inbox"] == choices.get_form_state(None)
