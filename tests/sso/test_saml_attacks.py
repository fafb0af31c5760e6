"""What a SAML server, or somebody who says to be one, must not get by (security.md 4).

Each ends in words: a status below 500, nobody signed in, no account, and a log that has
the provider and one word.
"""

import base64
import copy
import re

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from lxml import etree

from tests.sso.saml_company import (
    HOST,
    Browser,
    Company,
    keys,
    provider,
    saml_time,
)
from wagtail_helpdesk.access.saml_documents import MAX_BYTES
from wagtail_helpdesk.models import UsedAssertion

pytestmark = pytest.mark.django_db

SHA1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
SHA1_DIGEST = "http://www.w3.org/2000/09/xmldsig#sha1"
NS = {
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
}


@pytest.fixture
def company() -> Company:
    return Company(provider("Acme", "acme.example"))


@pytest.fixture
def other() -> Company:
    return Company(provider("Globex", "globex.example"))


@pytest.fixture
def person(company) -> Browser:
    return Browser(company)


@pytest.fixture
def refused(caplog):
    """Check an answer; returns the word that was logged."""

    def look(person: Browser, answer, status: int | None = None) -> str:
        assert answer.status_code in ({status} if status else {400, 403})
        assert not User.objects.filter(pk=person.user_id).exists()
        assert not User.objects.exists()
        text = answer.content.decode()
        assert "You could not be signed in" in text
        assert "ana@acme.example" not in text + caplog.text
        assert "Assertion" not in text + caplog.text
        words = re.findall(r"was refused: (\w+)", caplog.text)
        assert words, caplog.text
        return words[-1]

    return look


