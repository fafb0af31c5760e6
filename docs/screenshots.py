"""Take the pictures of README and documentation: ``make screenshots``.

A fresh demo is made in a temporary folder and served on a free port, so the pictures
show what ``make demo`` shows and nothing of the demo a developer has used. To add a
picture, add a row to ``shots.SHOTS``; its name is the file below ``docs/images/``.

``python docs/screenshots.py access-group view-as`` takes these two alone.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from acts import PASSWORD, Shot
from PIL import Image
from playwright.sync_api import Browser, sync_playwright
from shots import SHOTS

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs/images"
START_SECONDS = 300


def main() -> int:
    chromium = os.environ.get("E2E_CHROMIUM") or shutil.which("chromium")
    if not chromium:
        print(
            "No Chromium found. apt-get update && apt-get install -y "
            "--no-install-recommends chromium fonts-liberation",
            file=sys.stderr,
        )
        return 1
    wanted = set(sys.argv[1:])
    if unknown := wanted - {shot.name for shot in SHOTS}:
        print(f"No such pictures: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 1
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, demo(folder) as address:
        take_all(address, folder, chromium, wanted)
    return 0


def take_all(address: str, folder: str, chromium: str, wanted: set[str]) -> None:
    """Take the pictures in their order, all of them if none are named."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        for shot in SHOTS:
            if shot.prepare:
                run_in_demo(folder, shot.prepare)
            if not wanted or shot.name in wanted:
                print(take(browser, address, shot), flush=True)
        browser.close()


def run_in_demo(folder: str, code: str) -> None:
    """Run Python in the demo's database, for what no button brings about."""
    subprocess.run(
        [sys.executable, ROOT / "example_site/manage.py", "shell", "--command", code],
        env={
            **os.environ,
            "HELPDESK_VAR_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "example_site.settings.dev",
        },
        check=True,
        stdout=subprocess.DEVNULL,
    )


@contextmanager
def demo(folder: str) -> Iterator[str]:
    """A fresh demo on a free port, in an empty folder; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
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
        viewport={"width": shot.width, "height": shot.height},
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
