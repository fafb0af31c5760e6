"""Signing up and in with a browser; axe on every page and state (UX1, UX3)."""

import re
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

PASSWORD = "correct horse battery 9"
PAGES = ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"]
LOOKS: dict[str, dict] = {
    "light": {},
    "dark": {"dark": True},
    "phone": {"width": 320, "height": 640},
    "forced-colors": {"forced_colors": True},
}


@pytest.fixture
def ana() -> User:
    user = User.objects.create_user("ana", "ana@acme.example", PASSWORD)
    EmailAddress.objects.create(
        user=user, email=user.email, verified=True, primary=True
    )
    return user


@pytest.fixture
def code_in(mailoutbox) -> Callable[[], str]:
    def read() -> str:
        found = re.search(r"^([A-Z0-9]{4}-?[A-Z0-9]{4})$", mailoutbox[-1].body, re.M)
        assert found, mailoutbox[-1].body
        return found.group(1)

    return read


def send(page: Page, button: str) -> None:
    page.get_by_role("main").get_by_role("button", name=button, exact=True).click()


def sign_up(page: Page, email: str = "zoe@globex.example") -> None:
    page.goto("/accounts/signup/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    send(page, "Sign Up")


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_a_customer_signs_up_confirms_the_code_signs_out_and_in(
    open_page, code_in, javascript
):
    """UX21: each step works without JavaScript too."""
    page = open_page(javascript=javascript)
    sign_up(page)
    expect(page).to_have_title(re.compile("^Enter Email Verification Code"))

    page.get_by_label("Code").fill(code_in())
    send(page, "Confirm")
    page.goto("/accounts/logout/")
    send(page, "Sign Out")
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill("zoe@globex.example")
    page.get_by_label("Password").fill(PASSWORD)
    send(page, "Sign in")
    page.goto("/accounts/email/")

    expect(page.get_by_role("radio", name="zoe@globex.example")).to_be_visible()


def test_a_password_is_reset_with_a_code(page: Page, ana, code_in):
    page.goto("/accounts/password/reset/")
    page.get_by_label("Email").fill(ana.email)
    send(page, "Reset My Password")
    page.get_by_label("Code").fill(code_in())
    send(page, "Confirm")
    page.get_by_label("New Password", exact=True).fill("another horse 77")
    page.get_by_label("New Password (again)").fill("another horse 77")
    send(page, "Change Password")
    expect(page).to_have_title(re.compile("^Change Password"))

    ana.refresh_from_db()
    assert ana.check_password("another horse 77")


@pytest.mark.parametrize("look", LOOKS)
def test_the_entrance_is_accessible(open_page, assert_accessible, assert_fits, look):
    page = open_page(**LOOKS[look])
    for address in PAGES:
        page.goto(address)
        assert_accessible(page)
        assert_fits(page)


@pytest.mark.parametrize("width", [1280, 320])
def test_the_entrance_is_accessible_from_right_to_left(
    open_page, assert_accessible, assert_fits, width
):
    page = open_page(width=width)
    for address in PAGES:
        page.goto(f"/ar{address}")
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        assert_accessible(page)
        assert_fits(page)


@pytest.mark.parametrize("look", LOOKS)
def test_errors_are_announced_focused_and_accessible(
    open_page, assert_accessible, assert_fits, look
):
    """UX11."""
    page = open_page(**LOOKS[look])
    page.goto("/accounts/login/")
    send(page, "Sign in")

    expect(page).to_have_title(re.compile("^Error: Sign in"))
    expect(page.locator("hd-error-summary")).to_be_focused()
    assert_accessible(page)
    assert_fits(page)

    page.get_by_role("alert").get_by_role("link").last.click()
    expect(page.get_by_label("Password")).to_be_focused()


def test_a_wrong_code_is_an_accessible_error(page: Page, assert_accessible):
    sign_up(page)
    assert_accessible(page)

    page.get_by_label("Code").fill("AAAA-BBBB")
    send(page, "Confirm")

    expect(page).to_have_title(re.compile("^Error: "))
    assert_accessible(page)


@pytest.mark.parametrize("look", LOOKS)
def test_account_pages_are_accessible(
    open_page, assert_accessible, assert_fits, ana, look
):
    page = open_page(user=ana, **LOOKS[look])
    for address in ("/accounts/logout/", "/accounts/email/", "/admin/"):
        page.goto(address)
        assert_accessible(page)
        assert_fits(page)
    # A page with its menus open is a state of its own (UX3).
    for menu in page.locator("summary").all():
        menu.click()
        assert_accessible(page)
        assert_fits(page)


def test_the_first_tab_stop_skips_to_the_content(page: Page):
    """UX7."""
    page.goto("/accounts/login/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()

    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    focused = page.evaluate("document.activeElement.closest('main') !== null")
    assert focused


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_the_colours_a_visitor_chose_stay(open_page, javascript):
    """UX21: the switch is a plain form."""
    page = open_page(javascript=javascript)
    page.goto("/accounts/login/")
    light = page.locator(".hd-card").evaluate("e => getComputedStyle(e).color")

    page.get_by_role("button", name="Dark").click()
    page.goto("/accounts/signup/")

    dark = page.locator(".hd-card").evaluate("e => getComputedStyle(e).color")
    assert dark != light
    expect(page.get_by_role("button", name="Dark")).to_have_attribute(
        "aria-pressed", "true"
    )


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_a_visitor_switches_the_language(open_page, javascript):
    page = open_page(javascript=javascript)
    page.goto("/accounts/login/")

    page.locator("summary", has_text="English").click()
    page.get_by_role("button", name="Español").click()

    expect(page).to_have_url(re.compile("/es/accounts/login/$"))
    expect(page.locator("html")).to_have_attribute("lang", "es")


def test_a_menu_closes_with_escape_and_gives_the_focus_back(page: Page):
    page.goto("/accounts/login/")
    summary = page.locator("summary", has_text="English")
    summary.click()
    page.keyboard.press("Tab")

    page.keyboard.press("Escape")

    expect(summary).to_be_focused()
    expect(page.get_by_role("button", name="Español")).to_be_hidden()


def test_a_script_that_does_not_load_breaks_nothing(page: Page):
    """UX22."""
    page.route("**/helpdesk.js", lambda route: route.abort())
    page.goto("/accounts/login/")

    send(page, "Sign in")

    expect(page.get_by_role("alert")).to_contain_text("There is a problem")


@pytest.mark.parametrize("width", [1280, 320])
def test_targets_are_large_enough(open_page, width):
    """UX8: 24 px for everything outside sentences, 44 px for primary buttons."""
    page = open_page(width=width)
    for address in PAGES:
        page.goto(address)
        small = page.evaluate(
            """() => [...document.querySelectorAll("a, button, input, summary")]
                .filter((e) => e.offsetParent && !e.closest("p.hd-p, .hd-hint")
                    && !e.matches(".hd-skip, [type=hidden]"))
                .filter((e) => {
                    const box = e.getBoundingClientRect();
                    const least = e.matches(".hd-btn--primary") ? 44 : 24;
                    return box.height < least || box.width < 24;
                })
                .map((e) => e.outerHTML.slice(0, 120))"""
        )
        assert small == []


def test_the_entrance_is_light(page: Page):
    """UX30."""
    sizes: dict[str, int] = {}
    page.on("response", lambda r: sizes.update({r.url: len(r.body())}))

    page.goto("/accounts/login/", wait_until="networkidle")

    assert len(sizes) <= 8
    assert sum(sizes.values()) <= 60 * 1024
