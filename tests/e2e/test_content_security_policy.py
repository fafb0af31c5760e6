"""Every front page under the strictest policy a site may send (UX23, UX24, N19)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route

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
        (customer, ["/support/", ticket, "/support/new/", "/support/r/missing/"]),
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
