"""A new request in a browser: suggestions, the same asked twice, for a colleague."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect
from wagtail.models import Locale

from tests.factories import (
    CustomerFactory,
    InboxFactory,
    OrganizationFactory,
    SupportFormFactory,
)
from tests.knowledge_base.factories import ArticleFactory, CategoryFactory, HomeFactory
from tests.portal.build import connect, make_portal, make_ticket
from wagtail_helpdesk.models import Contact, Deflection, Membership, Ticket
from wagtail_helpdesk.portal.models import PortalNavigationLink


@pytest.fixture(autouse=True)
def portal() -> Any:
    """``/support/`` in English and Arabic, with articles in English."""
    page = make_portal(inbox=InboxFactory(), may_close=True)
    category = CategoryFactory(parent=HomeFactory(), title="Hubs")
    ArticleFactory(parent=category, title="When the hub is offline", body=[])
    ArticleFactory(parent=category, title=f"Hub {'x' * 80}", body=[])
    arabic = Locale.objects.create(language_code="ar")
    page.get_parent().copy_for_translation(arabic).save_revision().publish()
    page.copy_for_translation(arabic).save_revision().publish()
    return page


@pytest.fixture
def ana() -> Contact:
    """A customer who manages an organization with one more member."""
    ana = CustomerFactory(name="Ana García")
    acme = OrganizationFactory(name="Acme")
    Membership.objects.create(contact=ana, organization=acme, role="manager")
    CustomerFactory(name="Ben", organization=acme)
    return ana


def test_articles_appear_while_typing_and_the_focus_stays(
    ana, open_page, assert_accessible, assert_fits
):
    """UX3, UX35."""
    page = open_page(user=ana.user, width=320)
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if "/suggest/" in r.url else None)
    page.goto("/support/new/")
    subject = page.get_by_label("Subject")
    subject.press_sequentially("hub offline", delay=30)
    link = page.get_by_role("link", name="When the hub is offline")
    expect(link).to_be_visible()
    expect(subject).to_be_focused()
    expect(page.locator("hd-suggest [role=status]")).to_contain_text("may answer it")
    assert len(asked) <= 3
    assert_accessible(page)
    assert_fits(page)
    with page.expect_popup() as opened:
        link.click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text(
        "When the hub is offline"
    )
    expect(subject).to_have_value("hub offline")
    assert Deflection.objects.filter(kind="opened").count() == 1
    subject.fill("")
    expect(link).to_have_count(0)


@pytest.mark.parametrize("javascript", [True, False])
def test_the_same_asked_twice_is_sent_for_a_colleague_and_solved(
    ana, open_page, javascript
):
    """UX21, UX51."""
    before = make_ticket(ana, "hello", subject="The hub is offline")
    page = open_page(user=ana.user, javascript=javascript)
    page.goto("/support/new/")
    page.get_by_label("Subject").fill("Hub is offline, the")
    page.get_by_label("Description").fill("Since Monday.")
    page.get_by_role("button", name="Send").click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("You asked something similar today:")
    expect(alert).to_contain_text(before.reference)
    expect(page.get_by_label("Description")).to_have_value("Since Monday.")
    page.get_by_role("button", name="Send it anyway").click()
    expect(page.get_by_role("heading", name="While you wait")).to_be_visible()
    ticket = Ticket.objects.exclude(pk=before.pk).get()
    page.get_by_role("button", name="This solved it").click()
    expect(page.get_by_text(f"{ticket.reference} is closed, since")).to_be_visible()
    page.goto("/support/new/")
    page.get_by_label("For whom").select_option(index=1)
    page.get_by_label("Subject").fill("A lamp")
    page.get_by_label("Description").fill("It flickers.")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("We have it")
    assert Ticket.objects.get(subject="A lamp").contact.name == "Ben"


@pytest.mark.parametrize(
    ("language", "dark"), [("en", True), ("ar", False)], ids=["dark", "Arabic"]
)
def test_its_states_pass_axe_and_fit(
    ana, open_page, assert_accessible, assert_fits, language, dark
):
    """UX1, UX3, UX14."""
    make_ticket(ana, "hello", subject="The hub is offline")
    page = open_page(user=ana.user, width=320, dark=dark)
    page.goto("/support/new/" if language == "en" else "/ar/support/new/")
    page.locator("#id_subject").fill("The hub is offline")
    page.locator("#id_body").fill("Since Monday.")
    page.locator("form.hd-form button[type=submit]").first.click()
    expect(page.locator(".hd-similar")).to_be_focused()
    assert_accessible(page)
    assert_fits(page)
    page.locator("[name=send_anyway]").click()
    expect(page.locator("h1")).to_contain_text("HD-")
    assert_accessible(page)
    assert_fits(page)


def test_the_choice_among_forms_works_without_javascript(
    portal, ana, open_page, assert_accessible, assert_fits
):
    """B24, B34, F8: also with long words on a narrow screen."""
    connect(
        portal,
        {
            "form": SupportFormFactory(key="repair"),
            "menu_text": "Something is broken",
            "description": "Routers, hubs and sensors that do not do what they should.",
        },
        {"form": SupportFormFactory(key="order"), "menu_text": f"Order {'x' * 50}"},
    )
    portal.navigation_links.add(
        PortalNavigationLink(link_url="/help/", link_text="Questions & answers")
    )
    portal.save()
    narrow = open_page(user=ana.user, width=320)
    narrow.goto("/support/new/?form=none")
    assert_accessible(narrow)
    assert_fits(narrow)
    narrow.goto("/support/new/?form=order")
    assert_fits(narrow)
    page = open_page(user=ana.user, javascript=False)
    page.goto("/support/new/?subject=Hub")
    expect(page.get_by_role("link", name="Questions & answers")).to_be_visible()
    choice = page.get_by_role("link", name="Something is broken")
    box = choice.bounding_box()
    assert box is not None and box["height"] >= 24  # UX8
    choice.click()
    expect(page.get_by_label("Subject")).to_have_value("Hub")
    expect(page.get_by_role("heading", level=1)).to_have_text("Something is broken")
