"""Fills the floor: ``python -m benchmarks.sites.floor.load --size --seed --db``."""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar
from uuid import uuid4

T = TypeVar("T")
_BATCH = 2000
#: The articles that the other systems show too: the slug, and who looks.
_SHOWN = {
    "bare_page": ("article-3", "visitor"),
    "bare_page_signed_in": ("article-3", "customer"),
    "bare_page_private": ("article-10", "customer_group_member"),
}


def main() -> None:
    """Load and write the manifest."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, required=True)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--db", choices=["postgres", "sqlite"], required=True)
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.sites.floor.settings")
    import django

    django.setup()
    began = time.monotonic()
    content = _load(options.size, options.seed)
    content.update(
        system="floor",
        size=options.size,
        seed=options.seed,
        db=options.db,
        load_seconds=round(time.monotonic() - began, 1),
    )
    from benchmarks import manifest

    print(manifest.write(content))


def _load(size: int, seed: int) -> dict[str, Any]:
    from django.core.management import call_command

    from benchmarks import manifest
    from benchmarks.dataset import COMMON, MEDIUM, RARE, Dataset

    call_command("migrate", verbosity=0)
    data = Dataset(size, seed)
    last = _load_tickets(data)
    sessions = _load_people()
    pages = _load_pages(data)
    gets: dict[str, dict[str, str]] = {
        "hello": {"session": "visitor", "path": "/hello/", "has": "Hello, world"},
        "orm_list": {"session": "visitor", "path": "/list.json", "has": "is_closed"},
        "shell": {"session": "agent", "path": "/admin/floor/shell/", "has": "Floor"},
        "shell_list": {"session": "agent", "path": "/admin/floor/list/", "has": last},
        **pages,
    }
    for name, word in (("rare", RARE), ("medium", MEDIUM), ("common", COMMON)):
        for order in ("newest", "best"):
            gets[f"shell_search_{name}_{order}"] = {
                "session": "agent",
                "path": f"/admin/floor/search/?q={word}&sort={order}",
                "has": 'href="/admin/floor/shell/"',
            }
    return {
        "counts": {"tickets": size},
        "cookie": "sessionid",
        "sessions": sessions,
        "csrf": manifest.csrf(),
        "words": {"rare": RARE, "medium": MEDIUM, "common": COMMON},
        "ids": {},
        "gets": gets,
        "posts": {
            "form_page": {
                "session": "visitor",
                "path": "/contact/",
                "data": {
                    "your_name": "Amelia Adams",
                    "your_email": "visitor{n}@mail.example",
                    "subject": "Question {n}",
                    "message": "The device does not restart. It is the number {n}.",
                },
                "status": 200,
                "has": "it was stored",
                "files": {},
            }
        },
        "pools": {},
        "absent": {},
    }


def _load_tickets(data: Any) -> str:
    """All tickets with their words; returns a text of the first row of the list."""
    from django.db import transaction

    from benchmarks.sites.floor import text_search
    from benchmarks.sites.floor.models import ListedTicket

    agents = [f"{agent.first_name} {agent.last_name}" for agent in data.agents()]
    organizations = [organization.name for organization in data.organizations()]
    contacts = [contact.name for contact in data.contacts()]
    with transaction.atomic():
        text_search.create_tables()
        for batch in _batches(data.tickets(), _BATCH):
            rows, words = [], []
            for ticket in batch:
                pk = ticket.number + 1
                at = ticket.entries[-1].at if ticket.entries else ticket.opened_at
                rows.append(
                    ListedTicket(
                        pk=pk,
                        number=pk,
                        subject=ticket.subject[:255],
                        contact=contacts[ticket.contact],
                        organization=""
                        if ticket.organization is None
                        else organizations[ticket.organization],
                        owner="" if ticket.owner is None else agents[ticket.owner],
                        stage=ticket.stage,
                        priority=ticket.priority,
                        is_closed=ticket.stage == "closed",
                        last_activity_at=at,
                    )
                )
                texts = [ticket.subject, ticket.body]
                texts += [entry.text for entry in ticket.entries if entry.text]
                words.append((pk, at, "\n".join(texts)))
            ListedTicket.objects.bulk_create(rows)
            text_search.add(words)
        text_search.create_indexes()
    _analyze()
    first = ListedTicket.objects.filter(is_closed=False).latest("last_activity_at")
    return f"<td>{first.number}</td>"


def _analyze() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        is_postgres = connection.vendor == "postgresql"
        cursor.execute("VACUUM ANALYZE" if is_postgres else "ANALYZE")


def _load_people() -> dict[str, str]:
    """An editor who sees the admin, a customer, a member of the group; signed in."""
    from django.contrib.auth.models import Group, Permission, User

    staff = Group.objects.create(name="Staff")
    staff.permissions.add(
        Permission.objects.get(
            content_type__app_label="wagtailadmin", codename="access_admin"
        )
    )
    readers = Group.objects.create(name="Readers")
    sessions = {"visitor": ""}
    for role, groups in (
        ("agent", [staff]),
        ("customer", []),
        ("customer_group_member", [readers]),
    ):
        user = User.objects.create(
            username=role, email=f"{role}@mail.example", first_name="Amelia"
        )
        user.groups.set(groups)
        sessions[role] = _sign_in(user)
    return sessions


def _sign_in(user: Any) -> str:
    from importlib import import_module

    from django.conf import settings
    from django.contrib import auth

    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[auth.SESSION_KEY] = str(user.pk)
    store[auth.BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[auth.HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    return str(store.session_key)


def _load_pages(data: Any) -> dict[str, dict[str, str]]:
    """Home, the articles in their sections, the form; returns what can be fetched."""
    from django.contrib.auth.models import Group
    from wagtail.models import Page, PageViewRestriction, Site

    from benchmarks.sites.floor.models import BarePage, ContactField, ContactPage

    Page.objects.filter(depth=2).delete()
    root = Page.get_first_root_node()
    home = root.add_child(instance=BarePage(title="Home", slug="home"))
    Site.objects.all().delete()
    Site.objects.create(
        hostname="127.0.0.1", site_name="Floor", root_page=home, is_default_site=True
    )
    form = home.add_child(instance=ContactPage(title="Contact", slug="contact"))
    for order, (label, kind) in enumerate(
        (
            ("Your name", "singleline"),
            ("Your email", "email"),
            ("Subject", "singleline"),
            ("Message", "multiline"),
        )
    ):
        ContactField.objects.create(
            page=form, sort_order=order, label=label, field_type=kind, required=True
        )
    base = home.add_child(instance=BarePage(title="Help", slug="help"))
    sections = []
    for category in data.categories():
        page = base.add_child(
            instance=BarePage(title=category.title, slug=category.slug)
        )
        sections.append(page)
        if category.is_private:
            restriction = PageViewRestriction.objects.create(
                page=page, restriction_type=PageViewRestriction.GROUPS
            )
            restriction.groups.set(Group.objects.filter(name="Readers"))
    gets: dict[str, dict[str, str]] = {
        "form_page": {"session": "visitor", "path": "/contact/", "has": "your_email"}
    }
    for article in data.articles():
        section = sections[article.category]
        section.add_child(
            instance=BarePage(
                title=article.title, slug=article.slug, body=json.dumps(_body(article))
            )
        )
        shown = {
            "path": f"/help/{section.slug}/{article.slug}/",
            "has": article.title,
        }
        for name, (slug, role) in _SHOWN.items():
            if article.slug == slug:
                gets[name] = {"session": role, **shown}
    return gets


def _body(article: Any) -> list[dict[str, Any]]:
    """The body in blocks: what follows each other as text is one block."""
    blocks: list[dict[str, Any]] = []
    for kind, text in article.body:
        if kind == "list":
            steps = [
                {"type": "item", "value": f"<p>{line}</p>", "id": str(uuid4())}
                for line in text.splitlines()
            ]
            blocks.append({"type": "steps", "value": steps})
        elif kind == "code":
            blocks.append({"type": "code", "value": {"code": text}})
        else:
            html = f"<h2>{text}</h2>" if kind == "heading" else f"<p>{text}</p>"
            if blocks and blocks[-1]["type"] == "text":
                blocks[-1]["value"] += html
            else:
                blocks.append({"type": "text", "value": html})
    return blocks


def _batches(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """The rows in lists of at most ``size``."""
    iterator = iter(rows)
    while batch := list(islice(iterator, size)):
        yield batch


if __name__ == "__main__":
    main()
