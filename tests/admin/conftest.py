from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import AgentFactory, ChannelFactory, ContactFactory, InboxFactory
from wagtail_helpdesk import actions
from wagtail_helpdesk.actions.register_agent import agent_group
from wagtail_helpdesk.models import Agent, Ticket


def url(name: str, *args: object) -> str:
    return reverse(f"wagtail_helpdesk_admin:{name}", args=args)


def make_agent(**names: str) -> Agent:
    agent = AgentFactory(**{f"user__{key}": value for key, value in names.items()})
    agent.user.groups.add(agent_group())
    return agent


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def agent(db) -> Agent:
    return make_agent(first_name="Amy", last_name="Adler")


@pytest.fixture
def colleague(agent, inbox) -> Agent:
    """A member of the same inbox."""
    other = make_agent(first_name="Ben", last_name="Berg")
    inbox.memberships.create(agent=other)
    return other


@pytest.fixture
def inbox(agent):
    return InboxFactory(name="Support", agents=[agent])


@pytest.fixture
def stages(inbox):
    return {stage.key: stage for stage in inbox.default_pipeline.stages.all()}


@pytest.fixture
def open_ticket(inbox) -> Callable[..., Ticket]:
    """Opens a ticket with one message; in a foreign inbox with ``inbox=``."""

    def make(subject: str = "The router restarts", **options) -> Ticket:
        place = options.pop("inbox", inbox)
        channel = place.channels.first() or ChannelFactory(inbox=place, name="Form")
        return (
            actions.OpenTicket(
                channel=channel,
                contact=options.pop("contact", None) or ContactFactory(),
                subject=subject,
                body_text=options.pop("text", "Every ten minutes."),
                **options,
            )
            .execute()
            .ticket
        )

    return make


@pytest.fixture
def ticket(open_ticket):
    contact = ContactFactory(name="Ana García", email="ana@acme.example")
    return open_ticket(contact=contact)


@pytest.fixture
def foreign_inbox(db):
    return InboxFactory(name="Secret inbox", agents=[make_agent(first_name="Zed")])


@pytest.fixture
def foreign_ticket(open_ticket, foreign_inbox):
    contact = ContactFactory(name="Canary Contact", email="canary@globex.example")
    return open_ticket(
        "Canary subject", inbox=foreign_inbox, contact=contact, text="Canary text"
    )


@pytest.fixture
def browser(agent, inbox) -> Client:
    """The agent's browser."""
    return signed_in(agent.user)
