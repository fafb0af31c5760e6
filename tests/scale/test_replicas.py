"""Reads from replicas: a person sees what they wrote, locks are on the primary.

Here the "replica" is a second connection to the same database. With a real streaming
replica that lags: ``benchmarks/scale/replica.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.db import connection, connections, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from tests.factories import ContactFactory, TicketFactory
from wagtail_helpdesk import replicas
from wagtail_helpdesk.models import Contact, Ticket
from wagtail_helpdesk.replicas import COOKIE, ReplicaMiddleware

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _a_replica(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DATABASE_ROUTERS = ["wagtail_helpdesk.replicas.ReplicaRouter"]
    settings.WAGTAIL_HELPDESK = {**settings.WAGTAIL_HELPDESK, "REPLICAS": ["copy"]}
    # Whether the copy has all that is asked for is the database's word.
    monkeypatch.setattr(replicas, "_choose", lambda written: ("copy", ""))
    monkeypatch.setattr(replicas, "_position_of_primary", lambda: "0/16B3748")


@pytest.fixture
def outside_a_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test runs in a transaction of its own; a page does not."""
    monkeypatch.setattr(connections["default"], "in_atomic_block", False)


def answer(view: Any, method: str = "GET", **cookies: str) -> HttpResponse:
    request = RequestFactory().generic(method, "/")
    request.COOKIES.update(cookies)
    return ReplicaMiddleware(view)(request)


def reading(request: HttpRequest) -> HttpResponse:
    return HttpResponse(Ticket.objects.all().db)


def test_a_page_is_read_from_the_replica(outside_a_transaction: None) -> None:
    response = answer(reading)
    assert response.content == b"copy"
    assert COOKIE not in response.cookies


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_what_may_write_reads_from_the_primary(
    outside_a_transaction: None, method: str
) -> None:
    response = answer(reading, method)
    assert response.content == b"default"
    assert response.cookies[COOKIE].value == "0/16B3748"
    assert response.cookies[COOKIE]["httponly"]


def test_from_the_first_write_on_a_page_reads_from_the_primary(
    outside_a_transaction: None,
) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        contact = Contact(name="Ana")
        before = Ticket.objects.all().db
        contact.save()
        return HttpResponse(f"{before} {Ticket.objects.all().db}")

    response = answer(view)
    assert response.content == b"copy default"
    assert COOKIE in response.cookies


def test_a_transaction_and_its_locks_are_on_the_primary() -> None:
    ticket = TicketFactory()

    def view(request: HttpRequest) -> HttpResponse:
        with transaction.atomic():
            read = Ticket.objects.all().db
            locked = Ticket.objects.select_for_update().get(pk=ticket.pk)
        return HttpResponse(f"{read} {locked._state.db}")

    assert answer(view).content == b"default default"


def test_a_lock_is_on_the_primary_wherever_it_is_asked_for(
    outside_a_transaction: None,
) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse(Ticket.objects.select_for_update().db)

    assert answer(view).content == b"default"


def test_workers_and_commands_know_the_primary_only(
    outside_a_transaction: None,
) -> None:
    assert Ticket.objects.all().db == "default"
    answer(reading)
    assert Ticket.objects.all().db == "default"


def test_rows_of_both_go_together() -> None:
    ticket, contact = TicketFactory(), ContactFactory()
    ticket._state.db = "copy"
    ticket.contact = contact
    ticket.save()
    ticket.refresh_from_db()
    assert (ticket.contact, ticket._state.db) == (contact, "default")


def test_without_replicas_the_middleware_stands_aside(settings: Any) -> None:
    settings.WAGTAIL_HELPDESK = {**settings.WAGTAIL_HELPDESK, "REPLICAS": []}
    with pytest.raises(MiddlewareNotUsed):
        ReplicaMiddleware(reading)


class TestChoice:
    """What the database is asked before a replica answers."""

    @pytest.fixture(autouse=True)
    def _second_connection(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        monkeypatch.undo()
        copy = connection.copy("copy")
        connections["copy"] = copy
        yield
        copy.close()
        del connections["copy"]

    @pytest.fixture(autouse=True)
    def _setting(self, settings: Any) -> None:
        settings.WAGTAIL_HELPDESK = {"REPLICAS": ["copy"]}

    @pytest.mark.parametrize("cookie", ["", "0/0", "FFFFFFFF/FFFFFFFF", "x", "0/0' OR"])
    def test_whatever_the_cookie_says_there_is_an_answer(self, cookie: str) -> None:
        # On PostgreSQL this "replica" is a primary, so it has everything; another
        # database cannot say, so the primary answers.
        expected = "copy" if connection.vendor == "postgresql" else "default"
        assert replicas._choose(cookie)[0] == expected
