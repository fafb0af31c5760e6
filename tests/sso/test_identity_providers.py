"""Staff set a company's provider up; the sign-in page offers it where it belongs."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale
from wagtail.users.models import UserProfile

from tests.portal.build import make_portal
from tests.smtp import free_port
from wagtail_helpdesk.models import IdentityProvider

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss() -> Client:
    browser = Client()
    browser.force_login(User.objects.create_superuser("boss", "boss@example.com"))
    return browser


@pytest.fixture
def add(boss, company, settings):
    """Fill the form in; returns the answer and what the page says is wrong."""
    settings.DEBUG = True  # The company's server here speaks plain HTTP.

    def fill_in(**fields):
        values = {
            "name": "Acme",
            "server_url": company,
            "client_id": "helpdesk",
            "client_secret": "between-us",
            "domains": "acme.example\n@ACME.example\n\nacme.test",
            "is_active": "on",
        }
        url = reverse("helpdesk_identityprovider:add_kind", args=["oidc"])
        answer = boss.post(url, {**values, **fields})
        if answer.status_code == 302:
            return answer, ""
        return answer, str(answer.context["form"].errors)

    return fill_in


def test_a_provider_is_added_with_its_secret_encrypted(add):
    answer, wrong = add()

    assert not wrong
    row = IdentityProvider.objects.get()
    assert row.domains == ["acme.example", "acme.test"]
    assert row.secrets == {"client_secret": "between-us"}
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"domains": " \n"}, "required"),
        ({"domains": "acme"}, "acme"),
        ({"domains": "acme.example, globex.example"}, "acme.example, globex.example"),
        ({"domains": "*.acme.example"}, "*.acme.example"),
        ({"domains": "gmail.com"}, "gmail.com"),
        ({"domains": "\n".join(f"d{n}.example" for n in range(101))}, "101"),
        ({"server_url": "javascript:alert(1)"}, "valid URL"),
        ({"portal_key": "none of ours"}, "none of ours"),
        ({"name": ""}, "required"),
    ],
)
def test_what_is_wrong_is_said_with_its_value(add, fields, told):
    _answer, wrong = add(**fields)

    assert told in wrong
    assert not IdentityProvider.objects.exists()


def test_a_server_that_is_no_provider_is_said_at_once(add):
    _answer, wrong = add(server_url=f"http://127.0.0.1:{free_port()}/")

    assert "does not answer" in wrong


def test_plain_http_is_refused_on_a_real_site(add, settings):
    settings.DEBUG = False

    _answer, wrong = add()

    assert "https://" in wrong


def test_one_domain_has_one_provider(add, acme):
    _answer, wrong = add(name="Other")

    assert "acme.example belongs to" in wrong


def test_an_empty_secret_keeps_the_stored_one_and_the_server_stays(boss, acme):
    """Another server knows other people under the same keys."""
    before = acme.server_url
    url = reverse("helpdesk_identityprovider:edit", args=[acme.pk])
    page = boss.get(url).content.decode()
    assert "between-us" not in page
    assert "/accounts/oidc/hd-acmeacmeacmeacme/login/callback/" in page

    boss.post(
        url,
        {
            "name": "Acme Ltd",
            "server_url": "https://evil.example",
            "client_id": "helpdesk",
            "client_secret": "",
            "domains": "acme.example",
        },
    )

    acme = IdentityProvider.objects.get(pk=acme.pk)
    assert (acme.name, acme.server_url, acme.is_active) == ("Acme Ltd", before, False)
    assert acme.secrets == {"client_secret": "between-us"}


def offered(next_url: str = "") -> bool:
    page = Client().get(reverse("account_login"), {"next": next_url})
    return "hd-acmeacmeacmeacme" in page.content.decode()


def test_the_sign_in_page_offers_it_until_it_is_off(acme):
    assert offered()

    acme.is_active = False
    acme.save()
    assert not offered()


def test_a_portals_provider_is_offered_there_in_every_language(acme):
    ours = make_portal(slug="ours")
    make_portal(slug="theirs")
    spanish, _new = Locale.objects.get_or_create(language_code="es")
    translated = ours.copy_for_translation(spanish, copy_parents=True)
    translated.save_revision().publish()
    acme.portal_key = ours.translation_key
    acme.save()

    assert offered("/ours/new/")
    assert offered(translated.get_url())
    assert not offered("/theirs/")
    assert offered()


def test_a_portal_of_another_site_offers_it_not(acme):
    acme.portal_key = "00000000-0000-0000-0000-000000000001"
    acme.save()

    assert not offered()


def test_of_one_kind_its_form_is_opened_at_once(boss, monkeypatch):
    """A choice of one is none."""
    only = [IdentityProvider.Protocol.OPENID_CONNECT]
    viewset = "wagtail_helpdesk.admin.identity_providers.viewset"
    monkeypatch.setattr(f"{viewset}.protocols", lambda: only)

    answer = boss.get(reverse("helpdesk_identityprovider:add"))

    assert answer["Location"].endswith("/new/oidc/")


def test_of_several_kinds_one_is_chosen(boss):
    page = boss.get(reverse("helpdesk_identityprovider:add")).content.decode()

    for kind in ("oidc", "saml", "jwt"):
        address = reverse("helpdesk_identityprovider:add_kind", args=[kind])
        assert f'href="{address}"' in page


def test_a_kind_that_nobody_knows_is_not_found(boss):
    for kind in ("OIDC", "carrier-pigeon"):
        address = reverse("helpdesk_identityprovider:add_kind", args=[kind])
        assert boss.get(address).status_code == 404
        assert boss.post(address).status_code == 404


@pytest.mark.parametrize("slug", ["hd-%00", "%00", "hd-acme%00", "hd-", "hd-missing"])
def test_an_address_of_no_provider_is_not_found(acme, slug):
    """PostgreSQL takes no NUL in a text; it must not come as far as the database."""
    for path in (
        f"/accounts/oidc/{slug}/login/",
        f"/accounts/oidc/{slug}/login/callback/",
        f"/accounts/sso/saml/{slug}/login/",
        f"/accounts/sso/saml/{slug}/metadata/",
        reverse("helpdesk_jwt_login", args=["slug"]).replace("slug", slug),
    ):
        for method in (Client().get, Client().post):
            assert method(path).status_code in {404, 405}, path


def test_an_editor_in_another_language_reads_the_same_address(boss, acme):
    """It is entered once at the company's server, whoever copied it."""
    user = User.objects.get(username="boss")
    UserProfile.objects.create(user=user, preferred_language="es")

    url = reverse("helpdesk_identityprovider:edit", args=[acme.pk])
    page = boss.get(url).content.decode()

    path = f"/accounts/oidc/hd-{acme.public_id}/login/callback/"
    assert 'lang="es"' in page
    assert path in page
    assert f"/es{path}" not in page
