"""Sign up, sign in, reset: real pages, real mails, no browser (issue item 10)."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.accounts.conftest import PASSWORD
from tests.factories import AgentFactory, ContactFactory, InboxFactory, TicketFactory
from tests.portal.build import make_portal
from wagtail_helpdesk.access.contacts import contact_for
from wagtail_helpdesk.models import Contact

pytestmark = pytest.mark.django_db

SIGN_UP = "/accounts/signup/"
SIGN_IN = "/accounts/login/"
CONFIRM = "/accounts/confirm-email/"
RESET = "/accounts/password/reset/"


def signed_in_as(client: Client) -> str:
    pk = client.session.get("_auth_user_id")
    return User.objects.get(pk=pk).email if pk else ""


def sign_up(client: Client, email: str):
    return client.post(SIGN_UP, {"email": email, "password1": PASSWORD})


def test_a_new_customer_signs_up_with_the_code_from_the_mail(client, code_in):
    assert sign_up(client, "ana@acme.example")["Location"] == CONFIRM
    assert signed_in_as(client) == ""

    answer = client.post(CONFIRM, {"code": code_in()})

    assert answer["Location"] == "/support/"
    assert signed_in_as(client) == "ana@acme.example"


def test_a_wrong_code_signs_nobody_in_and_says_what_is_wrong(client, mailoutbox):
    sign_up(client, "ana@acme.example")

    page = client.post(CONFIRM, {"code": "AAAA-BBBB"})

    html = page.content.decode()
    assert "<title>Error: " in html
    assert 'href="#id_code"' in html
    assert signed_in_as(client) == ""


def test_three_wrong_codes_end_the_attempt(client, code_in):
    sign_up(client, "ana@acme.example")
    code = code_in()
    for _attempt in range(3):
        client.post(CONFIRM, {"code": "AAAA-BBBB"})

    client.post(CONFIRM, {"code": code})

    assert signed_in_as(client) == ""


def test_the_code_of_one_browser_does_nothing_in_another(client, code_in):
    sign_up(client, "ana@acme.example")
    other = Client()

    other.post(CONFIRM, {"code": code_in()})

    assert signed_in_as(other) == ""


def test_a_forgotten_password_is_set_anew_with_a_code(client, make_user, code_in):
    make_user("ana@acme.example")

    client.post(RESET, {"email": "ana@acme.example"})
    client.post(f"{RESET}confirm/", {"code": code_in()})
    client.post(
        f"{RESET}complete/",
        {"password1": "another horse 77", "password2": "another horse 77"},
    )

    fresh = Client()
    fresh.post(SIGN_IN, {"login": "ana@acme.example", "password": "another horse 77"})
    assert signed_in_as(fresh) == "ana@acme.example"


def test_a_verified_address_claims_its_contact_and_tickets(client, code_in):
    """R17: nothing is shown before, everything of the address after."""
    contact = ContactFactory(name="", email="ana@acme.example", email__unverified=True)
    ticket = TicketFactory(contact=contact)
    sign_up(client, "ana@acme.example")
    user = User.objects.get(email="ana@acme.example")
    assert contact_for(user) is None

    client.post(CONFIRM, {"code": code_in()})

    claimed = contact_for(user)
    assert claimed is not None
    assert list(claimed.tickets.all()) == [ticket]


def test_an_address_that_is_not_verified_claims_nothing_at_sign_in(make_user):
    """R17."""
    ContactFactory(email="ana@acme.example", email__unverified=True)
    user = make_user("ana@acme.example", verified=False)

    Client().force_login(
        user, backend="allauth.account.auth_backends.AuthenticationBackend"
    )

    assert contact_for(user) is None


def test_a_contact_made_after_the_account_is_claimed_at_the_next_sign_in(make_user):
    """R17."""
    user = make_user("ana@acme.example")
    contact = ContactFactory(email="ana@acme.example", email__unverified=True)

    Client().post(SIGN_IN, {"login": user.email, "password": PASSWORD})

    assert contact_for(user) == contact


def test_no_contact_is_made_of_an_agent_who_signs_in(make_user):
    agent = AgentFactory(user=make_user("agent@example.com", admin=True))

    Client().post(SIGN_IN, {"login": agent.user.email, "password": PASSWORD})

    assert not Contact.objects.exists()


def test_known_and_unknown_addresses_get_the_same_answer_to_a_sign_up(
    client, make_user, mailoutbox
):
    """security.md 1.1: the mail tells the owner, the page tells nobody."""
    make_user("known@acme.example")

    known = sign_up(Client(), "known@acme.example")
    unknown = sign_up(Client(), "unknown@acme.example")

    assert (known.status_code, known["Location"]) == (302, CONFIRM)
    assert (unknown.status_code, unknown["Location"]) == (302, CONFIRM)
    assert len(mailoutbox) == 2


def test_known_and_unknown_addresses_get_the_same_answer_to_a_reset(
    make_user, mailoutbox
):
    make_user("known@acme.example")

    known = Client().post(RESET, {"email": "known@acme.example"})
    unknown = Client().post(RESET, {"email": "unknown@acme.example"})

    assert (known.status_code, known["Location"]) == (302, f"{RESET}confirm/")
    assert (unknown.status_code, unknown["Location"]) == (302, f"{RESET}confirm/")
    assert [mail.to for mail in mailoutbox] == [["known@acme.example"]]


def test_signing_up_hashes_a_password_whether_or_not_the_address_is_known(
    make_user, settings, monkeypatch
):
    """security.md 0.7: the time of the answer must not tell who is a customer."""
    settings.PASSWORD_HASHERS = ["tests.accounts.counting.CountingHasher"]
    make_user("known@acme.example")
    from tests.accounts.counting import CountingHasher

    counts = []
    for email in ("known@acme.example", "unknown@acme.example"):
        monkeypatch.setattr(CountingHasher, "count", 0)
        sign_up(Client(), email)
        counts.append(CountingHasher.count)

    assert counts == [1, 1]


def test_the_support_address_itself_cannot_become_an_account(client):
    InboxFactory(from_email="support@northwind.example")

    page = sign_up(client, "Support@northwind.example")

    assert page.status_code == 200
    assert "is an address of our support" in page.content.decode()
    assert not User.objects.filter(email__iexact="support@northwind.example").exists()


@pytest.mark.parametrize(
    ("next_url", "expected"),
    [
        ("/help/?q=a", "/help/?q=a"),
        ("//evil.example/", "/support/"),
        ("https://evil.example/", "/support/"),
        ("", "/support/"),
    ],
)
def test_signing_in_leads_back_only_within_the_site(make_user, next_url, expected):
    make_user("ana@acme.example")

    answer = Client().post(
        SIGN_IN,
        {"login": "ana@acme.example", "password": PASSWORD, "next": next_url},
    )

    assert answer["Location"] == expected


def test_agents_land_in_the_admin(make_user):
    make_user("agent@example.com", admin=True)

    answer = Client().post(
        SIGN_IN, {"login": "agent@example.com", "password": PASSWORD}
    )

    assert answer["Location"] == "/admin/"


def test_the_sixth_wrong_password_is_refused_without_being_tried(make_user):
    make_user("ana@acme.example")
    browser = Client()
    for _attempt in range(5):
        browser.post(SIGN_IN, {"login": "ana@acme.example", "password": "wrong"})

    page = browser.post(SIGN_IN, {"login": "ana@acme.example", "password": PASSWORD})

    assert signed_in_as(browser) == ""
    assert "Too many failed login attempts" in page.content.decode()


@pytest.mark.parametrize(
    ("address", "autocomplete"),
    [
        (SIGN_IN, ["email", "current-password"]),
        (SIGN_UP, ["email", "new-password"]),
        (RESET, ["email"]),
    ],
)
def test_password_managers_know_the_fields(client, address, autocomplete):
    """UX17, WCAG 1.3.5."""
    html = client.get(address).content.decode()

    for word in autocomplete:
        assert f'autocomplete="{word}"' in html


def test_mails_call_the_site_by_its_name(client, mailoutbox, settings):
    settings.WAGTAIL_SITE_NAME = "Northwind Devices"

    sign_up(client, "ana@acme.example")

    assert mailoutbox[0].subject.startswith("[Northwind Devices] ")
    assert "Hello from Northwind Devices!" in mailoutbox[0].body


def test_mails_are_in_the_readers_language_and_say_why_they_come(
    client, make_user, mailoutbox
):
    """F15: the browser asks in English, the owner of the address reads Spanish."""
    make_portal()
    make_user("ana@acme.example")
    ContactFactory(email="ana@acme.example", language="es")

    client.post(RESET, {"email": "ana@acme.example"})

    mail = mailoutbox[0]
    html, kind = mail.alternatives[0]
    assert kind == "text/html" and 'lang="es"' in html
    for body in (mail.body, html):
        assert "Hello from" not in body and "¡Hola" in body
        assert "http://testserver/support/" in body
    sign_up(client, "new@acme.example")
    assert "somebody entered your address" in mailoutbox[1].body
    assert "somebody entered your address" in mailoutbox[1].alternatives[0][0]


def test_signing_out_asks_first_and_ends_the_session(client, make_user):
    client.force_login(
        make_user("ana@acme.example"),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    assert b"Sign Out" in client.get("/accounts/logout/").content

    client.post("/accounts/logout/")

    assert signed_in_as(client) == ""
