"""Many guesses at a password (security.md 0.6 and 1.1)."""

import logging

import pytest
from django.core.cache import cache
from django.test import Client

from tests.accounts.conftest import PASSWORD
from tests.accounts.counting import CountingHasher

pytestmark = pytest.mark.django_db

SIGN_IN, RESET = "/accounts/login/", "/accounts/password/reset/"
CODE = "/accounts/login/code/"
GUESSES = 200
#: allauth's: per address and five minutes, and sign-ins per browser's address.
TRIES, SIGN_INS = 5, 30
ANA = "ana@acme.example"


@pytest.fixture(autouse=True)
def counted(settings, caplog):
    settings.PASSWORD_HASHERS = ["tests.accounts.counting.CountingHasher"]
    cache.clear()
    caplog.set_level(logging.DEBUG)


@pytest.fixture
def ana(make_user):
    user = make_user(ANA)
    CountingHasher.count = 0
    return user


def guess(browser: Client, password: str, email: str = ANA, **extra):
    return browser.post(SIGN_IN, {"login": email, "password": password}, **extra)


def is_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def test_after_the_limit_no_guess_is_looked_at_nor_the_right_password(ana, caplog):
    browser = Client()
    answers = [guess(browser, f"guess-{number}") for number in range(GUESSES)]

    assert CountingHasher.count == TRIES
    assert [answer.status_code for answer in answers] == (
        [200] * SIGN_INS + [429] * (GUESSES - SIGN_INS)
    )
    for answer in answers[TRIES:SIGN_INS]:
        assert "Too many failed login attempts" in answer.content.decode()
    for answer in answers[SIGN_INS:]:
        assert "Too many" in answer.content.decode()
    assert guess(browser, PASSWORD).status_code == 429
    assert not is_in(browser)
    assert CountingHasher.count == TRIES
    assert "guess-" not in caplog.text
    assert PASSWORD not in caplog.text


def test_guesses_from_many_places_are_counted_for_the_account(ana):
    for number in range(GUESSES // 4):
        place = f"10.0.0.{number}"
        assert not is_in(guessed := Client(REMOTE_ADDR=place))
        guess(guessed, f"guess-{number}")

    assert CountingHasher.count == TRIES


def test_guesses_at_many_accounts_from_one_place_are_counted_too(ana):
    browser = Client()
    for number in range(GUESSES // 4):
        guess(browser, "Summer2026!", f"person{number}@acme.example")

    # ``login_failed`` lets ten through for one place, whatever the account.
    assert CountingHasher.count == 10


def lock(password: str = "wrong") -> None:
    for _number in range(TRIES + 1):
        guess(Client(REMOTE_ADDR="203.0.113.9"), password)


def test_who_was_locked_out_by_a_stranger_gets_in_by_a_new_password(
    ana, code_in, settings
):
    lock()
    browser = Client()
    assert "Too many failed" in guess(browser, PASSWORD).content.decode()
    assert not is_in(browser)

    browser.post(RESET, {"email": ANA})
    browser.post(f"{RESET}confirm/", {"code": code_in()})
    new = {"password1": "another horse 77", "password2": "another horse 77"}
    answer = browser.post(f"{RESET}complete/", new)

    assert answer.status_code == 302
    ana.refresh_from_db()
    assert ana.check_password("another horse 77")
    guess(browser, "another horse 77")
    assert is_in(browser)


def test_who_was_locked_out_by_a_stranger_gets_in_by_a_code(ana, code_in, settings):
    settings.ROOT_URLCONF = "tests.accounts.code_urls"
    settings.ACCOUNT_LOGIN_BY_CODE_ENABLED = True
    lock()
    browser = Client()

    browser.post(CODE, {"email": ANA})
    browser.post(f"{CODE}confirm/", {"code": code_in()})

    assert is_in(browser)


@pytest.mark.parametrize(
    "door", ["/admin/login/", "/_util/login/", "/django-admin/login/"]
)
def test_a_side_door_looks_at_no_password(ana, door):
    browser = Client()
    for number in range(1000):
        sent = {"username": ana.username, "password": PASSWORD if number % 2 else "x"}
        assert browser.post(door, sent).status_code == 302

    assert CountingHasher.count == 0
    assert not is_in(browser)
