"""What a customer and an administrator see of a company's own sign-in."""

import os
import re
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import expect

from tests.e2e.test_accounts import LOOKS
from tests.e2e.test_workspace import WAGTAILS_OWN
from tests.factories import ChannelFactory, CustomerFactory
from tests.portal.build import make_portal
from wagtail_helpdesk.models import IdentityProvider

SHOTS = os.environ.get("HELPDESK_SHOTS", "")


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


@pytest.mark.parametrize(
    ("look", "prefix"),
    [*((look, "") for look in LOOKS.values()), ({"width": 320}, "/ar")],
    ids=[*LOOKS, "right-to-left"],
)
def test_a_portal_with_single_sign_on_only_offers_nothing_else(
    open_page, acme, assert_accessible, assert_fits, look, prefix, request
):
    """B54: at the sign-in, and to a customer who signed in with a password."""
    portal = make_portal(channel=ChannelFactory(type="portal"), entry="sso")
    page = open_page(**look)
    page.goto(f"{prefix}/accounts/login/?next={portal.url}")
    main = page.get_by_role("main")
    expect(main.get_by_role("link", name=acme.name)).to_be_visible()
    expect(main.locator("input:visible")).to_have_count(0)
    assert_accessible(page)
    assert_fits(page)
    shoot(page, f"sign-in-{request.node.callspec.id}")
    main.get_by_role("link", name=acme.name).click()
    expect(main.get_by_role("button")).to_have_count(1)

    page = open_page(user=CustomerFactory().user, **look)
    page.goto(portal.url)
    expect(page.get_by_role("main").get_by_role("link", name=acme.name)).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    shoot(page, f"refused-{request.node.callspec.id}")

    acme.delete()
    page.goto(portal.url)
    shoot(page, f"none-{request.node.callspec.id}")
    assert_accessible(page)


def test_an_editor_is_warned_that_nobody_can_sign_in(open_page, assert_accessible):
    portal = make_portal(channel=ChannelFactory(type="portal"), entry="sso")
    boss = User.objects.create_superuser("boss", "boss@example.com")
    page = open_page(user=boss)
    page.goto(f"/admin/pages/{portal.pk}/edit/")
    page.get_by_role("tab", name="Portal").click()
    warning = page.get_by_text("Nobody can sign in:")
    expect(warning).to_be_visible()
    warning.scroll_into_view_if_needed()
    shoot(page, "editor")


def shoot(page, name: str) -> None:
    """Keep a picture for whoever asked for it."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)
