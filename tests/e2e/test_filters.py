"""An editor filters what a portal shows, and reads what that changes (B18, N14)."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from wagtail.users.models import UserProfile

from tests.factories import CustomerFactory, InboxFactory, UserFactory
from tests.portal.build import make_portal, make_ticket


@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (320, "ar")])
def test_an_editor_writes_a_filter_and_sees_what_it_would_change(
    open_page, assert_accessible, assert_fits, width, language
):
    editor = UserFactory(is_superuser=True)
    UserProfile.objects.create(user=editor, preferred_language=language)
    inbox = InboxFactory(name="Support")
    portal = make_portal(inbox=inbox)
    InboxFactory(name="Sales")
    make_ticket(CustomerFactory(), inbox=inbox)
    page = open_page(user=editor, width=width)
    page.goto(f"{reverse('wagtailadmin_pages:edit', args=[portal.pk])}#tab-portal")
    row = "[name=visibility_filters-0-{}]"
    page.locator(row.format("property")).select_option("inbox")
    page.locator(row.format("values")).fill("Sales")
    assert_accessible(page, within="#id_visibility_filters")
    page.locator("button.action-save").first.click()
    expect(page.locator(row.format("values"))).to_have_value("Sales")

    page.goto(reverse("helpdesk_portal_filters", args=[portal.pk]))
    if language == "en":
        expect(page.get_by_text("1 ticket would vanish")).to_be_visible()
    assert_accessible(page, within="#main .nice-padding")
    assert_fits(page)
