"""Sign-in through a company's own server, by real flows over HTTP (B54, B55)."""

from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests.accounts.conftest import PASSWORD
from tests.factories import AgentFactory, ContactFactory
from tests.smtp import free_port
from tests.sso.conftest import GLOBEX
from wagtail_helpdesk.actions import AddAccessMembers, ChangeAccessGroup
from wagtail_helpdesk.headers import content_security_policy
from wagtail_helpdesk.models import Contact, IdentityProvider, Organization

pytestmark = pytest.mark.django_db


def account(email: str, *, verified: bool = True, **fields) -> User:
    name = email.replace("@", "-")
    user = User.objects.create_user(name, email, PASSWORD, **fields)
    EmailAddress.objects.create(user=user, email=email, verified=verified, primary=True)
    return user


def test_somebody_new_comes_back_signed_in_as_a_contact_of_the_company(walk):
    """Nobody had to make the account, the contact or the membership before."""
    organization = Organization.objects.create(name="Acme", domains=["acme.example"])
    person = walk()

    answer = person.sign_in("ana@acme.example", "/support/new/")

    assert (answer.status_code, answer["Location"]) == (302, "/support/new/")
    contact = Contact.objects.get(user_id=person.user_id)
    identity = contact.identities.get()
    assert (identity.value, bool(identity.verified_at)) == ("ana@acme.example", True)
    assert contact.memberships.get().organization == organization
    assert not contact.user.has_usable_password()
    assert contact.user.email == "ana@acme.example"


def test_the_same_person_gets_the_same_account_again(walk):
    first, second = walk(), walk()
    first.sign_in("ana@acme.example")
    second.sign_in("ana@acme.example")

    assert first.user_id == second.user_id
    assert SocialAccount.objects.count() == 1


def test_from_a_page_in_another_language_the_way_back_is_the_same(walk):
    """A company's server knows one address, and takes no other."""
    person = walk()
    with translation.override("es"):
        way = person.start("/es/support/")

    assert parse_qs(urlsplit(way).query)["redirect_uri"] == [
        f"http://testserver/accounts/oidc/hd-{person.provider.public_id}/login/callback/"
    ]
    answer = person.back(person.abroad_as("ana@acme.example", way))

    assert (answer.status_code, answer["Location"]) == (302, "/es/support/")


def test_an_account_that_proved_the_address_is_the_persons_own(walk):
    own = account("ana@acme.example")
    person = walk()

    person.sign_in("ana@acme.example")

    assert person.user_id == str(own.pk)


def test_a_contact_who_only_wrote_mails_keeps_their_tickets(walk):
    contact = ContactFactory(email="ana@acme.example")
    person = walk()

    person.sign_in("ana@acme.example")

    contact.refresh_from_db()
    assert str(contact.user_id) == person.user_id


def test_the_provider_confirms_addresses_in_its_domains_alone(walk):
    """The company's server did not confirm Luis's address; that domain is its word."""
    person = walk()

    person.sign_in("luis@acme.example")

    assert person.user_id
    assert EmailAddress.objects.get(email="luis@acme.example").verified


def refused(person, email: str) -> str:
    """Try; returns what the person reads."""
    before = set(User.objects.values_list("pk", flat=True))
    answer = person.sign_in(email)
    assert answer.status_code == 403
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Security-Policy"] == content_security_policy()
    assert person.user_id is None
    assert set(User.objects.values_list("pk", flat=True)) == before
    return answer.content.decode()


def test_another_companys_person_is_refused_known_or_not(walk):
    """One company's server could say it is anybody (security.md 0.8)."""
    assert "zoe@globex.example" in refused(walk(), "zoe@globex.example")

    account("zoe@globex.example")
    assert "not one of its own" in refused(walk(), "zoe@globex.example")


def test_an_ending_of_a_domain_is_not_the_domain(acme, walk):
    acme.domains = ["example", "cme.example", "x.acme.example"]
    acme.save()

    refused(walk(), "ana@acme.example")


@pytest.mark.parametrize("verified", [True, False])
@pytest.mark.parametrize(
    "staff", ["agent", "is_staff", "is_superuser"], ids=lambda kind: kind
)
def test_nobody_who_works_here_is_signed_in(walk, staff, verified):
    user = account("agent@acme.example", verified=verified)
    if staff == "agent":
        AgentFactory(user=user)
    else:
        setattr(user, staff, True)
        user.save()

    assert "works here" in refused(walk(), "agent@acme.example")


def test_an_agent_who_signed_in_this_way_before_is_refused_too(walk):
    person = walk()
    person.sign_in("ana@acme.example")
    AgentFactory(user=User.objects.get(pk=person.user_id))

    assert "works here" in refused(walk(), "ana@acme.example")


