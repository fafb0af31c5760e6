"""Statements that are kept: the right rows for each values, and never a stale time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tests.factories import ContactFactory, OrganizationFactory, TicketFactory
from wagtail_helpdesk.models import Contact, Organization, Ticket
from wagtail_helpdesk.statements.querysets import ask, count_of_keys, union_of_keys

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept():
    connection.__dict__.pop("_helpdesk_prepared", None)


def named(values):
    return Organization.objects.filter(name=values["name"]).order_by("pk")


def test_a_kept_statement_finds_what_each_value_asks_for():
    """R9: the rows of the one who asked before are not those of the next one."""
    acme, globex = (
        OrganizationFactory.create(name=name) for name in ("Acme", "Globex")
    )
    for _ in range(2):
        assert ask("named", {"name": "Acme"}, named, using="default") == [acme]
        assert ask("named", {"name": "Globex"}, named, using="default") == [globex]
        assert ask("named", {"name": "No 100%"}, named, using="default") == []


def test_a_statement_is_put_together_once():
    built = []

    def build(values):
        built.append(values)
        return named(values)

    for name in ("Acme", "Globex", "Acme"):
        ask("once", {"name": name}, build, using="default")
    assert len(built) == 1


def test_times_are_compared_as_the_database_keeps_them():
    now = timezone.now()
    ticket = TicketFactory.create(created_at=now)

    def since(values):
        return Ticket.objects.filter(created_at__gte=values["since"])

    for _ in range(2):
        for moment, found in ((now, [ticket]), (now + timedelta(hours=1), [])):
            assert ask("since", {"since": moment}, since, using="default") == found


def test_values_that_do_not_come_through_are_asked_each_time():
    """A text within another one, and a type without a stand-in."""
    acme = OrganizationFactory.create(name="Acme")

    def within(values):
        return Organization.objects.filter(name__contains=values["part"])

    def among(values):
        return Organization.objects.filter(name__in=values["names"])

    for _ in range(2):
        assert ask("within", {"part": "cm"}, within, using="default") == [acme]
        assert ask("within", {"part": "zz"}, within, using="default") == []
        assert ask("among", {"names": ["Acme"]}, among, using="default") == [acme]
        assert ask("among", {"names": []}, among, using="default") == []


def test_related_rows_come_along(django_assert_num_queries):
    ana, ben = ContactFactory.create(name="Ana"), ContactFactory.create(name="Ben")
    for contact in (ana, ben):
        TicketFactory.create(contact=contact)

    def of(values):
        return Ticket.objects.filter(contact=values["contact"]).select_related(
            "contact"
        )

    for contact in (ana, ben, ana):
        with django_assert_num_queries(1):
            (ticket,) = ask("of", {"contact": contact.pk}, of, using="default")
            assert ticket.contact.name == contact.name


def test_keys_of_limited_parts_are_put_together_and_counted():
    contacts = [ContactFactory.create(name=f"C {number}") for number in range(6)]
    keys = [contact.pk for contact in contacts]
    everyone = Contact.objects.filter(pk__in=keys)
    parts = [
        everyone.order_by("pk").values("pk")[:3],
        everyone.order_by("pk").filter(pk__gte=keys[1]).values("pk")[:3],
    ]
    found = Contact.objects.filter(pk__in=union_of_keys(parts)).order_by("pk")
    assert [contact.pk for contact in found] == keys[:4]
    for limit, counted in ((10, 4), (3, 3)):
        row = Contact.objects.annotate(n=count_of_keys(parts, limit=limit))
        assert row.values_list("n", flat=True)[0] == counted
