"""R17: an account gets tickets only by proving the address."""

import pytest

from tests.factories import (
    AgentFactory,
    ContactFactory,
    OrganizationFactory,
    ParticipantFactory,
    TicketFactory,
    UserFactory,
)
from wagtail_helpdesk.access.contacts import contact_for
from wagtail_helpdesk.actions import (
    ClaimContact,
    OpenTicket,
    RecordConsent,
    ReleaseAddress,
    ReplyToTicket,
)
from wagtail_helpdesk.models import (
    Consent,
    Contact,
    Delivery,
    Event,
    InboxMembership,
    Membership,
    Message,
    PortalRules,
    SatisfactionRating,
    Ticket,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def unverified(channel):
    """What an anonymous form submission leaves behind."""
    contact = ContactFactory(email="ana@acme.example", email__unverified=True)
    OpenTicket(channel=channel, contact=contact, subject="Before signing up").execute()
    return contact


def visible(user):
    contact = contact_for(user)
    return Ticket.objects.visible_to_contact(contact, PortalRules()).count()


def test_proving_the_address_brings_its_tickets(unverified):
    user = UserFactory(email="ana@acme.example")
    assert visible(user) == 0
    contact = ClaimContact(user=user, email="Ana@Acme.example").execute()
    assert contact == unverified
    assert visible(user) == 1
    assert Event.objects.filter(kind="contact_claimed").count() == 1


def test_claiming_again_changes_nothing(unverified):
    user = UserFactory()
    for _time in range(2):
        ClaimContact(user=user, email="ana@acme.example").execute()
    assert Event.objects.filter(kind="contact_claimed").count() == 1
    assert Contact.objects.count() == 1


def test_an_account_with_an_unverified_address_sees_nothing(unverified):
    unverified.user = UserFactory(email="ana@acme.example")
    unverified.save()
    assert contact_for(unverified.user) is None


def test_a_second_address_brings_its_tickets_too(unverified, channel):
    """L19: several addresses, one contact."""
    user = UserFactory()
    own = ClaimContact(user=user, email="private@example.com").execute()
    RecordConsent(contact=unverified, text="Yes", language="en", source="f").execute()
    ticket = Ticket.objects.get()
    ParticipantFactory(ticket=ticket, contact=unverified)
    SatisfactionRating.objects.create(
        ticket=ticket, contact=unverified, closing=0, score=4
    )

    assert ClaimContact(user=user, email="ana@acme.example").execute() == own

    assert visible(user) == 1
    assert own.identities.count() == 2
    assert Message.objects.get().author_contact == own
    assert Consent.objects.get().contact == own
    assert SatisfactionRating.objects.get().contact == own
    assert not Contact.objects.filter(pk=unverified.pk).exists()
    assert Event.objects.get(kind="ticket_opened").actor_contact == own


def test_who_takes_part_by_themselves_still_does_after_a_merge_is_undone(
    unverified, channel
):
    """N15: and not only as somebody whom the merged ticket has brought."""
    user = UserFactory()
    own = ClaimContact(user=user, email="private@example.com").execute()
    ticket, merged = TicketFactory(), TicketFactory()
    ParticipantFactory(ticket=ticket, contact=unverified)
    ParticipantFactory(ticket=ticket, contact=own, merged_from=merged)
    ClaimContact(user=user, email="ana@acme.example").execute()
    row = ticket.participants.get()
    assert (row.contact, row.merged_from) == (own, None)


def test_an_address_that_changed_hands_brings_no_old_tickets(unverified):
    first = UserFactory()
    ClaimContact(user=first, email="ana@acme.example").execute()
    second = UserFactory()
    ClaimContact(user=second, email="ana@acme.example").execute()
    assert visible(first) == 0
    assert visible(second) == 0


def test_the_domain_makes_a_member():
    acme = OrganizationFactory(domains=["acme.example"])
    contact = ClaimContact(user=UserFactory(), email="new@acme.example").execute()
    assert contact.organization == acme


@pytest.mark.parametrize(
    "address", ["x@evil-acme.example", "x@acme.example.evil.test", "x@sub.acme.example"]
)
def test_a_similar_domain_does_not(address):
    OrganizationFactory(domains=["acme.example"])
    contact = ClaimContact(user=UserFactory(), email=address).execute()
    assert contact.organization is None


def test_blocked_contacts_and_closed_accounts_are_nobody(unverified):
    user = UserFactory()
    contact = ClaimContact(user=user, email="ana@acme.example").execute()
    Contact.objects.filter(pk=contact.pk).update(is_blocked=True)
    assert contact_for(user) is None
    Contact.objects.filter(pk=contact.pk).update(is_blocked=False)
    user.is_active = False
    assert contact_for(user) is None


def test_consent_is_kept_word_for_word_and_once(unverified):
    """R17, B57."""
    for _time in range(2):
        RecordConsent(
            contact=unverified, text="I agree.", language="en", source="form:contact"
        ).execute()
    RecordConsent(
        contact=unverified, text="I agree!", language="en", source="form:contact"
    ).execute()
    texts = Consent.objects.order_by("pk").values_list("text", flat=True)
    assert list(texts) == ["I agree.", "I agree!"]


def test_mails_that_wait_survive_when_two_contacts_become_one(unverified):
    ticket = Ticket.objects.get()
    agent = AgentFactory()
    InboxMembership.objects.create(inbox=ticket.inbox, agent=agent)
    ReplyToTicket(ticket=ticket, agent=agent, body_text="Hello").execute()
    user = UserFactory()
    own = ClaimContact(user=user, email="private@example.com").execute()
    ClaimContact(user=user, email="ana@acme.example").execute()
    assert Delivery.objects.get().contact == own


def test_a_block_survives_too(unverified):
    Contact.objects.filter(pk=unverified.pk).update(is_blocked=True)
    user = UserFactory()
    ClaimContact(user=user, email="private@example.com").execute()
    ClaimContact(user=user, email="ana@acme.example").execute()
    assert contact_for(user) is None


def test_there_is_one_primary_organization_afterwards(unverified):
    for primary in (True, False):
        Membership.objects.create(
            contact=unverified, organization=OrganizationFactory(), is_primary=primary
        )
    user = UserFactory()
    own = ClaimContact(user=user, email="private@example.com").execute()
    ClaimContact(user=user, email="ana@acme.example").execute()
    assert own.memberships.filter(is_primary=True).count() == 1


def test_an_address_that_was_given_up_gets_no_more_mail(unverified):
    user = UserFactory()
    for address in ("ana@acme.example", "new@example.com"):
        contact = ClaimContact(user=user, email=address).execute()
    assert ReleaseAddress(user=user, email="Ana@acme.example").execute()
    assert not ReleaseAddress(user=user, email="ana@acme.example").execute()
    contact = Contact.objects.get(pk=contact.pk)
    assert contact.email == "new@example.com"
    assert visible(user) == 1
    assert Event.objects.filter(kind="address_released").count() == 1
