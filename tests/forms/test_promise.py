"""A support form on a page says by when we answer, before and after (N17)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from wagtail_helpdesk.models import BusinessCalendar, Ticket
from wagtail_helpdesk.promises import first_answer_due

pytestmark = pytest.mark.django_db


@pytest.fixture
def promised(support_form):
    """Answered within an hour, around the clock."""
    inbox = support_form.channel.inbox
    inbox.calendar = BusinessCalendar.objects.create(
        name="Always", week=[[[0, 1440]]] * 7
    )
    inbox.first_reply_minutes = 60
    inbox.save()
    return inbox


def said(html):
    text = " ".join(html.text.split())
    stamp = html.find("time")
    return text, stamp and datetime.fromisoformat(stamp["datetime"])


def test_before_and_after_sending(contact_page, promised, visitor, client):
    before = timezone.now()
    page = client.get("/contact/")
    assert "private" in page["Cache-Control"]
    sheet = visitor.open()
    text, when = said(sheet.form)
    assert "If you send this now, we answer by" in text
    assert "(CET)." in text or "(CEST)." in text
    assert (
        before + timedelta(minutes=60) <= when <= timezone.now() + timedelta(minutes=62)
    )

    response = sheet.send()
    ticket = Ticket.objects.get()
    due = ticket.created_at + timedelta(minutes=60)
    thanks = client.get(response["Location"])
    section = BeautifulSoup(thanks.content, "html.parser").find(id="hd-form-contact")
    text, when = said(section)
    assert "We answer by" in text
    assert due <= when < due + timedelta(minutes=1)
    assert "private" in thanks["Cache-Control"]
    # The promise is in the address: changing the inbox changes nothing that was said.
    promised.first_reply_minutes = None
    promised.save()
    again = client.get(response["Location"])
    assert stamp_of(again) == stamp_of(thanks)


def stamp_of(response):
    return BeautifulSoup(response.content, "html.parser").select_one("section time")


@pytest.mark.parametrize(
    ("sent", "due"),
    [
        ("09:00:00", "10:00:00"),
        # Within the first second of a minute, too, the minute has begun.
        ("09:00:00.664808", "10:01:00"),
        ("09:00:01", "10:01:00"),
        ("09:00:59.999999", "10:01:00"),
    ],
)
def test_a_promise_is_a_full_minute_and_never_too_early(promised, sent, due):
    day = datetime(2026, 11, 30, tzinfo=UTC).date()
    at = [datetime.fromisoformat(f"{day}T{clock}+00:00") for clock in (sent, due)]
    assert first_answer_due(promised, at[0]) == at[1]


def test_a_form_with_errors_keeps_the_promise(contact_page, promised, visitor):
    sheet = visitor.open()
    again = sheet.again(sheet.send(subject=""))
    assert "If you send this now, we answer by" in said(again.form)[0]


def test_without_a_promise_nothing_is_said(contact_page, visitor, client):
    sheet = visitor.open()
    assert "we answer by" not in said(sheet.section)[0]
    thanks = client.get(sheet.send()["Location"])
    assert b"We answer by e-mail" in thanks.content
    assert stamp_of(thanks) is None
