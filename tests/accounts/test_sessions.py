"""Where somebody is signed in, and signing out there (issue item 10)."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from tests.accounts.conftest import PASSWORD
from wagtail_helpdesk.device_names import device_name

pytestmark = pytest.mark.django_db

SESSIONS = "/accounts/sessions/"
FIREFOX = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
)
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"
)


def sign_in(user, user_agent=FIREFOX):
    browser = Client(headers={"User-Agent": user_agent})
    answer = browser.post(
        "/accounts/login/", {"login": user.email, "password": PASSWORD}
    )
    assert answer.status_code == 302
    return browser


def page_of(browser):
    response = browser.get(SESSIONS)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def rows_of(browser):
    return [
        " ".join(row.th.text.split()) for row in page_of(browser).select("tbody tr")
    ]


@pytest.fixture
def ana(make_user):
    return make_user("ana@acme.example")


def test_everybody_sees_their_own_browsers_this_one_first(ana, make_user):
    sign_in(make_user("zoe@globex.example"), user_agent="Zoe/1.0")
    here = sign_in(ana)
    phone = sign_in(ana, PHONE)

    assert rows_of(here) == ["Firefox on Windows This browser", "Safari on iPhone"]
    assert rows_of(phone) == ["Safari on iPhone This browser", "Firefox on Windows"]


def test_signing_out_elsewhere_ends_the_others_and_only_those(ana, make_user):
    zoe = sign_in(make_user("zoe@globex.example"))
    here, phone = sign_in(ana), sign_in(ana, PHONE)
    form = page_of(here).select_one("#hd-main form")
    assert (form["method"], form["action"]) == ("post", SESSIONS)

    answer = here.post(SESSIONS, follow=True)

    assert "Signed out of all other sessions" in answer.content.decode()
    assert rows_of(here) == ["Firefox on Windows This browser"]
    assert phone.get(SESSIONS).status_code == 302
    assert zoe.get(SESSIONS).status_code == 200


def test_reading_the_list_signs_nobody_out(ana):
    here, phone = sign_in(ana), sign_in(ana, PHONE)
    here.get(SESSIONS)
    assert phone.get(SESSIONS).status_code == 200


def test_whoever_is_signed_in_nowhere_else_is_told_so(ana):
    page = page_of(sign_in(ana))
    assert "You are signed in nowhere else" in page.select_one("#hd-main").text
    assert page.select_one("#hd-main form") is None


def test_visitors_are_asked_to_sign_in(client):
    for method in (client.get, client.post):
        answer = method(SESSIONS)
        assert answer.status_code == 302
        assert answer["Location"] == f"/helpdesk/sign-in/?next={SESSIONS}"


def test_the_menu_leads_to_the_list(ana):
    menu = page_of(sign_in(ana)).select_one(".hd-menu__item[href$='/sessions/']")
    assert menu["href"] == SESSIONS
    assert menu.text == "Where you are signed in"


def test_what_a_browser_calls_itself_is_shown_as_text_or_not_at_all(ana):
    browser = sign_in(ana, "<script>alert(1)</script>")
    assert rows_of(browser) == ["Unknown browser This browser"]
    assert "alert(1)" not in browser.get(SESSIONS).content.decode()


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Firefox on Windows"),
        (PHONE, "Safari on iPhone"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 "
            "(KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
            "Edge on macOS",
        ),
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/142.0.0.0 Mobile Safari/537.36",
            "Chrome on Android",
        ),
        ("Links (2.29; Linux 6.1)", "Linux"),
        ("", "Unknown browser"),
    ],
)
def test_a_browser_is_called_what_people_call_it(user_agent, name):
    assert device_name(user_agent) == name
