"""How long a customer stays signed in, and what they hear at the end (B59, UX16)."""

import json
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories import AgentFactory, CustomerFactory, UserFactory
from tests.portal.build import change, make_portal, make_ticket
from wagtail_helpdesk.models import Message

pytestmark = pytest.mark.django_db

SESSION = "/helpdesk/session/"
BACKEND = "django.contrib.auth.backends.ModelBackend"


class Clock:
    """Stops Django's clock, and turns it on, for all that asks it."""

    def __init__(self, monkeypatch):
        self.away = timedelta()
        start = timezone.now()
        monkeypatch.setattr(timezone, "now", lambda: start + self.away)

    def forward(self, **time):
        self.away += timedelta(**time)


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def portal(portal):
    """Signs out after twenty minutes."""
    change(portal, idle_minutes=20)
    return portal


def is_signed_in(browser):
    return "_auth_user_id" in browser.session


def told(response):
    soup = BeautifulSoup(response.content, "html.parser")
    found = soup.select_one(".hd-messages")
    return " ".join(found.text.split()) if found else ""


def test_a_customer_who_has_gone_away_signs_in_again_and_is_told_why(
    portal, client, clock
):
    """B59."""
    client.get("/support/")
    clock.forward(minutes=21)

    response = client.get("/support/?status=all")

    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=/support/%3Fstatus%3Dall"
    assert "nothing happened here for a while" in told(client.get(response["Location"]))


@pytest.mark.parametrize("in_session", [False, True])
def test_what_is_sent_after_the_end_is_kept_wherever_the_csrf_secret_is(
    portal, ana, clock, settings, in_session
):
    """UX27: with ``CSRF_USE_SESSIONS`` the secret ended with the session."""
    settings.CSRF_USE_SESSIONS = in_session
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ana.user, backend=BACKEND)
    page = BeautifulSoup(browser.get("/support/new/").content, "html.parser")
    token = page.select_one(".hd-main form [name=csrfmiddlewaretoken]")["value"]
    clock.forward(minutes=21)
    text = {"subject": "My subject", "body": "Half an hour of work"}

    answer = browser.post("/support/new/", {**text, "csrfmiddlewaretoken": token})

    assert browser.post("/support/new/", text).status_code == 403
    assert answer.status_code == 302
    assert not is_signed_in(browser)
    browser.force_login(ana.user, backend=BACKEND)
    again = BeautifulSoup(browser.get("/support/new/").content, "html.parser")
    assert again.textarea.text.strip() == "Half an hour of work"


@pytest.mark.parametrize("minutes", [20, 40, 60, 24 * 60])
def test_nobody_is_signed_out_early(portal, client, clock, minutes):
    change(portal, idle_minutes=minutes)
    client.get("/support/")
    for _visit in range(3):
        clock.forward(minutes=minutes)
        assert client.get("/support/").status_code == 200
    clock.forward(minutes=minutes, seconds=61)
    assert client.get("/support/").status_code == 302


def test_whoever_is_busy_between_two_writes_still_has_the_whole_time(
    portal, client, clock
):
    client.get("/support/")
    clock.forward(seconds=55)
    client.get("/support/")
    clock.forward(minutes=20)
    assert client.get("/support/").status_code == 200


def test_a_portal_without_a_time_out_signs_nobody_out(portal, client, clock):
    change(portal, idle_minutes=0)
    client.get("/support/")
    clock.forward(days=3)
    assert client.get("/support/").status_code == 200


def test_reading_does_not_write_the_session_each_time(portal, client, clock):
    client.get("/support/")

    def writes():
        with CaptureQueriesContext(connection) as seen:
            client.get("/support/")
        return [query for query in seen if query["sql"].startswith("UPDATE")]

    assert writes() == []
    clock.forward(seconds=61)
    assert len(writes()) == 1
    assert writes() == []


def test_text_sent_after_the_end_is_there_after_signing_in(portal, client, ana, clock):
    """UX27."""
    ticket = make_ticket(ana, "hello")
    path = f"/support/r/{ticket.public_id}/"
    client.get(path)
    clock.forward(hours=1)

    response = client.post(path, {"body": "Half an hour of work", "action": "reply"})
    assert response["Location"] == f"/accounts/login/?next={path}"
    client.force_login(ana.user, backend=BACKEND)

    soup = BeautifulSoup(client.get(path).content, "html.parser")
    assert soup.textarea.text.strip() == "Half an hour of work"
    assert Message.objects.filter(conversation__ticket=ticket).count() == 1


