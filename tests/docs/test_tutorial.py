"""The tutorial, followed as it is written: its commands, addresses, fields and buttons.

Everything a reader would type or press is taken from the Markdown, so a renamed button
or a moved page fails here before it fails for a newcomer.
"""

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.docs.markdown import DOCS, ROOT, fences, sections, table
from tests.docs.visitor import Visitor

TUTORIAL = (DOCS / "tutorial/first-help-centre.md").read_text()
WRITTEN_PLACE = "http://127.0.0.1:8000"
START_SECONDS = 240
MAIL_SECONDS = 60

# It starts a server with a database of its own, so it says nothing about another one.
pytestmark = [pytest.mark.packaging, pytest.mark.xdist_group("tutorial")]


def step(number: int) -> str:
    """The text of a step of the tutorial."""
    for heading, text in sections(TUTORIAL).items():
        if heading.startswith(f"{number}. "):
            return text
    raise AssertionError(f"The tutorial has no step {number}")


def answers(number: int) -> dict[str, str]:
    """What a step tells to write, by label."""
    return {cells[0]: cells[1] for cells in table(step(number))}


def button(number: int, words: str) -> str:
    """A button that the step names."""
    assert f"**{words}**" in step(number)
    return words


@dataclass(frozen=True)
class Demo:
    """The demo that runs.

    Attributes:
        place: Its address, without a slash at the end.
        printed: What it printed when it was ready.
        server: Its process.
    """

    place: str
    printed: str
    server: subprocess.Popen[bytes]

    def wait_until(self, is_true: Callable[[], bool], seconds: float) -> None:
        wait_until(is_true, seconds, self.server)


def wait_until(
    is_true: Callable[[], bool], seconds: float, server: subprocess.Popen[bytes]
) -> None:
    """Ask twice a second; in between wait for the server, so its end is noticed."""
    give_up_at = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < give_up_at, "It took too long"
        try:
            server.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            continue
        raise AssertionError("The demo stopped by itself")


def answers_at(place: str) -> bool:
    try:
        return Visitor().open(place).status == 200
    except OSError:
        return False


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """What ``make demo`` runs, on a free port, with a database of its own.

    ``make`` says which command that is. The command runs on this Python and not on
    ``make``'s, whose environment this test must not change.
    """
    command = fences(step(1), "console")[0].splitlines()[-1]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    make = shutil.which("make")
    assert make, "make is what the tutorial begins with"
    shown = subprocess.run(
        [make, "--dry-run", *shlex.split(command)[1:], f"PORT={port}"],
        cwd=ROOT,
        # Below another make it would also say which folder it enters and leaves.
        env={
            k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))
        },
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    program, *arguments = shlex.split(shown.strip().splitlines()[-1])
    assert Path(program).name == "python"
    folder = tmp_path_factory.mktemp("demo")
    output = folder / "output"
    surroundings = {"HELPDESK_VAR_DIR": str(folder / "var"), "PYTHONUNBUFFERED": "1"}
    with output.open("w") as file:
        server = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**os.environ, **surroundings},
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    place = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: answers_at(place), START_SECONDS, server)
        yield Demo(place, output.read_text(), server)
    finally:
        server.terminate()
        server.wait()


def address(number: int, path: str, place: str) -> str:
    """An address that a step names, at the place where the demo runs now."""
    assert f"{WRITTEN_PLACE}{path}" in step(number), path
    return f"{place}{path}"


def test_the_tutorial_works_as_it_is_written(demo):
    """Issue 2: from an article to a request, an answer, a mail and a reply."""
    place = demo.place
    first_line = fences(step(1), "text")[0].splitlines()[0]
    assert first_line in demo.printed
    assert f"{place}/ " in demo.printed

    visitor = Visitor()
    visitor.open(address(2, "/help/", place))
    visitor.follow("Set up your Northwind Hub")
    assert visitor.url == address(2, "/help/getting-started/set-up-your-hub/", place)
    assert "Contact us" in visitor.text

    ticket = answers(3)
    # A person takes longer than the two seconds that the form wants; this one has the
    # agent sign in meanwhile, and sends again when the form says it was too quick.
    visitor.open(address(3, "/contact/", place))
    agent = Visitor().open(address(4, "/accounts/login/", place))
    signing_in = {k: v for k, v in answers(4).items() if k in {"Email", "Password"}}
    agent.press(button(4, "Sign in"), signing_in)
    assert agent.url == f"{place}/admin/"
    visitor.press(button(3, "Send request"), ticket)
    if "very quick" in visitor.text:
        demo.wait_until(_later(2), 10)
        visitor.press("Send request")
    assert re.search(r"HD-\d+", visitor.text)

    assert "Three mails have appeared" in step(3)

    def three_mails_have_left() -> bool:
        visitor.open(address(3, "/demo/mail/", place))
        return len(visitor.page.select("tbody tr")) == 3

    # They leave after the answer, so nobody waits for them.
    demo.wait_until(three_mails_have_left, MAIL_SECONDS)
    assert ticket["Your e-mail address"] in visitor.text
    assert "agent@example.com" in visitor.text

    agent.open(address(4, "/admin/helpdesk/inbox/?view=unassigned", place))
    agent.follow(ticket["Subject"])
    agent.press(button(4, "Assign to me"))
    agent.press(button(4, "Send reply"), {"Text": answers(4)["Text"]})
    assert button(4, "Undo send") in agent.text

    def mail_has_left() -> bool:
        mails = Visitor().open(address(5, "/demo/mail/", place))
        mails.open(str(mails.page.select("tbody a")[0]["href"]))
        return answers(4)["Text"] in mails.text and "ana@acme.example" in mails.text

    demo.wait_until(mail_has_left, MAIL_SECONDS)

    customer = Visitor().open(address(6, "/support/", place))
    assert "/support/sign-in/" in customer.url
    signing_in = {k: v for k, v in answers(6).items() if k in {"Email", "Password"}}
    customer.press(button(6, "Sign in"), signing_in)
    assert customer.url == f"{place}/support/"
    customer.follow(ticket["Subject"])
    assert answers(4)["Text"] in customer.text
    request_url = customer.url
    customer.press(button(6, "Send reply"), {"Your reply": answers(6)["Your reply"]})
    assert answers(6)["Your reply"] in customer.text
    assert answers(6)["Your reply"] in agent.open(agent.url).text

    stranger = Visitor().open(f"{place}/accounts/login/")
    stranger.press("Sign in", {**signing_in, "Email": "zoe@globex.example"})
    assert "zoe@globex.example" in TUTORIAL
    assert stranger.open(request_url).status == 404
    assert ticket["Subject"] not in stranger.text


def _later(seconds: float) -> Callable[[], bool]:
    at = time.monotonic() + seconds
    return lambda: time.monotonic() >= at
