"""The ways in which tickets are a customer's: the rule, once for each index (R9)."""

import pytest
from django.db import connection
from django.db.models.functions import Lower
from django.http import QueryDict
from django.utils import timezone

from tests.factories import (
    ContactFactory,
    ConversationFactory,
    InboxFactory,
    OrganizationFactory,
    ParticipantFactory,
    TicketFactory,
)
from wagtail_helpdesk.access.reach import Reach, reach_of
from wagtail_helpdesk.models import Membership, PortalRules, Ticket
from wagtail_helpdesk.pagination import KeysetPage, bounded_count
from wagtail_helpdesk.portal import reading
from wagtail_helpdesk.portal.reading import TicketRows

pytestmark = pytest.mark.django_db

SHARED = PortalRules(sharing="organization")
ORDERS = (["-last_activity_at"], ["created_at"], ["-subject_sort"])


@pytest.fixture
def inbox():
    return InboxFactory.create()


@pytest.fixture
def ana(inbox):
    """Sees her own, one she is copied on, and all of two organizations that share."""
    contact = ContactFactory.create(name="Ana")
    for name in ("Acme", "Globex"):
        shared = OrganizationFactory.create(name=name, sharing="organization")
        Membership.objects.create(contact=contact, organization=shared)
        TicketFactory.create_batch(4, inbox=inbox, organization=shared)
        # Hers and the organization's: one row, not two.
        TicketFactory.create(inbox=inbox, contact=contact, organization=shared)
    silent = OrganizationFactory.create(name="Silent", sharing="own")
    Membership.objects.create(contact=contact, organization=silent)
    TicketFactory.create(inbox=inbox, organization=silent, subject="Hidden")
    TicketFactory.create_batch(3, inbox=inbox, contact=contact, organization=None)
    ParticipantFactory.create(contact=contact, ticket__inbox=inbox)
    gone = TicketFactory.create(inbox=inbox, contact=contact, subject="Hidden")
    Ticket.objects.filter(pk=gone.pk).update(deleted_at=timezone.now())
    spam = TicketFactory.create(inbox=inbox, contact=contact, subject="Hidden")
    ConversationFactory.create(ticket=spam, status="spam")
    mixed = TicketFactory.create(inbox=inbox, contact=contact)
    ConversationFactory.create(ticket=mixed, status="spam")
    ConversationFactory.create(ticket=mixed, status="open")
    TicketFactory.create(inbox=inbox, subject="Hidden")
    return contact


def page(contact, rules, *, reach=None, cursor="", size=100, searched=False, **given):
    """A page of the customer's list; of a search, the statement is not kept."""
    tickets = Ticket.objects.visible_to_contact(contact, rules)
    return TicketRows(
        tickets if searched else None,
        reach=reach or reach_of(contact, rules),
        rules=rules,
        narrow=lambda tickets, values: tickets,
        shape=None if searched else ("all",),
        values={"contact": contact.pk},
        ordering=given.get("ordering", ["-last_activity_at"]),
        params=QueryDict(f"after={cursor}" if cursor else ""),
        size=size,
    )


def pages(read):
    """All pages from first to last, as lists of keys."""
    cursor, found = "", []
    while True:
        rows = read(cursor)
        found.append([row.pk for row in rows])
        if not rows.has_next:
            return found
        cursor = rows.next_cursor


@pytest.mark.parametrize("searched", [False, True])
@pytest.mark.parametrize("ordering", ORDERS)
@pytest.mark.parametrize("rules", [SHARED, PortalRules()])
def test_a_list_put_together_of_its_ways_is_the_list_of_the_rule(
    ana, rules, ordering, searched
):
    """R9, B15, B16: no row is missing, none is there twice, none is added."""
    tickets = Ticket.objects.visible_to_contact(ana, rules)
    tickets = tickets.annotate(subject_sort=Lower("subject"))
    for size in (1, 3, 100):

        def by_ways(cursor, size=size):
            return page(
                ana,
                rules,
                cursor=cursor,
                size=size,
                searched=searched,
                ordering=ordering,
            )

        def by_rule(cursor, size=size):
            params = QueryDict(f"after={cursor}" if cursor else "")
            return KeysetPage(tickets, ordering=ordering, params=params, size=size)

        assert pages(by_ways) == pages(by_rule)
        assert int(by_ways("").count()) == tickets.count()
    assert not tickets.filter(subject="Hidden").exists()


@pytest.mark.parametrize("searched", [False, True])
@pytest.mark.parametrize("limit", [1, 5, 6, 14, 15, 16, 100])
def test_counting_by_ways_stops_at_the_limit(ana, limit, searched, monkeypatch):
    """UX33."""
    monkeypatch.setattr(reading, "_COUNTED", limit)
    connection.__dict__.pop("_helpdesk_prepared", None)
    tickets = Ticket.objects.visible_to_contact(ana, SHARED)
    counted = page(ana, SHARED, size=1, searched=searched).count()
    connection.__dict__.pop("_helpdesk_prepared", None)
    assert counted == bounded_count(tickets, limit)


@pytest.mark.parametrize("searched", [False, True])
def test_a_way_shows_nothing_that_the_rule_hides(ana, searched):
    """R9: a way narrows, whatever it says."""
    foreign = OrganizationFactory.create(name="Foreign", sharing="own")
    other = TicketFactory.create(subject="Not hers", organization=foreign)
    reach = Reach(ana.pk, (foreign.pk,), takes_part=True)
    shown = {row.pk for row in page(ana, SHARED, reach=reach, searched=searched)}
    assert shown and other.pk not in shown
