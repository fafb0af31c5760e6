"""Registration mails, as staff send and follow them."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Locale

from tests.admin.conftest import signed_in, url
from tests.factories import ContactFactory, CustomerFactory, UserFactory
from wagtail_helpdesk import actions, outbox
from wagtail_helpdesk.models import AccessInvitation, Delivery, EmailTemplate

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(db):
    user = UserFactory()
    for codename in ("access_admin", "change_accessgroup"):
        user.user_permissions.add(Permission.objects.get(codename=codename))
    return signed_in(user)


@pytest.fixture
def group():
    return actions.ChangeAccessGroup(name="Partners").execute()


@pytest.fixture
def ana(group):
    contact = ContactFactory(name="Ana", email="ana@acme.example")
    actions.AddAccessMembers(group=group, contacts=[contact]).execute()
    return contact


def page_of(staff, group) -> str:
    response = staff.get(url("access_group", group.public_id))
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_all_are_invited_and_the_page_says_what_became_of_it(
    staff, group, ana, mailoutbox
):
    assert "1 member has no account yet." in page_of(staff, group)
    assert "Not sent" in page_of(staff, group)

    answer = staff.post(url("access_group_invite", group.public_id), follow=True)

    assert b"1 mail is on its way." in answer.content
    outbox.run_due()
    assert len(mailoutbox) == 1
    assert "Send again" in page_of(staff, group)
    assert "Not sent" not in page_of(staff, group)
    Delivery.objects.update(status="failed", error="550 No such user")
    assert "550 No such user" in page_of(staff, group)
    Delivery.objects.update(status="sent")
    AccessInvitation.objects.update(expires_at=timezone.now())
    assert "Expired" in page_of(staff, group)


def test_one_member_is_invited_again(staff, group, ana, mailoutbox):
    luis = ContactFactory(name="Luis", email="luis@acme.example")
    actions.AddAccessMembers(group=group, contacts=[luis]).execute()
    address = url("access_group_invite_member", group.public_id, ana.public_id)

    for _time in range(2):
        answer = staff.post(address, follow=True)
        assert b"A mail to Ana is on its way." in answer.content
        outbox.run_due()

    assert [mail.to for mail in mailoutbox] == [['"Ana" <ana@acme.example>']] * 2
    assert staff.get(address).status_code == 405


def test_who_has_an_account_gets_no_mail_and_no_button(staff, group):
    contact = CustomerFactory(name="Zoe")
    actions.AddAccessMembers(group=group, contacts=[contact]).execute()
    address = url("access_group_invite_member", group.public_id, contact.public_id)

    assert address not in page_of(staff, group)
    answer = staff.post(address, follow=True)
    assert b"Zoe gets no mail" in answer.content
    answer = staff.post(url("access_group_invite", group.public_id), follow=True)
    assert b"have an account already" in answer.content


def test_a_contact_of_another_group_is_not_found(staff, group):
    stranger = ContactFactory()
    never = "a" * len(stranger.public_id)

    answers = [
        staff.post(url("access_group_invite_member", group.public_id, key))
        for key in (stranger.public_id, never)
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert not Delivery.objects.exists()


def test_the_mail_is_shown_in_each_language_before_it_is_sent(staff, group, ana):
    locale = Locale.objects.get_or_create(language_code="es")[0]
    EmailTemplate.objects.create(
        key="invitation", locale=locale, subject="Acceso", body="Hola <b> {link}"
    )

    page = staff.get(url("access_group_invitation", group.public_id))

    html = page.content.decode()
    assert "Set up your access to" in html
    assert "Acceso" in html
    assert "Hola &lt;b&gt; http" in html
    assert "/invitation/…/" in html
    assert "Send it to 1 member" in html
    assert not AccessInvitation.objects.exists()


def test_the_list_takes_as_many_queries_for_many_invitations(staff, group, ana):
    actions.InviteAccessMembers(group=group).execute()
    page_of(staff, group)
    with CaptureQueriesContext(connection) as one:
        page_of(staff, group)
    for number in range(8):
        contact = ContactFactory(email=f"m{number}@acme.example")
        actions.AddAccessMembers(group=group, contacts=[contact]).execute()
    actions.InviteAccessMembers(group=group).execute()
    with CaptureQueriesContext(connection) as many:
        page_of(staff, group)

    assert len(many) == len(one)
