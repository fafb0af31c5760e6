"""Tokens, addresses and limits."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory

from wagtail_helpdesk.forms import spam
from wagtail_helpdesk.rate_limits import parse_rate


def request(address: str = "192.0.2.1", **headers: str):
    return RequestFactory().get("/", REMOTE_ADDR=address, headers=headers)


def test_a_token_is_read_by_its_own_page_and_form_only():
    token = spam.issue_token(page_id=7, form_key="contact")

    assert spam.read_token(token, page_id=7, form_key="contact").age < 60
    for page_id, key in [(8, "contact"), (7, "other"), (None, "contact")]:
        with pytest.raises(spam.BadToken):
            spam.read_token(token, page_id=page_id, form_key=key)


@pytest.mark.parametrize("place", [0, 10, -1])
def test_a_changed_token_is_forged(place):
    token = list(spam.issue_token(page_id=7, form_key="contact"))
    token[place] = "A" if token[place] != "A" else "B"

    with pytest.raises(spam.BadToken):
        spam.read_token("".join(token), page_id=7, form_key="contact")


def test_the_same_page_shown_twice_gives_two_tokens():
    nonces = {
        spam.read_token(
            spam.issue_token(page_id=7, form_key="contact"),
            page_id=7,
            form_key="contact",
        ).nonce
        for _ in range(20)
    }

    assert len(nonces) == 20


def test_what_makes_a_request_the_same_is_token_and_content():
    assert spam.client_token("a", "x") == spam.client_token("a", "x")
    assert spam.client_token("a", "x") != spam.client_token("b", "x")
    assert spam.client_token("a", "x") != spam.client_token("a", "y")
    assert len(spam.client_token("a", "x" * 100_000)) == 64


@pytest.mark.parametrize(
    ("rate", "parsed"),
    [("10/h", (10, 3600)), ("1/s", (1, 1)), (" 5/m ", (5, 60)), ("2/d", (2, 86400))],
)
def test_a_rate_is_a_number_and_a_period(rate, parsed):
    assert parse_rate(rate, setting="FORM_RATE_LIMIT") == parsed


@pytest.mark.parametrize("rate", ["10", "h/10", "10/w", "-1/h", "10/h/x"])
def test_a_wrong_rate_says_how_it_is_written(rate):
    with pytest.raises(ImproperlyConfigured, match="FORM_RATE_LIMIT.*10/h"):
        parse_rate(rate, setting="FORM_RATE_LIMIT")


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("", ""),
        ("nonsense", ""),
    ],
)
def test_an_address_counts_as_one_household(address, counted):
    """Whoever has an IPv6 address has 2^64 of them."""
    assert spam.client_address(request(address)) == counted


def test_the_sites_proxies_are_believed_as_allauth_is_told(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    found = spam.client_address(request(**{"x-forwarded-for": "10.9.9.9, 203.0.113.5"}))

    assert found == "203.0.113.5"


def test_a_request_past_the_proxies_counts_by_its_own_address(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2

    found = spam.client_address(request(**{"x-forwarded-for": "203.0.113.5"}))

    assert found == "192.0.2.1"


def test_nobody_in_particular_is_not_limited(settings):
    settings.WAGTAIL_HELPDESK = {"FORM_RATE_LIMIT": "1/h"}

    waits = [spam.seconds_to_wait(form_key="contact", who="") for _ in range(3)]

    assert waits == [0, 0, 0]


def test_each_form_has_a_limit_of_its_own(settings):
    settings.WAGTAIL_HELPDESK = {"FORM_RATE_LIMIT": "1/d"}

    assert spam.seconds_to_wait(form_key="one", who="192.0.2.1") == 0
    assert spam.seconds_to_wait(form_key="one", who="192.0.2.1") > 0
    assert spam.seconds_to_wait(form_key="two", who="192.0.2.1") == 0
