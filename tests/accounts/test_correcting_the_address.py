"""Correcting a mistyped address before it is confirmed (B52).

allauth offers it with ``ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE``.
"""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from tests.accounts.conftest import PASSWORD
from tests.factories import InboxFactory
from tests.portal.build import change, make_portal

pytestmark = pytest.mark.django_db

CONFIRM = "/accounts/confirm-email/"


@pytest.fixture(autouse=True)
def may_be_changed(settings):
    cache.clear()
    settings.ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = True


@pytest.fixture
def newcomer():
    """Somebody who has just signed up."""
    change(make_portal(), entry="domains", entry_domains="acme.example")
    InboxFactory(from_email="support@acme.example")
    newcomer = Client()
    sign_up = {"email": "ana@acme.example", "password1": PASSWORD}
    assert newcomer.post("/accounts/signup/", sign_up)["Location"] == CONFIRM
    return newcomer


def correct(newcomer, email):
    return newcomer.post(CONFIRM, {"email": email, "action": "change"})


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("ana@evil.example", "You cannot register with this address"),
        ("support@acme.example", "is an address of our support"),
        ("no address", "Enter a valid email address"),
        ("", "This field is required"),
        ("\x00@acme.example", "Null characters are not allowed"),
    ],
)
def test_an_address_that_is_refused_says_so_beside_it(newcomer, email, words):
    page = correct(newcomer, email)

    assert page.status_code == 200
    soup = BeautifulSoup(page.content, "html.parser")
    (field,) = soup.select("input[name=email]")
    assert field["aria-invalid"] == "true"
    assert words in soup.select_one("#hd-main").text
    assert User.objects.get().email == "ana@acme.example"


def test_after_a_refusal_the_code_still_works(newcomer, code_in):
    code = code_in()
    correct(newcomer, "ana@evil.example")

    newcomer.post(CONFIRM, {"code": code})

    assert newcomer.session["_auth_user_id"] == str(User.objects.get().pk)


def test_an_address_that_is_taken_gets_a_code_of_its_own(newcomer, code_in):
    assert correct(newcomer, "other@acme.example").status_code == 302

    newcomer.post(CONFIRM, {"code": code_in()})

    assert User.objects.get().email == "other@acme.example"


def test_going_to_and_fro_too_fast_is_no_error(newcomer):
    for email in ("other@acme.example", "ana@acme.example", "other@acme.example"):
        assert correct(newcomer, email).status_code in {200, 302, 429}
