"""From the registration mail to an account (B49, B53, R17)."""

import re
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.accounts.conftest import PASSWORD
from tests.factories import ContactFactory, TicketFactory
from tests.portal.build import change, make_portal
from wagtail_helpdesk import actions, outbox
from wagtail_helpdesk.access.contacts import contact_for
from wagtail_helpdesk.models import AccessInvitation, Delivery

pytestmark = pytest.mark.django_db

SIGN_UP = "/accounts/signup/"
RENEW = "/helpdesk/invitation/"


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture
def group():
    return actions.ChangeAccessGroup(name="Partners").execute()


@pytest.fixture
def ana(group):
    contact = ContactFactory(
        name="Ana", email="ana@acme.example", email__unverified=True
    )
    actions.AddAccessMembers(group=group, contacts=[contact]).execute()
    return contact


@pytest.fixture
def portal(group):
    page = make_portal(title="Partner portal", entry="invitation", requires_groups=True)
    page.access_groups.set([group])
    page.save()
    return page


@pytest.fixture
def link(portal, group, ana, mailoutbox):
    """Sends the mail, and gives the address in it, without the host."""

    def send() -> str:
        actions.InviteAccessMembers(group=group, contacts=[ana]).execute()
        outbox.run_due()
        return address_in(mailoutbox[-1])

    return send


def address_in(mail) -> str:
    found = re.search(r"https?://[^/]+(/helpdesk/invitation/\w+/)", mail.body)
    assert found, mail.body
    return found.group(1)


def text_of(response) -> str:
    soup = BeautifulSoup(response.content, "html.parser")
    return " ".join(soup.select_one("main, #hd-main").text.split())


def register(client: Client, where: str, email: str = "ana@acme.example"):
    return client.post(where, {"email": email, "password1": PASSWORD})


def test_who_is_invited_confirms_registers_and_is_in_the_portal(client, link, ana):
    """The whole way, through a portal that nobody enters otherwise."""
    ticket = TicketFactory(contact=ana, subject="Order 5")
    address = link()

    page = client.get(address)
    assert page.status_code == 200
    assert "Partner portal" in text_of(page)
    assert "ana@acme.example" in text_of(page)
    confirmed = client.post(address)
    assert confirmed.status_code == 302
    assert confirmed["Location"].startswith(SIGN_UP)
    form = client.get(confirmed["Location"])
    assert b'value="ana@acme.example"' in form.content
    signed_up = register(client, confirmed["Location"])

    assert signed_up.status_code == 302
    assert signed_up["Location"].endswith("/support/")
    user = User.objects.get(email="ana@acme.example")
    assert EmailAddress.objects.get(user=user).verified
    assert user.check_password(PASSWORD)
    assert contact_for(user) == ana
    assert ticket.subject in text_of(client.get("/support/"))
    invitation = AccessInvitation.objects.get()
    assert invitation.state == invitation.State.ACCEPTED


def test_opening_the_link_changes_nothing(client, link, ana):
    """Mail scanners open each link, several times."""
    address = link()
    before = AccessInvitation.objects.values().get()

    for _time in range(3):
        assert client.get(address).status_code == 200
        assert client.head(address).status_code == 200

    assert AccessInvitation.objects.values().get() == before
    assert not User.objects.filter(email="ana@acme.example").exists()
    assert client.get(SIGN_UP).status_code == 200
    assert "by invitation" in text_of(client.get(SIGN_UP))


def test_a_weak_password_is_refused_and_the_address_stays(client, link):
    target = client.post(link())["Location"]

    page = client.post(target, {"email": "ana@acme.example", "password1": "12345"})

    assert page.status_code == 200
    assert b'value="ana@acme.example"' in page.content
    assert "There is a problem" in text_of(page)
    assert not User.objects.exists()


def test_another_address_than_the_invited_one_is_refused(client, link):
    target = client.post(link())["Location"]

    page = register(client, target, "zoe@evil.example")

    assert "The invitation is for ana@acme.example" in text_of(page)
    assert not User.objects.exists()


def test_a_link_works_once(client, link):
    address = link()
    register(client, client.post(address)["Location"])

    page = Client().get(address)

    assert page.status_code == 410
    assert "does not work any more" in text_of(page)
    assert Client().post(address).status_code == 410


def test_sending_again_makes_the_old_link_worthless(client, link):
    old = link()
    target = client.post(old)["Location"]
    new = link()

    assert new != old
    assert Client().get(old).status_code == 410
    assert Client().get(new).status_code == 200
    # Also for whoever has confirmed the old one.
    assert "by invitation" in text_of(client.get(target))


