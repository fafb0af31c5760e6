"""Second factors: asked for from whoever works the desk, and never stored readable."""

import json

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.apps import apps
from django.contrib.auth.models import User
from django.core.checks import run_checks
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.accounts.conftest import PASSWORD
from tests.factories import AgentFactory
from wagtail_helpdesk.accounts.mfa import HelpdeskMFAAdapter

pytestmark = pytest.mark.django_db

REQUIRED = {"REQUIRE_SECOND_FACTOR": True}


@pytest.fixture
def required(settings):
    settings.WAGTAIL_HELPDESK = {**settings.WAGTAIL_HELPDESK, **REQUIRED}


@pytest.fixture
def editor(make_user) -> User:
    return make_user("editor@example.com", admin=True)


def sign_in(user: User) -> Client:
    browser = Client()
    browser.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return browser


def code(secret: str, *, step: int = 0) -> str:
    """What an authenticator app shows, ``step`` periods from now."""
    counter = next(iter(totp.yield_hotp_counters_from_time())) + step
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def show_again(browser: Client) -> None:
    """Type the password once more, as before every change of how one signs in."""
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})


def set_up_app(browser: Client) -> str:
    """Set up an authenticator app by its pages; returns its secret."""
    show_again(browser)
    page = browser.get(reverse("mfa_activate_totp"))
    secret: str = page.context["form"].secret
    answer = browser.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    assert answer.status_code == 302
    return secret


ADMINS = [
    *("/admin/", "/admin/pages/", "/django-admin/"),
    # Their names begin like those of the pages where the factor is set up.
    "/django-admin/account/emailaddress/",
    "/django-admin/mfa/authenticator/",
]


@pytest.mark.parametrize("address", ADMINS)
def test_an_admin_leads_to_where_the_factor_is_set_up(required, editor, address):
    editor.is_staff = editor.is_superuser = True
    editor.save()
    browser = sign_in(editor)

    answer = browser.get(address, follow=True)

    assert answer.redirect_chain[-1][0] == reverse("mfa_index")
    assert "second factor" in answer.content.decode()


