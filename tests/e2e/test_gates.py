"""The checks every browser test leans on do catch what they are there for."""

import pytest
from playwright.sync_api import Page


def test_a_page_without_a_title_or_language_is_not_accessible(
    page: Page, assert_accessible
):
    page.set_content("<main><h1>Help</h1><img src='data:,'></main>")

    with pytest.raises(AssertionError, match="html-has-lang"):
        assert_accessible(page)


def test_a_page_that_is_in_order_passes(page: Page, assert_accessible):
    page.set_content(
        "<!doctype html><html lang='en'><title>Help</title><main><h1>Help</h1></main>"
    )

    assert_accessible(page)


def test_an_element_wider_than_a_phone_is_named(open_page, assert_fits):
    page = open_page(width=320)
    page.set_content("<p class='wide' style='width: 400px'>Wide</p>")

    with pytest.raises(AssertionError, match='class="wide"'):
        assert_fits(page)


def test_a_signed_in_page_belongs_to_its_user(open_page, admin_user):
    page = open_page(user=admin_user)

    page.goto("/admin/")

    assert page.title().startswith("Dashboard")


def test_the_site_still_has_its_pages_after_a_test_that_committed(page: Page):
    answer = page.goto("/")

    assert answer is not None
    assert answer.status == 200