@pytest.mark.parametrize(
    ("wishes", "word"),
    [
        ({"sign": "nothing"}, "unsigned"),
        ({"key": "Somebody else"}, "signature"),
        ({"sign": "response", "key": "Somebody else"}, "signature"),
        ({"algorithm": SHA1}, "algorithm"),
        ({"digest": SHA1_DIGEST}, "algorithm"),
        ({"audience": "https://other.example/"}, "audience"),
        ({"audiences": ""}, "audience"),
        ({"issuer": "https://evil.example/"}, "issuer"),
        ({"response_issuer": "https://evil.example/"}, "issuer"),
        ({"destination": "https://evil.example/acs/"}, "destination"),
        ({"destination": ""}, "destination"),
        ({"recipient": "https://evil.example/acs/"}, "recipient"),
        ({"confirmed_until": saml_time(minutes=-1)}, "recipient"),
        ({"after": saml_time(minutes=-10)}, "expired"),
        ({"before": saml_time(minutes=600)}, "early"),
        ({"status": "urn:oasis:names:tc:SAML:2.0:status:Requester"}, "status"),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(value),
)
def test_what_is_not_the_companys_word_to_us_now_is_refused(
    person, refused, wishes, word
):
    assert refused(person, person.sign_in(**wishes)) == word


@pytest.mark.parametrize(
    "wrong",
    [
        f"{HOST}/accounts/sso/saml/hd-acmeacmeacmeacme/acs/../../evil/",
        f"https://evil.example/?x={HOST}/accounts/sso/saml/hd-acmeacmeacmeacme/acs/",
    ],
)
def test_an_address_that_only_has_ours_in_it_is_not_ours(person, refused, wrong):
    """python3-saml looks for the beginning, or for any place in it."""
    assert refused(person, person.sign_in(destination=wrong)) == "destination"
    assert refused(person, person.sign_in(recipient=wrong)) == "recipient"


@pytest.mark.parametrize(
    "left_out", ["NotOnOrAfter", "InResponseTo", "Recipient", "everything"]
)
def test_what_a_confirmation_leaves_out_is_not_guessed(
    company, person, refused, left_out
):
    """python3-saml lets each of them pass."""
    request_id = person.start()
    told = {
        "NotOnOrAfter": saml_time(minutes=5),
        "InResponseTo": request_id,
        "Recipient": HOST + company.url("acs"),
    }
    confirmation = " ".join(
        f'{name}="{value}"'
        for name, value in told.items()
        if left_out not in {name, "everything"}
    )

    answer = person.back(company.response(request_id, confirmation=confirmation))

    assert refused(person, answer, 403) == "recipient"


def test_an_unsigned_cover_does_not_make_an_old_assertion_the_answer(
    company, person, refused
):
    """The assertion itself says which request it answers, and it is signed."""
    stolen = company.sign(company.assertion("_somebody_elses_request"))

    answer = person.back(company.around(stolen, person.start()))

    assert refused(person, answer, 403) == "recipient"


def test_what_was_signed_cannot_be_changed(company, person, refused):
    for sign in ("assertion", "response", "both"):
        response = company.response(person.start(), sign=sign, name_id="luis-2")
        changed = response.replace("luis-2", "ana-1")
        assert changed != response
        assert refused(person, person.back(changed), 403) == "signature"


def wrapped_beside(signed: etree._Element, forged: etree._Element) -> None:
    """The forged assertion first, the signed one behind it."""
    root = signed.getparent()
    root.insert(root.index(signed), forged)


def wrapped_inside(signed: etree._Element, forged: etree._Element) -> None:
    """The signed assertion in the signature of the forged one."""
    root = signed.getparent()
    signature = copy.deepcopy(signed.find("ds:Signature", NS))
    root.replace(signed, forged)
    holder = etree.SubElement(signature, f"{{{NS['ds']}}}Object")
    holder.append(signed)
    forged.insert(1, signature)


def wrapped_in_an_extension(signed: etree._Element, forged: etree._Element) -> None:
    """The signed assertion where nobody looks."""
    root = signed.getparent()
    root.replace(signed, forged)
    extensions = etree.Element(f"{{{NS['samlp']}}}Extensions")
    extensions.append(signed)
    root.insert(1, extensions)


def wrapped_with_the_same_id(signed: etree._Element, forged: etree._Element) -> None:
    """Two of one name: which one was signed?"""
    forged.set("ID", signed.get("ID"))
    wrapped_beside(signed, forged)


@pytest.mark.parametrize(
    "wrap",
    [
        wrapped_beside,
        wrapped_inside,
        wrapped_in_an_extension,
        wrapped_with_the_same_id,
    ],
)
def test_a_signature_does_not_cover_an_assertion_beside_it(
    company, person, refused, wrap
):
    request_id = person.start()
    root = etree.fromstring(company.response(request_id, name_id="luis-2"))
    forged = etree.fromstring(company.assertion(request_id, name_id="boss"))
    wrap(root.find("saml:Assertion", NS), forged)

    refused(person, person.back(etree.tostring(root)))


def test_a_signed_response_does_not_cover_another_around_it(company, person, refused):
    request_id = person.start()
    signed = company.response(request_id, sign="response")
    forged = company.around(company.assertion(request_id, name_id="boss"), request_id)
    root = etree.fromstring(forged)
    root.append(etree.fromstring(signed))

    refused(person, person.back(etree.tostring(root)))


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (("xml-exc-c14n#", "xslt"), "algorithm"),
        (("#enveloped-signature", "#base64"), "algorithm"),
        (("xmldsig-more#rsa-sha256", "xmldsig-more#hmac-sha256"), "algorithm"),
        (("</ds:KeyInfo>", "<ds:RetrievalMethod URI='http://a/'/></ds:KeyInfo>"), None),
        (("</ds:Reference>", "</ds:Reference><ds:Reference URI='http://a/'/>"), None),
    ],
    ids=lambda value: None,
)
def test_checking_a_signature_computes_and_fetches_nothing_else(
    company, person, refused, change, word
):
    response = company.response(person.start())
    changed = response.replace(*change)
    assert changed != response

    assert refused(person, person.back(changed), 400) == (word or "algorithm")


def test_an_unknown_request_is_refused(company, person, refused):
    person.start()

    answer = person.back(company.response("_never_asked"))

    assert refused(person, answer, 403) == "unasked"
    assert not UsedAssertion.objects.exists()


