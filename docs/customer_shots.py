"""Pictures of the portal as customers meet it."""

from acts import CUSTOMER, Act, Shot, bring_up, follow, go_to, in_turn, press
from playwright.sync_api import Page

_TO_REQUEST = follow("main a[href*='/r/']")


def _see_suggestions(page: Page) -> None:
    """Type a subject, and wait for the articles that may answer it."""
    page.fill("input[name$=subject]", "Router lights")
    page.locator("hd-suggest li").first.wait_for()


def _add_somebody(page: Page) -> None:
    """Add a person to the request whose page of people is open."""
    page.locator("main input[type=email]").fill("rui.matos@example.org")
    press("Add")(page)


def _ask_as_guest(page: Page) -> None:
    """Send the contact form without an account, and follow the link of the receipt."""
    form = page.locator("main form").first
    form.locator("input[name$=name]").first.fill("Marta Silva")
    form.locator("input[type=email]").fill("marta@example.org")
    form.locator("input[name$=subject]").fill("Sensor in the cold room is silent")
    form.locator("textarea").first.fill(
        "Since this morning it shows no value. I have changed the battery already."
    )
    for box in form.locator("input[type=checkbox]").all():
        box.check()
    page.wait_for_timeout(5000)  # Whoever is quicker is asked to send it again.
    form.locator("button[type=submit]").last.click()
    _until_sent(page)
    for _second in range(30):
        page.goto("/demo/mail/")
        mail = page.locator("tr:has-text('marta@example.org') a")
        if mail.count():
            break
        page.wait_for_timeout(1000)
    mail.first.click()
    follow("main a[href*='/g/']")(page)


def _warn_of_the_end(page: Page) -> None:
    """Show what customers see two minutes before they are signed out."""
    page.route("**/session/**", lambda route: route.fulfill(json={"seconds": 94}))
    page.locator("hd-session").evaluate("one => one.last(94)")
    page.locator("dialog[open]").wait_for()


def _ask(subject: str, text: str) -> Act:
    """Send something new."""

    def send(page: Page) -> None:
        # By their places: in Arabic they are called otherwise.
        form = page.locator("form:has(input[name$=subject])")
        form.locator("input[name$=subject]").fill(subject)
        form.locator("textarea").first.fill(text)
        for box in form.locator("input[type=checkbox]").all():
            box.check()
        page.wait_for_timeout(5000)  # Whoever is quicker is asked to send it again.
        form.locator("button[type=submit]").first.click()
        page.locator(".hd-sending").wait_for(state="detached")
        page.wait_for_load_state("networkidle")

    return send


def _until_sent(page: Page) -> None:
    """Wait for the page that says so: the next address would end the sending."""
    page.locator(".hd-support-form__thanks").wait_for()


#: Customers add people, and managers see the requests of their organization.
TOGETHER = """
from wagtail_helpdesk.models import Organization
from wagtail_helpdesk.portal.models import PortalHomePage
Organization.objects.filter(name="Acme Cold Chain").update(sharing="organization")
portal = PortalHomePage.objects.get(slug="support", locale__language_code="en")
portal.may_add_people = "anyone"
portal.sharing = "managers"
portal.save_revision().publish()
"""
IDLE = """
from wagtail_helpdesk.portal.models import PortalHomePage
portal = PortalHomePage.objects.get(slug="support", locale__language_code="en")
portal.idle_minutes = 20
portal.save_revision().publish()
"""
#: The portal in Arabic, and a request in that language.
ARABIC = """
from wagtail.models import Locale
from wagtail_helpdesk.portal.models import PortalHomePage
arabic, _made = Locale.objects.get_or_create(language_code="ar")
portal = PortalHomePage.objects.get(slug="support", locale__language_code="en")
home = portal.get_parent().specific.copy_for_translation(arabic)
home.save_revision().publish()
page = portal.copy_for_translation(arabic)
page.title = "بوابة العملاء"
page.intro = "<p>هنا ترى ما سألتنا عنه، وإجاباتنا، وحالة كل طلب.</p>"
page.show_stages = False
page.may_close = True
page.save_revision().publish()
"""
COMPANY = """
from wagtail_helpdesk.models import IdentityProvider
IdentityProvider.objects.update(is_active=True)
"""

CUSTOMER_SHOTS = [
    Shot(
        "my-requests-small",
        "/support/",
        CUSTOMER,
        bring_up(".hd-list-line"),
        width=320,
        height=760,
    ),
    Shot(
        "my-requests-filtered",
        "/support/?q=hub&status=open",
        CUSTOMER,
        height=820,
        prepare=TOGETHER,
    ),
    Shot("new-request", "/support/new/", CUSTOMER, _see_suggestions, height=860),
    Shot(
        "asked-before",
        "/support/new/",
        CUSTOMER,
        _ask("Hub at Lisbon goes offline every night", "It happened again."),
        height=720,
    ),
    Shot(
        "request-sent",
        "/support/new/",
        CUSTOMER,
        _ask("Router lights", "Two of them stay amber since yesterday."),
        height=720,
    ),
    Shot(
        "request-closed",
        "/support/?q=Measurements&status=open",
        CUSTOMER,
        in_turn(_TO_REQUEST, press("Close this request"), bring_up("#reply")),
        height=640,
    ),
    Shot(
        "request-people",
        "/support/?q=Hub+at+Lisbon",
        CUSTOMER,
        in_turn(_TO_REQUEST, follow("main a[href$='/people/']"), _add_somebody),
        height=860,
    ),
    Shot("account", "/support/account/", CUSTOMER, height=1120),
    Shot(
        "account-data",
        "/support/account/",
        CUSTOMER,
        bring_up("section:has(#data)"),
        height=560,
    ),
    Shot("guest-request", "/contact/", act=_ask_as_guest, height=1100),
    Shot("guest-link-ended", "/", act=go_to("/support/g/ended/"), height=560),
    Shot("session-end", "/support/", CUSTOMER, _warn_of_the_end, prepare=IDLE),
    Shot(
        "sign-in-company",
        "/support/sign-in/?next=/support/",
        height=900,
        prepare=COMPANY,
    ),
    Shot(
        "my-requests-arabic",
        "/ar/support/new/",
        CUSTOMER,
        in_turn(
            _ask("جهاز التوجيه لا يعمل بعد التحديث", "منذ الأمس يبقى الضوء برتقاليًا."),
            _until_sent,
            go_to("/ar/support/"),
        ),
        prepare=ARABIC,
    ),
]
