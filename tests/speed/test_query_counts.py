"""Lists with a view or a filter cost the same for 10 and for 1,000 rows.

The plain and the searched lists have theirs beside their other tests: ``tests/admin``,
``tests/portal``, ``tests/knowledge_base``.
"""

from __future__ import annotations

import pytest
from django.utils import timezone

from tests.admin.test_query_counts import many_messages, many_tickets
from tests.permissions.world import World
from tests.speed.statements import Recorder
from wagtail_helpdesk.models import Conversation, Message, Priority, Ticket

pytestmark = pytest.mark.django_db


def many_threads(ticket: Ticket, number: int, **values: object) -> None:
    """More tickets of the same customer, each with a conversation and a message."""
    start = Ticket.objects.order_by("-pk").values_list("pk", flat=True)[0]
    many_tickets(ticket, number, **values)
    now = timezone.now()
    Conversation.objects.bulk_create(
        Conversation(
            ticket=one,
            inbox=one.inbox,
            contact=one.contact,
            created_at=now,
            last_message_at=now,
            last_seq=1,
        )
        for one in Ticket.objects.filter(pk__gt=start).select_related(
            "inbox", "contact"
        )
    )
    Message.objects.bulk_create(
        Message(
            conversation=conversation,
            seq=1,
            direction="inbound",
            author_contact=ticket.contact,
            body_text="hello",
            created_at=now,
        )
        for conversation in Conversation.objects.filter(ticket__pk__gt=start)
    )


LISTS = {
    **{
        f"inbox, {query}": ("agent", f"/admin/helpdesk/inbox/?{query}")
        for query in (
            "view=mine",
            "view=unassigned",
            "view=open",
            "view=all",
            "view=all&priority=3&sort=newest",
        )
    },
    "list alone": ("agent", "/admin/helpdesk/inbox/results/?view=all"),
    "portal": ("ana", "/support/"),
    "portal, open": ("ana", "/support/?status=open"),
    "portal, by subject": ("ana", "/support/?sort=subject"),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_the_same_for_10_and_1000_tickets(
    world: World, statements: Recorder, name: str
) -> None:
    """UX33."""
    role, url = LISTS[name]
    browser = world.client(role)

    def cost() -> int:
        browser.get(url)  # what is cached between requests is not counted
        with statements() as sent:
            response = browser.get(url)
        assert response.status_code == 200
        assert b"Subject" in response.content
        return len(sent)

    owner = None if "unassigned" in url else world.users["agent"].helpdesk_agent
    many_threads(world.acme.ticket, 10, owner=owner, priority=Priority.HIGH)
    few = cost()
    many_threads(world.acme.ticket, 1_000, owner=owner, priority=Priority.HIGH)
    # A list that fits on its page is counted without asking the database.
    counting = 1 if name.startswith("portal") else 0
    assert few <= cost() <= few + counting


def test_a_conversation_costs_the_customer_the_same_for_10_and_1000_messages(
    world: World, statements: Recorder
) -> None:
    """UX33."""
    browser = world.client("ana")
    url = f"/support/r/{world.acme.ticket.public_id}/"

    def cost() -> int:
        browser.get(url)
        with statements() as sent:
            assert browser.get(url).status_code == 200
        return len(sent)

    many_messages(world.acme.ticket, 10)
    few = cost()
    many_messages(world.acme.ticket, 1_000)
    # The newest have no files to be read; the first message has.
    assert few - 1 <= cost() <= few