def test_a_public_page_is_shown_to_whoever_was_signed_out(portal, client, clock):
    client.get("/support/")
    clock.forward(hours=1)
    assert client.get("/accounts/login/").status_code == 200
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept": "application/json"},
        {"X-Requested-With": "XMLHttpRequest"},
        {"Sec-Fetch-Dest": "empty", "Accept": "*/*"},
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_script_is_told_in_json(portal, client, clock, headers, method):
    client.get("/support/")
    clock.forward(hours=1)

    response = getattr(client, method)("/support/", headers=headers)

    assert response.status_code == 401
    answer = json.loads(response.content)
    assert (answer["error"], answer["reason"]) == ("signed_out", "idle")
    assert answer["sign_in"] == "/helpdesk/sign-in/"
    assert response["Cache-Control"] == "private, no-store"
    # The reason is also on the page that comes next.
    assert "nothing happened" in told(client.get("/accounts/login/"))


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        (SESSION, {}),
        ("/support/", {"X-Helpdesk-Poll": "1"}),
        ("/support/", {"Sec-Purpose": "prefetch"}),
        ("/support/", {"Sec-Fetch-Dest": "image"}),
    ],
)
def test_what_a_page_asks_by_itself_keeps_no_session_alive(
    portal, client, clock, path, headers
):
    client.get("/support/")
    for _poll in range(4):
        clock.forward(minutes=5)
        assert client.get(path, headers=headers).status_code == 200
    clock.forward(minutes=2)
    assert client.get(path, headers=headers).status_code in {302, 401}
    assert not is_signed_in(client)


def test_asking_for_news_keeps_none_alive_either(portal, clock):
    """The list of tickets polls; somebody in it who is no agent is refused."""
    browser = Client()
    browser.force_login(CustomerFactory().user, backend=BACKEND)
    browser.get("/support/")
    clock.forward(minutes=15)
    browser.get(reverse("wagtail_helpdesk:inbox_poll"))
    clock.forward(minutes=7)
    assert browser.get("/support/").status_code == 302


def test_staying_signed_in_takes_one_request(portal, client, clock):
    """UX16."""
    client.get("/support/")
    clock.forward(minutes=19)
    assert client.get(SESSION).json() == {"seconds": 120}

    assert client.post(SESSION).json() == {"seconds": 21 * 60}

    clock.forward(minutes=19)
    assert client.get("/support/").status_code == 200


def test_staying_signed_in_comes_too_late_after_the_end(portal, client, clock):
    client.get("/support/")
    clock.forward(minutes=22)
    assert (
        client.post(SESSION, headers={"Accept": "application/json"}).status_code == 401
    )
    assert client.post(SESSION).status_code == 401


def test_a_visitor_has_no_session_to_ask_about(portal):
    for method in ("get", "post"):
        response = getattr(Client(), method)(SESSION)
        assert response.status_code == 401
        assert response.json()["reason"] == ""
    assert Client().delete(SESSION).status_code == 405


def test_staying_signed_in_needs_the_pages_token(portal, ana):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ana.user, backend=BACKEND)
    assert browser.post(SESSION).status_code == 403


def test_a_session_follows_the_strictest_portal_it_has_opened(portal, client, clock):
    change(portal, idle_minutes=60)
    make_portal(inbox=portal.channel.inbox, slug="strict", idle_minutes=20)
    client.get("/support/")
    clock.forward(minutes=30)
    assert client.get("/support/").status_code == 200
    client.get("/strict/")
    clock.forward(minutes=30)
    assert client.get("/support/").status_code == 302


def test_until_a_portal_is_opened_the_strictest_of_the_site_counts(
    portal, client, clock
):
    change(portal, idle_minutes=60)
    make_portal(inbox=portal.channel.inbox, slug="strict", idle_minutes=20)
    make_portal(
        inbox=portal.channel.inbox, slug="off", idle_minutes=20, is_active=False
    )
    client.get("/accounts/email/")
    clock.forward(minutes=22)
    assert client.get("/accounts/email/").status_code == 302


def test_a_change_of_the_setting_counts_when_the_portal_is_opened(
    portal, client, clock
):
    client.get("/support/")
    change(portal, idle_minutes=60)
    client.get("/support/")
    clock.forward(minutes=40)
    assert client.get("/support/").status_code == 200


