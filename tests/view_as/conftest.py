"""An agent with the permission, a portal, and private pages for a group of contacts."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from tests.admin.conftest import make_agent, signed_in, url
from tests.factories import AccessGroupFactory, ContactFactory, InboxFactory
from tests.knowledge_base.factories import (
    ArticleFactory,
    CategoryFactory,
    HomeFactory,
    restrict,
)
from tests.portal.build import make_portal, make_ticket
from wagtail_helpdesk.actions import AddAccessMembers


def allow(agent):
    """Give an agent the permission to view the site as a contact."""
    agent.user.user_permissions.add(Permission.objects.get(codename="view_as_contact"))


def view_as(client, contact):
    """Press the button on the contact's page."""
    return client.post(url("view_as_start", contact.public_id))


@pytest.fixture
def agent(db):
    agent = make_agent(first_name="Amy", last_name="Adler")
    allow(agent)
    return agent


@pytest.fixture
def inbox(agent):
    return InboxFactory(agents=[agent])


@pytest.fixture
def portal(inbox):
    return make_portal(inbox=inbox)


@pytest.fixture
def ana(db):
    """A contact without an account."""
    return ContactFactory(name="Ana García")


@pytest.fixture
def ticket(ana, inbox, portal):
    return make_ticket(ana, "It restarts", subject="The router", inbox=inbox)


@pytest.fixture
def partners(db):
    return AccessGroupFactory(name="Partners")


@pytest.fixture
def article(partners):
    """Private: for the access group only."""
    category = CategoryFactory(parent=HomeFactory(slug="help"), title="For partners")
    restrict(category, partners.auth_group)
    return ArticleFactory(parent=category, title="Prices")


@pytest.fixture
def join(partners):
    """Puts a contact into the access group."""

    def add(contact):
        AddAccessMembers(group=partners, contacts=[contact]).execute()

    return add


@pytest.fixture
def client(agent, ticket) -> Client:
    """The agent's browser."""
    return signed_in(agent.user)
