"""A real browser on the example site.

Every test below this folder is marked ``e2e`` and runs on a live server with a database
that is really written (see ``tests/conftest.py``). The browser is Debian's Chromium,
never one that Playwright downloads.

Fixtures for a test:

* ``page``: pytest-playwright's page, at 1280x800, in light colours, with JavaScript.
* ``open_page(...)``: another page: ``javascript=False``, ``dark=True``, ``width=320``,
  ``language="ar"``, ``forced_colors=True``, signed in as ``user``.
* ``sign_in(page, user)``: gives a page a session without the sign-in form.
* ``assert_accessible(page)``: runs axe and shows what it finds.
* ``assert_fits(page)``: no horizontal scrolling at the present width.
* Every page fails its test on a script error, a breach of the content security policy,
  an answer of 500 or more, or a request to another host.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any, Protocol
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Response

from tests.conftest import in_ci

# The synchronous Playwright API keeps an event loop in this thread, and Django would
# refuse to use the database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

INSTALL_CHROMIUM = (
    "No Chromium found. apt-get update && apt-get install -y --no-install-recommends "
    "chromium fonts-liberation (or set E2E_CHROMIUM to its path)"
)
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",  # a container's root user has no other choice
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text()
WCAG_AND_BEST_PRACTICE = [
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22aa",
    "best-practice",
]


class OpenPage(Protocol):
    def __call__(
        self,
        *,
        user: AbstractBaseUser | None = None,
        javascript: bool = True,
        dark: bool = False,
        forced_colors: bool = False,
        width: int = 1280,
        height: int = 800,
        language: str = "en-GB",
    ) -> Page: ...


def find_chromium() -> str | None:
    """The path of the browser to drive."""
    named = os.environ.get("E2E_CHROMIUM")
    names = [named] if named else ["chromium", "chromium-browser", "google-chrome"]
    return next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    chromium = find_chromium()
    if chromium is None:
        if in_ci():
            pytest.fail(INSTALL_CHROMIUM, pytrace=False)
        pytest.skip(INSTALL_CHROMIUM)
    return {
        **browser_type_launch_args,
        "executable_path": chromium,
        "args": CHROMIUM_ARGUMENTS,
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    return {
        **browser_context_args,
        "viewport": {"width": 1280, "height": 800},
        "locale": "en-GB",
        "timezone_id": "Europe/Madrid",
        "reduced_motion": "reduce",
    }


@pytest.fixture(scope="session")
def base_url(live_server: Any) -> str:
    """Lets tests write ``page.goto("/support/")``."""
    return live_server.url


@pytest.fixture
def context(context: BrowserContext, watch: Callable) -> BrowserContext:
    watch(context)
    return context


@pytest.fixture
def watch(live_server: Any) -> Iterator[Callable[[BrowserContext], None]]:
    """Collects what must not happen on any page, and fails the test with it."""
    found: list[str] = []
    home = urlsplit(live_server.url).netloc

    def on_response(response: Response) -> None:
        if response.status >= 500:
            found.append(f"{response.status} {response.request.method} {response.url}")

    def on_console(message: Any) -> None:
        if "Content Security Policy" in message.text:
            found.append(message.text)

    def on_request(request: Any) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https"} and address.netloc != home:
            found.append(f"request to another host: {request.url}")

    def start(context: BrowserContext) -> None:
        context.on("weberror", lambda error: found.append(f"script: {error.error}"))
        context.on("response", on_response)
        context.on("console", on_console)
        context.on("request", on_request)

    yield start
    assert not found, "\n".join(found)


@pytest.fixture
def sign_in(live_server: Any) -> Callable[[Page, AbstractBaseUser], None]:
    def start_session(page: Page, user: AbstractBaseUser) -> None:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "url": live_server.url}]
        )

    return start_session


@pytest.fixture
def open_page(
    browser: Browser,
    browser_context_args: dict,
    base_url: str,
    watch: Callable,
    sign_in: Callable[[Page, AbstractBaseUser], None],
) -> Iterator[OpenPage]:
    """Pages of other visitors, closed when the test ends."""
    contexts: list[BrowserContext] = []

    def make(
        *,
        user: AbstractBaseUser | None = None,
        javascript: bool = True,
        dark: bool = False,
        forced_colors: bool = False,
        width: int = 1280,
        height: int = 800,
        language: str = "en-GB",
    ) -> Page:
        context = browser.new_context(
            **{
                **browser_context_args,
                "base_url": base_url,
                "java_script_enabled": javascript,
                "color_scheme": "dark" if dark else "light",
                "forced_colors": "active" if forced_colors else "none",
                "viewport": {"width": width, "height": height},
                "locale": language,
            }
        )
        contexts.append(context)
        watch(context)
        page = context.new_page()
        if user is not None:
            sign_in(page, user)
        return page

    yield make
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def assert_accessible() -> Callable[..., None]:
    """Fail on any axe violation of WCAG 2.2 AA or its best practices (UX1 to UX3).

    The page needs JavaScript, which axe is made of: without it the check gives up after
    its time-out. ``ignore`` names rules that Wagtail's own admin pages break;
    ``within``, a selector, leaves the rest of such a page out.
    """

    def check(page: Page, *, ignore: tuple[str, ...] = (), within: str = "") -> None:
        page.wait_for_load_state()
        page.evaluate(AXE)
        options = {
            "runOnly": {"type": "tag", "values": WCAG_AND_BEST_PRACTICE},
            "rules": {rule: {"enabled": False} for rule in ignore},
            "resultTypes": ["violations"],
        }
        # Not awaited inside the page: only a wait outside of it has a time-out.
        page.evaluate(
            """([within, options]) => {
                delete document.documentElement.dataset.axe;
                // What fades in is looked at as it stays.
                for (const one of document.getAnimations()) {
                    if (one.effect.getComputedTiming().endTime < Infinity) one.finish();
                }
                axe.run(within || document, options).then((result) => {
                    window.axeResult = result;
                    document.documentElement.dataset.axe = "done";
                });
            }""",
            [within, options],
        )
        # Not wait_for_function: it evaluates text in the page; our policy forbids it.
        page.locator("html[data-axe=done]").wait_for(state="attached")
        result = page.evaluate("window.axeResult")
        lines = [
            f"{violation['id']} ({violation['impact']}): {violation['help']}\n"
            + "\n".join(
                f"    {' '.join(map(str, node['target']))}: {node['html'][:200]}"
                for node in violation["nodes"]
            )
            for violation in result["violations"]
        ]
        assert not lines, f"axe on {page.url}\n" + "\n".join(lines)

    return check


@pytest.fixture(scope="session")
def assert_fits() -> Callable[[Page], None]:
    """Fail when the page scrolls sideways (UX14)."""

    def check(page: Page) -> None:
        page.wait_for_load_state()
        wide = page.evaluate(
            """() => {
                const room = document.documentElement.clientWidth;
                if (document.documentElement.scrollWidth <= room) return [];
                return [...document.querySelectorAll("body *")]
                    .filter((element) => element.getBoundingClientRect().right > room)
                    .slice(0, 5)
                    .map((element) => element.outerHTML.slice(0, 120));
            }"""
        )
        assert not wide, f"{page.url} is wider than the window:\n" + "\n".join(wide)

    return check
