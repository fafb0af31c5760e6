"""Every URL, every role, every method: who gets in, and what the others are told."""

from __future__ import annotations

import re

import pytest
from django.core.serializers import serialize
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.permissions.matrix import DENIED, MISSING, ROWS, SIGN_IN, Row
from tests.permissions.walk import our_patterns
from tests.permissions.world import ROLES, World
from wagtail_helpdesk import models

pytestmark = pytest.mark.django_db

#: Which methods a view knows does not hang on the database: one of them is enough.
METHODS = ("GET", "POST", "HEAD", "PUT", "PATCH", "DELETE")
if connection.vendor != "sqlite":
    METHODS = METHODS[:2]
#: Reading and posting is tried by every role, the other methods by one of each kind.
EVERY_METHOD = frozenset({"anonymous", "zoe", "agent2", "admin"})
IN, NO_METHOD, REFUSED = "in", "no such method", "refused input"


def told(client: Client, response: HttpResponse) -> str:
    """What an answer says to the person who asked."""
    status = response.status_code
    if status in {301, 302, 303}:
        target = response["Location"].partition("?")[0]
        if target == reverse("account_login"):
            return SIGN_IN
        if target == reverse("wagtailadmin_login"):
            # A side door: to the sign-in page, or a refusal for the signed in.
            return told(client, client.get(response["Location"]))
        return DENIED if target == reverse("wagtailadmin_home") else IN
    return {
        403: DENIED,
        404: MISSING,
        405: NO_METHOD,
        400: REFUSED,
        409: REFUSED,
        422: REFUSED,
    }.get(status, IN if status == 200 else f"status {status}")


def test_every_url_of_ours_has_a_row() -> None:
    rows = {row.name for row in ROWS}
    missing = sorted({p.name for p in our_patterns()} - rows)
    assert not missing, f"no row in tests/permissions/matrix.py for {missing}"


def test_no_row_is_about_a_url_that_is_gone() -> None:
    patterns = {p.name for p in our_patterns()}
    stale = {row.name for row in ROWS if ":" in row.name} - patterns
    assert not {name for name in stale if not name.startswith("wagtailadmin_pages")}


def fingerprint() -> str:
    """What must not change when somebody who may not tries to."""
    return serialize(
        "json",
        [
            *models.Ticket.objects.order_by("pk"),
            *models.Conversation.objects.order_by("pk"),
            *models.Message.objects.order_by("pk"),
            *models.Delivery.objects.order_by("pk"),
            *models.SavedView.objects.order_by("pk"),
            *models.Inbox.objects.order_by("pk"),
            *models.Channel.objects.order_by("pk"),
            *models.Organization.objects.order_by("pk"),
            *models.Contact.objects.order_by("pk"),
            *models.Watcher.objects.order_by("pk"),
            *models.AccessGroup.objects.order_by("pk"),
            *models.AccessMembership.objects.order_by("pk"),
            *models.AccessInvitation.objects.order_by("pk"),
            *models.SatisfactionRating.objects.order_by("pk"),
            *models.ReadMark.objects.order_by("pk"),
        ],
    )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_whoever_may_not_is_told_so_and_changes_nothing(world: World, row: Row) -> None:
    before = fingerprint()
    wrong = []
    for role in ROLES:
        if role in row.allowed:
            continue
        client = world.client(role)
        for method in METHODS if role in EVERY_METHOD else METHODS[:2]:
            response = client.generic(method, row.url(world))
            answer, expected = told(client, response), row.expected(role)
            # A view that has no such method says so of every address alike.
            if answer not in {expected, NO_METHOD}:
                wrong.append(f"{role} {method}: {answer}, not {expected}")
    assert not wrong, "\n".join(wrong)
    assert fingerprint() == before


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_whoever_may_gets_in(world: World, row: Row) -> None:
    wrong = []
    for role in sorted(row.allowed):
        client = world.client(role)
        methods = METHODS if role in EVERY_METHOD else METHODS[:2]
        for method in ("GET", "HEAD") if row.reads_only else methods:
            with transaction.atomic():
                response = client.generic(
                    method,
                    row.url(world),
                    content_type="application/x-www-form-urlencoded",
                )
                # The next role finds the world as it was.
                transaction.set_rollback(True)
            answer = told(client, response)
            if answer in {IN, NO_METHOD, REFUSED}:
                continue
            if method not in {"GET", "HEAD"} and answer in {MISSING, DENIED}:
                continue
            wrong.append(f"{role} {method}: {answer} ({response.status_code})")
    assert not wrong, "\n".join(wrong)


def test_a_foreign_ticket_answers_exactly_as_a_missing_one(world: World) -> None:
    """R9: same status, same headers, same bytes but for the id in the address."""
    places = [
        ("zoe", "/support/r/{}/"),
        ("agent2", "/admin/helpdesk/tickets/{}/"),
        ("zoe", "/helpdesk/files/{}/"),
    ]
    for role, address in places:
        client = world.client(role)
        foreign = (
            world.acme.attachment.public_id
            if "files" in address
            else world.acme.ticket.public_id
        )
        never = "a" * len(foreign)
        first, second = (client.get(address.format(key)) for key in (foreign, never))
        assert first.status_code == second.status_code == 404, address
        heads = [dict(answer.headers) for answer in (first, second)]
        for head in heads:
            head.pop("Expires", None)  # The second may have changed in between.
        assert heads[0] == heads[1], address
        assert said(first, foreign) == said(second, never), address


def said(response: HttpResponse, key: str) -> str:
    """The page without the id in its address and without the one-time token."""
    html = response.content.decode().replace(key, "")
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html)
