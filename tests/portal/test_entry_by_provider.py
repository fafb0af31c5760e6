"""A portal with single sign-on only: no password opens it (B54, B55)."""

import uuid

import pytest
from allauth.account.models import EmailAddress
from bs4 import BeautifulSoup
from django.contrib.auth.models import AnonymousUser, User
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.urls import reverse

from tests.access.test_files import address as address_of
from tests.access.test_files import attach
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_invitations import address_in
from tests.factories import (
    AgentFactory,
    ChannelFactory,
    ContactFactory,
    CustomerFactory,
)
from tests.portal.build import change, conversation_of, make_portal, make_ticket
from tests.portal.test_page_form import editor, save  # noqa: F401
from tests.portal.test_system_pages import add as add_system_page
from tests.test_who_can_see import panel, words
from wagtail_helpdesk import actions, outbox
from wagtail_helpdesk.access.portals import portal_rules, ticket_url
from wagtail_helpdesk.access.sso import SESSION_KEY
from wagtail_helpdesk.accounts.registration import SESSION_KEY as INVITATION_KEY
from wagtail_helpdesk.models import IdentityProvider, Message
from wagtail_helpdesk.models.system_page_kinds import SystemPageKind as Kind

pytestmark = pytest.mark.django_db
SIGN_IN, SIGN_UP = "/accounts/login/", "/accounts/signup/"
HERE = "?next=/support/r/abc/"
AS_SCRIPT = {"Accept": "application/json", "Sec-Fetch-Dest": "empty"}


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture
def portal(portal):
    change(portal, entry="sso")
    return portal


@pytest.fixture
def ana(db):
    return CustomerFactory(name="Ana García", email="ana@acme.example")


def make_provider(name="Acme", **fields) -> IdentityProvider:
    return IdentityProvider.objects.create(
        **{
            "name": name,
            "server_url": "https://login.acme.example",
            "client_id": "helpdesk",
            "domains": [f"{name.lower()}.example"],
            **fields,
        }
    )


@pytest.fixture
def acme(db) -> IdentityProvider:
    return make_provider()


def through(client: Client, provider: IdentityProvider) -> Client:
    """As if the provider had signed them in; ``tests/sso`` walks the whole way."""
    session = client.session
    session[SESSION_KEY] = provider.public_id
    session.save()
    return client


