import pytest
from django.test import Client

from tests.factories import AgentFactory, CustomerFactory, InboxFactory
from tests.portal.build import make_portal


@pytest.fixture
def agent(db):
    return AgentFactory(
        user__first_name="Amy", user__last_name="Pond", display_alias="Amy at Northwind"
    )


@pytest.fixture
def inbox(agent):
    return InboxFactory(agents=[agent])


@pytest.fixture
def portal(inbox):
    return make_portal(inbox=inbox)


@pytest.fixture
def ana(db):
    return CustomerFactory(name="Ana García")


@pytest.fixture
def zoe(db):
    return CustomerFactory(name="Zoe Stranger")


@pytest.fixture
def sign_in():
    """Gives a browser in which a customer (or an agent) is signed in."""

    def start(person):
        client = Client()
        client.force_login(
            person.user, backend="django.contrib.auth.backends.ModelBackend"
        )
        return client

    return start


@pytest.fixture
def client(ana, sign_in):
    """Ana's browser."""
    return sign_in(ana)
