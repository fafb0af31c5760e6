"""System pages in a browser: signing in on one, axe and 320 px (B56, UX1, UX3)."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from playwright.sync_api import expect
from wagtail.models import Locale, Site

from tests.factories import ChannelFactory, CustomerFactory, UserFactory
from tests.knowledge_base.factories import restrict, site_root
from tests.portal.build import make_portal
from wagtail_helpdesk.actions import CreateSystemPages
from wagtail_helpdesk.models.system_page_kinds import SystemPageKind as Kind
from wagtail_helpdesk.portal.models import SystemPage

LOOKS: list[tuple[str, dict]] = [
    ("", {}),
    ("", {"dark": True}),
    ("", {"width": 320}),
    ("/ar", {"language": "ar"}),
    ("/ar", {"language": "ar", "width": 320}),
]
SHOWN = (
    Kind.SIGN_IN,
    Kind.REGISTER,
    Kind.DENIED,
    Kind.RESET_REQUEST,
    Kind.RESET_DONE,
    Kind.CONSENT,
)
SHOTS = os.environ.get("HELPDESK_SHOTS", "")


@pytest.fixture
def portal(db):
    portal = make_portal(channel=ChannelFactory(type="portal"))
    ar, _made = Locale.objects.get_or_create(language_code="ar")
    for page in (site_root(), portal):
        page.copy_for_translation(ar).save_revision().publish()
    Site.clear_site_root_paths_cache()
    CreateSystemPages(parent=portal, page_type=SystemPage).execute()
    for page in SystemPage.objects.all():
        page.intro = "<p>Read this <b>first</b>: <a href='/'>how it works</a>.</p>"
        page.after_text = "<p>We are here from 9 to 5.</p>"
        page.save_revision().publish()
    return portal


@pytest.mark.parametrize(("prefix", "look"), LOOKS)
def test_system_pages_are_accessible_and_fit(
    portal, open_page, assert_accessible, assert_fits, prefix, look
):
    page = open_page(**look)
    # The others send on whoever is not half-way through.
    for kind in SHOWN:
        page.goto(f"{prefix}/support/{kind.replace('_', '-')}/")
        assert_accessible(page)
        assert_fits(page)
        if SHOTS and kind in {Kind.SIGN_IN, Kind.DENIED}:
            name = "-".join([kind, prefix.strip("/"), *map(str, look.values())])
            page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_a_customer_signs_in_after_a_mistake_and_comes_back(
    portal, open_page, assert_accessible, javascript
):
    """UX21: without JavaScript too; UX27: what was typed stays."""
    contact = CustomerFactory()
    contact.user.set_password("correct horse battery 9")
    contact.user.save()
    EmailAddress.objects.create(
        user=contact.user, email=contact.user.email, verified=True, primary=True
    )
    restrict(portal)
    page = open_page(javascript=javascript)
    page.goto("/support/new/")
    expect(page).to_have_url("/support/sign-in/?next=/support/new/")
    for password in ("wrong", "correct horse battery 9"):
        page.get_by_label("Email").fill(contact.user.email)
        page.get_by_label("Password").fill(password)
        page.get_by_role("main").get_by_role(
            "button", name="Sign in", exact=True
        ).click()
        if password == "wrong":
            expect(page).to_have_title(re.compile("^Error:"))
            expect(page.get_by_label("Email")).to_have_value(contact.user.email)
            if javascript:
                assert_accessible(page)
    expect(page).to_have_url("/support/new/")


def test_the_button_that_makes_them_is_accessible(
    portal, open_page, sign_in, assert_accessible
):
    page = open_page()
    sign_in(page, UserFactory(is_superuser=True))
    page.goto(f"/admin/helpdesk/portals/{portal.pk}/system-pages/")
    assert_accessible(page, within="main")
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / "admin.png")
