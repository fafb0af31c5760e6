"""What a first visit carries over the wire, compressed as a web server would."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import PurePosixPath

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponseBase
from wagtail.models import Site

from example_site.home.models import StandardPage
from tests.permissions.world import World
from wagtail_helpdesk import models
from wagtail_helpdesk.actions import OpenTicket

pytestmark = pytest.mark.django_db

KIB = 1024
_REFERENCE = re.compile(r"""(?:href|src)=["'](/static/[^"'?#]+\.(css|js))""")
_THEME = re.compile(r'href="(/helpdesk/theme/[^"]+)"')
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


@pytest.fixture
def embedding(full: World) -> World:
    """A page of the site, ``/blocks/``, with each of our blocks; colours are chosen."""
    inbox = full.acme.inbox
    inbox.calendar = models.BusinessCalendar.objects.create(
        name="Desk", time_zone="Europe/Madrid", week=[[[540, 780], [840, 1080]]] * 7
    )
    inbox.first_reply_minutes = 120
    inbox.save()
    site = Site.objects.get(is_default_site=True)
    models.Appearance.objects.update_or_create(
        site=site, defaults={"accent": "#0b5f53", "radius": 0, "font": "serif"}
    )
    search = {"heading": "Ask first", "help_centre": None, "label": ""}
    mine = {"heading": "Mine", "portal": None, "number": 10, "only_own": False}
    form = {"heading": "Write", "form": models.SupportForm.objects.get(key="contact")}
    hours = {"heading": "Hours", "calendar": inbox.calendar, "show_now": True}
    card = {
        "heading": "Reach us",
        "text": "On working days.",
        "phone": "+34 600 123 456",
        "email": "team@example.com",
        "form_page": full.contact_page,
        "portal_page": full.portal,
        "inbox": inbox,
        "show_email": False,
        "show_hours": True,
        "show_answer": True,
    }
    page = StandardPage(
        title="Blocks",
        slug="blocks",
        body=[
            ("knowledge_base_search", search),
            ("my_open_tickets", mine),
            ("support_form", form),
            ("opening_hours", {**hours, "inbox": inbox}),
            ("contact_card", card),
        ],
    )
    site.root_page.add_child(instance=page)
    page.save_revision().publish()
    return full


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


@pytest.mark.parametrize(("role", "rows"), [("anonymous", 0), ("ana", 10)])
def test_a_page_with_all_our_blocks_is_light(
    embedding: World, role: str, rows: int
) -> None:
    """UX30: together they bring no more than a page of ours."""
    response = embedding.client(role).get("/blocks/")
    html = b"".join(response).decode()
    for heading in ("Ask first", "Mine", "Write", "Hours", "Reach us"):
        assert f">{heading}</h2>" in html
    assert html.count('class="hd-request__subject"') == rows
    (theme,) = _THEME.findall(html)
    theme_size = page_size(embedding.client(role).get(theme))
    sizes = asset_sizes(response)
    assert page_size(response) + theme_size + sum(sizes.values()) <= 60 * KIB
    assert len(sizes) + 2 <= 8, "requests"
    assert ours(sizes, ".js") <= 8 * KIB
    assert ours(sizes, ".css") + theme_size <= 8 * KIB


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
