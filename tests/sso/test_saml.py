"""Sign-in by SAML: who gets in, and as whom (B54, B55)."""

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from tests.factories import AgentFactory, ContactFactory
from tests.sso.saml_company import (
    EMAIL,
    MAIL,
    TRANSIENT,
    Browser,
    Company,
    inflated,
    keys,
    provider,
)
from tests.sso.test_openid_connect import account
from wagtail_helpdesk.actions import AddAccessMembers, ChangeAccessGroup
from wagtail_helpdesk.models import Contact, Organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return Company(provider("Acme", "acme.example"))


@pytest.fixture
def person(company) -> Browser:
    return Browser(company)


def attribute(name: str, *values: str) -> str:
    inside = "".join(
        f"<saml:AttributeValue>{value}</saml:AttributeValue>" for value in values
    )
    return f'<saml:Attribute Name="{name}">{inside}</saml:Attribute>'


def test_somebody_new_comes_back_signed_in_as_a_contact_of_the_company(person):
    """Nobody had to make the account, the contact or the membership before."""
    organization = Organization.objects.create(name="Acme", domains=["acme.example"])
    names = attribute("firstName", "Ana") + attribute("lastName", "García")

    answer = person.sign_in("/support/new/", attributes=names)

    assert (answer.status_code, answer["Location"]) == (302, "/support/new/")
    contact = Contact.objects.get(user_id=person.user_id)
    identity = contact.identities.get()
    assert (identity.value, bool(identity.verified_at)) == ("ana@acme.example", True)
    assert contact.memberships.get().organization == organization
    assert not contact.user.has_usable_password()
    assert contact.user.get_full_name() == "Ana García"
    assert SocialAccount.objects.get().extra_data == {}


@pytest.mark.parametrize("sign", ["assertion", "response", "both"])
def test_the_signature_may_be_on_the_assertion_or_around_it(person, sign):
    person.sign_in(sign=sign)

    assert person.user_id


def test_a_second_certificate_is_taken_while_the_company_changes_it(company):
    company.row.options["certificates"].append(keys("Acme's next")[1])
    company.row.save()
    old, new = Browser(company), Browser(company)

    old.sign_in()
    new.sign_in(key="Acme's next")

    assert old.user_id == new.user_id is not None


def test_the_same_person_gets_the_same_account_again(company):
    first, second = Browser(company), Browser(company)
    first.sign_in()
    second.sign_in(email="ana.garcia@acme.example")

    assert first.user_id == second.user_id
    assert SocialAccount.objects.count() == 1
    addresses = EmailAddress.objects.filter(user_id=first.user_id, verified=True)
    assert addresses.count() == 2


def test_an_account_that_proved_the_address_is_the_persons_own(person):
    own = account("ana@acme.example")

    person.sign_in()

    assert person.user_id == str(own.pk)


def test_a_contact_who_only_wrote_mails_keeps_their_tickets(person):
    contact = ContactFactory(email="ana@acme.example")

    person.sign_in()

    contact.refresh_from_db()
    assert str(contact.user_id) == person.user_id


def test_the_name_is_the_address_where_the_company_sends_no_other(person):
    person.sign_in(email=None, name_id="luis@acme.example", name_format=EMAIL)

    assert User.objects.get(pk=person.user_id).email == "luis@acme.example"


def test_attributes_are_those_that_the_provider_names(company, person):
    company.row.options["attributes"] = {"uid": "staff-no", "email": "post"}
    company.row.save()

    person.sign_in(
        attributes=attribute("staff-no", "4711") + attribute("post", "l@acme.example"),
        name_format=TRANSIENT,
    )

    assert SocialAccount.objects.get().uid == "4711"
    assert User.objects.get(pk=person.user_id).email == "l@acme.example"


def test_only_members_where_the_provider_says_so(company):
    """B55: all who come from the company, or some of them."""
    group = ChangeAccessGroup(name="Partners").execute()
    company.row.groups.add(group)
    stranger, member = Browser(company), Browser(company)
    assert stranger.sign_in().status_code == 403

    contact = ContactFactory(email="ana@acme.example")
    AddAccessMembers(group=group, contacts=[contact]).execute()
    member.sign_in()
    assert (stranger.user_id, bool(member.user_id)) == (None, True)


def test_the_request_names_us_and_says_where_the_answer_goes(company, person):
    person.start()

    asked = inflated(person.led_to)
    assert person.led_to.startswith("https://idp.acme.example/sso?tenant=1&x=2&SAML")
    assert asked.get("AssertionConsumerServiceURL").endswith(company.url("acs"))
    assert asked.get("Destination") == company.row.server_url
    assert "Signature" not in person.led_to


def test_a_request_is_signed_where_the_company_wants_it(company, person):
    company.row.options["sign_requests"] = True
    company.row.save()

    person.start()

    assert "Signature=" in person.led_to
    assert "rsa-sha256" in person.led_to


def test_the_addresses_are_the_same_in_every_language(company):
    """The company's server knows one of each."""
    login, own = company.url("login"), company.url("acs")
    page = Client().get("/es/accounts/login/").content.decode()
    answer = Client().post(f"/es{login}")

    assert f'"{login}' in page
    acs = inflated(answer["Location"]).get("AssertionConsumerServiceURL")
    assert acs == f"http://testserver{own}"


def test_metadata_names_our_addresses_and_certificate_and_no_key(company):
    answer = Client().get(company.url("metadata"))

    text = answer.content.decode()
    assert answer["Content-Type"] == "application/samlmetadata+xml"
    assert company.row.options["own_entity_id"] in text
    assert company.url("acs") in text
    assert company.url("sls") in text
    assert keys("ours for Acme")[1][:60] in text
    assert "PRIVATE" not in text
    assert "validUntil" not in text


