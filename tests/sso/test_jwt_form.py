"""Staff set up a company that signs tokens, and change its keys (B54)."""

import json
import re

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from tests.sso.test_jwt_tokens import PAIRS, pem
from tests.sso.tokens import SECRET, Visitor, make_provider
from wagtail_helpdesk.access.sso import APPS
from wagtail_helpdesk.access.token_keys import keys_of
from wagtail_helpdesk.models import IdentityProvider

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss() -> Client:
    browser = Client()
    browser.force_login(User.objects.create_superuser("boss", "boss@example.com"))
    return browser


@pytest.fixture
def save(boss):
    """Fill the form in; returns what the page says is wrong, and the next page."""

    def fill_in(row: IdentityProvider | None = None, **fields) -> tuple[str, str]:
        values = {
            "name": "Acme",
            "server_url": "https://intranet.acme.example/help",
            "issuer": "acme",
            "new_algorithm": "" if row else "HS256",
            "domains": "acme.example",
            "is_active": "on",
        }
        url = reverse("helpdesk_identityprovider:add_kind", args=["jwt"])
        if row is not None:
            url = reverse("helpdesk_identityprovider:edit", args=[row.pk])
        answer = boss.post(url, {**values, **fields})
        if answer.status_code == 302:
            return "", answer["Location"]
        page = answer.content.decode()
        for secret in (fields.get("secret"), fields.get("public_key")):
            assert not secret or len(secret) < 9 or secret not in page
        return str(answer.context["form"].errors), page

    return fill_in


def stored() -> IdentityProvider:
    return IdentityProvider.objects.get()


def test_a_secret_of_ours_is_shown_once_and_kept_encrypted(save, boss):
    wrong, onward = save()

    assert not wrong
    row = stored()
    (key,) = keys_of(row).values()
    assert len(key.secret) == 64
    page = boss.get(onward)
    assert key.secret in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    again = boss.get(onward).content.decode()
    assert key.secret not in again
    assert key.kid in again
    assert f"/accounts/jwt/hd-{row.public_id}/" in again
    assert key.secret not in boss.get(reverse("admin:index")).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT secrets, options FROM wagtail_helpdesk_identityprovider")
        assert key.secret not in str(cursor.fetchone())
    entries = ModelLogEntry.objects.values_list("data", flat=True)
    assert entries and key.secret not in str(list(entries))


def test_what_waits_to_be_shown_is_encrypted_and_for_its_own_page(save, boss):
    other = make_provider("Globex")
    save()
    row = IdentityProvider.objects.get(name="Acme")
    (key,) = keys_of(row).values()

    assert key.secret not in json.dumps(dict(boss.session.items()))
    there = reverse("helpdesk_identityprovider:edit", args=[other.pk])
    assert key.secret not in boss.get(there).content.decode()
    elsewhere = Client()
    elsewhere.force_login(User.objects.create_superuser("two"))
    here = reverse("helpdesk_identityprovider:edit", args=[row.pk])
    assert key.secret not in elsewhere.get(here).content.decode()
    assert key.secret in boss.get(here).content.decode()


def test_whoever_pastes_a_secret_never_sees_it_again(save, boss):
    wrong, onward = save(secret=SECRET, new_kid="k1")

    assert not wrong
    assert keys_of(stored())["k1"].secret == SECRET
    assert SECRET not in boss.get(onward).content.decode()


def test_the_example_signs_somebody_in(save, boss):
    """The page says all that the company's application has to know."""
    _wrong, onward = save()
    page = boss.get(onward).context
    header, claims = re.findall(r"^\{.*?^\}", page["token_example"], re.M | re.S)
    header, claims = json.loads(header), json.loads(claims)
    visitor = Visitor(stored())
    good = visitor.claims(visitor.start()["state"])
    claims |= {key: good[key] for key in ("iat", "exp", "state")}

    secret = page["new_secret"]["secret"]
    token = jwt.encode(claims, secret, header["alg"], headers=header)

    assert visitor.bring(token).status_code == 302
    assert visitor.user_id


