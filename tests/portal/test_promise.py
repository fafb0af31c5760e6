"""By when a request is answered: said before it is sent, and until it is (N17)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import timezone

from tests.factories import MessageFactory, SupportFormFactory
from tests.portal.build import close, connect, conversation_of, make_ticket
from wagtail_helpdesk import promises
from wagtail_helpdesk.models import BusinessCalendar, Ticket

pytestmark = pytest.mark.django_db

OFFICE = [[[540, 780], [840, 1080]]] * 5 + [[], []]
#: A Friday, 17:30 in Madrid.
FRIDAY = datetime(2026, 11, 27, 16, 30, tzinfo=UTC)
#: Two hours of the office later: Monday 10:30 in Madrid.
MONDAY = datetime(2026, 11, 30, 9, 30, tzinfo=UTC)


class Clock:
    """Stands where ``promises`` has Django's ``timezone``."""

    def __init__(self, now):
        self.time = now

    def now(self):
        return self.time

    get_default_timezone = staticmethod(timezone.get_default_timezone)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock(FRIDAY)
    monkeypatch.setattr(promises, "timezone", clock)
    return clock


@pytest.fixture
def promised(inbox, clock):
    """An inbox that answers within two hours of an office in Madrid."""
    inbox.calendar = BusinessCalendar.objects.create(
        name="Office", time_zone="Europe/Madrid", week=OFFICE
    )
    inbox.first_reply_minutes = 120
    inbox.save()
    return inbox


def text_of(response):
    main = BeautifulSoup(response.content, "html.parser").select_one("#hd-main")
    return " ".join(main.text.split())


def waiting(ana, inbox, **kwargs):
    return make_ticket(ana, "Help", inbox=inbox, created_at=FRIDAY, **kwargs)


def page_of(client, ticket):
    response = client.get(f"/support/r/{ticket.public_id}/")
    assert response.status_code == 200
    return text_of(response)


def test_the_form_says_by_when_we_answer(portal, client, promised):
    response = client.get("/support/new/")
    assert "If you send this now, we answer by Monday 10:30 a.m. (CET)." in text_of(
        response
    )
    stamp = BeautifulSoup(response.content, "html.parser").select_one("form time")
    assert datetime.fromisoformat(stamp["datetime"]) == MONDAY
    assert "no-store" in response["Cache-Control"]


def test_in_the_time_of_the_customer(portal, client, ana, promised):
    ana.time_zone = "America/Sao_Paulo"
    ana.save()
    page = text_of(client.get("/support/new/"))
    assert "we answer by Monday 6:30 a.m. (your time)." in page
    ticket = waiting(ana, promised)
    assert "We answer by Monday 6:30 a.m. (your time)." in page_of(client, ticket)


def test_a_support_form_of_the_portal_says_it_once(portal, client, promised):
    connect(portal, SupportFormFactory(channel=portal.channel))
    page = text_of(client.get("/support/new/"))
    assert page.count("If you send this now, we answer by Monday 10:30 a.m.") == 1


def test_each_of_several_forms_promises_for_its_own_inbox(portal, client, promised):
    """The other form delivers to an inbox that promises nothing."""
    forms = (
        SupportFormFactory(key="fast", channel=portal.channel),
        SupportFormFactory(key="slow"),
    )
    connect(portal, *({"form": form, "menu_text": form.key} for form in forms))
    assert "we answer by" in text_of(client.get("/support/new/?form=fast"))
    assert "we answer by" not in text_of(client.get("/support/new/?form=slow"))


def test_today_a_weekday_or_a_date(portal, client, promised, clock):
    clock.time = FRIDAY - timedelta(hours=6)
    assert "by today 2:30 p.m." in text_of(client.get("/support/new/"))
    promised.calendar.holidays = "\n".join(
        f"{n:02}-{d:02}" for n in (11, 12) for d in range(1, 31)
    )
    promised.calendar.save()
    clock.time = FRIDAY
    assert "by Dec. 31, 2026 11 a.m. (CET)" in text_of(client.get("/support/new/"))


@pytest.mark.parametrize(
    "fields",
    [
        {"calendar": None},
        {"first_reply_minutes": None},
    ],
)
def test_nothing_is_promised_that_nobody_decided(portal, client, ana, promised, fields):
    for name, value in fields.items():
        setattr(promised, name, value)
    promised.save()
    ticket = waiting(ana, promised)
    assert "we answer by" not in text_of(client.get("/support/new/")).lower()
    assert "we answer by" not in page_of(client, ticket).lower()


@pytest.mark.parametrize("fields", [{"time_zone": "Mars/Olympus"}, {"week": [[]] * 7}])
def test_a_calendar_that_never_opens_promises_nothing(portal, client, promised, fields):
    BusinessCalendar.objects.update(**fields)
    assert "we answer by" not in text_of(client.get("/support/new/"))


def test_after_sending_and_on_the_ticket(portal, client, ana, promised, clock):
    sent = client.post(
        "/support/new/",
        {"subject": "It leaks", "body": "Help", "client_token": "a-token-0000001"},
    )
    Ticket.objects.update(created_at=FRIDAY)
    said = "We answer by Monday 10:30 a.m. (CET)."
    assert said in text_of(client.get(sent["Location"]))
    ticket = Ticket.objects.get()
    assert said in page_of(client, ticket)
    # It stays the same, however late it is looked at.
    clock.time = MONDAY - timedelta(minutes=1)
    assert "We answer by today 10:30 a.m. (CET)." in page_of(client, ticket)
    clock.time = MONDAY + timedelta(minutes=1)
    page = page_of(client, ticket)
    assert "We answer by" not in page
    assert "We are sorry: this takes longer than usual." in page
    assert "We are sorry" not in text_of(client.get(sent["Location"]))


def test_no_promise_once_we_have_answered(portal, client, ana, agent, promised, clock):
    clock.time = MONDAY + timedelta(days=3)
    ticket = waiting(ana, promised)
    assert "We are sorry" in page_of(client, ticket)
    MessageFactory(
        conversation=conversation_of(ticket), direction="outbound", author_agent=agent
    )
    page = page_of(client, ticket)
    assert "We are sorry" not in page
    assert "We answer by" not in page


def test_a_reply_that_may_be_taken_back_does_not_show(portal, client, ana, promised):
    ticket = waiting(ana, promised)
    ticket.first_replied_at = timezone.now()
    ticket.save()
    assert "We answer by Monday" in page_of(client, ticket)
    ticket.first_replied_at = timezone.now() - timedelta(minutes=5)
    ticket.save()
    assert "We answer by" not in page_of(client, ticket)


def test_a_closed_ticket_waits_for_nothing(portal, client, ana, promised):
    ticket = waiting(ana, promised)
    close(ticket)
    assert "We answer by" not in page_of(client, ticket)
