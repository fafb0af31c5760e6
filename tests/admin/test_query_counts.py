"""Every list and detail of the workspace costs the same for 10 and for 1,000 rows."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    ContactFactory,
    ConversationFactory,
    MessageFactory,
    OrganizationFactory,
    TicketFactory,
)
from tests.fulltext import index_all, searches
from wagtail_helpdesk.models import (
    Contact,
    Event,
    Identity,
    Membership,
    Message,
    Organization,
    Ticket,
    TicketNumber,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(inbox):
    """A ticket of a contact with an organization, and one message."""
    organization = OrganizationFactory()
    ticket = TicketFactory(
        inbox=inbox, contact=ContactFactory(organization=organization)
    )
    MessageFactory(conversation=ConversationFactory(ticket=ticket))
    return ticket


def many_tickets(ticket: Ticket, number: int, **values: object) -> None:
    """More tickets like this one, of the same contact."""
    now = timezone.now()
    first = TicketNumber.objects.create().pk
    Ticket.objects.bulk_create(
        Ticket(
            number=first + 10_000 * number + step,
            subject=f"Subject {step}",
            inbox=ticket.inbox,
            pipeline=ticket.pipeline,
            stage=ticket.stage,
            contact=ticket.contact,
            organization=ticket.organization,
            created_at=now,
            last_activity_at=now,
            **values,
        )
        for step in range(number)
    )


def in_the_trash(ticket: Ticket, number: int) -> None:
    many_tickets(ticket, number, deleted_at=timezone.now())


def many_messages(ticket: Ticket, number: int) -> None:
    """A long thread with as many events."""
    conversation = ticket.conversations.get()
    start = conversation.messages.count()
    Message.objects.bulk_create(
        Message(
            conversation=conversation,
            seq=start + step + 1,
            direction="inbound",
            author_contact=ticket.contact,
            body_text="hello",
            created_at=timezone.now(),
        )
        for step in range(number)
    )
    Event.objects.bulk_create(
        Event(kind="message_received", ticket=ticket, actor_contact=ticket.contact)
        for _step in range(number)
    )


def many_contacts(ticket: Ticket, number: int) -> None:
    """More members of the organization, each copied on a ticket of theirs."""
    contacts = Contact.objects.bulk_create(Contact(name="Ann") for _n in range(number))
    start = Identity.objects.count()
    Identity.objects.bulk_create(
        Identity(contact=contact, kind="email", value=f"{start + step}@many.example")
        for step, contact in enumerate(contacts)
    )
    Membership.objects.bulk_create(
        Membership(contact=contact, organization=ticket.organization)
        for contact in contacts
    )
    first = TicketNumber.objects.create().pk
    now = timezone.now()
    Ticket.objects.bulk_create(
        Ticket(
            number=first + 10_000 * number + step,
            subject="hello",
            inbox=ticket.inbox,
            pipeline=ticket.pipeline,
            stage=ticket.stage,
            contact=contact,
            created_at=now,
            last_activity_at=now,
        )
        for step, contact in enumerate(contacts)
    )


def many_organizations(ticket: Ticket, number: int) -> None:
    """More organizations, each with a ticket."""
    organizations = Organization.objects.bulk_create(
        Organization(name=f"Organization {step}") for step in range(number)
    )
    many_tickets(ticket, number)
    newest = list(Ticket.objects.order_by("-pk")[:number])
    for one, organization in zip(newest, organizations, strict=True):
        one.organization = organization
    Ticket.objects.bulk_update(newest, ["organization"], batch_size=200)


PAGES = {
    "inbox": ("inbox", None, many_tickets),
    "trash": ("trash", None, in_the_trash),
    "ticket": ("ticket", "ticket", many_messages),
    "customer view": ("ticket_customer_view", "ticket", many_messages),
    "history": ("ticket_history", "ticket", many_messages),
    "contacts": ("contacts", None, many_contacts),
    "contact": ("contact", "contact", many_tickets),
    "organizations": ("organizations", None, many_organizations),
    "organization": ("organization", "organization", many_contacts),
}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_costs_the_same_for_10_and_1000_rows(browser, ticket, page):
    """UX33."""
    name, about, more = PAGES[page]
    subject = {
        "ticket": ticket,
        "contact": ticket.contact,
        "organization": ticket.organization,
    }.get(about)
    url = reverse(
        f"wagtail_helpdesk_admin:{name}", args=[subject.public_id] if subject else []
    )

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            response = browser.get(url)
        assert response.status_code == 200
        assert response.content
        return len(captured)

    more(ticket, 10)
    queries()
    few = queries()
    more(ticket, 1000)
    assert queries() == few


@searches
def test_a_search_costs_the_same_for_10_and_1000_matches(browser, ticket):
    """UX33."""
    url = f"{reverse('wagtail_helpdesk_admin:inbox')}?view=all&q=subject"

    def queries() -> int:
        index_all()
        browser.get(url)
        with CaptureQueriesContext(connection) as captured:
            response = browser.get(url)
        assert b"Subject" in response.content
        return len(captured)

    many_tickets(ticket, 10)
    few = queries()
    many_tickets(ticket, 1000)
    assert queries() == few


#: Queries of a ticket's page at most, those of Wagtail's own frame among them.
TICKET_PAGE = 20


def test_a_tickets_page_asks_few_queries(browser, ticket):
    """The same for a short thread and for one of several pages."""
    url = reverse("wagtail_helpdesk_admin:ticket", args=[ticket.public_id])

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert browser.get(url).status_code == 200
        return len(captured)

    many_messages(ticket, 5)
    queries()
    few = queries()
    many_messages(ticket, 145)

    assert queries() == few <= TICKET_PAGE
