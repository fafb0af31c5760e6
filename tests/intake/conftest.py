import pytest

from tests.factories import ChannelFactory
from tests.mail_fixtures import agent, contact, inbox, ticket  # noqa: F401
from tests.mails import raw_mail
from wagtail_helpdesk import actions, intake
from wagtail_helpdesk.channels.email.message_ids import message_id
from wagtail_helpdesk.models import Delivery, Receipt


@pytest.fixture
def channel(inbox):  # noqa: F811
    return ChannelFactory(inbox=inbox, type="email", name="Mail")


@pytest.fixture
def receive(channel):
    """Have a mail come in: returns its receipt, as it is after one pass."""

    def do(raw=None, **mail):
        receipt = intake.store(channel, raw or raw_mail(**mail))
        intake.take_in(budget_seconds=60)
        receipt.refresh_from_db()
        return receipt

    return do


@pytest.fixture
def our_mail(ticket, agent):  # noqa: F811
    """The Message-ID of a reply that went out to the ticket's contact."""
    reply = actions.ReplyToTicket(
        ticket=ticket, agent=agent, body_text="Have you tried another socket?"
    ).execute()
    delivery = reply.deliveries.get()
    delivery.status = Delivery.Status.SENT
    delivery.external_id = message_id(delivery.token, "northwind.example")
    delivery.save()
    return delivery.external_id


@pytest.fixture
def make_due(db):
    """Let the back-off of every waiting receipt pass, and every lease run out."""

    def pass_by():
        import datetime

        past = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
        Receipt.objects.filter(state="new").update(run_at=past)
        Receipt.objects.filter(state="claimed").update(lease_until=past)

    return pass_by