# allauth tells of a new factor after the commit.
@pytest.mark.django_db(transaction=True)
def test_with_an_authenticator_app_the_admin_opens(required, editor):
    browser = sign_in(editor)
    assert browser.get("/admin/").status_code == 302

    set_up_app(browser)

    assert browser.get("/admin/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_session_from_before_the_factor_has_to_show_it(required, editor):
    """Whoever had the password first may be somebody else."""
    thief, owner = sign_in(editor), sign_in(editor)
    secret = set_up_app(owner)
    assert owner.get("/admin/").status_code == 200

    asked = thief.get("/admin/pages/?p=2")

    target = "/accounts/2fa/reauthenticate/?next=%2Fadmin%2Fpages%2F%3Fp%3D2"
    assert asked["Location"] == target
    wrong = thief.post(target, {"code": "000000"})
    assert wrong.status_code == 200
    assert thief.get("/admin/").status_code == 302
    shown = thief.post(target, {"code": code(secret, step=1)})
    assert shown["Location"] == "/admin/pages/?p=2"
    assert thief.get("/admin/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(required, editor):
    browser = sign_in(editor)
    set_up_app(browser)
    Authenticator.objects.filter(user=editor, type=Authenticator.Type.TOTP).delete()
    assert RecoveryCodes.activate(editor)

    assert browser.get("/admin/").status_code == 302


def test_an_agent_reads_nothing_of_customers_without_one(required, make_user):
    """The files and the news of the inbox lie outside the admin."""
    user = make_user("agent@example.com")
    AgentFactory(user=user)
    browser = sign_in(user)

    file = browser.get(reverse("wagtail_helpdesk:attachment", args=["missing"]))
    news = browser.get(
        reverse("wagtail_helpdesk:inbox_poll"), headers={"accept": "application/json"}
    )

    assert file.headers["Location"] == reverse("mfa_index")
    assert news.status_code == 403
    assert news.json()["error"] == "second_factor_needed"
    assert "no-store" in news["Cache-Control"]


def test_a_customer_needs_none(required, make_user):
    browser = sign_in(make_user("ana@acme.example"))
    missing = reverse("wagtail_helpdesk:attachment", args=["missing"])

    assert browser.get(missing).status_code == 404
    assert browser.get("/admin/", follow=True).status_code == 403


def test_who_has_to_set_it_up_may_still_sign_out_and_choose_a_language(
    required, editor
):
    browser = sign_in(editor)

    assert browser.get(reverse("account_logout")).status_code == 200
    assert browser.get(reverse("account_email")).status_code == 200
    language = browser.post(
        reverse("wagtail_helpdesk:set_language"), {"language": "es", "next": "/"}
    )
    assert language.headers["Location"] == "/es/"


def test_without_the_setting_nothing_is_asked_for(editor):
    assert sign_in(editor).get("/admin/").status_code == 200


def test_the_password_alone_signs_nobody_in_who_has_a_factor(editor):
    secret = set_up_app(sign_in(editor))

    browser = sign_in(editor)
    assert "_auth_user_id" not in browser.session
    wrong = browser.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code == 200
    assert "_auth_user_id" not in browser.session
    # A code is taken once, so the next one.
    browser.post(reverse("mfa_authenticate"), {"code": code(secret, step=1)})
    assert browser.session["_auth_user_id"] == str(editor.pk)


def test_a_code_that_was_seen_opens_nothing(editor):
    set_up_browser = sign_in(editor)
    secret = set_up_app(set_up_browser)
    used = code(secret, step=1)
    first, second = sign_in(editor), sign_in(editor)

    first.post(reverse("mfa_authenticate"), {"code": used})
    second.post(reverse("mfa_authenticate"), {"code": used})

    assert "_auth_user_id" in first.session
    assert "_auth_user_id" not in second.session


def test_a_recovery_code_opens_once(editor):
    set_up_app(sign_in(editor))
    stored = Authenticator.objects.get(
        user=editor, type=Authenticator.Type.RECOVERY_CODES
    )
    unused = stored.wrap().get_unused_codes()
    first, second = sign_in(editor), sign_in(editor)

    first.post(reverse("mfa_authenticate"), {"code": unused[0]})
    second.post(reverse("mfa_authenticate"), {"code": unused[0]})

    assert "_auth_user_id" in first.session
    assert "_auth_user_id" not in second.session


def test_secrets_are_not_readable_in_the_database(editor):
    secret = set_up_app(sign_in(editor))
    rows = Authenticator.objects.filter(user=editor)

    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        stored = [str(data) for (data,) in cursor.fetchall()]

    assert len(stored) == len(rows) == 2
    assert all("gAAAA" in data for data in stored)
    assert all(secret not in data for data in stored)


def test_a_secret_from_before_the_site_encrypted_still_works(editor, settings):
    settings.MFA_ADAPTER = "allauth.mfa.adapter.DefaultMFAAdapter"
    secret = set_up_app(sign_in(editor))
    settings.MFA_ADAPTER = "wagtail_helpdesk.accounts.mfa.HelpdeskMFAAdapter"

    browser = sign_in(editor)
    browser.post(reverse("mfa_authenticate"), {"code": code(secret, step=1)})

    assert "_auth_user_id" in browser.session


def test_keys_are_rotated_and_a_lost_key_is_a_wrong_code(editor, settings, caplog):
    def keys(*names: str) -> None:
        ours = {**settings.WAGTAIL_HELPDESK, "ENCRYPTION_KEYS": names}
        settings.WAGTAIL_HELPDESK = ours

    keys("old key")
    secret = set_up_app(sign_in(editor))
    keys("new key")
    lost = sign_in(editor)
    answer = lost.post(reverse("mfa_authenticate"), {"code": code(secret, step=1)})
    assert answer.status_code == 200
    assert "_auth_user_id" not in lost.session
    assert "ENCRYPTION_KEYS" in caplog.text
    assert secret not in caplog.text

    keys("new key", "old key")
    kept = sign_in(editor)
    kept.post(reverse("mfa_authenticate"), {"code": code(secret, step=1)})
    assert "_auth_user_id" in kept.session


def test_the_app_shows_the_sites_name(editor):
    browser = sign_in(editor)
    show_again(browser)

    page = browser.get(reverse("mfa_activate_totp"))

    assert "Northwind" in page.context["totp_url"]


def test_no_factor_before_the_address_is_confirmed(make_user):
    """Else somebody could lock the owner of an address out."""
    user = make_user("ana@acme.example")
    browser = sign_in(user)
    show_again(browser)
    EmailAddress.objects.filter(user=user).update(verified=False)

    answer = browser.post(reverse("mfa_activate_totp"), {"code": "123456"})

    assert answer.status_code in {200, 302}
    assert not Authenticator.objects.filter(user=user).exists()


HALF = {"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}
DAMAGED = ["", "no JSON", "[]", "1", json.dumps({"id": 1}), json.dumps(HALF)]


@pytest.mark.parametrize("credential", DAMAGED)
def test_a_damaged_passkey_signs_nobody_in(client, credential):
    client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})

    answer = client.post(reverse("mfa_login_webauthn"), {"credential": credential})

    assert answer.status_code < 500
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("credential", DAMAGED)
def test_a_damaged_passkey_is_not_added(editor, credential):
    browser = sign_in(editor)
    show_again(browser)
    assert browser.get(reverse("mfa_add_webauthn")).status_code == 200

    answer = browser.post(reverse("mfa_add_webauthn"), {"credential": credential})

    assert answer.status_code == 200
    assert not Authenticator.objects.filter(user=editor).exists()


def checks() -> set[str]:
    return {found.id for found in run_checks(tags=["security"])}


def test_the_checks_name_what_is_missing(settings):
    assert not checks() & {"wagtail_helpdesk.E003", "wagtail_helpdesk.W030"}

    settings.WAGTAIL_HELPDESK = {**settings.WAGTAIL_HELPDESK, **REQUIRED}
    settings.MFA_ADAPTER = "allauth.mfa.adapter.DefaultMFAAdapter"
    assert "wagtail_helpdesk.W030" in checks()
    assert "wagtail_helpdesk.E003" not in checks()

    middleware = [name for name in settings.MIDDLEWARE if "second_factor" not in name]
    settings.MIDDLEWARE = middleware
    assert "wagtail_helpdesk.E003" in checks()


def test_a_mixin_gives_a_sites_own_adapter_the_encryption():
    adapter = HelpdeskMFAAdapter()

    assert adapter.decrypt(adapter.encrypt("JBSWY3DP")) == "JBSWY3DP"
    assert adapter.encrypt("JBSWY3DP") != adapter.encrypt("JBSWY3DP")


def test_the_list_of_passkeys_opens(editor):
    """Its template is allauth's, and loads a tag library of Django's."""
    assert sign_in(editor).get(reverse("mfa_list_webauthn")).status_code == 200


def test_a_site_that_forgot_what_the_list_of_passkeys_needs_is_told(
    settings, monkeypatch
):
    def found():
        return [message.id for message in run_checks(tags=["templates"])]

    assert "wagtail_helpdesk.W018" not in found()
    installed = apps.is_installed
    monkeypatch.setattr(
        apps,
        "is_installed",
        lambda name: name != "django.contrib.humanize" and installed(name),
    )
    assert "wagtail_helpdesk.W018" in found()
    settings.MFA_SUPPORTED_TYPES = ["totp"]
    assert "wagtail_helpdesk.W018" not in found()