def test_who_signed_up_first_with_somebody_elses_address_gains_nothing(walk):
    """The owner of the address gets an account of their own (security.md 1.3)."""
    squatter = account("ana@acme.example", verified=False)
    EmailAddress.objects.create(user=squatter, email="evil@evil.example", verified=True)
    person = walk()

    person.sign_in("ana@acme.example")

    assert person.user_id not in {None, str(squatter.pk)}
    squatter.refresh_from_db()
    assert squatter.email == ""
    kept = EmailAddress.objects.filter(user=squatter)
    assert [address.email for address in kept] == ["evil@evil.example"]


def test_an_account_that_opens_more_than_the_companys_is_refused(walk):
    """The company's server would also read what belongs to the other address."""
    own = account("ana@acme.example")
    EmailAddress.objects.create(user=own, email="ana@home.example", verified=True)

    assert "also opens" in refused(walk(), "ana@acme.example")


def test_an_address_given_up_still_opens_its_requests_to_nobody_else(walk):
    """The contact keeps the tickets of an address that the account gave up."""
    own = account("ana@acme.example")
    contact = ContactFactory(user=own, email="ana@home.example")
    assert contact.user == own

    assert "also opens" in refused(walk(), "ana@acme.example")


def test_a_successor_with_the_same_address_is_not_the_predecessor(acme, walk):
    first = walk()
    first.sign_in("ana@acme.example")
    known = SocialAccount.objects.get()
    known.uid = "somebody who left"
    known.save()

    assert "another account" in refused(walk(), "ana@acme.example")


def test_a_new_address_at_the_company_is_added(acme, walk):
    person = walk()
    person.sign_in("ana@acme.example")
    EmailAddress.objects.filter(user_id=person.user_id).update(
        email="ana.old@acme.example"
    )
    user = User.objects.get(pk=person.user_id)
    EmailAddress.objects.create(user=user, email="ana@acme.example", verified=False)
    again = walk()

    again.sign_in("ana@acme.example")

    assert again.user_id == person.user_id
    assert EmailAddress.objects.get(user=user, email="ana@acme.example").verified


def test_a_new_address_is_not_that_of_somebody_who_works_here(acme, walk):
    person = walk()
    person.sign_in("ana@acme.example")
    EmailAddress.objects.filter(user_id=person.user_id).update(
        email="ana.old@acme.example"
    )
    User.objects.filter(pk=person.user_id).update(email="ana.old@acme.example")
    User.objects.create_superuser("root", "ana@acme.example")

    answer = walk().sign_in("ana@acme.example")

    assert answer.status_code == 403
    assert "works here" in answer.content.decode()


def test_who_is_turned_away_changes_nothing(acme, walk):
    squatter = account("ana@acme.example", verified=False)
    acme.groups.add(ChangeAccessGroup(name="Partners").execute())

    refused(walk(), "ana@acme.example")

    squatter.refresh_from_db()
    assert squatter.email == "ana@acme.example"
    assert EmailAddress.objects.filter(user=squatter).exists()


def make_agent(person) -> None:
    AgentFactory(user=User.objects.get(pk=person.user_id))


def switch_off(person) -> None:
    IdentityProvider.objects.update(is_active=False)


def close_to_others(person) -> None:
    person.provider.groups.add(ChangeAccessGroup(name="Partners").execute())


@pytest.mark.parametrize("change", [make_agent, switch_off, close_to_others])
def test_a_session_ends_when_the_providers_word_no_longer_carries_it(walk, change):
    person = walk()
    person.sign_in("ana@acme.example")
    assert person.client.get("/").wsgi_request.user.is_authenticated

    change(person)

    answer = person.client.get("/accounts/login/")
    assert person.user_id is None
    assert "no longer lets you in" in answer.content.decode()


def test_the_sign_in_names_the_companies_and_nothing_where_there_is_none(acme):
    """Customers know their company, and no "third party"."""
    main = BeautifulSoup(Client().get("/accounts/login/").content, "html.parser").main
    assert main.h2.text == "Other ways to sign in"
    (link,) = [one for one in main.select("a") if acme.name in one.text]
    assert link.text == f"Sign in with {acme.name}"
    assert "third" not in main.text

    acme.delete()
    main = BeautifulSoup(Client().get("/accounts/login/").content, "html.parser").main
    assert not main.select("h2, hr")


def test_a_secret_that_cannot_be_read_leaves_the_other_ways_to_sign_in(
    acme, walk, settings, caplog
):
    person = walk()
    person.sign_in("ana@acme.example")
    ours = {**settings.WAGTAIL_HELPDESK, "ENCRYPTION_KEYS": ["another key"]}
    settings.WAGTAIL_HELPDESK = ours

    assert Client().get(reverse("account_login")).status_code == 200
    assert person.client.post(reverse("account_logout"))["Location"] == "/"
    assert person.user_id is None
    assert "ENCRYPTION_KEYS" in caplog.text


