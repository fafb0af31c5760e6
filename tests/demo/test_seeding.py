"""``helpdesk_seed_demo``: any number of tickets, on any site."""

from collections import Counter
from datetime import UTC, datetime
from statistics import median

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count, F, Max

from tests.factories import AgentFactory, InboxFactory
from wagtail_helpdesk.demo.seeding import seed
from wagtail_helpdesk.models import (
    Agent,
    Attachment,
    Contact,
    Conversation,
    Event,
    Inbox,
    Message,
    Organization,
    Ticket,
)

pytestmark = pytest.mark.django_db

UNTIL = datetime(2026, 11, 1, 12, tzinfo=UTC)


def seed_now(tickets: int, number: int = 1) -> None:
    for _done in seed(tickets=tickets, seed=number, now=UNTIL):
        pass


def everything() -> list[object]:
    tickets = Ticket.objects.order_by("created_at", "public_id")
    messages = Message.objects.order_by("public_id")
    events = Event.objects.exclude(ticket=None).order_by("created_at", "kind")
    return [
        list(tickets.values_list("public_id", "subject", "created_at", "is_closed")),
        list(messages.values_list("public_id", "body_text", "created_at")),
        list(events.values_list("kind", "created_at")),
    ]


def test_one_seed_gives_the_same_tickets_again():
    found = []
    for number in (7, 7, 8):
        with transaction.atomic():
            seed_now(40, number)
            found.append(everything())
            transaction.set_rollback(True)
    assert found[0] == found[1]
    assert found[0] != found[2]


def test_counters_and_copies_agree_with_what_they_count():
    seed_now(300)
    assert Ticket.objects.count() == Conversation.objects.count() == 300
    assert not Ticket.objects.exclude(contact__memberships=None).exclude(
        organization=F("contact__memberships__organization")
    )
    assert not Ticket.objects.filter(is_closed=True).exclude(stage__category="closed")
    assert not Ticket.objects.filter(is_closed=False, stage__category="closed")
    assert not Ticket.objects.filter(is_closed=True, closed_at=None)
    assert not Conversation.objects.filter(ticket__is_closed=True).exclude(
        status="closed"
    )
    counted = Conversation.objects.annotate(n=Count("messages"))
    assert not counted.exclude(last_seq=F("n"))
    latest = Conversation.objects.annotate(at=Max("messages__created_at"))
    assert not latest.exclude(last_message_at=F("at"))
    assert not Ticket.objects.exclude(
        last_activity_at=F("conversations__last_message_at")
    )
    assert not Ticket.objects.filter(last_activity_at__gt=UNTIL)
    about_messages = Event.objects.exclude(message=None)
    assert about_messages.count() == Message.objects.count()
    assert not Event.objects.due()


def test_sizes_are_skewed_as_in_life():
    seed_now(1_200)
    lengths = sorted(Conversation.objects.values_list("last_seq", flat=True))
    assert median(lengths) == pytest.approx(6, abs=1)
    assert lengths[0] == 1
    assert lengths[-1] > 20
    owners = Counter(
        Ticket.objects.exclude(organization=None).values_list("organization", flat=True)
    )
    (_pk, most), *_rest = owners.most_common()
    assert most > 3 * median(owners.values())
    assert Ticket.objects.filter(organization=None).exists()
    assert Ticket.objects.closed().count() > 1_000
    assert Ticket.objects.open().exists()
    assert set(Ticket.objects.values_list("language", flat=True)) == {
        "en",
        "es",
        "pt-br",
    }
    assert Attachment.objects.count() < 200


def test_an_empty_site_gets_a_desk():
    seed_now(10)
    assert Inbox.objects.count() == 2
    assert Agent.objects.count() == 3
    for agent in Agent.objects.select_related("user"):
        assert not agent.user.has_usable_password()


def test_a_site_with_a_desk_keeps_it():
    agent = AgentFactory()
    inbox = InboxFactory(agents=[agent])
    seed_now(20)
    assert list(Inbox.objects.all()) == [inbox]
    assert list(Agent.objects.all()) == [agent]
    assert Ticket.objects.filter(inbox=inbox).count() == 20


def test_a_second_run_adds_tickets_of_the_same_people():
    seed_now(60)
    contacts = Contact.objects.count()
    organizations = Organization.objects.count()
    seed_now(60)
    assert Ticket.objects.count() == 120
    assert Contact.objects.count() == contacts
    assert Organization.objects.count() == organizations


def test_the_command_says_how_many_and_how_long(capsys):
    call_command("helpdesk_seed_demo", tickets=12, seed=3, until="2026-11-01T12:00Z")
    assert "12 tickets in" in capsys.readouterr().out
    assert Ticket.objects.count() == 12


@pytest.mark.parametrize(
    ("options", "says"),
    [({"tickets": 0}, "1 or more"), ({"until": "soon"}, "is no time")],
)
def test_the_command_explains_bad_options(options, says):
    with pytest.raises(CommandError, match=says):
        call_command("helpdesk_seed_demo", **options)
