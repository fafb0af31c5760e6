import pytest

from tests.factories import (
    AgentFactory,
    ChannelFactory,
    ContactFactory,
    CustomerFactory,
    InboxFactory,
)
from wagtail_helpdesk import actions


@pytest.fixture
def agent(db):
    return AgentFactory()


@pytest.fixture
def inbox(agent):
    return InboxFactory(agents=[agent])


@pytest.fixture
def channel(inbox):
    return ChannelFactory(inbox=inbox)


@pytest.fixture
def contact(db):
    return ContactFactory(name="Ana García", email="ana@acme.example")


@pytest.fixture
def customer(db):
    return CustomerFactory(name="Luis", email="luis@acme.example")


@pytest.fixture
def opened(channel, contact):
    """A ticket as a form opens it: one conversation with one message."""
    return actions.OpenTicket(
        channel=channel,
        contact=contact,
        subject="The router restarts",
        body_text="Every ten minutes.",
        client_token="first",
    ).execute()


@pytest.fixture
def ticket(opened):
    return opened.ticket


@pytest.fixture
def stages(inbox):
    return {stage.key: stage for stage in inbox.default_pipeline.stages.all()}


@pytest.fixture
def foreign_agent(db):
    """An agent of another inbox."""
    stranger = AgentFactory()
    InboxFactory(agents=[stranger])
    return stranger