@pytest.mark.parametrize("algorithm", PAIRS)
def test_a_public_key_comes_as_pem_or_as_jwk(save, algorithm):
    public = PAIRS[algorithm].public_key()
    maker = {
        "RS256": jwt.algorithms.RSAAlgorithm,
        "ES256": jwt.algorithms.ECAlgorithm,
        "EdDSA": jwt.algorithms.OKPAlgorithm,
    }[algorithm]
    one = maker.to_jwk(public)
    for n, text in enumerate([pem(PAIRS[algorithm]), one, f'{{"keys": [{one}]}}']):
        wrong, _page = save(
            name=f"Acme {n}",
            domains=f"acme{n}.example",
            new_algorithm=algorithm,
            public_key=f"\n{text}\n",
            new_kid="k1",
        )
        assert not wrong
        row = IdentityProvider.objects.get(name=f"Acme {n}")
        assert keys_of(row)["k1"].public == pem(PAIRS[algorithm])


def private(key) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


PAIR = PAIRS["RS256"]
WEAK = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"issuer": ""}, "required"),
        ({"issuer": "x" * 256}, "255"),
        ({"server_url": "http://intranet.acme.example"}, "https://"),
        ({"server_url": "javascript:alert(1)"}, "valid URL"),
        ({"sign_out_url": "http://intranet.acme.example"}, "https://"),
        ({"secret": "x" * 31}, "at least 32 bytes"),
        ({"new_kid": "a b"}, "letters, digits"),
        ({"new_kid": "x" * 65}, "64"),
        ({"new_algorithm": "none"}, "not one of the available choices"),
        ({"new_algorithm": "HS512"}, "not one of the available choices"),
        ({"new_algorithm": "RS256"}, "no public key"),
        ({"new_algorithm": "RS256", "secret": SECRET}, "Only HS256"),
        ({"public_key": pem(PAIR)}, "Choose the algorithm"),
        ({"new_algorithm": "RS256", "public_key": "garbage"}, "no public key"),
        ({"new_algorithm": "RS256", "public_key": "{}"}, "no public key"),
        ({"new_algorithm": "RS256", "public_key": "[]"}, "no public key"),
        ({"new_algorithm": "RS256", "public_key": "{" * 3000}, "no public key"),
        (
            {"new_algorithm": "RS256", "public_key": '{"kty":"RSA","n":1,"e":2}'},
            "no public key",
        ),
        ({"new_algorithm": "RS256", "public_key": "x" * 9000}, "longer"),
        ({"new_algorithm": "RS256", "public_key": private(PAIR)}, "private key"),
        (
            {
                "new_algorithm": "RS256",
                "public_key": jwt.algorithms.RSAAlgorithm.to_jwk(PAIR),
            },
            "private key",
        ),
        ({"new_algorithm": "RS256", "public_key": pem(WEAK)}, "2048"),
        ({"new_algorithm": "ES256", "public_key": pem(PAIR)}, "another kind"),
        ({"new_algorithm": "RS256", "public_key": pem(PAIRS["ES256"])}, "another kind"),
        (
            {
                "new_algorithm": "ES256",
                "public_key": pem(ec.generate_private_key(ec.SECP384R1())),
            },
            "another kind",
        ),
        (
            {
                "new_algorithm": "EdDSA",
                "public_key": pem(ed448.Ed448PrivateKey.generate()),
            },
            "another kind",
        ),
        ({"domains": "gmail.com"}, "gmail.com"),
    ],
)
def test_what_is_wrong_is_said_and_no_key_comes_back(save, fields, told):
    wrong, _page = save(**fields)

    assert told in wrong
    assert not IdentityProvider.objects.exists()


def signs_in(row: IdentityProvider, kid: str, secret: str) -> bool:
    visitor = Visitor(row)
    claims = visitor.claims(visitor.start()["state"])
    visitor.bring(visitor.sign(claims, key=secret, kid=kid))
    return visitor.user_id is not None


