"""What is written in bulk is what the actions would have written."""

import random
from datetime import datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from tests.factories import (
    AgentFactory,
    ChannelFactory,
    ContactFactory,
    InboxFactory,
    OrganizationFactory,
)
from wagtail_helpdesk import actions
from wagtail_helpdesk.demo.history import HistoryWriter
from wagtail_helpdesk.demo.plans import (
    Assigned,
    Moved,
    Prioritised,
    Tagged,
    TicketPlan,
    Wrote,
)
from wagtail_helpdesk.models import Conversation, Event, Inbox, Message, Ticket

pytestmark = pytest.mark.django_db

TICKET_FIELDS = (
    "subject",
    "inbox_id",
    "channel_id",
    "pipeline_id",
    "stage_id",
    "is_closed",
    "priority",
    "type",
    "owner_id",
    "contact_id",
    "organization_id",
    "origin_locale",
    "language",
    "properties",
    "stage_before_closing_id",
    "reopened_count",
    "version",
)


@pytest.fixture
def cast():
    """An agent, a customer of a company, and a channel between them."""
    agent = AgentFactory()
    inbox = InboxFactory(agents=[agent])
    contact = ContactFactory(organization=OrganizationFactory(), language="es")
    channel = ChannelFactory(inbox=inbox, ticket_defaults={"source": "web"})
    return agent, contact, channel


def stage_of(channel, key):
    return channel.inbox.default_pipeline.stages.get(key=key)


def upload() -> actions.Upload:
    return actions.Upload(name="a.log", content=ContentFile(b"one line"))


def steps_of(cast):
    """Everything that can happen to a ticket, at one hour's distance."""
    agent, contact, channel = cast
    begin = timezone.now() - timedelta(days=3)
    hours = iter(range(1, 100))

    def at() -> datetime:
        return begin + timedelta(hours=next(hours))

    return begin, [
        Assigned(at=at(), owner=agent, actor=agent),
        Moved(at=at(), stage=stage_of(channel, "open"), actor=agent),
        Wrote(at=at(), author=agent, text="Which one?"),
        Moved(at=at(), stage=stage_of(channel, "waiting"), actor=agent),
        Wrote(at=at(), author=contact, text="This one.", files=[upload()]),
        Wrote(at=at(), author=agent, text="Odd.", is_note=True),
        Prioritised(at=at(), priority=4, actor=agent),
        Tagged(at=at(), tags=["vpn", "urgent"], actor=agent),
        Wrote(at=at(), author=agent, text="Solved."),
        Moved(at=at(), stage=stage_of(channel, "closed"), actor=agent),
        Wrote(at=at(), author=contact, text="Not quite."),
        Moved(at=at(), stage=stage_of(channel, "closed"), actor=agent),
        Moved(at=at(), stage=stage_of(channel, "open"), actor=agent),
        Assigned(at=at(), owner=None, actor=agent),
    ]


def write(cast, begin, steps) -> Ticket:
    _agent, contact, channel = cast
    plan = TicketPlan(
        channel=channel,
        contact=contact,
        opened_at=begin,
        subject="Help",
        body="It broke.",
        steps=steps,
        language="es",
        priority=3,
        properties={"product": "hub"},
        origin=actions.Origin(locale="es"),
    )
    rng = random.Random(Ticket.objects.count())
    ((ticket,),) = HistoryWriter(rng).write([plan])
    return Ticket.objects.get(pk=ticket.pk)


def act(cast, steps) -> Ticket:
    """The same through the actions, whatever time it is."""
    agent, contact, channel = cast
    ticket = (
        actions.OpenTicket(
            channel=channel,
            contact=contact,
            subject="Help",
            body_text="It broke.",
            language="es",
            priority=3,
            properties={"product": "hub"},
            origin=actions.Origin(locale="es"),
        )
        .execute()
        .ticket
    )
    for step in steps:
        match step:
            case Wrote(is_note=True):
                action = actions.AddNote(
                    ticket=ticket, agent=agent, body_text=step.text
                )
            case Wrote() if step.author is contact:
                action = actions.ReceiveMessage(
                    ticket=ticket,
                    contact=contact,
                    body_text=step.text,
                    uploads=step.files,
                )
            case Wrote():
                action = actions.ReplyToTicket(
                    ticket=ticket, agent=agent, body_text=step.text
                )
            case Moved():
                action = actions.ChangeStage(
                    ticket=ticket, stage=step.stage, actor=agent
                )
            case Assigned():
                action = actions.AssignTicket(
                    ticket=ticket, owner=step.owner, actor=agent
                )
            case Prioritised():
                action = actions.ChangePriority(
                    ticket=ticket, priority=step.priority, actor=agent
                )
            case Tagged():
                action = actions.ChangeTicketDetails(
                    ticket=ticket, actor=agent, tags=step.tags
                )
        action.execute()
        ticket = Ticket.objects.get(pk=ticket.pk)
    return ticket


