"""What a customer and an administrator see of a company's own sign-in."""

import re

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from tests.e2e.test_accounts import LOOKS
from tests.e2e.test_workspace import WAGTAILS_OWN
from wagtail_helpdesk.models import IdentityProvider


@pytest.fixture
def acme() -> IdentityProvider:
    return IdentityProvider.objects.create(
        name="Acme and daughters with a name that is far too long for one line",
        # Nothing answers there.
        server_url="http://127.0.0.1:9",
        client_id="helpdesk",
        domains=["acme.example"],
    )


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS.keys())
def test_the_sign_in_offers_it_and_says_when_it_does_not_answer(
    open_page, acme, assert_accessible, assert_fits, look
):
    page = open_page(**look)
    page.goto("/accounts/login/?next=/support/")
    button = page.get_by_role("link", name=acme.name)
    expect(button).to_be_visible()
    assert_accessible(page)
    assert_fits(page)

    button.click()
    assert_accessible(page)
    page.get_by_role("main").get_by_role("button", name="Continue").click()
    expect(page).to_have_title(re.compile("^You could not be signed in"))
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_an_administrator_reads_what_is_wrong(open_page, acme, assert_accessible, dark):
    boss = User.objects.create_superuser("boss", "boss@example.com")
    page = open_page(user=boss, dark=dark)
    page.goto("/admin/helpdesk/identity-providers/")
    assert_accessible(page, ignore=WAGTAILS_OWN)
    page.get_by_role("link", name=acme.name).first.click()
    expect(page.get_by_text("/login/callback/")).to_be_visible()
    page.get_by_label("E-mail domains").fill("gmail.com")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("gmail.com: it names no company")).to_be_visible()
    # Wagtail's own message fades in above it.
    assert_accessible(page, ignore=WAGTAILS_OWN, within="main form")