def refused(company: Company, **wishes) -> str:
    """Try; returns what the person reads."""
    before = set(User.objects.values_list("pk", flat=True))
    person = Browser(company)
    answer = person.sign_in(**wishes)
    assert answer.status_code == 403
    assert answer["Cache-Control"].startswith("private, no-store")
    assert person.user_id is None
    assert set(User.objects.values_list("pk", flat=True)) == before
    return answer.content.decode()


@pytest.mark.parametrize(
    "email",
    [
        "zoe@globex.example",
        "ana@mail.acme.example",
        "ana@evil-acme.example",
        "ana@acme.example.evil.example",
        "ana@acme.example<!-- -->.evil.example",
    ],
)
def test_an_address_outside_the_domains_is_refused_known_or_not(company, email):
    """Whatever a company says beside: ``email_verified`` too (security.md 0.8)."""
    confirmed = attribute("http://schemas.auth0.com/email_verified", "true")
    assert "not one of its own" in refused(company, email=email, attributes=confirmed)

    account(email.replace("<!-- -->", ""))
    assert "not one of its own" in refused(company, email=email, attributes=confirmed)


@pytest.mark.parametrize("staff", ["agent", "is_staff", "is_superuser"])
def test_nobody_who_works_here_is_signed_in(company, staff):
    user = account("ana@acme.example")
    if staff == "agent":
        AgentFactory(user=user)
    else:
        setattr(user, staff, True)
        user.save()

    assert "works here" in refused(company)


def test_a_successor_with_the_same_address_is_not_the_predecessor(company):
    Browser(company).sign_in(name_id="ana-1")

    assert "another account" in refused(company, name_id="ana-2")


def test_a_comment_does_not_shorten_a_name(company):
    """A parser that stops at it would make one person out of two."""
    Browser(company).sign_in(name_id="ana")
    other = Browser(company)
    other.sign_in(name_id="ana<!-- -->.evil", email="other@acme.example")

    assert {row.uid for row in SocialAccount.objects.all()} == {"ana", "ana.evil"}


@pytest.mark.parametrize(
    ("wishes", "word"),
    [
        ({"name_format": TRANSIENT}, "transient"),
        ({"subject": ""}, "name"),
        ({"name_id": ""}, "name"),
        ({"name_id": " \n"}, "name"),
        ({"name_id": "x" * 200}, "name"),
        ({"attributes": attribute(MAIL, "luis@acme.example")}, "several"),
        ({"email": ""}, "no_address"),
        ({"email": "no address"}, "no_address"),
        ({"email": f"{'x' * 300}@acme.example"}, "no_address"),
        ({"email": "<saml:NameID>ana@acme.example</saml:NameID>"}, "no_address"),
    ],
)
def test_a_statement_that_names_nobody_clearly_is_refused(
    company, caplog, wishes, word
):
    refused(company, **wishes)

    assert f"{company.row.public_id} was refused: {word}" in caplog.text
    assert "acme.example" not in caplog.text


def test_two_companies_people_are_not_each_others(company):
    """The same name and address at two servers are two people."""
    globex = Company(provider("Globex", "globex.example"))
    ours, theirs = Browser(company), Browser(globex)
    ours.sign_in()
    theirs.sign_in(email="zoe@globex.example")

    assert ours.user_id != theirs.user_id
    assert "not one of its own" in refused(globex, email="ana@acme.example")


def test_nobody_connects_an_account_with_a_provider_by_hand(company, person):
    person.client.force_login(account("kim@home.example"))
    answer = person.client.post(f"{company.url('login')}?process=connect")

    request_id = inflated(answer["Location"]).get("ID")
    answer = person.back(company.response(request_id))

    assert answer.status_code == 403
    assert not SocialAccount.objects.exists()


def test_the_way_on_leads_to_no_other_site(person):
    assert "evil.example" not in person.sign_in("https://evil.example/")["Location"]


def test_relay_state_leads_nowhere(company, person):
    response = company.response(person.start())

    answer = person.back(response, RelayState="https://evil.example/\x00")

    assert answer["Location"] == "/support/"


def test_a_link_asks_before_it_leads_away(company):
    answer = Client().get(company.url("login"))

    assert answer.status_code == 200
    assert b"<form" in answer.content


def test_the_session_ends_when_the_provider_is_switched_off(company, person):
    person.sign_in()
    company.row.is_active = False
    company.row.save()

    person.client.get(reverse("account_login"))

    assert person.user_id is None


ADDRESSES = ("login", "acs", "finish", "sls", "metadata")


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize("method", ["get", "post", "put", "delete", "options"])
def test_a_provider_that_is_off_or_never_was_is_not_found(company, name, method):
    off, missing = company.url(name), reverse(f"helpdesk_saml_{name}", args=["hd-no"])
    company.row.is_active = False
    company.row.save()

    for url in (off, missing):
        assert getattr(Client(), method)(url).status_code == 404


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("login", {"get", "post"}),
        ("acs", {"post"}),
        ("finish", {"get"}),
        ("sls", {"get"}),
        ("metadata", {"get"}),
    ],
)
def test_other_methods_are_not_allowed(company, name, allowed):
    for method in {"get", "post", "put", "patch", "delete", "options"} - allowed:
        assert getattr(Client(), method)(company.url(name)).status_code == 405


def test_without_the_rules_of_the_help_desk_there_is_no_sign_in(company, settings):
    """A project with allauth's own adapter would let anybody in."""
    settings.SOCIALACCOUNT_ADAPTER = (
        "allauth.socialaccount.adapter.DefaultSocialAccountAdapter"
    )

    assert Client().post(company.url("login")).status_code == 404
    assert Client().post(company.url("acs")).status_code == 404