def soup_of(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def text_of(response) -> str:
    return " ".join(soup_of(response).select_one("main, #hd-main").text.split())


# -- The door --------------------------------------------------------------------------


def test_no_route_of_the_portal_opens_to_a_password(portal, acme, ana, client):
    """Each request decides, files and what scripts ask for included (R9)."""
    ticket = make_ticket(ana, "hello", subject="Order 5")
    file = attach(conversation_of(ticket).messages.get())
    paths = ("", "new/", f"r/{ticket.public_id}/", f"new/sent/{ticket.public_id}/")
    for path in (*paths, "consent/", "privacy/"):
        response = client.get(f"/support/{path}", headers=AS_SCRIPT)
        assert response.status_code == 403, path
        assert response["Cache-Control"] == "private, no-store"
        assert "Order 5" not in response.content.decode()
    for path in paths:
        sent = client.post(f"/support/{path}", {"subject": "x", "body": "y"})
        assert sent.status_code == 403, path
    assert Message.objects.count() == 1
    address = address_of(file)
    assert client.get(address).status_code == 404

    through(client, acme)

    assert "Order 5" in text_of(client.get("/support/"))
    assert client.get(address).status_code == 200


def test_the_refusal_says_how_to_come_in_and_leads_there(portal, acme, ana, client):
    make_provider("Globex", portal_key=uuid.uuid4())
    make_provider("Initech", is_active=False)

    response = client.get("/support/?q=router")

    assert "not through your company" in text_of(response)
    links = soup_of(response).select("#hd-main a.hd-btn")
    assert [link.text for link in links] == ["Sign in with Acme"]
    assert links[0]["href"].startswith(f"/accounts/oidc/hd-{acme.public_id}/login/")
    assert "next=%2Fsupport%2F%3Fq%3Drouter" in links[0]["href"]
    assert client.get(links[0]["href"]).status_code == 200


def test_a_provider_that_does_not_serve_the_portal_opens_nothing(portal, ana, client):
    other = make_portal(title="Other", slug="other", channel=None, entry="sso")
    theirs = make_provider(portal_key=other.translation_key)
    through(client, theirs)

    assert client.get("/support/").status_code == 403
    assert client.get("/other/").status_code == 200
    theirs.portal_key = portal.translation_key
    theirs.save()
    assert client.get("/support/").status_code == 200


@pytest.mark.parametrize("planted", ["", "nonsense", "\x00", 5, None])
def test_what_the_session_says_has_to_be_a_provider(portal, acme, ana, client, planted):
    session = client.session
    session[SESSION_KEY] = planted
    session.save()

    assert client.get("/support/").status_code in {302, 403}


def test_a_word_that_no_longer_counts_opens_nothing_without_the_middleware(
    portal, acme, ana, client, settings
):
    """The portal asks by itself; it does not trust that somebody else has."""
    settings.MIDDLEWARE = [
        name for name in settings.MIDDLEWARE if "SessionLimit" not in name
    ]
    through(client, acme)
    assert client.get("/support/").status_code == 200

    acme.domains = ["acme.org"]
    acme.save()
    assert client.get("/support/").status_code == 403
    acme.domains, acme.is_active = ["acme.example"], False
    acme.save()
    assert client.get("/support/").status_code == 403


def test_groups_of_the_portal_and_of_the_provider_both_count(portal, acme, ana, client):
    """B48, B55."""
    partners, staff = (
        actions.ChangeAccessGroup(name=name).execute() for name in ("Partners", "Staff")
    )
    change(portal, requires_groups=True)
    portal.access_groups.set([partners])
    portal.save()
    through(client, acme)
    response = client.get("/support/")
    assert response.status_code == 403
    assert "members of certain groups only" in text_of(response)
    assert "Partners" not in response.content.decode()

    actions.AddAccessMembers(group=partners, contacts=[ana]).execute()
    assert client.get("/support/").status_code == 200

    acme.groups.add(staff)
    # The provider's word is void: the session ends.
    assert client.get("/support/").status_code == 302
    assert not portal.admits(ana)
    actions.AddAccessMembers(group=staff, contacts=[ana]).execute()
    assert portal.admits(ana)


def test_agents_and_blocked_people_read_what_concerns_them(portal, acme, sign_in):
    agent = sign_in(AgentFactory()).get("/support/")
    assert "Agents work in the admin" in text_of(agent)
    blocked = sign_in(CustomerFactory(is_blocked=True)).get("/support/")
    assert "This account cannot use the portal" in text_of(blocked)


def test_nobody_is_sent_to_confirm_an_address_in_vain(portal, acme, sign_in):
    person = CustomerFactory(email__unverified=True)

    response = sign_in(person).get("/support/")

    assert "not through your company" in text_of(response)
    assert "Confirm" not in text_of(response)


def test_other_parts_go_by_the_same_rule(portal, acme, ana, zoe):
    """R9: whoever asks for the portals one may enter, and links in mails."""
    request = RequestFactory().get("/")
    request.user = ana.user
    assert portal_rules(request) == []
    request.session = {SESSION_KEY: acme.public_id}
    assert portal_rules(request) == [portal.rules]
    visitor = RequestFactory().get("/")
    visitor.user = AnonymousUser()
    assert portal_rules(visitor) == []
    assert "/support/r/" in ticket_url(make_ticket(ana))
    assert ticket_url(make_ticket(zoe)) == ""


# -- The sign-in -----------------------------------------------------------------------


def test_the_sign_in_of_the_portal_has_buttons_and_no_fields(portal, acme):
    make_provider("Globex", portal_key=uuid.uuid4())

    response = Client().get(SIGN_IN + HERE)

    page = soup_of(response).select_one("#hd-main")
    assert not page.select("input[name=login], input[name=password]")
    assert "Get a code" not in page.text
    assert "passkey" not in response.content.decode().lower()
    assert "Register here" not in page.text
    (button,) = page.select("a.hd-btn")
    assert button.text == "Sign in with Acme"
    assert "next=%2Fsupport%2Fr%2Fabc%2F" in button["href"]
    staff = page.find("a", string="Sign in with a password")
    assert staff["href"] == SIGN_IN


def test_the_general_sign_in_keeps_its_fields(portal, acme):
    """Those who work here use it; a customer's session of it opens no such portal."""
    page = soup_of(Client().get(SIGN_IN)).select_one("#hd-main")
    assert page.select_one("input[name=password]")
    assert "Register here" not in page.text


def test_the_portals_own_sign_in_page_has_no_fields_either(portal, acme):
    """B56: the page that editors have written stands around the buttons."""
    page = add_system_page(portal, Kind.SIGN_IN)

    response = Client().get("/support/sign-in/")

    assert "Intro of sign_in" in text_of(response)
    assert "Sign in with Acme" in text_of(response)
    assert not soup_of(response).select("#hd-main input[name=password]")
    elsewhere = make_portal(title="Open", slug="open", channel=None)
    assert soup_of(Client().get(f"{SIGN_IN}?next={elsewhere.url}")).select(
        "input[name=password]"
    )
    assert page.full_url.endswith("/support/sign-in/")


def test_without_a_provider_the_sign_in_says_that_it_is_not_possible(
    portal, ana, client
):
    make_provider("Globex", portal_key=uuid.uuid4())
    for response in (Client().get(SIGN_IN + HERE), client.get("/support/")):
        assert "Signing in is not possible at the moment" in text_of(response)
        assert "Globex" not in response.content.decode()


def test_signing_in_with_a_password_leads_to_the_refusal_and_not_round_in_circles(
    portal, acme, ana
):
    ana.user.set_password(PASSWORD)
    ana.user.save()
    EmailAddress.objects.create(
        user=ana.user, email=ana.email, verified=True, primary=True
    )
    browser = Client()

    answer = browser.post(
        SIGN_IN,
        {"login": ana.email, "password": PASSWORD, "next": "/support/"},
        follow=True,
    )

    assert [status for _url, status in answer.redirect_chain].count(302) <= 2
    assert answer.status_code == 403


@pytest.mark.parametrize("target", ["http://[", "\x00", "//evil.example/", "a" * 5000])
def test_no_next_is_an_error(portal, acme, target):
    for path in (SIGN_IN, SIGN_UP):
        assert Client().get(path, {"next": target}).status_code == 200


# -- Registration ----------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", HERE])
def test_nobody_registers(portal, acme, query):
    sent = {"email": "ana@acme.example", "password1": PASSWORD}
    for response in (
        Client().get(SIGN_UP + query),
        Client().post(SIGN_UP + query, sent),
    ):
        assert "You need no account here" in text_of(response)
        assert "Sign in with Acme" in text_of(response)
        assert "invit" not in text_of(response)
    assert not User.objects.filter(email="ana@acme.example").exists()


def test_an_invitation_is_no_way_around_the_provider(portal, acme, mailoutbox):
    """security.md 2.3: the mail is welcome, the account with a password is not."""
    group = actions.ChangeAccessGroup(name="Partners").execute()
    invited = ContactFactory(email="ivy@acme.example", email__unverified=True)
    actions.AddAccessMembers(group=group, contacts=[invited]).execute()
    change(portal, requires_groups=True)
    portal.access_groups.set([group])
    portal.save()
    token = invite(group, invited, mailoutbox)
    browser = Client()
    address = reverse("wagtail_helpdesk:invitation", args=[token])

    for response in (browser.get(address), browser.post(address)):
        assert response.status_code == 200
        assert "Customer portal" in text_of(response)
        assert "no password" in text_of(response)
        onward = soup_of(response).select_one("#hd-main a.hd-btn")["href"]
    assert "Sign in with Acme" in text_of(browser.get(onward))

    # Nor with an invitation that was confirmed before the portal was closed.
    session = browser.session
    session[INVITATION_KEY] = token
    session.save()
    sent = {"email": "ivy@acme.example", "password1": PASSWORD}
    answer = browser.post(SIGN_UP + HERE, sent)
    assert "You need no account here" in text_of(answer)
    assert not User.objects.filter(email="ivy@acme.example").exists()


def invite(group, contact, mailoutbox) -> str:
    actions.InviteAccessMembers(group=group, contacts=[contact]).execute()
    outbox.run_due()
    return address_in(mailoutbox[-1]).rstrip("/").rpartition("/")[2]


def test_an_open_portal_beside_it_registers_people_who_do_not_get_in(
    portal, acme, client
):
    make_portal(title="Open", slug="open", channel=ChannelFactory(type="portal"))
    browser = Client()

    browser.post(
        f"{SIGN_UP}?next=/open/", {"email": "new@acme.example", "password1": PASSWORD}
    )

    assert User.objects.filter(email="new@acme.example").exists()
    assert browser.get("/support/").status_code in {302, 403}


# -- Editors ---------------------------------------------------------------------------


def test_editors_choose_it_and_are_warned_while_nobody_can_sign_in(portal, editor):  # noqa: F811
    change(portal, entry="open")

    response = save(editor, portal, entry="sso", title="Order desk")

    assert response.status_code == 302
    assert (portal.entry, portal.title) == ("sso", "Order desk")
    told = editor.get(response["Location"]).content.decode()
    assert "“Order desk” takes single sign-on only" in told
    edit = reverse("wagtailadmin_pages:edit", args=[portal.pk])
    assert "Nobody can sign in:" in editor.get(edit).content.decode()

    make_provider("Acme")
    make_provider("Globex", portal_key=uuid.uuid4())
    shown = editor.get(edit).content.decode()
    assert "Nobody can sign in:" not in shown
    assert "Identity providers that serve this portal:" in shown
    assert "<bdi>Acme</bdi>" in shown
    assert "Globex" not in shown
    told = editor.get(save(editor, portal, entry="sso")["Location"]).content.decode()
    assert "takes single sign-on only" not in told


def test_the_status_panel_names_the_rules_of_the_portal(portal, acme):
    """N8."""
    group = actions.ChangeAccessGroup(name="Partners").execute()
    edit = reverse("wagtailadmin_pages:edit", args=[portal.pk])
    told = words(panel(edit))
    assert "sign in through an identity provider enter the portal: Acme." in told
    assert "access groups" not in told
    change(portal, requires_groups=True)
    portal.access_groups.set([group])
    portal.save()
    assert "one of these access groups enter the portal: Partners." in words(
        panel(edit)
    )
    acme.delete()
    assert "Nobody enters the portal: no identity provider" in words(panel(edit))
