"""What ``make screenshots`` takes pictures of, one row of ``SHOTS`` for each."""

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
        prepare: Python that is run in the demo's database before. What it changes stays
            for the pictures after it, so those that need it stand last.
    """

    name: str
    path: str
    email: str = ""
    act: Act | None = None
    height: int = 800
    prepare: str = ""


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


TO_EDITOR = follow("main a[href$='/edit/']")
TO_PORTAL_EDITOR = "/admin/pages/search/?q=Customer+portal"

#: A page that is less private than its translation, as after an import in bulk.
DIFFERENCE = """
from wagtail.models import PageViewRestriction
from wagtail_helpdesk.knowledge_base.models import ArticlePage
pages = ArticlePage.objects.filter(slug="router-lights", locale__language_code="es")
PageViewRestriction.objects.bulk_create(
    [PageViewRestriction(page=page, restriction_type="login") for page in pages]
)
"""
CONSENT = """
from wagtail_helpdesk.portal.models import PortalHomePage
portal = PortalHomePage.objects.get(locale__language_code="en")
portal.consent_text = (
    "<p>Northwind Devices keeps your requests for as long as you are our customer, and "
    "uses your address to answer them. Nothing is passed on.</p>"
)
portal.consent_label = "I have read this and agree"
portal.idle_minutes = 20
portal.save_revision().publish()
"""

SHOTS = [
    Shot("inbox", "/admin/helpdesk/inbox/", AGENT),
    Shot(
        "ticket",
        "/admin/helpdesk/inbox/?view=all&q=Hub+at+Lisbon",
        AGENT,
        follow("a.hdw-row__link"),
    ),
    Shot("knowledge-base", "/help/"),
    Shot("article", "/help/getting-started/set-up-your-hub/"),
    Shot("contact", "/contact/"),
    Shot("portal", "/support/", CUSTOMER),
    Shot("request", "/support/", CUSTOMER, follow("main a[href*='/r/']")),
    Shot(
        "article-editor",
        "/admin/pages/search/?q=Set+up+your+Northwind+Hub",
        EDITOR,
        TO_EDITOR,
    ),
    Shot("portal-settings", TO_PORTAL_EDITOR, ADMIN, in_turn(TO_EDITOR, tab("Portal"))),
    Shot(
        "form-editor",
        "/admin/helpdesk/forms/",
        ADMIN,
        follow("main a[href*='/helpdesk/forms/edit/']"),
    ),
    Shot("access-groups", "/admin/helpdesk/access-groups/", ADMIN, height=420),
    Shot(
        "access-group",
        "/admin/helpdesk/access-groups/",
        ADMIN,
        follow("main tbody a:text-is('Partners')"),
        height=1000,
    ),
    Shot(
        "access-rule",
        "/admin/helpdesk/access-groups/",
        ADMIN,
        in_turn(
            follow("main tbody a:text-is('Acme staff')"),
            follow("main a:text-is('Edit')"),
            press("Preview the rule"),
            bring_up("main label:text-is('Members match')"),
        ),
        height=1440,
    ),
    Shot(
        "registration-mail",
        "/admin/helpdesk/access-groups/",
        ADMIN,
        in_turn(
            follow("main tbody a:text-is('Partners')"),
            follow("main a:text-is('Registration mail')"),
        ),
        height=640,
    ),
    Shot(
        "who-can-see",
        "/admin/pages/search/?q=Partner+guides",
        ADMIN,
        in_turn(TO_EDITOR, status_panel),
        height=760,
    ),
    Shot(
        "privacy-dialog",
        "/admin/pages/search/?q=Partner+guides",
        ADMIN,
        in_turn(TO_EDITOR, privacy_dialog),
        height=640,
    ),
    Shot(
        "portal-entry",
        TO_PORTAL_EDITOR,
        ADMIN,
        in_turn(
            TO_EDITOR,
            tab("Portal"),
            bring_up("section:has(#id_entry)"),
        ),
        height=760,
    ),
    Shot(
        "sign-out-when-idle",
        TO_PORTAL_EDITOR,
        ADMIN,
        in_turn(TO_EDITOR, tab("Portal"), bring_up("section:has(#id_idle_minutes)")),
        height=480,
    ),
    Shot(
        "create-system-pages",
        TO_PORTAL_EDITOR,
        ADMIN,
        in_turn(TO_EDITOR, header_menu),
        height=560,
    ),
    Shot("sign-in-page", "/support/sign-in/?next=/support/", height=760),
    Shot("where-signed-in", "/accounts/sessions/", CUSTOMER, height=620),
    Shot(
        "identity-provider",
        "/admin/helpdesk/identity-providers/",
        ADMIN,
        follow("main tbody a[href*='/edit/']"),
        height=1000,
    ),
    Shot(
        "second-factor",
        "/accounts/2fa/totp/activate/",
        AGENT,
        confirm_password,
        height=1000,
    ),
    Shot(
        "contact-page",
        "/admin/helpdesk/contacts/?q=Ana",
        ADMIN,
        follow("main tbody a[href*='/contacts/']"),
        height=640,
    ),
    Shot(
        "view-as",
        "/admin/helpdesk/contacts/?q=Ana",
        ADMIN,
        in_turn(follow("main tbody a[href*='/contacts/']"), look_as),
        height=480,
    ),
    # From here on the demo is changed.
    Shot(
        "privacy-differences",
        "/admin/helpdesk/reports/privacy/",
        ADMIN,
        height=420,
        prepare=DIFFERENCE,
    ),
    Shot("consent-page", "/support/", CUSTOMER, height=640, prepare=CONSENT),
    Shot(
        "consent-settings",
        TO_PORTAL_EDITOR,
        ADMIN,
        in_turn(TO_EDITOR, bring_up("section:has([name=consent_label])")),
        height=520,
    ),
    Shot("consent-withdrawal", "/support/", CUSTOMER, agree, height=800),
]
