"""Who may register: everybody, certain domains, by invitation (B51 to B53)."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client, override_settings

from tests.accounts.conftest import PASSWORD
from tests.factories import ChannelFactory
from tests.portal.build import change, make_portal

pytestmark = pytest.mark.django_db

SIGN_IN, SIGN_UP = "/accounts/login/", "/accounts/signup/"
RESET = "/accounts/password/reset/"


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture
def portal():
    return make_portal()


def text_of(response) -> str:
    soup = BeautifulSoup(response.content, "html.parser")
    return " ".join(soup.select_one("main, #hd-main").text.split())


def sign_up(email: str, query: str = ""):
    return Client().post(f"{SIGN_UP}{query}", {"email": email, "password1": PASSWORD})


def test_everybody_registers_where_the_portal_is_open(portal):
    assert "Register here" in text_of(Client().get(SIGN_IN))

    assert sign_up("ana@acme.example").status_code == 302
    assert User.objects.filter(email="ana@acme.example").exists()


def test_a_site_without_a_portal_decides_by_itself():
    assert sign_up("ana@acme.example").status_code == 302
    assert "Register here" in text_of(Client().get(SIGN_IN))


def test_a_list_of_domains_takes_whole_domains_only(portal):
    change(portal, entry="domains", entry_domains="acme.example\nacme.org")

    assert sign_up("ana@ACME.example").status_code == 302
    for outside in (
        "a@evil-acme.example",
        "a@mail.acme.example",
        "a@acme.example.evil",
    ):
        page = sign_up(outside)
        assert page.status_code == 200
        assert "acme.example, acme.org" in text_of(page)
        assert outside.encode() in page.content
    assert User.objects.count() == 1
    assert "Register here" in text_of(Client().get(SIGN_IN))


def test_known_and_unknown_addresses_outside_get_the_same_answer(portal, make_user):
    """security.md 1.1."""
    make_user("known@evil.example")
    change(portal, entry="domains", entry_domains="acme.example")

    known, unknown = sign_up("known@evil.example"), sign_up("other@evil.example")

    assert text_of(known) == text_of(unknown)


@override_settings(ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE=True)
def test_the_address_cannot_be_changed_to_one_outside_before_it_is_confirmed(portal):
    change(portal, entry="domains", entry_domains="acme.example")
    browser = Client()
    browser.post(SIGN_UP, {"email": "ana@acme.example", "password1": PASSWORD})

    browser.post(
        "/accounts/confirm-email/", {"email": "ana@evil.example", "action": "change"}
    )

    assert not User.objects.filter(email="ana@evil.example").exists()


def test_a_forgotten_password_is_reset_whatever_the_domain(
    portal, make_user, mailoutbox
):
    make_user("ana@elsewhere.example")
    change(portal, entry="domains", entry_domains="acme.example")

    assert Client().post(RESET, {"email": "ana@elsewhere.example"}).status_code == 302
    assert len(mailoutbox) == 1


def test_without_an_invitation_the_page_for_new_accounts_says_so(portal):
    change(portal, entry="invitation")

    for response in (Client().get(SIGN_UP), sign_up("ana@acme.example")):
        assert "Registration is by invitation" in text_of(response)
    assert not User.objects.exists()
    assert "Register here" not in text_of(Client().get(SIGN_IN))
    assert SIGN_UP.encode() not in Client().get(SIGN_IN).content


def test_the_portal_that_is_asked_for_decides(portal):
    """``next`` names it; without one, it is the first."""
    other = make_portal(
        title="Partners",
        slug="partners",
        channel=ChannelFactory(type="portal"),
        entry="invitation",
    )
    query = "?next=/partners/r/abc/"

    assert "by invitation" in text_of(Client().get(f"{SIGN_UP}{query}"))
    assert "Register here" not in text_of(Client().get(f"{SIGN_IN}{query}"))
    assert "Register here" in text_of(Client().get(SIGN_IN))
    change(portal, entry="invitation")
    change(other, entry="open")
    assert "by invitation" in text_of(Client().get(SIGN_UP))
    assert "Register here" in text_of(Client().get(f"{SIGN_IN}{query}"))


def test_a_portal_that_is_off_still_keeps_the_registration_closed(portal):
    change(portal, entry="invitation", is_active=False)

    assert "by invitation" in text_of(sign_up("ana@acme.example"))


@pytest.mark.parametrize("target", ["http://[", "\x00", "//evil.example/", "a" * 5000])
def test_no_next_is_an_error(portal, target):
    for path in (SIGN_IN, SIGN_UP):
        assert Client().get(path, {"next": target}).status_code == 200
