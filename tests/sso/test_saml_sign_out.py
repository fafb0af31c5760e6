"""Signing out at both places, begun here or there (SAML profiles 4.4)."""

import base64
import zlib
from urllib.parse import quote, urlencode

import pytest
from django.test import Client
from django.urls import reverse

from tests.sso.saml_company import (
    EMAIL,
    HOST,
    NAMESPACES,
    PERSISTENT,
    Browser,
    Company,
    deflated,
    inflated,
    keys,
    provider,
    saml_time,
)
from wagtail_helpdesk.access.saml_documents import MAX_BYTES

pytestmark = pytest.mark.django_db

SHA1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
NAME = "{urn:oasis:names:tc:SAML:2.0:assertion}NameID"
INDEX = "{urn:oasis:names:tc:SAML:2.0:protocol}SessionIndex"


@pytest.fixture
def company() -> Company:
    return Company(provider("Acme", "acme.example"))


@pytest.fixture
def person(company) -> Browser:
    """Somebody who came from the company."""
    person = Browser(company)
    person.sign_in()
    assert person.user_id
    return person


def sls(person: Browser, query: str):
    return person.client.get(f"{person.company.url('sls')}?{query}")


def test_signing_out_here_goes_on_at_the_company(company, person):
    answer = person.client.post(reverse("account_logout"))

    assert person.user_id is None
    assert answer["Location"].startswith("https://idp.acme.example/slo?tenant=1&x=2&")
    assert "Signature=" in answer["Location"]
    asked = inflated(answer["Location"])
    assert asked.find(NAME).text == "ana-1"
    assert asked.find(NAME).get("Format") == PERSISTENT
    assert asked.find(INDEX).text == "s&1"
    assert asked.get("Destination") == company.row.options["slo_url"]


def test_signing_out_stays_here_where_the_company_has_no_sign_out(company, person):
    company.row.options["slo_url"] = ""
    company.row.save()

    answer = person.client.post(reverse("account_logout"))

    assert (answer["Location"], person.user_id) == ("/", None)


@pytest.mark.parametrize("lost", ["key", "settings"])
def test_signing_out_works_however_the_provider_is_set_up(company, person, lost):
    if lost == "key":
        company.row.secrets = {}
    else:
        company.row.options["entity_id"] = ""
    company.row.save()

    answer = person.client.post(reverse("account_logout"))

    assert (answer["Location"], person.user_id) == ("/", None)


def answered(status: str = "urn:oasis:names:tc:SAML:2.0:status:Success") -> str:
    return (
        f'<samlp:LogoutResponse {NAMESPACES} ID="_1" Version="2.0" '
        f'IssueInstant="{saml_time()}"><samlp:Status><samlp:StatusCode '
        f'Value="{status}"/></samlp:Status></samlp:LogoutResponse>'
    )


@pytest.mark.parametrize("status", ["Success", "PartialLogout", "nonsense"])
def test_whatever_the_company_answers_the_person_is_back(company, person, status):
    person.client.post(reverse("account_logout"))

    answer = sls(person, company.query(answered(status), "SAMLResponse"))

    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_an_answer_that_nobody_asked_for_signs_nobody_out(company, person):
    answer = sls(person, company.query(answered(), "SAMLResponse", sign=False))

    assert answer["Location"] == "/"
    assert person.user_id


def test_the_company_signs_its_person_out_here(company, person):
    query = company.query(company.logout_request(request_id="_77"), relay_state="r&s")

    answer = sls(person, query)

    assert person.user_id is None
    assert answer["Location"].startswith(company.row.options["slo_url"])
    assert "RelayState=r%26s" in answer["Location"]
    assert "Signature=" in answer["Location"]
    told = inflated(answer["Location"], "SAMLResponse")
    assert told.get("InResponseTo") == "_77"


