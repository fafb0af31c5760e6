"""An editor reads who can see a page, in the status panel of Wagtail's editor."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from playwright.sync_api import Page, expect
from wagtail.users.models import UserProfile

from tests.factories import UserFactory
from tests.knowledge_base.factories import (
    ArticleFactory,
    CategoryFactory,
    HomeFactory,
    restrict,
)

PANEL = "section[aria-labelledby=hdw-who-can-see]"
CHANGED = "You have changed the privacy."


@pytest.fixture
def category(db):
    return CategoryFactory(parent=HomeFactory(), title="Manuals")


@pytest.fixture
def article(category):
    return ArticleFactory(parent=category, title="Prices")


@pytest.fixture
def editor(db):
    return UserFactory(is_superuser=True)


def open_status(page: Page, article: ArticleFactory) -> None:
    page.goto(reverse("wagtailadmin_pages:edit", args=[article.pk]))
    panel = page.locator(PANEL)
    if not panel.is_visible():
        page.locator("[data-side-panel-toggle=status]").click()
    expect(panel).to_be_visible()


def test_changing_the_privacy_says_that_the_panel_is_out_of_date(
    open_page, editor, article
):
    page = open_page(user=editor)
    open_status(page, article)
    panel = page.locator(PANEL)
    expect(panel).to_contain_text("Everyone can see this page.")
    expect(panel.get_by_text(CHANGED)).to_be_hidden()
    page.get_by_role("button", name="Change privacy").click()
    page.get_by_label("Private, accessible to any logged-in users").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(panel.get_by_text(CHANGED)).to_be_visible()
    expect(panel.get_by_text("Everyone can see this page.")).to_be_hidden()
    page.reload()
    expect(page.locator(PANEL)).to_contain_text("Only people who are signed in")


@pytest.mark.parametrize(("dark", "language"), [(False, "en"), (True, "ar")])
def test_it_is_accessible_in_the_dark_and_from_right_to_left(
    open_page, editor, category, article, assert_accessible, dark, language
):
    UserProfile.objects.create(user=editor, preferred_language=language)
    restrict(category, Group.objects.create(name="Partners"))
    page = open_page(user=editor, dark=dark)
    open_status(page, article)
    expect(page.locator(PANEL).get_by_role("link", name="Manuals")).to_be_visible()
    assert_accessible(page, within=PANEL)
