"""What ``make screenshots`` takes pictures of, one row of ``SHOTS`` for each.

The customers' and the portal's have files of their own. ``acts`` says what a row holds.
"""

from acts import (
    ADMIN,
    AGENT,
    CUSTOMER,
    EDITOR,
    TO_EDITOR,
    TO_PORTAL_EDITOR,
    Shot,
    agree,
    bring_up,
    confirm_password,
    follow,
    header_menu,
    in_turn,
    look_as,
    press,
    privacy_dialog,
    status_panel,
    tab,
)
from customer_shots import CUSTOMER_SHOTS
from portal_shots import PORTAL_SHOTS

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
portal = PortalHomePage.objects.get(slug="support", locale__language_code="en")
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
    *PORTAL_SHOTS,
    *CUSTOMER_SHOTS,
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
