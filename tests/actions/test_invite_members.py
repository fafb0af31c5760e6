"""Registration mails to the members of an access group (B49, B50, L19)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import AgentFactory, ContactFactory, CustomerFactory
from wagtail_helpdesk import actions, outbox
from wagtail_helpdesk.models import AccessInvitation, Contact, Delivery, Event, Identity

pytestmark = pytest.mark.django_db

State = AccessInvitation.State


@pytest.fixture
def group():
    return actions.ChangeAccessGroup(name="Partners").execute()


def member(group, email, **kwargs) -> Contact:
    contact = ContactFactory(email=email, email__unverified=True, **kwargs)
    actions.AddAccessMembers(group=group, contacts=[contact]).execute()
    return contact


def invite(group, *contacts) -> int:
    only = list(contacts) or None
    return actions.InviteAccessMembers(group=group, contacts=only).execute()


def test_all_members_without_an_account_are_invited_and_nobody_else(group, mailoutbox):
    ana, luis = member(group, "ana@acme.example"), member(group, "luis@acme.example")
    member(group, "bad@acme.example", is_blocked=True)
    member(group, False)
    with_account = CustomerFactory()
    actions.AddAccessMembers(group=group, contacts=[with_account]).execute()
    ContactFactory(email="no-member@acme.example")

    assert invite(group) == 2
    outbox.run_due()

    assert {mail.to[0].split("<")[-1] for mail in mailoutbox} == {
        "ana@acme.example>",
        "luis@acme.example>",
    }
    invited = AccessInvitation.objects.values_list("contact", flat=True)
    assert set(invited) == {ana.pk, luis.pk}


def test_an_invitation_goes_to_a_verified_address_first(group):
    """L19: one of several addresses."""
    ana = member(group, "old@acme.example")
    Identity.objects.create(
        contact=ana, kind="email", value="new@acme.example", verified_at=timezone.now()
    )

    invite(group)

    assert AccessInvitation.objects.get().address == "new@acme.example"


def test_who_is_no_member_is_not_invited_by_asking_for_it(group):
    stranger = ContactFactory(email="zoe@evil.example")

    assert invite(group, stranger) == 0
    assert not Delivery.objects.exists()


def test_sending_again_keeps_one_row_and_cancels_the_mail_that_waits(group, mailoutbox):
    ana = member(group, "ana@acme.example")
    invite(group)
    first = AccessInvitation.objects.get()
    AccessInvitation.objects.update(expires_at=timezone.now() - timedelta(days=1))

    assert invite(group, ana) == 1

    again = AccessInvitation.objects.get()
    assert again.pk == first.pk
    assert again.token_hash != first.token_hash
    assert again.expires_at > timezone.now() + timedelta(days=13)
    outbox.run_due()
    assert len(mailoutbox) == 1
    statuses = Delivery.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["cancelled", "sent"]


def test_staff_see_what_became_of_an_invitation(group, mailoutbox):
    member(group, "ana@acme.example")
    invite(group)
    assert AccessInvitation.objects.get().state == State.WAITING
    outbox.run_due()
    sent = AccessInvitation.objects.get()
    assert sent.state == State.SENT
    assert sent.sent_at == sent.delivery.sent_at

    Delivery.objects.update(status=Delivery.Status.FAILED)
    assert AccessInvitation.objects.get().state == State.FAILED
    Delivery.objects.update(status=Delivery.Status.SENT)
    AccessInvitation.objects.update(expires_at=timezone.now())
    assert AccessInvitation.objects.get().state == State.EXPIRED
    AccessInvitation.objects.update(accepted_at=timezone.now())
    assert AccessInvitation.objects.get().state == State.ACCEPTED


def test_an_account_made_in_another_way_is_an_accepted_invitation_too(
    group, django_user_model
):
    ana = member(group, "ana@acme.example")
    invite(group)
    user = django_user_model.objects.create_user("ana", "ana@acme.example")

    actions.ClaimContact(user=user, email="ana@acme.example").execute()

    assert ana.access_invitations.get().state == State.ACCEPTED


def test_the_ledger_says_who_sent_how_many(group):
    agent = AgentFactory()
    member(group, "ana@acme.example")

    actions.InviteAccessMembers(group=group, actor=agent).execute()

    event = Event.objects.get(kind=Event.Kind.INVITATION_SENT)
    assert event.actor_agent == agent
    assert event.data == {"group": group.pk, "name": "Partners", "number": 1}


def test_a_hundred_members_take_as_many_statements_as_one(group):
    member(group, "first@acme.example")
    with CaptureQueriesContext(
        connection,
    ) as one:
        invite(group)
    for number in range(60):
        member(group, f"m{number}@acme.example")
    AccessInvitation.objects.all().delete()
    with CaptureQueriesContext(connection) as many:
        assert invite(group) == 61

    assert len(many) <= len(one) + 1


def test_a_member_who_left_before_the_mail_was_sent_again_gets_none(group):
    ana = member(group, "ana@acme.example")
    invite(group)
    actions.RemoveAccessMembers(group=group, contacts=[ana]).execute()

    assert actions.RenewInvitation(email="ana@acme.example").execute() is False


def test_nobody_is_invited_by_asking_for_a_new_mail(group):
    member(group, "ana@acme.example")

    for address in ("ana@acme.example", "zoe@evil.example", ""):
        assert actions.RenewInvitation(email=address).execute() is False
    assert not Delivery.objects.exists()
