"""A customer, an agent and a ticket for the tests of mail; and a server it goes to."""

import pytest
from django.utils import timezone

from tests.factories import (
    AgentFactory,
    ChannelFactory,
    ContactFactory,
    InboxFactory,
    UserFactory,
)
from tests.smtp import running_mail_host, sending_to
from wagtail_helpdesk import actions
from wagtail_helpdesk.models import Delivery


@pytest.fixture
def mail_host():
    """A real SMTP server that Django's mail goes to."""
    with running_mail_host() as (host, port), sending_to(port):
        yield host


@pytest.fixture
def agent(db):
    user = UserFactory(first_name="Amy", last_name="Agent", email="amy@staff.example")
    return AgentFactory(user=user)


@pytest.fixture
def inbox(agent):
    return InboxFactory(
        agents=[agent],
        name="Support",
        from_name="Northwind Support",
        from_email="help@northwind.example",
        signature="Northwind, Main Street 1",
    )


@pytest.fixture
def channel(inbox):
    return ChannelFactory(inbox=inbox)


@pytest.fixture
def contact(db):
    return ContactFactory(name="Ana García", email="ana@acme.example")


@pytest.fixture
def ticket(channel, contact):
    """A ticket as a form opens it."""
    return (
        actions.OpenTicket(
            channel=channel,
            contact=contact,
            subject="The lamp flickers",
            body_text="It flickers when it rains.",
        )
        .execute()
        .ticket
    )


@pytest.fixture
def reply(ticket, agent):
    """Write a reply whose undo window has passed; returns its delivery."""

    def write(text="Have you tried another socket?", **kwargs):
        message = actions.ReplyToTicket(
            ticket=ticket, agent=agent, body_text=text, **kwargs
        ).execute()
        message.deliveries.update(run_at=timezone.now())
        return message.deliveries.get()

    return write


@pytest.fixture
def lose_worker():
    """Make the lease of every delivery run out, as time would."""

    def lose():
        past = timezone.now() - timezone.timedelta(seconds=1)
        Delivery.objects.exclude(lease_until=None).update(lease_until=past)

    return lose


@pytest.fixture
def make_due():
    """Let the back-off of every waiting delivery pass."""

    def pass_by():
        Delivery.objects.filter(status="queued").update(run_at=timezone.now())

    return pass_by
