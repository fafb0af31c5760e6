"""Settings of allauth that open a door are named (security.md 1.1)."""

import pytest
from django.test import Client

from tests.accounts.conftest import PASSWORD
from wagtail_helpdesk.accounts.settings_checks import check_account_settings


def test_the_settings_of_the_guide_are_good():
    assert check_account_settings(None) == []


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("EMAIL_VERIFICATION", "optional", "is 'optional'"),
        ("EMAIL_VERIFICATION", "none", "is 'none'"),
        ("PREVENT_ENUMERATION", False, "who is a customer"),
        ("EMAIL_VERIFICATION_SUPPORTS_CHANGE", True, "who was a customer"),
        ("EMAIL_UNKNOWN_ACCOUNTS", True, "mails to any address"),
        ("RATE_LIMITS", False, "no limit for confirm_email, login, login_failed"),
        ("RATE_LIMITS", {"login_failed": None}, "no limit for login_failed:"),
        ("RATE_LIMITS", {"signup": ""}, "no limit for signup:"),
    ],
)
def test_a_setting_that_opens_a_door_is_named(settings, setting, value, words):
    setattr(settings, f"ACCOUNT_{setting}", value)

    (message,) = check_account_settings(None)

    assert message.id == "wagtail_helpdesk.W017"
    assert message.msg.startswith(f"ACCOUNT_{setting} ")
    assert words in message.msg
    assert message.hint


def test_allauths_own_default_sends_mails_to_strangers(settings):
    del settings.ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS

    assert len(check_account_settings(None)) == 1


def test_stricter_limits_are_good(settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/m/ip", "change_phone": None}

    assert check_account_settings(None) == []


@pytest.mark.django_db
def test_offering_to_correct_the_address_does_tell_who_is_a_customer(
    settings, make_user
):
    """Why the check names it; should this fail, allauth has closed the gap."""
    settings.ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = True
    make_user("known@acme.example")

    def offers(email):
        browser = Client()
        browser.post("/accounts/signup/", {"email": email, "password1": PASSWORD})
        return b'value="change"' in browser.get("/accounts/confirm-email/").content

    assert (offers("known@acme.example"), offers("new@acme.example")) == (False, True)