def test_an_old_a_forged_and_a_removed_members_link_get_one_answer(link, group, ana):
    address = link()
    forged = Client().get("/helpdesk/invitation/" + "a" * 64 + "/")
    AccessInvitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    expired = Client().get(address)
    AccessInvitation.objects.update(expires_at=timezone.now() + timedelta(days=1))
    assert Client().get(address).status_code == 200
    actions.RemoveAccessMembers(group=group, contacts=[ana]).execute()
    removed = Client().get(address)

    assert [one.status_code for one in (forged, expired, removed)] == [410] * 3
    assert text_of(forged) == text_of(expired) == text_of(removed)
    assert BeautifulSoup(forged.content, "html.parser").select_one(
        f'form[action="{RENEW}"] input[type=email]'
    )


@pytest.mark.parametrize("token", ["x", "%00", "é" * 40, "a" * 3000, "..%2f.."])
def test_no_token_is_an_error(portal, token):
    for method in ("get", "post"):
        response = getattr(Client(), method)(f"/helpdesk/invitation/{token}/")
        assert response.status_code in {404, 410}


def test_the_database_holds_no_token(client, link):
    token = link().split("/")[-2]

    stored = [*AccessInvitation.objects.values(), *Delivery.objects.values()]

    assert token not in repr(stored)


def test_asking_for_a_new_mail_gets_the_same_answer_for_everybody(
    link, portal, mailoutbox, make_user
):
    """security.md 1.1: the page tells nobody who was invited."""
    old = link()
    make_user("known@acme.example")
    sent = len(mailoutbox)

    answers = [
        Client().post(RENEW, {"email": email})
        for email in ("ANA@acme.example", "zoe@evil.example", "known@acme.example")
    ]
    outbox.run_due()

    assert {answer.status_code for answer in answers} == {200}
    assert len({text_of(answer) for answer in answers}) == 1
    assert [mail.to for mail in mailoutbox[sent:]] == [['"Ana" <ana@acme.example>']]
    assert Client().get(old).status_code == 410
    assert Client().get(address_in(mailoutbox[-1])).status_code == 200


def test_one_address_gets_only_so_many_mails_a_day(link, mailoutbox):
    link()

    for _time in range(6):
        assert Client().post(RENEW, {"email": "ana@acme.example"}).status_code == 200
    outbox.run_due()

    assert AccessInvitation.objects.count() == 1
    assert len([mail for mail in mailoutbox if "ana@acme.example" in mail.to[0]]) <= 3


def test_what_is_no_address_stays_in_the_field_with_an_error(portal):
    page = Client().post(RENEW, {"email": "ana at acme"})

    assert page.status_code == 400
    assert b'value="ana at acme"' in page.content
    assert b"<title>Error: " in page.content


def test_whoever_is_signed_in_already_is_told_and_nothing_is_joined(
    client, link, make_user, ana
):
    client.force_login(
        make_user("zoe@evil.example"),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    address = link()

    for response in (client.get(address), client.post(address)):
        assert response.status_code == 403
        assert "signed in with another account" in text_of(response)
    ana.refresh_from_db()
    assert ana.user is None


def test_an_address_that_has_an_account_is_led_to_the_sign_in(link, make_user, ana):
    """An account made elsewhere; its sign-in claims the contact (R17)."""
    user = make_user("ana@acme.example")
    browser = Client()

    page = browser.post(link())

    assert page.status_code == 200
    assert "You have an account already" in text_of(page)
    browser.post(
        "/accounts/login/", {"login": "ana@acme.example", "password": PASSWORD}
    )
    assert contact_for(user) == ana
    assert browser.get("/support/").status_code == 200


def test_a_squatter_of_the_address_gets_nothing_of_the_invitation(
    client, link, make_user, ana
):
    """Somebody typed the address before, and never proved it."""
    squatter = make_user("ana@acme.example", verified=False)

    register(client, client.post(link())["Location"])

    ana.refresh_from_db()
    assert ana.user is not None
    assert ana.user != squatter


def test_a_blocked_contact_is_not_let_in_by_an_older_mail(link, ana):
    address = link()
    ana.is_blocked = True
    ana.save()

    assert Client().get(address).status_code == 410


def test_an_invitation_leads_to_an_open_portal_too(client, link, portal):
    change(portal, entry="open")

    register(client, client.post(link())["Location"])

    assert client.get("/support/").status_code == 200


def test_no_cache_keeps_the_page_and_its_address_goes_nowhere(client, link):
    page = client.get(link())

    assert "no-store" in page["Cache-Control"]
    assert page["Referrer-Policy"] == "same-origin"
    assert page["X-Robots-Tag"] == "noindex"
