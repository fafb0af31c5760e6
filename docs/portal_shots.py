"""Pictures of what editors set up of a portal, and of pages and blocks beside it."""

from acts import (
    ADMIN,
    AGENT,
    TO_EDITOR,
    TO_PORTAL_EDITOR,
    Act,
    Shot,
    bring_up,
    follow,
    in_turn,
    tab,
    wait_for,
)
from playwright.sync_api import Page

_PORTALS = "/admin/helpdesk/setup/portals/"


def _part(field: str) -> Act:
    """Bring up a part of the tab Portal."""
    return in_turn(TO_EDITOR, tab("Portal"), bring_up(f"section:has(#id_{field})"))


def _from_editor(old: str, new: str) -> Act:
    """Go to where the address of the first page's editor leads when it is changed."""

    def act(page: Page) -> None:
        link = page.locator("main a[href$='/edit/']").first
        address = link.evaluate("link => link.href")
        address = address.replace(old, new).removesuffix("edit/")
        page.goto(address, wait_until="networkidle")

    return act


def _contrast(page: Page) -> None:
    """Unfold what was reckoned of the colours."""
    page.get_by_text("Contrast of the saved colours").first.click()


#: A portal that somebody has begun to set up.
BEGUN = """
from django.contrib.auth import get_user_model
from wagtail.models import Site
from wagtail_helpdesk.models import Inbox
from wagtail_helpdesk.portal.setup.connecting import ConnectInbox
from wagtail_helpdesk.portal.setup.creating import CreatePortal
user = get_user_model().objects.get(username="admin@example.com")
root = Site.objects.get(is_default_site=True).root_page.specific
page = CreatePortal(
    parent=root, title="Partner portal", slug="partners", user=user
).execute()
ConnectInbox(page=page, user=user, inbox=Inbox.objects.get(name="Support")).execute()
"""
#: A draft with columns and a filter; the portal itself stays as it is.
DRAFT = """
from wagtail_helpdesk.portal.filter_field import FiltersFormField
from wagtail_helpdesk.portal.models import PortalHomePage
portal = PortalHomePage.objects.get(slug="support", locale__language_code="en")
row = {"property": "pipeline", "operator": "is", "values": "Support"}
portal.visibility_filters = FiltersFormField().clean([row])
columns = ("property:product", "owner", "activity", "status")
portal.list_columns = [("column", key) for key in columns]
portal.save_revision()
"""

PORTAL_SHOTS = [
    Shot(
        "portal-switch",
        _PORTALS,
        ADMIN,
        in_turn(
            follow("main tbody a:has-text('Customer portal')"),
            follow("main a[href$='/switch/']"),
        ),
        height=320,
    ),
    Shot("who-sees-what", TO_PORTAL_EDITOR, ADMIN, _part("sharing"), height=480),
    Shot("portal-people", TO_PORTAL_EDITOR, ADMIN, _part("may_add_people"), height=320),
    Shot(
        "portal-closing", TO_PORTAL_EDITOR, ADMIN, _part("reply_on_closed"), height=720
    ),
    Shot("portal-shown", TO_PORTAL_EDITOR, ADMIN, _part("thread_policy"), height=620),
    Shot("portal-guests", TO_PORTAL_EDITOR, ADMIN, _part("guest_days"), height=380),
    Shot(
        "appearance",
        "/admin/helpdesk/appearance/",
        ADMIN,
        in_turn(follow("main tbody a[href*='/edit/']"), wait_for("#id_brand, form")),
        height=820,
    ),
    Shot(
        "appearance-contrast",
        "/admin/helpdesk/appearance/",
        ADMIN,
        in_turn(follow("main tbody a[href*='/edit/']"), _contrast),
        height=720,
    ),
    Shot(
        "business-hours",
        "/admin/helpdesk/business-hours/",
        ADMIN,
        follow("main tbody a[href*='/edit/']"),
        height=1240,
    ),
    Shot(
        "first-answer",
        "/admin/helpdesk/inboxes/",
        ADMIN,
        in_turn(
            follow("main tbody a:has-text('Support')"),
            bring_up("label[for=id_calendar]"),
        ),
        height=480,
    ),
    Shot(
        "opening-hours-block",
        "/admin/pages/search/?q=Contact+us",
        ADMIN,
        in_turn(TO_EDITOR, bring_up("section:has([data-streamfield-child])")),
        height=1040,
    ),
    Shot(
        "opening-hours",
        "/contact/",
        act=bring_up(".hd-embed:has(td)"),
        height=860,
    ),
    Shot(
        "organization",
        "/admin/helpdesk/organizations/",
        ADMIN,
        follow("main tbody a:text-is('Acme Cold Chain')"),
        height=560,
    ),
    Shot(
        "organization-manager",
        "/admin/helpdesk/organizations/",
        ADMIN,
        in_turn(
            follow("main tbody a:text-is('Acme Cold Chain')"),
            follow("main a[href*='/members/'], main a:has-text('Change')"),
        ),
        height=400,
    ),
    Shot(
        "access-group-import",
        "/admin/helpdesk/access-groups/",
        ADMIN,
        in_turn(
            follow("main tbody a:text-is('Partners')"),
            follow("main a:text-is('Import members')"),
        ),
        height=480,
    ),
    Shot(
        "help-contact",
        "/admin/pages/search/?q=Help+centre",
        ADMIN,
        in_turn(TO_EDITOR, bring_up("section:has(#id_contact_page)")),
        height=620,
    ),
    Shot(
        "sort-articles",
        "/admin/pages/search/?q=Getting+started",
        ADMIN,
        _from_editor("/edit/", "/?ordering=ord"),
        height=560,
    ),
    Shot(
        "translate-page",
        "/admin/pages/search/?q=Mount+an+NW-R500",
        ADMIN,
        _from_editor("pages/", "localize/submit/page/"),
        height=560,
    ),
    Shot(
        "contact-sees",
        "/admin/helpdesk/contacts/?q=Ana",
        ADMIN,
        in_turn(
            follow("main tbody a[href*='/contacts/']"),
            follow("main a:has-text('Why is something shown')"),
        ),
        height=800,
    ),
    Shot(
        "reply-box",
        "/admin/helpdesk/inbox/?view=all&q=Hub+at+Lisbon",
        AGENT,
        in_turn(follow("a.hdw-row__link"), bring_up("form:has(textarea)")),
        height=560,
    ),
    # From here on the demo is changed.
    Shot(
        "portal-setup",
        _PORTALS,
        ADMIN,
        follow("main tbody a:has-text('Partner portal')"),
        height=500,
        prepare=BEGUN,
    ),
    Shot(
        "portal-setup-step",
        _PORTALS,
        ADMIN,
        in_turn(
            follow("main tbody a:has-text('Partner portal')"),
            follow("main a[href$='/rules/']"),
        ),
        height=545,
    ),
    Shot(
        "visibility-filters",
        TO_PORTAL_EDITOR,
        ADMIN,
        _part("visibility_filters"),
        height=560,
        prepare=DRAFT,
    ),
    Shot(
        "visibility-preview",
        TO_PORTAL_EDITOR,
        ADMIN,
        in_turn(
            _part("visibility_filters"),
            follow("a:text-is('See what the saved draft would change')"),
        ),
        height=560,
    ),
    Shot(
        "portal-columns",
        TO_PORTAL_EDITOR,
        ADMIN,
        in_turn(
            TO_EDITOR,
            tab("Portal"),
            bring_up("section:has-text('Columns of the list')"),
        ),
        height=760,
    ),
]
