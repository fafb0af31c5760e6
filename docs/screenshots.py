"""Take the pictures of README and documentation: ``make screenshots``.

A fresh demo is made in a temporary folder and served on a free port, so the pictures
show what ``make demo`` shows and nothing of the demo a developer has used. To add a
picture, add a row to ``SHOTS``; its name is the file below ``docs/images/``.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs/images"
WIDTH, HEIGHT = 1280, 800
START_SECONDS = 300
PASSWORD = "helpdesk-demo"  # noqa: S105  (public: it is printed by the demo)


@dataclass(frozen=True)
class Shot:
    """One picture.

    Attributes:
        name: The file's name, without its ending.
        path: The address on the demo site.
        email: Who is signed in, or nobody.
        act: What to do on the page before the picture is taken.
    """

    name: str
    path: str
    email: str = ""
    act: Callable[[Page], None] | None = None


def follow(selector: str) -> Callable[[Page], None]:
    """Go on to where the first link that fits a CSS selector leads."""

    def act(page: Page) -> None:
        address = page.locator(selector).first.evaluate("link => link.href")
        page.goto(address, wait_until="networkidle")

    return act


def portal_settings(page: Page) -> None:
    """Open the portal's page in the editor, at its tab "Portal"."""
    follow("main a[href$='/edit/']")(page)
    page.get_by_role("tab", name="Portal", exact=True).click()


SHOTS = [
    Shot("inbox", "/admin/helpdesk/inbox/", "agent@example.com"),
    Shot(
        "ticket",
        "/admin/helpdesk/inbox/?view=all&q=Hub+at+Lisbon",
        "agent@example.com",
        follow("a.hdw-row__link"),
    ),
    Shot("knowledge-base", "/help/"),
    Shot("article", "/help/getting-started/set-up-your-hub/"),
    Shot("contact", "/contact/"),
    Shot("portal", "/support/", "ana@acme.example"),
    Shot("request", "/support/", "ana@acme.example", follow("main a[href*='/r/']")),
    Shot(
        "article-editor",
        "/admin/pages/search/?q=Set+up+your+Northwind+Hub",
        "editor@example.com",
        follow("main a[href$='/edit/']"),
    ),
    Shot(
        "portal-settings",
        "/admin/pages/search/?q=Customer+portal",
        "admin@example.com",
        portal_settings,
    ),
    Shot(
        "form-editor",
        "/admin/helpdesk/forms/",
        "admin@example.com",
        follow("main a[href*='/helpdesk/forms/edit/']"),
    ),
]


def main() -> int:
    chromium = os.environ.get("E2E_CHROMIUM") or shutil.which("chromium")
    if not chromium:
        print(
            "No Chromium found. apt-get update && apt-get install -y "
            "--no-install-recommends chromium fonts-liberation",
            file=sys.stderr,
        )
        return 1
    IMAGES.mkdir(exist_ok=True)
    with demo() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        for shot in SHOTS:
            print(take(browser, address, shot))
        browser.close()
    return 0


@contextmanager
def demo() -> Iterator[str]:
    """A fresh demo on a free port; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(
            [sys.executable, ROOT / "example_site/run_demo.py", "--port", str(port)],
            env={**os.environ, "HELPDESK_VAR_DIR": folder},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            wait_for(address, server)
            yield address
        finally:
            server.terminate()
            server.wait()


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Return when the demo answers."""
    for _second in range(START_SECONDS):
        try:
            urllib.request.urlopen(address, timeout=30)  # noqa: S310  (our own server)
        except urllib.error.HTTPError:
            return
        except OSError:
            try:
                server.wait(timeout=1)
            except subprocess.TimeoutExpired:
                continue
            raise SystemExit("The demo stopped; `make demo` shows why.") from None
        else:
            return
    raise SystemExit(f"The demo did not start in {START_SECONDS} seconds.")


def take(browser: Browser, address: str, shot: Shot) -> Path:
    """Open the page, sign in if need be, and write the picture."""
    context = browser.new_context(
        base_url=address,
        viewport={"width": WIDTH, "height": HEIGHT},
        locale="en-GB",
        timezone_id="Europe/Madrid",
        reduced_motion="reduce",
    )
    page = context.new_page()
    if shot.email:
        page.goto("/accounts/login/")
        page.fill("input[name=login]", shot.email)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda url: "/accounts/login/" not in url)
    answer = page.goto(shot.path, wait_until="networkidle")
    if answer is None or not answer.ok:
        raise SystemExit(f"{shot.path} did not answer with a page.")
    if shot.act:
        shot.act(page)
    target = IMAGES / f"{shot.name}.png"
    # 256 colours are enough for pages of text, and a third of the size.
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(256).save(target, optimize=True)
    context.close()
    return target.relative_to(ROOT)


if __name__ == "__main__":
    sys.exit(main())