@pytest.mark.parametrize("role", ["agent", "editor"])
def test_whoever_works_here_is_not_signed_out_by_a_portal(portal, ana, clock, role):
    browser = Client()
    browser.force_login(ana.user, backend=BACKEND)
    if role == "agent":
        AgentFactory(user=ana.user)
    else:
        permission = Permission.objects.get(codename="access_admin")
        ana.user.user_permissions.add(permission)
    page = browser.get("/support/").content.decode()
    assert "<hd-session" not in page
    clock.forward(hours=5)
    assert browser.get("/support/").status_code == 200


def test_a_customer_who_became_an_agent_meanwhile_stays(portal, client, ana, clock):
    client.get("/support/")
    AgentFactory(user=ana.user)
    clock.forward(hours=5)
    assert client.get("/support/").status_code == 200


def test_an_agent_who_is_none_any_more_is_a_customer(portal, client, ana, clock):
    agent = AgentFactory(user=ana.user)
    client.get("/support/")
    agent.is_active = False
    agent.save()
    client.get("/support/")
    clock.forward(hours=5)
    assert client.get("/support/").status_code == 302


def test_however_busy_a_customer_signs_in_again_at_the_absolute_limit(
    portal, client, clock, settings
):
    settings.WAGTAIL_HELPDESK = {"SESSION_ABSOLUTE_HOURS": 2}
    client.get("/support/")
    for _visit in range(7):
        clock.forward(minutes=15)
        assert client.get("/support/").status_code == 200
    clock.forward(minutes=15)
    response = client.get("/support/")
    assert response.status_code == 302
    assert "last sign-in was long ago" in told(client.get(response["Location"]))


def test_the_absolute_limit_can_be_switched_off(portal, client, clock, settings):
    settings.WAGTAIL_HELPDESK = {"SESSION_ABSOLUTE_HOURS": 0}
    change(portal, idle_minutes=0)
    client.get("/support/")
    clock.forward(days=13)
    assert client.get("/support/").status_code == 200


def test_the_next_sign_in_starts_anew(portal, client, ana, clock):
    client.get("/support/")
    clock.forward(hours=1)
    client.get("/support/")
    client.force_login(ana.user, backend=BACKEND)
    assert client.get("/support/").status_code == 200
    clock.forward(minutes=19)
    assert client.get("/support/").status_code == 200


def test_the_page_tells_its_script_how_long_the_session_lasts(portal, client):
    """UX16: at least a minute before, with one key; see the browser tests."""
    soup = BeautifulSoup(client.get("/support/").content, "html.parser")
    warning = soup.select_one("hd-session")
    assert warning["data-seconds"] == str(20 * 60)
    assert warning["data-url"] == SESSION
    assert warning.dialog["role"] == "alertdialog"
    names = warning.dialog["aria-labelledby"], warning.dialog["aria-describedby"]
    assert all(soup.find(id=name) for name in names)
    assert "style=" not in str(warning)


def test_a_page_without_a_time_out_carries_no_warning(portal, client):
    change(portal, idle_minutes=0)
    page = client.get("/support/").content.decode()
    assert "<hd-session" not in page
    assert "session.js" not in page


def test_the_answer_to_a_visitor_does_not_depend_on_a_cookie(portal):
    """A page in a shared cache is the same for all who have no session."""
    response = Client().get("/sitemap.xml")
    assert "Cookie" not in response.get("Vary", "")


def test_a_mark_of_another_version_is_no_error(portal, client):
    session = client.session
    session["helpdesk_session"] = {"began": "yesterday"}
    session.save()
    assert client.get("/support/").status_code == 200


def test_the_checks_name_what_is_missing(settings, capsys):
    ours = "wagtail_helpdesk.session_limits.SessionLimitMiddleware"

    def found():
        call_command("check")
        return capsys.readouterr().err

    assert "W026" not in found()
    before = list(settings.MIDDLEWARE)
    settings.MIDDLEWARE = [name for name in before if name != ours]
    assert "W026" in found()
    settings.MIDDLEWARE = [ours, *settings.MIDDLEWARE]
    assert "W026" in found()
    settings.MIDDLEWARE = before
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    assert "W027" in found()


def test_an_account_that_is_no_customer_is_not_left_signed_in(portal, clock):
    browser = Client()
    browser.force_login(UserFactory(), backend=BACKEND)
    browser.get("/support/")
    clock.forward(hours=1)
    assert browser.get("/support/").status_code == 302
