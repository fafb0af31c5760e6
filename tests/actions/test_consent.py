"""What was agreed to is kept, withdrawn, and never rewritten (B57)."""

import pytest

from tests.factories import (
    ChannelFactory,
    ContactFactory,
    UserFactory,
)
from wagtail_helpdesk.actions import (
    ClaimContact,
    OpenTicket,
    RecordConsent,
    WithdrawConsent,
)
from wagtail_helpdesk.models import Consent, Delivery, Event
from wagtail_helpdesk.notifications import handle_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact():
    return ContactFactory(email="ana@acme.example")


def agree(contact, text="The text\nI agree", source="form:contact"):
    return RecordConsent(
        contact=contact, text=text, language="en", source=source
    ).execute()


def acknowledgements_of(contact):
    """The acknowledgements that a new request of the contact leads to."""
    opened = OpenTicket(
        channel=ChannelFactory(),
        contact=contact,
        subject="Help",
        body_text="Please",
    ).execute()
    for event in Event.objects.filter(ticket=opened.ticket):
        handle_event(event)
    return Delivery.objects.filter(ticket=opened.ticket, kind="acknowledgement").count()


def test_what_was_withdrawn_can_be_given_again_and_the_old_row_stays(contact):
    first = agree(contact)
    assert agree(contact) == first
    assert WithdrawConsent(contact=contact, source="form:contact").execute() == [first]

    second = agree(contact)

    assert second != first
    assert agree(contact) == second
    first.refresh_from_db()
    assert first.withdrawn_at is not None
    assert second.withdrawn_at is None
    assert (second.body, second.label) == ("The text", "I agree")


def test_who_withdrew_everything_gets_no_automatic_mail(contact):
    """B57: processing stops; a form that asks again begins it again."""
    assert acknowledgements_of(contact) == 1
    agree(contact)
    agree(contact, source="portal:x")
    WithdrawConsent(contact=contact, source="portal:x").execute()
    assert acknowledgements_of(contact) == 1

    WithdrawConsent(contact=contact, source="form:contact").execute()
    assert Consent.objects.all_withdrawn_at(contact) is not None
    assert acknowledgements_of(contact) == 0

    agree(contact)
    assert acknowledgements_of(contact) == 1


def test_a_withdrawal_is_the_contacts_own(contact):
    other = ContactFactory()
    agree(other)
    assert WithdrawConsent(contact=contact, source="form:contact").execute() == []
    assert Consent.objects.get().withdrawn_at is None
    assert not Event.objects.filter(kind="consent_withdrawn").exists()


def test_two_contacts_that_become_one_keep_the_whole_history(contact):
    """L19."""
    user = UserFactory()
    own = ClaimContact(user=user, email="private@example.com").execute()
    agree(own)
    agree(contact)
    WithdrawConsent(contact=contact, source="form:contact").execute()
    agree(contact)

    ClaimContact(user=user, email="ana@acme.example").execute()

    rows = Consent.objects.filter(contact=own)
    assert rows.count() == 3
    assert rows.standing().count() == 2
    WithdrawConsent(contact=own, source="form:contact").execute()
    assert not rows.standing().exists()
