"""Staff set a company's SAML server up, and hand our addresses to its administrator."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.sso.saml_company import Browser, Company, keys, provider
from wagtail_helpdesk.access.saml_keys import pem
from wagtail_helpdesk.models import IdentityProvider

pytestmark = pytest.mark.django_db

REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
ENTITY, SSO = "https://idp.acme.example/", "https://idp.acme.example/sso?x=1&y=2"
SLO = "https://idp.acme.example/slo"


def certificate(days: int = 30, key=None) -> str:
    """PEM of a certificate that ends in some days."""
    key = key or rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "idp")])
    now = timezone.now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=400))
        .not_valid_after(now + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()


def entity(
    entity_id: str = ENTITY,
    *,
    sso: str = SSO,
    binding: str = REDIRECT,
    certificates: tuple[str, ...] = ("Acme",),
    signed: bool = False,
) -> str:
    descriptors = "".join(
        '<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>'
        f"{keys(name)[1] if name.isalnum() else name}"
        "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
        for name in certificates
    )
    wants = ' WantAuthnRequestsSigned="true"' if signed else ""
    return f"""<md:EntityDescriptor entityID="{entity_id}"
        xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"
        xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><md:IDPSSODescriptor{wants}
        protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"
        >{descriptors}
        <md:SingleLogoutService Binding="{REDIRECT}" Location="{SLO}"/>
        <md:SingleSignOnService Binding="{POST}" Location="https://a.example/post"/>
        <md:SingleSignOnService Binding="{binding}"
            Location="{sso.replace("&", "&amp;")}"/>
        </md:IDPSSODescriptor></md:EntityDescriptor>"""


def several(*entities: str) -> str:
    return (
        '<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata">'
        f"{''.join(entities)}</md:EntitiesDescriptor>"
    )


@pytest.fixture
def boss() -> Client:
    person = Client()
    person.force_login(User.objects.create_superuser("boss", "boss@example.com"))
    return person


@pytest.fixture
def add(boss):
    """Fill the form in; returns what the page says is wrong."""

    def fill_in(**fields) -> dict[str, str]:
        values = {"name": "Acme", "domains": "acme.example", "is_active": "on"}
        url = reverse("helpdesk_identityprovider:add_kind", args=["saml"])
        answer = boss.post(url, {**values, **fields})
        if answer.status_code == 302:
            return {}
        errors = answer.context["form"].errors
        return {name: " ".join(told) for name, told in errors.items()}

    return fill_in


def by_hand(**fields) -> dict[str, str]:
    return {
        "entity_id": ENTITY,
        "server_url": SSO,
        "certificates": pem(keys("Acme")[1]),
        **fields,
    }


def test_pasted_metadata_is_all_that_is_needed(add):
    assert not add(metadata=entity(certificates=("Acme", "Next"), signed=True))

    row = IdentityProvider.objects.get()
    assert (row.protocol, row.server_url) == ("saml", SSO)
    assert row.options["entity_id"] == ENTITY
    assert row.options["slo_url"] == SLO
    assert row.options["certificates"] == [keys("Acme")[1], keys("Next")[1]]
    assert row.options["sign_requests"]
    assert row.options["own_entity_id"].endswith(
        f"/accounts/sso/saml/hd-{row.public_id}/metadata/"
    )
    assert "BEGIN PRIVATE KEY" in row.secrets["private_key"]


def test_a_provider_that_was_just_added_signs_people_in(add):
    add(metadata=entity())
    row = IdentityProvider.objects.get()
    row.options["own_entity_id"] = f"http://testserver/{row.public_id}"
    row.save()
    person = Browser(Company(row, key="Acme"))

    person.sign_in()

    assert person.user_id


def test_metadata_may_come_as_a_file_among_those_of_applications(add):
    application = entity("https://app.example/").replace("IDPSSO", "SPSSO")
    text = '<?xml version="1.0" encoding="UTF-8"?>' + several(application, entity())

    assert not add(metadata_file=SimpleUploadedFile("m.xml", text.encode()))

    assert IdentityProvider.objects.get().options["entity_id"] == ENTITY


def test_the_values_may_be_written_by_hand(add):
    bare = keys("Next")[1]

    assert not add(**by_hand(certificates=bare, uid_attribute="staff-no"))

    row = IdentityProvider.objects.get()
    assert row.options["certificates"] == [bare]
    assert row.options["attributes"]["uid"] == "staff-no"


@pytest.mark.parametrize(
    ("metadata", "told"),
    [
        ("no xml", "no XML"),
        ("<!DOCTYPE r>" + entity(), "DTD"),
        (f"<r>{' ' * 300_000}</r>", "262144"),
        ("<r/>", "no identity provider"),
        (entity().replace("IDPSSO", "SPSSO"), "no identity provider"),
        (several(entity(), entity("https://b.example/")), "2 identity providers"),
        (entity(""), "entity ID"),
        (entity("e" * 2000), "1024"),
        (entity(binding=POST), "HTTP-Redirect"),
        (entity(certificates=()), "no certificate"),
        (entity(certificates=("no certificate!",)), "nocertificate!"),
        (entity(sso="javascript:alert(1)"), "javascript:alert(1)"),
        (entity(sso="http://idp.acme.example/"), "https://"),
    ],
)
def test_what_is_wrong_with_metadata_is_said(add, metadata, told):
    wrong = add(metadata=metadata)

    assert told in wrong.get("metadata", ""), wrong
    assert not IdentityProvider.objects.exists()


@pytest.mark.parametrize(
    ("fields", "field", "told"),
    [
        ({"entity_id": ""}, "entity_id", "metadata"),
        ({"server_url": ""}, "server_url", "metadata"),
        ({"certificates": ""}, "certificates", "metadata"),
        ({"server_url": "http://idp.acme.example/"}, "server_url", "https://"),
        ({"server_url": "no address"}, "server_url", "valid URL"),
        ({"slo_url": "http://idp.acme.example/"}, "slo_url", "https://"),
        ({"certificates": "no certificate"}, "certificates", "nocertificate"),
        ({"certificates": "QQ=="}, "certificates", "QQ=="),
        ({"domains": "gmail.com"}, "domains", "gmail.com"),
    ],
)
def test_what_is_wrong_with_a_value_is_said_beside_it(add, fields, field, told):
    wrong = add(**by_hand(**fields))

    assert told in wrong.get(field, ""), wrong
    assert not IdentityProvider.objects.exists()


def test_a_weak_key_is_refused_and_a_modern_one_taken(add):
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505
    modern = ec.generate_private_key(ec.SECP256R1())

    assert (
        "1024 bits"
        in add(**by_hand(certificates=certificate(key=weak)))["certificates"]
    )
    assert not add(**by_hand(certificates=certificate(key=modern)))


def test_too_many_certificates_are_refused(add):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    text = "\n".join(certificate(days, key) for days in range(1, 7))

    assert "6" in add(**by_hand(certificates=text))["certificates"]


def page_of(boss: Client, row: IdentityProvider) -> str:
    url = reverse("helpdesk_identityprovider:edit", args=[row.pk])
    return boss.get(url).content.decode()


def test_our_addresses_are_shown_to_be_copied_and_no_private_key(boss):
    company = Company(provider("Acme", "acme.example"))
    secret = company.row.secrets["private_key"].splitlines()[1]

    page = page_of(boss, company.row)
    listed = boss.get(reverse("helpdesk_identityprovider:index")).content.decode()

    for name in ("metadata", "acs", "sls"):
        assert f'{company.url(name)}"' in page
    assert secret not in page + listed
    assert "PRIVATE KEY" not in page + listed


def test_an_expired_certificate_is_a_warning(boss, add):
    assert not add(**by_hand(certificates=certificate(days=-1)))

    assert "certificate expired on" in page_of(boss, IdentityProvider.objects.get())


def change(boss: Client, row: IdentityProvider, **fields):
    url = reverse("helpdesk_identityprovider:edit", args=[row.pk])
    values = {"name": "Acme Ltd", "domains": "acme.example", "is_active": "on"}
    return boss.post(url, {**values, **by_hand(), **fields})


def test_the_entity_id_and_our_key_stay(boss):
    row = provider("Acme", "acme.example")
    before = (row.options["own_entity_id"], row.secrets)

    answer = change(boss, row, entity_id="https://evil.example/", own_entity_id="x")

    row = IdentityProvider.objects.get()
    assert (answer.status_code, row.name) == (302, "Acme Ltd")
    assert row.options["entity_id"] == ENTITY
    assert (row.options["own_entity_id"], row.secrets) == before


def test_new_metadata_of_the_same_server_brings_the_new_certificate(boss):
    row = provider("Acme", "acme.example")

    change(boss, row, metadata=entity(certificates=("Next",)))

    row.refresh_from_db()
    assert row.options["certificates"] == [keys("Next")[1]]


def test_metadata_of_another_server_is_refused(boss):
    row = provider("Acme", "acme.example")

    answer = change(boss, row, metadata=entity("https://evil.example/"))

    assert "https://evil.example/" in str(answer.context["form"].errors)
    row.refresh_from_db()
    assert row.name == "Acme"


def test_a_provider_whose_key_is_lost_can_still_be_changed(boss, settings):
    row = provider("Acme", "acme.example")
    settings.WAGTAIL_HELPDESK = {
        **settings.WAGTAIL_HELPDESK,
        "ENCRYPTION_KEYS": ["another key"],
    }

    assert change(boss, row).status_code == 302
