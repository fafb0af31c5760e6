"""A word in every text of one company, and nobody of the other ever reads it.

Each role follows every link it is shown, like a curious person would. What it reads
is searched for the canaries it must not see: the other company's, and notes.
"""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.permissions.world import World
from wagtail_helpdesk import models, outbox
from wagtail_helpdesk.notifications import handle_event

pytestmark = pytest.mark.django_db

#: What each role must never read. A colleague of the same company may read the
#: company's name, but neither her tickets nor the notes.
FORBIDDEN = {
    "anonymous": ["canaryacme", "canaryglobex"],
    "nobody": ["canaryacme", "canaryglobex"],
    "editor": ["canaryacme", "canaryglobex"],
    "ana": ["canaryglobex", "notecanary", "Draft canary", "Trashed canary"],
    "luis": ["canaryglobex", "Subject canary", "Body canary", "notecanary"],
    "zoe": ["canaryacme", "notecanary", "Draft canary", "Trashed canary"],
    "agent": ["canaryglobex", "Desk of globex"],
    "agent2": ["canaryacme", "Desk of acme"],
}
#: Where somebody begins; from there on they follow links.
STARTS = (
    "/",
    "/help/",
    "/help/search/?q=canary",
    "/contact/",
    "/support/",
    "/support/?status=all",
    "/support/?status=all&q=canary",
    "/support/new/",
    "/support/account/",
    "/support/account/deletion/",
    "/admin/",
    "/admin/helpdesk/inbox/",
    "/admin/helpdesk/inbox/?view=all",
    "/admin/helpdesk/inbox/?q=canary",
    "/admin/helpdesk/inbox/export/",
    "/admin/helpdesk/trash/",
    "/admin/helpdesk/incoming/",
    "/admin/helpdesk/contacts/?q=canary",
    "/admin/helpdesk/organizations/",
    "/admin/reports/site-history/",
)
#: Signing out ends the walk, and another language shows the same again.
SKIPPED = ("/accounts/logout/", "/admin/logout/", "/es/", "/it/", "/ar/", "/pt-br/")
PAGES = 70


def walk(client: Client) -> dict[str, str]:
    """Address to text of every page reached from the starts."""
    waiting, read = list(STARTS), {}
    while waiting and len(read) < PAGES:
        url = waiting.pop(0)
        if url in read or url.startswith(SKIPPED):
            continue
        response = client.get(url)
        assert response.status_code < 500, f"{url}: {response.status_code}"
        body = b"".join(response) if response.streaming else response.content
        read[url] = body.decode(errors="replace")
        if response.status_code in {301, 302, 303}:
            waiting.append(local(url, response["Location"]))
        elif "html" in response.get("Content-Type", ""):
            links = BeautifulSoup(read[url], "html.parser").find_all("a", href=True)
            waiting += [local(url, link["href"]) for link in links]
    return {url: text for url, text in read.items() if url}


def local(base: str, href: str) -> str:
    """The path and query of a link within the site; empty for any other."""
    parts = urlsplit(urljoin(f"http://testserver{base}", href))
    if parts.netloc not in {"testserver", "localhost"} or parts.scheme != "http":
        return "/"
    return parts.path + (f"?{parts.query}" if parts.query else "")


@pytest.mark.parametrize("role", FORBIDDEN)
def test_nobody_reads_what_is_not_theirs(world: World, role: str) -> None:
    """UX47, UX48."""
    read = walk(world.client(role))
    leaks = [
        f"{word} at {url}"
        for url, text in read.items()
        for word in FORBIDDEN[role]
        # What the visitor typed into the address is no leak.
        if word in text
    ]
    assert not leaks, "\n".join(leaks)


@pytest.mark.parametrize("role", ["ana", "luis", "zoe"])
def test_a_download_has_nothing_that_is_not_theirs(world: World, role: str) -> None:
    """F11: the same rules as on the pages; a colleague's tickets are not in it."""
    client = world.client(role)
    client.post(reverse("account_reauthenticate"), {"password": "helpdesk-demo"})

    response = client.post("/support/account/download/")

    text = b"".join(response.streaming_content).decode()
    assert not [word for word in FORBIDDEN[role] if word in text]
    # It is no empty file that passes.
    own = {"ana": "Reply canaryacme", "zoe": "Reply canaryglobex", "luis": "Luis"}
    assert own[role] in text


@pytest.mark.parametrize(
    ("role", "word"),
    [("ana", "Reply canaryacme"), ("agent", "Note notecanaryacme"), ("zoe", "Subject")]
    + [("agent", "Mail canaryacme")],
)
def test_the_walk_reaches_what_is_theirs(world: World, role: str, word: str) -> None:
    """Without this the test above could pass by reading nothing."""
    assert any(word in text for text in walk(world.client(role)).values())


def test_mails_carry_their_own_company_only(world: World) -> None:
    """UX48: no note, no other company, no visitor's text in an acknowledgement."""
    for event in models.Event.objects.due():
        handle_event(event)
    models.Delivery.objects.update(run_at=timezone.now())
    outbox.run_due()
    assert len(mail.outbox) > 2
    companies = {
        world.acme.contact.email: "canaryglobex",
        world.globex.contact.email: "canaryacme",
    }
    for message in mail.outbox:
        text = message.message().as_string() + message.body
        assert "notecanary" not in text
        (address,) = [a.partition("<")[2].rstrip(">") or a for a in message.to]
        if address in companies:
            assert companies[address] not in text
        if message.extra_headers.get("Auto-Submitted") and address in companies:
            assert "Subject canary" not in text
            assert "Body canary" not in text