def shape(ticket: Ticket) -> dict[str, object]:
    """All of a ticket but ids and times."""
    conversation = ticket.conversations.get()
    return {
        "ticket": {name: getattr(ticket, name) for name in TICKET_FIELDS},
        "tags": sorted(tag.name for tag in ticket.tags.all()),
        "has_times": {
            name: getattr(ticket, name) is not None
            for name in ("closed_at", "first_replied_at", "last_agent_message_at")
        },
        "conversation": (
            conversation.status,
            conversation.last_seq,
            conversation.owner_id,
            conversation.subject,
            conversation.inbox_id,
            conversation.channel_id,
            conversation.contact_id,
        ),
        "messages": [
            (
                message.seq,
                message.direction,
                message.body_text,
                message.author_agent_id,
                message.author_contact_id,
                message.form_data,
                message.release_at is not None,
                [(a.name, a.content_type, a.size) for a in message.attachments.all()],
            )
            for message in conversation.messages.order_by("seq")
        ],
        "events": [
            (
                event.kind,
                event.actor_agent_id,
                event.actor_contact_id,
                event.message.seq if event.message else None,
                event.conversation_id is not None,
                event.data,
            )
            for event in Event.objects.filter(ticket=ticket).order_by("pk")
        ],
    }


@pytest.mark.parametrize("owner_sync", [*Inbox.OwnerSync])
def test_bulk_history_equals_what_the_actions_write(cast, owner_sync):
    """R1 to R4, R7 and R16, step by step."""
    inbox = cast[2].inbox
    inbox.owner_sync = owner_sync
    inbox.save()
    begin, steps = steps_of(cast)
    assert shape(write(cast, begin, steps)) == shape(act(cast, steps))


def test_every_prefix_of_a_history_equals_what_the_actions_write(cast):
    begin, steps = steps_of(cast)
    for length in range(len(steps)):
        some = steps[:length]
        assert shape(write(cast, begin, some)) == shape(act(cast, some))


def test_times_are_those_of_the_plan(cast):
    begin, steps = steps_of(cast)
    ticket = write(cast, begin, steps)
    by_customer = [s.at for s in steps if isinstance(s, Wrote) and s.author is cast[1]]
    by_agent = [
        s.at
        for s in steps
        if isinstance(s, Wrote) and s.author is cast[0] and not s.is_note
    ]
    wrote = [s.at for s in steps if isinstance(s, Wrote)]
    assert ticket.created_at == begin
    assert ticket.last_customer_message_at == by_customer[-1]
    assert ticket.first_replied_at == by_agent[0]
    assert ticket.last_agent_message_at == by_agent[-1]
    assert ticket.last_activity_at == wrote[-1]
    assert ticket.conversations.get().last_message_at == wrote[-1]
    times = Event.objects.filter(ticket=ticket).order_by("pk")
    assert [event.created_at for event in times] == sorted(
        event.created_at for event in times
    )


def test_history_notifies_nobody(cast):
    """Nobody is to get a mail for what happened long ago."""
    begin, steps = steps_of(cast)
    write(cast, begin, steps)
    assert not Event.objects.due().exists()


def test_numbers_grow_with_time(cast):
    _agent, contact, channel = cast
    begin = timezone.now() - timedelta(days=9)
    plans = [
        TicketPlan(
            channel=channel,
            contact=contact,
            opened_at=begin + timedelta(days=day),
            subject=f"Day {day}",
            body="Hello",
        )
        for day in range(5)
    ]
    (tickets,) = HistoryWriter(random.Random(1)).write(plans)
    numbers = [ticket.number for ticket in tickets]
    assert numbers == sorted(set(numbers))
    assert Conversation.objects.count() == Message.objects.count() == 5
