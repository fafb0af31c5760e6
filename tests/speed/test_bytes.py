"""What a first visit carries over the wire, compressed as a web server would."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import PurePosixPath

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponseBase

from tests.permissions.world import World
from wagtail_helpdesk import models
from wagtail_helpdesk.actions import OpenTicket

pytestmark = pytest.mark.django_db

KIB = 1024
_REFERENCE = re.compile(r"""(?:href|src)=["'](/static/[^"'?#]+\.(css|js))""")
FRONT = {
    "knowledge base": ("anonymous", lambda world: "/help/"),
    "category": ("anonymous", lambda world: "/help/setup/"),
    "article": ("anonymous", lambda world: "/help/setup/install/"),
    "article search": ("anonymous", lambda world: "/help/search/?q=install"),
    "form": ("anonymous", lambda world: "/contact/"),
    "portal list": ("ana", lambda world: "/support/"),
    "portal detail": ("ana", lambda world: f"/support/r/{_busiest(world)}/"),
    "new request": ("ana", lambda world: "/support/new/"),
}
WORKSPACE = {
    "inbox": lambda world: "/admin/helpdesk/inbox/?view=all",
    "ticket": lambda world: f"/admin/helpdesk/tickets/{_busiest(world)}/",
    "contacts": lambda world: "/admin/helpdesk/contacts/",
}
Page = Callable[[World], str]


def _busiest(world: World) -> str:
    return world.acme.ticket.public_id


@pytest.fixture
def full(world: World) -> World:
    """A whole page of tickets, and a thread of twenty messages."""
    for number in range(30):
        OpenTicket(
            channel=world.acme.channel,
            contact=world.acme.contact,
            subject=f"The hub in room {number} lost its connection again",
            body_text=f"It blinked {number} times, then it was dark.",
        ).execute()
    for number in range(20):
        world.acme.conversation.refresh_from_db()
        models.Message.objects.create(
            conversation=world.acme.conversation,
            seq=100 + number,
            direction="inbound",
            author_contact=world.acme.contact,
            body_text=f"Paragraph {number} of what happened since. " * 5,
            created_at=world.acme.message.created_at,
        )
    return world


def page_size(response: HttpResponseBase) -> int:
    """The page itself, compressed."""
    assert response.status_code == 200
    return len(gzip.compress(b"".join(response)))


def asset_sizes(response: HttpResponseBase) -> dict[str, int]:
    """Compressed bytes of every style sheet and script that a page names."""
    html = b"".join(response).decode()
    sizes = {}
    for url, _kind in _REFERENCE.findall(html):
        name = url.removeprefix("/static/")
        found = finders.find(name)
        assert found, f"{name} is no static file"
        with open(found, "rb") as file:
            sizes[name] = len(gzip.compress(file.read()))
    return sizes


def ours(sizes: dict[str, int], suffix: str) -> int:
    """How much of it the help desk brings."""
    return sum(
        size
        for name, size in sizes.items()
        if name.startswith("wagtail_helpdesk/") and PurePosixPath(name).suffix == suffix
    )


@pytest.mark.parametrize("name", FRONT)
def test_a_public_page_is_light(full: World, name: str) -> None:
    """UX30."""
    role, url = FRONT[name]
    response = full.client(role).get(url(full))
    sizes = asset_sizes(response)
    assert page_size(response) + sum(sizes.values()) <= 60 * KIB
    assert len(sizes) + 1 <= 8, "requests"
    assert ours(sizes, ".js") <= 8 * KIB


@pytest.mark.parametrize("name", FRONT)
def test_the_style_of_a_public_page_is_light(full: World, name: str) -> None:
    """UX30."""
    role, url = FRONT[name]
    assert ours(asset_sizes(full.client(role).get(url(full))), ".css") <= 8 * KIB


@pytest.mark.parametrize("name", WORKSPACE)
def test_a_page_of_the_workspace_adds_little(full: World, name: str) -> None:
    """UX80: Wagtail's own style sheets and scripts are not ours to count."""
    response = full.client("agent").get(WORKSPACE[name](full))
    sizes = asset_sizes(response)
    assert ours(sizes, ".js") <= 15 * KIB
    assert ours(sizes, ".css") <= 8 * KIB


#: Compressed KiB of the page itself; a list has 25 rows, the thread 20 messages.
HTML = {
    **{name: (role, url, 3) for name, (role, url) in FRONT.items()},
    "portal list": (*FRONT["portal list"], 5),
    "portal detail": (*FRONT["portal detail"], 5),
    "inbox": ("agent", WORKSPACE["inbox"], 12),
    "ticket": ("agent", WORKSPACE["ticket"], 13),
    "contacts": ("agent", WORKSPACE["contacts"], 8),
    "list alone": (
        "agent",
        lambda world: "/admin/helpdesk/inbox/results/?view=all",
        4,
    ),
}


@pytest.mark.parametrize("name", HTML)
def test_the_page_itself_is_small(full: World, name: str) -> None:
    """UX30, UX34."""
    role, url, most = HTML[name]
    assert page_size(full.client(role).get(url(full))) <= most * KIB


def test_a_list_does_not_grow_with_the_number_of_tickets(full: World) -> None:
    """UX33: a page shows a page."""
    browser = full.client("agent")
    before = page_size(browser.get("/admin/helpdesk/inbox/?view=all"))
    for number in range(100):
        OpenTicket(
            channel=full.acme.channel,
            contact=full.acme.contact,
            subject=f"The hub in room {number} lost its connection again",
            body_text="Again.",
        ).execute()
    after = page_size(browser.get("/admin/helpdesk/inbox/?view=all"))
    assert after <= before * 1.1