def test_addresses_may_be_encoded_as_some_servers_do(company, person):
    """ADFS writes its escapes in small letters, and signs them so."""
    told = {
        "SAMLRequest": deflated(company.logout_request()),
        "SigAlg": "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    }
    query = "&".join(
        f"{name}={''.join(c if c.isalnum() else f'%{ord(c):02x}' for c in value)}"
        for name, value in told.items()
    )
    from onelogin.saml2.utils import OneLogin_Saml2_Utils

    signature = OneLogin_Saml2_Utils.sign_binary(query, keys("Acme")[0])
    query += f"&Signature={quote(base64.b64encode(signature).decode(), safe='')}"

    sls(person, query)

    assert person.user_id is None


@pytest.mark.parametrize(
    "about",
    [
        {"name_id": "luis-2"},
        {"session_index": "another one"},
    ],
    ids=["somebody else", "another session"],
)
def test_only_the_session_it_is_about_ends(company, person, about):
    answer = sls(person, company.query(company.logout_request(**about)))

    assert person.user_id
    assert answer.status_code == 302


def test_without_an_index_all_sessions_of_the_person_are_meant(company, person):
    sls(person, company.query(company.logout_request(session_index=None)))

    assert person.user_id is None


def test_another_company_signs_nobody_out_here(company, person):
    """It may call one of its own people by the same name."""
    other = Company(provider("Globex", "globex.example"))
    query = other.query(other.logout_request(name_format=EMAIL))

    person.client.get(f"{other.url('sls')}?{query}")

    assert person.user_id


def stays(person: Browser, query: str, status: int) -> None:
    answer = sls(person, query)
    assert answer.status_code == status
    assert person.user_id


def test_an_unsigned_request_signs_nobody_out(company, person):
    """Any page of the web could send one along with the person's cookies."""
    stays(person, company.query(company.logout_request(), sign=False), 403)


@pytest.mark.parametrize(
    ("request_wishes", "query_wishes"),
    [
        ({}, {"key": "Somebody else"}),
        ({}, {"algorithm": SHA1}),
        ({"issuer": "https://evil.example/"}, {}),
        ({"destination": "https://evil.example/"}, {}),
        ({"destination": ""}, {}),
        ({"issued": saml_time(minutes=-10)}, {}),
        ({"issued": saml_time(minutes=600)}, {}),
        ({"issued": "yesterday"}, {}),
        ({"name_id": ""}, {}),
        ({"request_id": "no id of XML"}, {}),
    ],
    ids=lambda wishes: "-".join(wishes) or "good",
)
def test_a_request_that_is_not_the_companys_to_us_now_is_refused(
    company, person, request_wishes, query_wishes
):
    query = company.query(company.logout_request(**request_wishes), **query_wishes)

    answer = sls(person, query)

    assert answer.status_code in (
        {302} if request_wishes.get("name_id") == "" else {403}
    )
    assert person.user_id


def test_a_request_counts_once(company, person):
    query = company.query(company.logout_request())
    sls(person, query)
    person.sign_in()

    stays(person, query, 403)


def test_what_is_signed_is_what_is_read(company, person):
    """A parameter written another way must not stand for the signed one."""
    signed = company.query(company.logout_request(name_id="luis-2"))
    forged = quote(deflated(company.logout_request()), safe="")

    for trick in (
        f"{signed}&SAMLRequest={forged}",
        f"SAMLRequest={forged}&{signed}",
        f"{signed}&%53AMLRequest={forged}",
        f"{signed}&SAMLResponse={forged}",
        f"{signed}&Other=1",
        f"{signed}&SAMLRequest",
    ):
        stays(person, trick, 400)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "SAMLRequest",
        "SAMLRequest=",
        "SAMLRequest=%%%",
        "SAMLRequest=%00",
        "SAMLResponse=abc",
        urlencode({"SAMLRequest": base64.b64encode(b"not packed").decode()}),
        urlencode({"SAMLResponse": base64.b64encode(b"\x03\x00").decode()}),
        urlencode({"SAMLRequest": deflated("no xml")}),
        urlencode({"SAMLRequest": deflated("<!DOCTYPE r><r/>")}),
        urlencode({"SAMLRequest": deflated("<a/>")}),
        urlencode({"SAMLRequest": deflated(answered())}),
        urlencode({"SAMLRequest": deflated("<a>" + " " * MAX_BYTES + "</a>")}),
        urlencode(
            {
                "SAMLResponse": base64.b64encode(
                    zlib.compress(b"<a>" + b" " * 10_000_000)[2:-4]
                ).decode()
            }
        ),
        "RelayState=x&SigAlg=y&Signature=z",
    ],
    ids=range(15),
)
def test_what_is_no_document_is_refused_in_words(person, query):
    """allauth's own view answers some of these by a 500."""
    stays(person, query, 400)


def test_a_damaged_signature_is_refused(company, person):
    query = company.query(company.logout_request())
    start, _sign, _signature = query.partition("&Signature=")

    for signature in ("", "%%%", "abc", "QQ%3D%3D", "%00"):
        stays(person, f"{start}&Signature={signature}", 403)


def test_who_is_not_signed_in_may_be_signed_out_too(company):
    """A server asks every place; that nobody is here is a good answer."""
    query = company.query(company.logout_request())

    answer = Client().get(f"{company.url('sls')}?{query}")

    assert answer["Location"].startswith("https://idp.acme.example/slo")
    assert HOST not in answer["Location"]
