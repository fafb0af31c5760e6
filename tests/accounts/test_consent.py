"""Consent on the registration page (B57, B58, R17)."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.core.checks import run_checks
from django.test import override_settings
from wagtail.models import Locale, Site

from tests.accounts.conftest import PASSWORD
from tests.portal.build import change, make_portal
from wagtail_helpdesk.models import Consent, Contact, Event, SignUpConsent

pytestmark = pytest.mark.django_db

SIGN_UP = "/accounts/signup/"
CONFIRM = "/accounts/confirm-email/"
TEXT = (
    '<p>We keep <b>what you write</b>. <a href="https://example.com/law">Terms</a></p>'
)


@pytest.fixture
def portal(db):
    return make_portal(consent_text=TEXT, consent_label="I have read it")


def soup_of(response):
    return BeautifulSoup(response.content, "html.parser")


def sign_up(client, email="ana@acme.example", *, ticked=True, **data):
    data = {"email": email, "password1": PASSWORD, **data}
    if ticked:
        page = soup_of(client.get(SIGN_UP, {"next": data.get("next", "")}))
        data["consent"] = page.select_one("[name=consent]")["value"]
    return client.post(SIGN_UP, data)


def test_the_registration_page_shows_the_text_below_its_fields(portal, client):
    page = soup_of(client.get(SIGN_UP))

    assert page.select_one(".hd-consent a")["href"] == "https://example.com/law"
    names = [field["name"] for field in page.select("main input:not([type=hidden])")]
    assert names == ["email", "password1", "consent"]
    assert page.select_one("label[for=id_consent]").text == "I have read it"


def test_nobody_registers_without_ticking_and_what_was_typed_stays(portal, client):
    page = soup_of(sign_up(client, ticked=False))

    assert page.select_one(".hd-summary a")["href"] == "#id_consent"
    assert page.select_one("[name=email]")["value"] == "ana@acme.example"
    assert not User.objects.exists()


def test_the_consent_is_the_contacts_once_the_address_is_confirmed(
    portal, client, code_in
):
    """R17: before that there is no contact, and nothing to show."""
    sign_up(client)
    kept = SignUpConsent.objects.get()
    assert not Contact.objects.exists()
    assert not Consent.objects.exists()

    client.post(CONFIRM, {"code": code_in()})

    consent = Consent.objects.get()
    assert consent.contact.user == User.objects.get()
    assert consent.text == f"{TEXT}\nI have read it"
    assert (consent.language, consent.source) == ("en", portal.consent_source)
    assert consent.given_at == kept.given_at
    assert Event.objects.get(kind="consent_given").contact == consent.contact
    assert not SignUpConsent.objects.exists()
    # The portal does not ask again.
    assert client.get("/support/").status_code == 200


def test_who_registers_for_a_portal_agrees_to_that_portals_text(portal, client):
    """The portal on the way (``next``) comes before the one of the language."""
    second = make_portal(title="Second", slug="second", consent_text="<p>Second</p>")

    page = soup_of(client.get(SIGN_UP, {"next": "/second/new/"}))
    assert page.select_one(".hd-consent").text == "Second"

    sign_up(client, next="/second/new/")
    assert SignUpConsent.objects.get().source == second.consent_source


@pytest.mark.parametrize("target", ["https://evil.example/second/", "\x00", "//x", "/"])
def test_a_strange_address_to_go_on_to_asks_for_the_sites_portal(
    portal, client, target
):
    page = soup_of(client.get(SIGN_UP, {"next": target}))
    assert "what you write" in page.select_one(".hd-consent").text


def test_the_text_is_in_the_language_of_the_portal_one_comes_from(portal, client):
    spanish = Locale.objects.get_or_create(language_code="es")[0]
    root = Site.objects.get(is_default_site=True).root_page
    root.copy_for_translation(spanish).save_revision().publish()
    Site.clear_site_root_paths_cache()
    other = portal.copy_for_translation(spanish)
    other.consent_text = "<p>Guardamos lo que escribes.</p>"
    other.save_revision().publish()

    page = soup_of(client.get(SIGN_UP, {"next": "/es/support/"}))

    assert page.select_one(".hd-consent").text == "Guardamos lo que escribes."


def test_a_text_that_changed_meanwhile_is_shown_before_anyone_registers(portal, client):
    page = soup_of(client.get(SIGN_UP))
    old = page.select_one("[name=consent]")["value"]
    change(portal, consent_text="<p>And we sell it.</p>")

    page = soup_of(sign_up(client, ticked=False, consent=old))

    assert "The text has changed" in page.select_one(".hd-summary").text
    assert page.select_one(".hd-consent").text == "And we sell it."
    assert not User.objects.exists()


def test_a_portal_may_leave_the_question_to_the_first_visit(portal, client, code_in):
    change(portal, consent_at_sign_up=False)
    assert not soup_of(client.get(SIGN_UP)).select("[name=consent]")
    sign_up(client, ticked=False)
    client.post(CONFIRM, {"code": code_in()})
    assert client.get("/support/")["Location"].startswith("/support/consent/")


def test_a_known_address_gets_the_same_answer_and_agrees_to_nothing(
    portal, client, make_user
):
    """L21: the page does not tell who is a customer."""
    make_user("ana@acme.example")
    new = sign_up(client, "new@acme.example")
    client.logout()
    known = sign_up(client)
    assert (known.status_code, known["Location"]) == (new.status_code, new["Location"])
    assert SignUpConsent.objects.get().user.email == "new@acme.example"


def test_without_a_portal_the_page_asks_for_nothing(client):
    assert not soup_of(client.get(SIGN_UP)).select("[name=consent]")
    assert sign_up(client, ticked=False)["Location"] == CONFIRM


def w020():
    found = run_checks(tags=["database"], databases=["default"])
    return [warning for warning in found if warning.id == "wagtail_helpdesk.W020"]


def test_a_registration_page_that_cannot_ask_is_warned_of(portal):
    """W020."""
    assert w020() == []
    for form in (None, "django.forms.Form"):
        with override_settings(ACCOUNT_SIGNUP_FORM_CLASS=form):
            (warning,) = w020()
            assert "Customer portal" in warning.msg
    change(portal, consent_at_sign_up=False)
    with override_settings(ACCOUNT_SIGNUP_FORM_CLASS=None):
        assert w020() == []
        assert run_checks(tags=["database"]) == []
