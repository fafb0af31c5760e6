"""A help desk with so many tickets that PostgreSQL plans as it would at any size."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.test import Client

from tests.factories import UserFactory
from tests.permissions.world import World, make_world
from wagtail_helpdesk.actions.register_agent import agent_group
from wagtail_helpdesk.demo.seeding import seed
from wagtail_helpdesk.models import Contact, Organization, Ticket
from wagtail_helpdesk.pagination import KeysetPage
from wagtail_helpdesk.portal.models import PortalHomePage

TICKETS = 10_000
UNTIL = datetime(2026, 11, 1, 12, tzinfo=UTC)


@dataclass
class BigDesk:
    """Ten thousand tickets, the pages of ``world``, and three people who look.

    Attributes:
        world: The pages, with a few tickets in inboxes of their own.
        agent: Works two inboxes with all the seeded tickets, and owns many of them.
        boss: A superuser, who sees every inbox.
        huge: A customer whose organization shares thousands of tickets.
        small: A customer with a handful.
        long: The ticket with most messages, in an inbox of ``agent``.
        late: A cursor far down the list of all tickets by latest activity.
    """

    world: World
    agent: Any
    boss: Any
    huge: Contact
    small: Contact
    long: Ticket
    late: str

    def browser(self, user: Any) -> Client:
        """A browser in which a user is signed in; ``None``: nobody."""
        client = Client()
        if user is not None:
            client.force_login(
                user, backend="django.contrib.auth.backends.ModelBackend"
            )
        return client


def make_big_desk() -> BigDesk:
    """Seed, take the figures the planner goes by, and pin what it would guess."""
    for _done in seed(tickets=TICKETS, seed=1, now=UNTIL):
        pass
    _add_what_the_seed_leaves_out()
    world = make_world()
    call_command("helpdesk_index_tickets", stdout=StringIO())
    PortalHomePage.objects.update(sharing="organization")
    organizations = Organization.objects.annotate(n=Count("tickets")).order_by("-n")
    biggest, smallest = organizations[0], organizations.filter(n__gt=0).last()
    Organization.objects.update(sharing="organization")
    agent = get_user_model().objects.get(username="alex.moreau@helpdesk.example")
    agent.groups.add(agent_group())
    desk = BigDesk(
        world=world,
        agent=agent,
        boss=world.users["admin"],
        huge=_with_account(biggest),
        small=_with_account(smallest),
        long=Ticket.objects.order_by("-conversations__last_seq").filter(
            conversations__messages__isnull=False, inbox__members__user=agent
        )[0],
        late=KeysetPage(
            Ticket.objects.only("last_activity_at"),
            ordering=("-last_activity_at", "-pk"),
            size=TICKETS * 3 // 4,
        ).next_cursor,
    )
    # Now, not at the end of every test: each would check half a million foreign keys.
    connection.check_constraints()
    take_figures()
    return desk


def _add_what_the_seed_leaves_out() -> None:
    """Mails, files and people in copy: tables as long as those of an old desk."""
    with connection.cursor() as cursor:
        for sql in (_MAILS, _FILES, _COPIED, _FOLLOWED):
            cursor.execute(sql)


_MAILS = """
INSERT INTO wagtail_helpdesk_delivery
    (kind, key, token, ticket_id, conversation_id, message_id, contact_id, address,
     part, status, attempts, accidents, run_at, lease_owner, external_id, error,
     created_at, sent_at)
SELECT 'reply', 'reply:' || m.id, gen_random_uuid(), c.ticket_id, c.id, m.id,
    c.contact_id, 'c' || c.contact_id || '@mail.example', 0, 'sent', 1, 0,
    m.created_at, '', '<' || m.id || '@desk.example>', '', m.created_at, m.created_at
FROM wagtail_helpdesk_message m
JOIN wagtail_helpdesk_conversation c ON c.id = m.conversation_id
WHERE m.direction = 'outbound'
"""
_FILES = """
INSERT INTO wagtail_helpdesk_attachment
    (public_id, message_id, file, name, content_type, size, sha256)
SELECT 'f' || m.id, m.id, 'helpdesk/attachments/aa/' || m.id, 'log.txt', 'text/plain',
    4096, ''
FROM wagtail_helpdesk_message m WHERE m.id % 10 = 0
"""
_COPIED = """
INSERT INTO wagtail_helpdesk_participant (ticket_id, contact_id, address)
SELECT t.id, (SELECT max(id) FROM wagtail_helpdesk_contact) - t.id % 500, ''
FROM wagtail_helpdesk_ticket t WHERE t.id % 4 = 0
"""
_FOLLOWED = """
INSERT INTO wagtail_helpdesk_watcher (ticket_id, agent_id)
SELECT t.id, t.owner_id FROM wagtail_helpdesk_ticket t
WHERE t.id % 4 = 0 AND t.owner_id IS NOT NULL
"""


def take_figures() -> None:
    """What autovacuum does meanwhile on a site, and settings of a usual machine."""
    with connection.cursor() as cursor:
        for setting in (
            "random_page_cost = 1.1",
            "effective_cache_size = '4GB'",
            "work_mem = '16MB'",
            "jit = off",
            "max_parallel_workers_per_gather = 0",
        ):
            cursor.execute(f"SET LOCAL {setting}")
        cursor.execute(
            "SELECT gin_clean_pending_list(c.oid) FROM pg_class c"
            " JOIN pg_am a ON a.oid = c.relam"
            " WHERE a.amname = 'gin' AND c.relname LIKE %s",
            ["%helpdesk%"],
        )
        cursor.execute("ANALYZE")


def _with_account(organization: Organization) -> Contact:
    """The member with most tickets, who can sign in from now on."""
    contact = (
        Contact.objects.filter(memberships__organization=organization)
        .annotate(n=Count("tickets"))
        .order_by("-n", "pk")[0]
    )
    contact.user = UserFactory()
    contact.save(update_fields=["user"])
    contact.identities.update(verified_at=UNTIL)
    return contact
