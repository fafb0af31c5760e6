"""An authenticator app and a passkey, set up and used in a browser."""

import re
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import Permission, User
from playwright.sync_api import Page, expect

from tests.e2e.test_accounts import PASSWORD, send

LOOKS: dict[str, dict] = {
    "light": {},
    "dark": {"dark": True},
    "phone": {"width": 320, "height": 640},
}


@pytest.fixture
def editor(settings) -> User:
    settings.WAGTAIL_HELPDESK = {
        **settings.WAGTAIL_HELPDESK,
        "REQUIRE_SECOND_FACTOR": True,
    }
    user = User.objects.create_user("editor", "editor@example.com", PASSWORD)
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    EmailAddress.objects.create(
        user=user, email=user.email, verified=True, primary=True
    )
    return user


@pytest.fixture
def with_passkeys() -> Callable[[Page], None]:
    """Give a page a device that holds passkeys and knows its owner's finger."""

    def plug_in(page: Page) -> None:
        devtools = page.context.new_cdp_session(page)
        devtools.send("WebAuthn.enable")
        devtools.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                }
            },
        )

    return plug_in


def sign_in_with_password(page: Page, user: User) -> None:
    page.goto("/accounts/login/?next=/admin/")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    send(page, "Sign in")


def show_again(page: Page) -> None:
    page.get_by_label("Password").fill(PASSWORD)
    send(page, "Confirm")


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_an_editor_sets_an_app_up_and_works(open_page, editor, javascript):
    """UX21: without JavaScript, too."""
    page = open_page(javascript=javascript)
    sign_in_with_password(page, editor)
    expect(page.get_by_text("needs a second factor")).to_be_visible()

    page.get_by_role("link", name="Activate").click()
    show_again(page)
    secret = page.get_by_label("Authenticator secret").input_value()
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    code = totp.format_hotp_value(totp.hotp_value(secret, counter))
    page.get_by_label("Authenticator code").fill(code)
    send(page, "Activate")
    expect(page.get_by_role("heading", name="Recovery Codes")).to_be_visible()

    page.goto("/admin/")
    expect(page).to_have_title(re.compile("Dashboard"))


def test_a_passkey_is_added_and_signs_in_without_a_password(
    open_page, editor, with_passkeys
):
    page = open_page()
    with_passkeys(page)
    sign_in_with_password(page, editor)
    page.get_by_role("link", name="Add").click()
    show_again(page)
    page.get_by_label("Passwordless").check()
    send(page, "Add")
    page.get_by_role("heading", name="Recovery Codes").wait_for()
    page.goto("/accounts/logout/")
    send(page, "Sign Out")

    page.goto("/accounts/login/?next=/admin/")
    send(page, "Use a passkey")

    expect(page).to_have_title(re.compile("Dashboard"))


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS.keys())
def test_its_pages_are_accessible(
    open_page, editor, assert_accessible, assert_fits, look
):
    page = open_page(**look)
    sign_in_with_password(page, editor)
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("link", name="Activate").click()
    show_again(page)
    qr_code = page.get_by_role("img", name="QR code")
    expect(qr_code).to_have_css("background-color", "rgb(255, 255, 255)")
    page.get_by_label("Authenticator code").fill("000000")
    send(page, "Activate")
    expect(page.get_by_role("link", name="Incorrect code.")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_role("heading", name="Add Security Key").wait_for()
    assert_accessible(page)
    assert_fits(page)