def test_only_members_where_the_provider_says_so(acme, walk):
    """B55: all who come from the company, or some of them."""
    group = ChangeAccessGroup(name="Partners").execute()
    acme.groups.add(group)
    assert "among those who may enter" in refused(walk(), "ana@acme.example")

    contact = ContactFactory(email="ana@acme.example")
    AddAccessMembers(group=group, contacts=[contact]).execute()
    person = walk()
    person.sign_in("ana@acme.example")
    assert person.user_id


def test_a_second_provider_of_the_same_server_is_not_the_first(acme, walk, company):
    """Its people come back to a provider that vouches for other domains."""
    globex = IdentityProvider.objects.create(
        public_id=GLOBEX,
        name="Globex",
        server_url=company,
        client_id=acme.client_id,
        secrets=acme.secrets,
        domains=["globex.example"],
    )
    walk().sign_in("ana@acme.example")

    refused(walk(globex), "ana@acme.example")


def test_the_way_back_opens_once_and_in_one_browser(walk):
    person, thief = walk(), walk()
    back = person.abroad_as("ana@acme.example", person.start())

    assert thief.back(back).status_code == 401
    person.back(back)
    again = Client().get(back)
    assert again.status_code == 401
    assert thief.user_id is None
    assert person.user_id


@pytest.mark.parametrize(
    "query",
    ["", "?code=1", "?state=1", "?code=%00&state=%00", "?error=access_denied&state=1"],
)
def test_a_damaged_way_back_is_refused_in_words(walk, query):
    person = walk()
    person.start()

    answer = person.client.get(f"{person.start_url}callback/{query}")

    assert answer.status_code == 401
    assert person.user_id is None


def test_a_code_that_the_company_never_gave_is_refused(walk):
    person = walk()
    state = person.start().partition("state=")[2].partition("&")[0]

    answer = person.client.get(
        f"{person.start_url}callback/", {"code": "made-up", "state": state}
    )

    assert answer.status_code == 401
    assert person.user_id is None


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_provider_that_is_off_or_never_was_is_not_found(acme, walk, method):
    acme.is_active = False
    acme.save()
    urls = [walk().start_url, reverse("openid_connect_login", args=["hd-missing"])]

    for url in urls:
        assert getattr(Client(), method)(url).status_code == 404


def test_a_server_that_does_not_answer_is_an_error_in_words(acme, walk):
    acme.server_url = f"http://127.0.0.1:{free_port()}"
    acme.save()

    answer = Client().post(walk().start_url)

    assert answer.status_code == 401
    assert "Location" not in answer


def test_nobody_connects_an_account_with_a_provider_by_hand(walk):
    own = account("kim@home.example")
    person = walk()
    person.client.force_login(own)
    answer = person.client.post(f"{person.start_url}?process=connect")

    answer = person.back(person.abroad_as("ana@acme.example", answer["Location"]))

    assert answer.status_code == 403
    assert not SocialAccount.objects.exists()


def test_the_way_on_leads_to_no_other_site(walk):
    answer = walk().sign_in("ana@acme.example", "https://evil.example/")

    assert "evil.example" not in answer["Location"]


def test_signing_out_goes_on_at_the_company(walk, company):
    """OpenID Connect RP-Initiated Logout 1.0."""
    person = walk()
    person.sign_in("ana@acme.example")

    answer = person.client.post(reverse("account_logout"))

    assert person.user_id is None
    assert answer["Location"].startswith(company)
    there = person.abroad.get(answer["Location"], timeout=20)
    assert there.status_code == 200


def test_signing_out_works_while_the_company_does_not_answer(acme, walk):
    person = walk()
    person.sign_in("ana@acme.example")
    acme.server_url = f"http://127.0.0.1:{free_port()}"
    acme.save()

    answer = person.client.post(reverse("account_logout"))

    assert answer["Location"] == "/"
    assert person.user_id is None


def test_the_secret_is_not_readable_in_the_database(acme):
    with connection.cursor() as cursor:
        cursor.execute("SELECT secrets FROM wagtail_helpdesk_identityprovider")
        (stored,) = cursor.fetchone()

    assert "between-us" not in stored


@pytest.mark.parametrize(
    ("domain", "email", "vouches"),
    [
        ("acme.example", "ana@ACME.example", True),
        ("strasse.example", "ana@straße.example", False),
        ("straße.example", "ana@straße.example", False),
        ("acme.example", "ana@acme.example@evil.example", False),
        ("acme.example", "@acme.example", False),
        ("acme.example", "acme.example", False),
        ("acme.example", "ana@acme.example ", False),
        ("kacme.example", "ana@\u212aacme.example", False),
        ("", "ana@", False),
    ],
)
def test_a_domain_is_the_whole_of_it_and_ascii(domain, email, vouches):
    row = IdentityProvider(domains=[domain])

    assert row.vouches_for(email) is vouches
