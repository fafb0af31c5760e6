"""Consent in a browser: asked for, given, seen, withdrawn (B57, B58)."""

from __future__ import annotations

import os
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from wagtail.models import Locale

from tests.factories import CustomerFactory, InboxFactory
from tests.portal.build import make_portal, make_ticket
from wagtail_helpdesk.models import Consent, Contact

TEXT = (
    "<p>To answer you we keep what you write. Read our "
    '<a href="https://example.com/terms">terms</a> and our '
    '<a href="https://example.com/privacy">privacy notice</a>.</p>'
    "<ul><li>You can withdraw at any time.</li></ul>"
)
LABEL = "I have read the terms and the privacy notice, and I agree"


@pytest.fixture(autouse=True)
def portal() -> Any:
    """``/support/`` that asks for consent, in English and Arabic."""
    page = make_portal(inbox=InboxFactory(), consent_text=TEXT, consent_label=LABEL)
    arabic = Locale.objects.create(language_code="ar")
    page.get_parent().copy_for_translation(arabic).save_revision().publish()
    other = page.copy_for_translation(arabic)
    other.consent_text = "<p>نحفظ ما تكتبه لكي نجيبك.</p>"
    other.consent_label = "أوافق"
    other.save_revision().publish()
    return page


@pytest.fixture
def ana() -> Contact:
    return CustomerFactory(name="Ana García")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_customer_agrees_sees_it_and_withdraws(ana, open_page, javascript):
    make_ticket(ana, "hello", subject="The hub is offline")
    page = open_page(user=ana.user, javascript=javascript)
    page.goto("/support/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your consent")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("Tick the box")
    page.get_by_label(LABEL).check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("link", name="The hub is offline")).to_be_visible()

    page.locator(".hd-menu__who").click()
    page.get_by_role("link", name="Privacy and consent").click()
    expect(page.get_by_text("You can withdraw at any time.")).to_be_visible()
    page.get_by_text("Withdraw this consent…").click()
    page.get_by_role("button", name="Withdraw consent").click()

    expect(page.get_by_text("You have withdrawn your consent.").first).to_be_visible()
    assert Consent.objects.get().withdrawn_at is not None
    page.goto("/support/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your consent")


def shoot(page: Page, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.mark.parametrize(
    ("prefix", "look"),
    [
        ("", {}),
        ("", {"dark": True}),
        ("", {"width": 320}),
        ("/ar", {"language": "ar"}),
        ("/ar", {"language": "ar", "width": 320, "dark": True}),
    ],
    ids=["light", "dark", "narrow", "rtl", "rtl-narrow-dark"],
)
def test_every_page_about_consent_is_accessible(
    ana, open_page, assert_accessible, assert_fits, prefix, look, request
):
    name = request.node.callspec.id
    page = open_page(user=ana.user, **look)
    page.goto(f"{prefix}/support/")
    for state in ("asked", "refused", "agreed", "withdrawn"):
        if state == "refused":
            page.locator("form[action$='consent/'] button").click()
        if state == "agreed":
            page.locator("[name=consent]").check()
            page.locator("form[action$='consent/'] button").click()
            page.goto(f"{prefix}/support/privacy/")
            page.locator(".hd-consents__withdraw summary").click()
        if state == "withdrawn":
            page.locator("form[action$='privacy/'] button").click()
        assert_accessible(page)
        assert_fits(page)
        shoot(page, f"{name}-{state}")


@pytest.mark.parametrize("look", [{}, {"dark": True, "width": 320}])
def test_the_registration_page_with_its_consent_is_accessible(
    open_page, assert_accessible, assert_fits, look
):
    page = open_page(**look)
    page.goto("/accounts/signup/")
    assert_accessible(page)
    assert_fits(page)
    shoot(page, f"signup-{len(look)}")
    page.get_by_label("Email").fill("zoe@globex.example")
    page.get_by_label("Password").fill("correct horse battery 9")
    page.get_by_role("button", name="Sign Up").click()
    expect(page.get_by_role("alert")).to_contain_text("Tick the box")
    assert_accessible(page)
    page.get_by_label(LABEL).check()
