"""R14: who wrote."""

import pytest

from tests.factories import ContactFactory
from wagtail_helpdesk.access.contacts import contact_for
from wagtail_helpdesk.actions import ForwardedSender, ResolveContact
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import Contact, Identity

pytestmark = pytest.mark.django_db


def test_a_known_address_finds_its_contact_whatever_its_case(contact):
    assert ResolveContact(email=" ANA@Acme.example ").execute() == contact


def test_a_known_contact_is_not_renamed_by_a_stranger(contact):
    ResolveContact(email="ana@acme.example", name="Mallory").execute()
    contact.refresh_from_db()
    assert contact.name == "Ana García"


def test_an_unknown_address_makes_an_unverified_contact():
    """B73."""
    contact = ResolveContact(
        email="new@example.com", name="New\nPerson", language="es"
    ).execute()
    assert (contact.name, contact.language) == ("New Person", "es")
    assert Identity.objects.get().verified_at is None
    assert contact_for(contact.user) is None


def test_twice_is_one_contact():
    first = ResolveContact(email="new@example.com").execute()
    assert ResolveContact(email="New@Example.com").execute() == first
    assert Contact.objects.count() == 1


def test_an_agents_forward_counts_as_the_original_sender(agent, contact):
    """B82."""
    original = ForwardedSender("ana@acme.example", "Ana")
    found = ResolveContact(email=agent.user.email, forwarded=original).execute()
    assert found == contact


def test_the_switch_makes_it_the_forwarders(agent, contact):
    """B82."""
    found = ResolveContact(
        email=agent.user.email,
        forwarded=ForwardedSender("ana@acme.example"),
        log_forwards_on_original=False,
    ).execute()
    assert found != contact


def test_a_customers_forward_never_poses_as_somebody_else(contact):
    mallory = ContactFactory(email="mallory@evil.example")
    found = ResolveContact(
        email="mallory@evil.example", forwarded=ForwardedSender("ana@acme.example")
    ).execute()
    assert found == mallory


@pytest.mark.parametrize(
    "address", ["", "nonsense", "a@b", "a b@example.com", f"{'x' * 300}@example.com"]
)
def test_what_is_no_address_is_named(address):
    with pytest.raises(ActionError) as error:
        ResolveContact(email=address).execute()
    assert (error.value.code, error.value.field) == ("bad_email", "email")
    assert not Contact.objects.exists()
