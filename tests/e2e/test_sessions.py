"""The warning before an idle session ends, and the list of sessions, in a browser."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect
from wagtail.models import Locale

from tests.factories import CustomerFactory, InboxFactory
from tests.portal.build import make_portal, make_ticket
from wagtail_helpdesk.models import Contact, Ticket

LOOKS: dict[str, dict] = {
    "light": {},
    "dark": {"dark": True},
    "phone": {"width": 320, "height": 640},
    "forced-colors": {"forced_colors": True},
}


@pytest.fixture(autouse=True)
def portal() -> Any:
    """Signs out after twenty minutes; in English and Arabic."""
    page = make_portal(inbox=InboxFactory(), idle_minutes=20)
    arabic = Locale.objects.create(language_code="ar")
    page.get_parent().copy_for_translation(arabic).save_revision().publish()
    page.copy_for_translation(arabic).save_revision().publish()
    return page


@pytest.fixture
def ana() -> Contact:
    return CustomerFactory(name="Ana García")


@pytest.fixture
def ticket(ana: Contact) -> Ticket:
    return make_ticket(ana, "It blinks red.", subject="The hub is offline")


class Time:
    """The clock of the server and those of the browsers, turned on together."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.passed = timedelta()
        real = timezone.now
        monkeypatch.setattr(timezone, "now", lambda: real() + self.passed)

    def forward(self, page: Page, **time: int) -> None:
        self.passed += timedelta(**time)
        page.clock.fast_forward(int(timedelta(**time).total_seconds() * 1000))


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time(monkeypatch)


@pytest.fixture
def open_portal(open_page, ana):
    """Opens a page of Ana's with a clock that can be turned on."""

    def open_at(path: str = "/support/", **look: Any) -> Page:
        page = open_page(user=ana.user, **look)
        page.clock.install()
        page.goto(path)
        return page

    return open_at


def warning(page: Page) -> Any:
    return page.get_by_role("alertdialog")


@pytest.mark.parametrize("key", ["Enter", "Space", "Escape"])
def test_one_key_keeps_somebody_signed_in(open_portal, time, key):
    """UX16: at least a minute before the end, one key."""
    page = open_portal()
    time.forward(page, minutes=17)
    expect(warning(page)).to_be_hidden()
    time.forward(page, minutes=2, seconds=10)
    expect(warning(page)).to_be_visible()
    expect(warning(page)).to_have_accessible_name("Are you still there?")
    expect(warning(page)).to_have_accessible_description(
        re.compile("You will be signed out in 1:[345]")
    )
    expect(page.get_by_role("button", name="Stay signed in")).to_be_focused()

    page.keyboard.press(key)

    expect(warning(page)).to_be_hidden()
    time.forward(page, minutes=17)
    expect(warning(page)).to_be_hidden()
    page.reload()
    expect(page).to_have_url(re.compile("/support/$"))


def test_nobody_answers_and_the_page_is_covered(
    open_portal, time, ticket, ana, sign_in
):
    """UX16, UX27: the way back leads to the page and to what was typed."""
    path = f"/support/r/{ticket.public_id}/"
    page = open_portal(path)
    page.get_by_label("Your reply").fill("Half an hour of work")
    time.forward(page, minutes=19, seconds=10)
    expect(warning(page)).to_be_visible()

    time.forward(page, minutes=2)

    expect(warning(page)).to_have_accessible_name("You have been signed out")
    page.keyboard.press("Escape")
    expect(warning(page)).to_be_visible()
    link = page.get_by_role("link", name="Sign in")
    expect(link).to_be_focused()
    link.click()
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next="))
    expect(page.get_by_role("status")).to_contain_text(
        "You were signed out because nothing happened here for a while."
    )

    sign_in(page, ana.user)
    page.goto(path)

    expect(page.get_by_label("Your reply")).to_have_value("Half an hour of work")


def test_what_happens_in_one_tab_counts_in_the_other(open_portal, time, ticket):
    first = open_portal()
    second = first.context.new_page()
    second.goto(f"/support/r/{ticket.public_id}/")
    time.forward(first, minutes=19, seconds=10)
    for page in (first, second):
        expect(warning(page)).to_be_visible()

    first.get_by_role("button", name="Stay signed in").click()

    for page in (first, second):
        expect(warning(page)).to_be_hidden()


def test_a_page_opened_meanwhile_in_another_tab_spares_the_warning(
    open_portal, time, ticket
):
    first = open_portal()
    second = first.context.new_page()
    time.forward(first, minutes=15)
    second.goto(f"/support/r/{ticket.public_id}/")
    time.forward(first, minutes=10)
    second.reload()
    expect(second).to_have_url(re.compile(ticket.public_id))
    expect(warning(first)).to_be_hidden()


def test_a_server_that_cannot_be_reached_loses_nothing(open_portal, time):
    page = open_portal()
    time.forward(page, minutes=19, seconds=10)
    expect(warning(page)).to_be_visible()
    page.context.set_offline(True)
    page.get_by_role("button", name="Stay signed in").click()
    expect(page.get_by_role("alert")).to_contain_text("We could not be reached")

    page.context.set_offline(False)
    page.get_by_role("button", name="Stay signed in").click()

    expect(warning(page)).to_be_hidden()


def test_signing_out_at_once_is_offered_too(open_portal, time):
    page = open_portal()
    time.forward(page, minutes=19, seconds=10)
    warning(page).get_by_role("button", name="Sign out").click()
    page.goto("/support/")
    expect(page).to_have_url(re.compile("/accounts/login/"))


def test_without_a_script_the_next_page_says_so(open_page, ana, time):
    """UX21."""
    page = open_page(user=ana.user, javascript=False)
    page.goto("/support/")
    expect(warning(page)).to_be_hidden()
    time.passed += timedelta(hours=1)
    page.reload()
    expect(page.get_by_role("status")).to_contain_text("You were signed out")


@pytest.mark.parametrize("language", ["", "/ar"])
@pytest.mark.parametrize("look", LOOKS)
def test_the_warning_is_accessible(
    open_portal, time, assert_accessible, assert_fits, look, language
):
    """UX1, UX3, UX14."""
    page = open_portal(f"{language}/support/", **LOOKS[look])
    time.forward(page, minutes=19, seconds=10)
    expect(warning(page)).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    time.forward(page, minutes=2)
    expect(page.locator("[data-hd-over]")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize("look", LOOKS)
def test_the_list_of_sessions_is_accessible(
    open_page, ana, assert_accessible, assert_fits, look
):
    page = open_page(user=ana.user, **LOOKS[look])
    (cookie,) = page.context.cookies()
    elsewhere = Client()
    elsewhere.force_login(ana.user, backend="django.contrib.auth.backends.ModelBackend")
    for key in (cookie["value"], elsewhere.session.session_key):
        UserSession.objects.create(
            user=ana.user,
            session_key=key,
            ip="2001:db8:85a3:8d3:1319:8a2e:370:7348",
            user_agent="Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/145.0",
        )
    for path in ("/accounts/sessions/", "/ar/accounts/sessions/"):
        page.goto(path)
        expect(page.locator("tbody tr")).to_have_count(2)
        assert_accessible(page)
        assert_fits(page)