def test_a_sign_in_that_began_at_the_company_is_refused(company, person, refused):
    """Somebody could be signed in as another one without wanting to."""
    confirmation = (
        f'NotOnOrAfter="{saml_time(minutes=5)}" Recipient="{HOST}{company.url("acs")}"'
    )
    assertion = company.sign(company.assertion("", confirmation=confirmation))

    answer = person.back(company.around(assertion, None))

    assert refused(person, answer, 403) == "unasked"


def test_a_response_opens_once_and_in_one_browser(company, person, caplog):
    thief = Browser(company)
    response = company.response(person.start())

    assert thief.back(response).status_code == 403
    person.back(response)
    assert person.user_id
    person.client.logout()
    assert person.back(response).status_code == 403
    assert person.user_id is None
    assert thief.back(response).status_code == 403
    assert thief.user_id is None


def test_an_assertion_counts_once_whatever_it_answers(company, refused, person):
    """Also when a server, or somebody with its key, says the same word twice."""
    first, second = person.start(), person.start()
    person.back(company.response(first, assertion_id="_same"))
    assert person.user_id
    User.objects.all().delete()

    answer = person.back(company.response(second, assertion_id="_same"))

    assert refused(person, answer, 403) == "used"


def test_of_two_at_the_same_moment_one_is_used(company, person):
    """Both came past the first check before either was signed in."""
    response = company.response(person.start())
    encoded = base64.b64encode(response.encode()).decode()
    ways = [
        person.client.post(company.url("acs"), {"SAMLResponse": encoded}).cookies
        for _turn in range(2)
    ]
    finish = company.url("finish")
    statuses = []
    for cookies in ways:
        person.client.cookies.update(cookies)
        statuses.append(person.client.get(finish).status_code)

    assert statuses == [302, 403]


def test_a_way_that_ends_does_not_open_again(company, person):
    answer = person.client.post(
        company.url("acs"),
        {"SAMLResponse": base64.b64encode(company.response("_x").encode()).decode()},
    )
    assert answer.cookies["helpdesk-sso"]["httponly"]
    finish = answer["Location"]

    assert person.client.get(finish).status_code == 403
    assert person.client.get(finish).status_code == 400


def test_the_key_of_a_session_is_not_that_of_a_way(company, person):
    person.sign_in()
    key = person.client.session.session_key
    other = Client()
    other.cookies["helpdesk-sso"] = key

    assert other.get(company.url("finish")).status_code == 400
    assert Session.objects.filter(session_key=key).exists()


def test_one_companys_word_does_not_count_at_anothers_address(company, other, refused):
    """In every mixture of whom it was asked of, named for and handed in at."""
    for asked, named, handed in (
        (company, company, other),
        (other, company, other),
        (company, other, other),
    ):
        person = Browser(asked)
        response = Company(named.row).response(person.start())
        refused(person, person.back(response, handed.url("acs")))


def test_one_companys_key_does_not_sign_for_another(company, other, refused):
    person = Browser(other)

    refused(person, person.sign_in(key="Acme", email="zoe@globex.example"), 403)


def test_a_certificate_in_the_response_is_nobodys_credential(company, refused):
    """It travels along with the signature; only those that were set up count."""
    company.row.options["certificates"] = [keys("Acme's next")[1]]
    company.row.save()
    person = Browser(company)

    assert refused(person, person.sign_in(), 403) == "signature"


def test_a_provider_without_a_certificate_takes_nothing(company, person, refused):
    company.row.options["certificates"] = []
    company.row.save()

    assert refused(person, person.sign_in(), 403) == "signature"


def test_an_encrypted_assertion_is_refused_in_words(company, person, refused):
    """We give out no key to encrypt with."""
    encrypted = (
        "<saml:EncryptedAssertion><xenc:EncryptedData "
        'xmlns:xenc="http://www.w3.org/2001/04/xmlenc#"><xenc:CipherData>'
        "<xenc:CipherValue>AAAA</xenc:CipherValue></xenc:CipherData>"
        "</xenc:EncryptedData></saml:EncryptedAssertion>"
    )

    answer = person.back(company.around(encrypted, person.start()))

    assert refused(person, answer, 400) == "encrypted"


LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10)
)
DTDS = {
    "plain": "<!DOCTYPE r>",
    "entity": '<!DOCTYPE r [<!ENTITY x "ana">]>',
    "file": '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    "address": '<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd">',
    "billion laughs": f"<!DOCTYPE r [{LAUGHS}]>",
}


@pytest.mark.parametrize("dtd", DTDS.values(), ids=DTDS)
def test_a_dtd_is_refused(company, person, refused, dtd):
    """allauth's own view answers it by a 500."""
    response = company.response(person.start(), name_id="ana&amp;")

    answer = person.back(dtd + response)

    assert refused(person, answer, 400) == "damaged"


@pytest.mark.parametrize(
    ("encoded", "word"),
    [
        ("", "damaged"),
        ("%%%", "damaged"),
        ("abc", "damaged"),
        ("ünï", "damaged"),
        ("\x00", "damaged"),
        (base64.b64encode(b"no xml").decode(), "damaged"),
        (base64.b64encode(b"\xff\xfe<\x00").decode(), "damaged"),
        (base64.b64encode(b"<a/>").decode(), "damaged"),
        (base64.b64encode(b"<a>" * 5000).decode(), "damaged"),
        (base64.b64encode(f'<r xmlns="{NS["samlp"]}"/>'.encode()).decode(), "damaged"),
        (
            base64.b64encode(f'<Response xmlns="{NS["samlp"]}"/>'.encode()).decode(),
            "rejected",
        ),
        ("A" * (MAX_BYTES * 2), "size"),
    ],
    ids=lambda value: value[:12].encode("ascii", "replace").decode() or "nothing",
)
def test_what_is_no_response_is_refused(person, refused, encoded, word):
    assert refused(person, person.post(encoded)) == word


def test_far_too_much_is_not_read(company):
    answer = Client().post(company.url("acs"), {"SAMLResponse": "A" * 3_000_000})

    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize("sent", [{}, {"SAMLResponse": ["QQ==", "QQ=="]}])
def test_none_or_two_responses_are_refused(company, person, refused, sent):
    answer = person.client.post(company.url("acs"), sent)

    assert refused(person, answer, 400) == "damaged"


def test_a_request_without_a_host_is_no_500(company):
    """allauth's own view answers it by a 500."""
    client = Client(headers={"host": ""}, raise_request_exception=False)

    for name, method in (("acs", "post"), ("metadata", "get"), ("login", "post")):
        answer = getattr(client, method)(company.url(name), SERVER_NAME="testserver")
        assert answer.status_code < 500


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59Z", "1601-01-01T00:00:00Z"])
def test_a_moment_that_no_clock_knows_is_no_500(person, moment):
    answer = person.sign_in(confirmed_until=moment)

    assert answer.status_code in {302, 403}


@pytest.mark.parametrize("moment", ["yesterday", "2026-13-45T99:99:99Z", ""])
def test_a_moment_that_is_none_is_refused(person, refused, moment):
    for name in ("after", "before", "confirmed_until"):
        refused(person, person.sign_in(**{name: moment or " "}))


@pytest.mark.parametrize(
    "certificates", [["no certificate"], ["QQ=="], ["%%%", "\x01"]]
)
def test_a_stored_certificate_that_is_none_is_no_500(
    company, person, refused, certificates
):
    company.row.options["certificates"] = certificates
    company.row.save()

    assert refused(person, person.sign_in(), 403) == "signature"


@pytest.mark.parametrize("options", [{}, {"entity_id": "https://idp.acme.example/"}])
def test_a_provider_that_was_not_set_up_completely_is_no_500(company, refused, options):
    company.row.options, company.row.server_url = options, ""
    company.row.save()
    person = Browser(company)

    answer = person.client.post(company.url("login"))

    assert refused(person, answer, 403) == "settings"