def test_a_key_is_changed_and_nobody_is_locked_out(save, boss):
    row = make_provider()
    wrong, onward = save(row, new_algorithm="HS256", new_kid="k2")
    assert not wrong
    secret = boss.get(onward).context["new_secret"]["secret"]
    assert signs_in(row, "k1", SECRET) and signs_in(row, "k2", secret)

    assert "2 keys at most" in save(row, new_algorithm="HS256")[0]

    wrong, onward = save(row, remove_keys=["k1"])
    assert not wrong
    assert not boss.get(onward).context["new_secret"]
    assert not signs_in(row, "k1", SECRET) and signs_in(row, "k2", secret)


def test_one_goes_and_one_comes_in_one_step(save):
    row = make_provider()
    save(row, new_algorithm="HS256", new_kid="k2", secret=SECRET[::-1])
    wrong, _page = save(
        row,
        remove_keys=["k1"],
        new_algorithm="EdDSA",
        new_kid="k3",
        public_key=pem(ed25519.Ed25519PrivateKey.generate()),
    )

    assert not wrong
    assert list(keys_of(stored())) == ["k2", "k3"]
    assert stored().secrets == {"keys": {"k2": SECRET[::-1]}}


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"remove_keys": ["k1"]}, "Without a key nobody comes in"),
        ({"remove_keys": ["theirs"]}, "not one of the available choices"),
        ({"new_algorithm": "HS256", "new_kid": "k1"}, "already"),
        (
            {"new_algorithm": "HS256", "new_kid": "k1", "remove_keys": ["k1"]},
            "already",
        ),
        ({"public_key": pem(PAIR)}, "Choose the algorithm"),
        ({"secret": SECRET}, "Only HS256"),
    ],
)
def test_the_keys_stay_when_something_is_wrong(save, fields, told):
    row = make_provider()

    assert told in save(row, **fields)[0]
    assert keys_of(stored()) == keys_of(row)


def test_the_issuer_stays_and_so_does_a_key(save):
    """Another application knows other people under the same keys."""
    row = make_provider()

    save(row, issuer="evil", name="Acme Ltd", sign_out_url="https://acme.example/out")

    kept = stored()
    assert kept.name == "Acme Ltd"
    assert kept.options["issuer"] == "acme"
    assert kept.options["sign_out_url"] == "https://acme.example/out"
    assert keys_of(kept) == keys_of(row)


def test_keys_that_cannot_be_read_any_more_are_replaced(save, boss, settings):
    row = make_provider()
    settings.WAGTAIL_HELPDESK = {
        **settings.WAGTAIL_HELPDESK,
        "ENCRYPTION_KEYS": ["another key"],
    }

    url = reverse("helpdesk_identityprovider:edit", args=[row.pk])
    assert "None that can be read" in boss.get(url).content.decode()
    assert "Without a key" in save(row)[0]
    assert not save(row, new_algorithm="HS256", new_kid="k2")[0]
    assert list(keys_of(stored())) == ["k2"]


def test_a_key_does_not_tell_its_secret_in_reports():
    (key,) = keys_of(make_provider()).values()

    assert SECRET not in repr(key) and SECRET not in repr([key])


def test_a_site_without_the_app_has_neither_form_nor_button(boss, monkeypatch):
    row = make_provider()
    monkeypatch.setitem(APPS, IdentityProvider.Protocol.JWT, "not.installed")

    assert boss.get(reverse("helpdesk_identityprovider:index")).status_code == 200
    page = Client().get(reverse("account_login"))
    assert page.status_code == 200
    assert "hd-acme" not in page.content.decode()
    for address in (
        reverse("helpdesk_identityprovider:add_kind", args=["jwt"]),
        reverse("helpdesk_identityprovider:edit", args=[row.pk]),
        reverse("helpdesk_jwt_login", args=[f"hd-{row.public_id}"]),
    ):
        assert boss.get(address).status_code == 404
