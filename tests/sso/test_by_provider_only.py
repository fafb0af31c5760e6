"""The whole way into a portal with single sign-on only (B54, B55)."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User

from tests.accounts.conftest import PASSWORD
from tests.factories import ContactFactory
from tests.portal.build import make_portal
from tests.sso.test_openid_connect import account
from wagtail_helpdesk import outbox
from wagtail_helpdesk.actions import (
    AddAccessMembers,
    ChangeAccessGroup,
    InviteAccessMembers,
)
from wagtail_helpdesk.models import AccessInvitation, Contact

pytestmark = pytest.mark.django_db


@pytest.fixture
def portal(db):
    return make_portal(title="Acme desk", entry="sso")


def text_of(response) -> str:
    soup = BeautifulSoup(response.content, "html.parser")
    return " ".join(soup.select_one("main, #hd-main").text.split())


def test_somebody_new_comes_in_through_their_company(portal, acme, walk):
    """Registration is closed, and the company's word makes the account."""
    person = walk()
    assert person.client.get("/support/").status_code == 302

    answer = person.sign_in("ana@acme.example")

    assert answer["Location"] == "/support/"
    assert person.client.get("/support/").status_code == 200
    assert portal.admits(Contact.objects.get(user_id=person.user_id))


def test_the_button_of_the_refusal_works_while_signed_in_with_a_password(
    portal, acme, walk
):
    own = account("ana@acme.example")
    person = walk()
    person.client.post(
        "/accounts/login/", {"login": "ana@acme.example", "password": PASSWORD}
    )
    refusal = person.client.get("/support/new/")
    assert refusal.status_code == 403
    soup = BeautifulSoup(refusal.content, "html.parser")
    button = soup.select_one("#hd-main a.hd-btn--primary")["href"]
    assert person.client.get(button).status_code == 200
    onward = person.client.post(button)["Location"]

    answer = person.back(person.abroad_as("ana@acme.example", onward))

    assert answer["Location"] == "/support/new/"
    assert person.user_id == str(own.pk)
    assert person.client.get("/support/new/").status_code == 200


def test_the_same_account_gets_in_by_its_provider_and_not_by_its_password(
    portal, acme, walk
):
    person = walk()
    person.sign_in("ana@acme.example")
    user = User.objects.get(pk=person.user_id)
    user.set_password(PASSWORD)
    user.save()
    other = walk()

    other.client.post(
        "/accounts/login/", {"login": "ana@acme.example", "password": PASSWORD}
    )

    assert other.user_id == str(user.pk)
    assert other.client.get("/support/").status_code == 403


def test_who_is_in_the_providers_groups_but_not_in_the_portals_is_refused(
    portal, acme, walk
):
    """B48, B55: both hold."""
    staff = ChangeAccessGroup(name="Staff").execute()
    partners = ChangeAccessGroup(name="Partners").execute()
    ana = ContactFactory(email="ana@acme.example")
    AddAccessMembers(group=staff, contacts=[ana]).execute()
    acme.groups.add(staff)
    portal.requires_groups = True
    portal.access_groups.set([partners])
    portal.save()
    person = walk()
    person.sign_in("ana@acme.example")

    assert "certain groups only" in text_of(person.client.get("/support/"))
    AddAccessMembers(group=partners, contacts=[ana]).execute()
    assert person.client.get("/support/").status_code == 200


def test_a_provider_that_is_switched_off_closes_the_portal_at_once(portal, acme, walk):
    person = walk()
    person.sign_in("ana@acme.example")
    acme.is_active = False
    acme.save()

    assert person.client.get("/support/")["Location"].startswith("/accounts/login/")
    assert "not possible at the moment" in text_of(
        person.client.get("/accounts/login/?next=/support/")
    )


def test_an_invitation_is_accepted_by_coming_through_the_provider(
    portal, acme, walk, mailoutbox
):
    """Their group opens the portal, and nobody set a password."""
    partners = ChangeAccessGroup(name="Partners").execute()
    ana = ContactFactory(email="ana@acme.example", email__unverified=True)
    AddAccessMembers(group=partners, contacts=[ana]).execute()
    portal.requires_groups = True
    portal.access_groups.set([partners])
    portal.save()
    InviteAccessMembers(group=partners, contacts=[ana]).execute()
    outbox.run_due()
    person = walk()

    person.sign_in("ana@acme.example")

    assert person.client.get("/support/").status_code == 200
    invitation = AccessInvitation.objects.get()
    assert invitation.state == invitation.State.ACCEPTED
    assert not User.objects.get(pk=person.user_id).has_usable_password()
