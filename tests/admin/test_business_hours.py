"""Staff say when an inbox is worked, and how soon it answers (N17)."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from tests.factories import InboxFactory, UserFactory
from wagtail_helpdesk.models import BusinessCalendar, Inbox

pytestmark = pytest.mark.django_db

ADD = "/admin/helpdesk/business-hours/new/"
WEEK = {f"day_{number}": "" for number in range(7)}
OFFICE = {
    **WEEK,
    **{f"day_{number}": "09:00-13:00, 14:00-18:00" for number in range(5)},
    "name": "Office",
    "time_zone": "Europe/Madrid",
    "holidays": "2026-12-25 Christmas Day\n1-6 Epiphany",
}


@pytest.fixture
def staff(client):
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    return client


def errors(response):
    assert response.status_code == 200
    found = BeautifulSoup(response.content, "html.parser").select(".error-message")
    return " ".join(" ".join(tag.text.split()) for tag in found)


def test_a_week_is_typed_a_line_a_day(staff):
    assert staff.post(ADD, OFFICE).status_code == 302
    office = BusinessCalendar.objects.get()
    assert office.week == [[[540, 780], [840, 1080]]] * 5 + [[], []]
    assert office.holidays == "2026-12-25 Christmas Day\n01-06 Epiphany"
    assert office.hours.zone.key == "Europe/Madrid"

    edit = reverse("helpdesk_businesscalendar:edit", args=[office.pk])
    form = staff.get(edit).context["form"]
    assert form["day_0"].value() == "09:00-13:00, 14:00-18:00"
    assert form["day_0"].label == "Monday"
    assert form["day_6"].value() == ""
    staff.post(edit, {**OFFICE, "day_5": "10-12"})
    office.refresh_from_db()
    assert office.week[5] == [[600, 720]]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("day_1", "mornings", "“mornings” is no opening time"),
        ("day_1", "18:00-09:00", "“18:00-09:00” ends before it begins"),
        ("day_1", "\x00", "Null characters are not allowed"),
        ("day_1", "9-10," * 100, "at most 200 characters"),
        ("holidays", "12-25\nsome day", "“some day” is no holiday"),
        ("holidays", "\x00", "Null characters are not allowed"),
        ("holidays", "x" * 20_001, "at most 20000 characters"),
        ("time_zone", "Mars/Olympus", "Mars/Olympus is not one of the available"),
    ],
)
def test_what_cannot_be_read_is_quoted(staff, field, value, said):
    response = staff.post(ADD, {**OFFICE, field: value})
    assert said in errors(response)
    assert not BusinessCalendar.objects.exists()
    # What was typed right is still there.
    assert response.context["form"]["day_0"].value() == "09:00-13:00, 14:00-18:00"


def test_the_settings_lead_to_business_hours(staff):
    page = staff.get("/admin/helpdesk/setup/").content.decode()
    assert reverse("helpdesk_businesscalendar:index") in page


@pytest.mark.parametrize(
    ("calendar", "minutes", "said"),
    [
        (None, 60, "A promise needs business hours."),
        ("never", 60, "60 minutes of “never” take more than a year."),
        ("office", 43_201, "less than or equal to 43200"),
        ("office", 0, "greater than or equal to 1"),
        ("office", 10**30, "take more than a year"),
    ],
)
def test_a_promise_that_cannot_be_kept_is_refused(staff, calendar, minutes, said):
    inbox = InboxFactory()
    calendars = {
        "never": BusinessCalendar.objects.create(name="never"),
        "office": BusinessCalendar.objects.create(
            name="office", week=[[[540, 1080]]] * 7
        ),
    }
    data = {
        **inbox_data(inbox),
        "calendar": calendars[calendar].pk if calendar else "",
        "first_reply_minutes": minutes,
    }
    edit = reverse("helpdesk_inbox:edit", args=[inbox.pk])
    assert said in errors(staff.post(edit, data))
    good = {"calendar": calendars["office"].pk, "first_reply_minutes": 480}
    assert staff.post(edit, {**data, **good}).status_code == 302
    saved = Inbox.objects.get(pk=inbox.pk)
    assert (saved.calendar, saved.first_reply_minutes) == (calendars["office"], 480)


def inbox_data(inbox):
    return {
        "name": inbox.name,
        "default_pipeline": inbox.default_pipeline_id,
        "creates_tickets": "on",
        "owner_sync": inbox.owner_sync,
        "reopen_policy": inbox.reopen_policy,
    }
