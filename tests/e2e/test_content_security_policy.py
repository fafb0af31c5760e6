"""Every front page under the strictest policy a site may send (UX23, UX24, N19)."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Route
from wagtail.models import PageViewRestriction

from tests.permissions.world import World, make_world

POLICY = "default-src 'self'; img-src 'self' data:; base-uri 'none'"


@pytest.fixture
def world() -> World:
    return make_world()


def send_policy(page: Page) -> None:
    """Answer every request of this page with the policy, as a proxy would."""

    def with_policy(route: Route) -> None:
        response = route.fetch()
        headers = {**response.headers, "content-security-policy": POLICY}
        route.fulfill(response=response, headers=headers)

    page.context.route("**/*", with_policy)


def test_no_front_page_breaks_a_strict_policy(world, open_page):
    """What breaks it is written to the console, and that fails the test."""
    visitor = open_page()
    customer = open_page(user=world.users["ana"])
    ticket = f"/support/r/{world.acme.ticket.public_id}/"
    for page, paths in (
        (
            visitor,
            ["/help/", "/help/setup/", world.article.get_url()]
            + ["/help/search/?q=install", "/contact/"]
            + ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"],
        ),
        (
            customer,
            ["/support/", ticket, "/support/new/", "/support/r/missing/"]
            + ["/support/account/", "/support/account/deletion/"],
        ),
    ):
        send_policy(page)
        for path in paths:
            response = page.goto(path)
            assert response is not None
            assert response.headers["content-security-policy"] == POLICY
            page.get_by_role("main").wait_for()
        page.context.unroute_all(behavior="ignoreErrors")


def test_the_policy_is_really_enforced(world, browser, base_url):
    """Without this the test above could pass because nothing is ever refused."""
    context = browser.new_context(base_url=base_url)
    page = context.new_page()
    send_policy(page)
    page.goto("/help/")
    refused = page.evaluate(
        """() => new Promise(resolve => {
            document.addEventListener("securitypolicyviolation", () => resolve(true));
            const script = document.createElement("script");
            script.src = "data:text/javascript,0";
            script.onload = () => resolve(false);
            document.head.append(script);
        })"""
    )
    context.unroute_all(behavior="ignoreErrors")
    context.close()
    assert refused


def test_the_policy_that_we_send_breaks_nothing(world, open_page, settings):
    """With the site's own base template, and what editors see on the page."""
    settings.WAGTAIL_HELPDESK = {
        **settings.WAGTAIL_HELPDESK,
        "BASE_TEMPLATE": "base.html",
    }
    ticket = f"/support/r/{world.acme.ticket.public_id}/"
    for role, paths in (
        (None, ["/help/", world.article.get_url(), "/accounts/login/"]),
        ("ana", ["/support/", ticket, "/support/new/"]),
        ("editor", ["/help/"]),
    ):
        page = open_page(user=world.users[role] if role else None)
        for path in paths:
            response = page.goto(path)
            assert response is not None
            assert "default-src 'self'" in response.headers["content-security-policy"]
            page.get_by_role("main").wait_for()


@pytest.mark.parametrize("look", [{}, {"dark": True}, {"language": "ar"}])
def test_too_many_attempts_is_a_page_for_everybody(
    world, open_page, assert_accessible, assert_fits, settings, look
):
    settings.WAGTAIL_HELPDESK = {
        **settings.WAGTAIL_HELPDESK,
        "SHARED_PASSWORD_RATE_LIMIT": "1/h",
    }
    restriction = world.rows[PageViewRestriction]
    door = reverse(
        "wagtailcore_authenticate_with_password",
        args=[restriction.pk, restriction.page_id],
    )
    if "language" in look:
        door = f"/{look['language']}{door}"
    page = open_page(width=320, **look)
    for _ in range(2):
        page.goto(door)
        page.locator("[name=password]").fill("wrong")
        page.locator("[type=submit]").click()
    page.get_by_role("alert").wait_for()
    assert page.locator("h1").count() == 1
    assert_fits(page)
    assert_accessible(page)
