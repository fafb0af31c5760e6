"""The ways in which tickets are a customer's: the rule, once for each index (R9)."""

import pytest
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
from wagtail_helpdesk.access.reach import ways_to_tickets
from wagtail_helpdesk.models import Membership, PortalRules, Ticket
from wagtail_helpdesk.pagination import KeysetPage, bounded_count

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


def pages(tickets, *, ordering, ways, size):
    """All pages from first to last, as lists of keys."""
    cursor, found = "", []
    while True:
        page = KeysetPage(
            tickets,
            ordering=ordering,
            params=QueryDict(f"after={cursor}" if cursor else ""),
            size=size,
            ways=ways,
        )
        found.append([ticket.pk for ticket in page])
        if not page.has_next:
            return found
        cursor = page.next_cursor


@pytest.mark.parametrize("ordering", ORDERS)
@pytest.mark.parametrize("rules", [SHARED, PortalRules()])
def test_a_list_put_together_of_its_ways_is_the_list_of_the_rule(ana, rules, ordering):
    """R9, B15, B16: no row is missing, none is there twice, none is added."""
    tickets = Ticket.objects.visible_to_contact(ana, rules)
    tickets = tickets.annotate(subject_sort=Lower("subject"))
    ways = ways_to_tickets(ana, rules)
    for size in (1, 3, 100):
        assert pages(tickets, ordering=ordering, ways=ways, size=size) == pages(
            tickets, ordering=ordering, ways=(), size=size
        )
    assert not tickets.filter(subject="Hidden").exists()
    assert int(bounded_count(tickets, ways=ways)) == tickets.count()


@pytest.mark.parametrize("limit", [1, 5, 6, 14, 15, 16, 1000])
def test_counting_by_ways_stops_at_the_limit(ana, limit):
    """UX33."""
    tickets = Ticket.objects.visible_to_contact(ana, SHARED)
    counted = bounded_count(tickets, limit, ways=ways_to_tickets(ana, SHARED))
    assert counted == bounded_count(tickets, limit)


def test_a_way_shows_nothing_that_the_rule_hides(ana):
    """R9: a way narrows, whatever it says."""
    other = TicketFactory.create(subject="Not hers")
    tickets = Ticket.objects.visible_to_contact(ana, SHARED)
    shown = KeysetPage(
        tickets,
        ordering=["-last_activity_at"],
        ways=[*ways_to_tickets(ana, SHARED), *ways_to_tickets(other.contact, SHARED)],
        size=100,
    )
    assert other.pk not in {ticket.pk for ticket in shown}
