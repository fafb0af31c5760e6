"""What a picture is, and what is done on a page before it is taken; see ``shots``."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

ADMIN = "admin@example.com"
AGENT = "agent@example.com"
PASSWORD = "helpdesk-demo"  # noqa: S105  (public: it is printed by the demo)
EDITOR = "editor@example.com"
CUSTOMER = "ana@acme.example"

Act = Callable[[Page], None]


@dataclass(frozen=True)
class Shot:
    """One picture.

    Attributes:
        name: The file's name, without its ending.
        path: The address on the demo site.
        email: Who is signed in, or nobody.
        act: What to do on the page before the picture is taken.
        height: Of the window; as little as shows what the reader has to find.
        width: Of the window.
        prepare: Python that is run in the demo's database before. What it changes stays
            for the pictures after it, so those that need it stand last.
    """

    name: str
    path: str
    email: str = ""
    act: Act | None = None
    height: int = 800
    prepare: str = ""
    width: int = 1280


def follow(selector: str) -> Act:
    """Go on to where the first link that fits a CSS selector leads."""

    def act(page: Page) -> None:
        address = page.locator(selector).first.evaluate("link => link.href")
        page.goto(address, wait_until="networkidle")

    return act


def in_turn(*acts: Act) -> Act:
    """Do one after the other."""

    def act(page: Page) -> None:
        for one in acts:
            one(page)

    return act


def press(button: str) -> Act:
    """Press a button, and wait for what comes."""

    def act(page: Page) -> None:
        page.get_by_role("button", name=button, exact=True).first.click()
        page.wait_for_load_state("networkidle")

    return act


def tab(name: str) -> Act:
    """Open a tab of the page editor."""

    def act(page: Page) -> None:
        page.get_by_role("tab", name=name, exact=True).click()

    return act


def bring_up(selector: str) -> Act:
    """Scroll until an element stands below the admin's header."""

    def act(page: Page) -> None:
        page.locator(selector).last.evaluate(
            "one => { one.style.scrollMarginTop = '70px'; "
            "one.scrollIntoView({behavior: 'instant'}); }"
        )

    return act


def status_panel(page: Page) -> None:
    """Open the side panel "Status" of the page editor."""
    page.get_by_role("button", name="Toggle status").click()
    page.get_by_text("Who can see this").first.wait_for()


def privacy_dialog(page: Page) -> None:
    """Open the dialog in which an editor chooses who may see a page."""
    status_panel(page)
    page.get_by_role("button", name="Change privacy").click()
    page.get_by_text("specific groups").wait_for()
    page.wait_for_timeout(1000)  # The dialog fades in.


def header_menu(page: Page) -> None:
    """Open the menu of a page in its header."""
    page.locator("#w-slim-header-buttons button").first.click()
    page.get_by_role("link", name="Create system pages").hover()
    page.wait_for_timeout(1000)  # The menu fades in.


def confirm_password(page: Page) -> None:
    """Type the password once more, as before all that is about one's own sign-in."""
    page.fill("input[name=password]", PASSWORD)
    press("Confirm")(page)
    page.get_by_role("heading", name="Activate Authenticator App").wait_for()


def agree(page: Page) -> None:
    """Agree to the portal's text, and open the page where that is withdrawn."""
    page.get_by_role("checkbox").first.check()
    press("Continue")(page)
    follow("a[href$='/privacy/']")(page)


def look_as(page: Page) -> None:
    """View the site as the contact whose page is open."""
    press("View as this contact")(page)


def fill(**texts: str) -> Act:
    """Type texts into fields, by their names."""

    def act(page: Page) -> None:
        for name, text in texts.items():
            page.locator(f"[name={name}]:visible").first.fill(text)

    return act


def choose(**options: str) -> Act:
    """Choose from lists, by their names; the option by its text."""

    def act(page: Page) -> None:
        for name, label in options.items():
            page.locator(f"[name='{name}']").first.select_option(label=label)

    return act


def wait_for(selector: str) -> Act:
    """Wait until an element can be seen."""

    def act(page: Page) -> None:
        page.locator(selector).first.wait_for()

    return act


def go_to(path: str) -> Act:
    """Go on to an address."""

    def act(page: Page) -> None:
        page.goto(path, wait_until="networkidle")

    return act


TO_EDITOR = follow("main a[href$='/edit/']")
TO_PORTAL_EDITOR = "/admin/pages/search/?q=Customer+portal"
