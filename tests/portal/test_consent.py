"""Nothing of the portal shows before its consent is given (R17, B57, B58)."""

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Locale, Site

from tests.factories import ChannelFactory, SupportFormFactory
from tests.files import PNG
from tests.portal.build import (
    change,
    connect,
    conversation_of,
    make_portal,
    make_ticket,
)
from wagtail_helpdesk.actions import RecordConsent, Upload
from wagtail_helpdesk.actions.uploads import store_uploads
from wagtail_helpdesk.models import Consent, Event, Ticket, consent_version

pytestmark = pytest.mark.django_db

TEXT = (
    '<p>We keep <b>what you write</b>. <a href="https://example.com/law">Terms</a></p>'
)
LABEL = "I have read it"
CONSENT = "/support/consent/"


@pytest.fixture
def portal(inbox):
    return make_portal(inbox=inbox, consent_text=TEXT, consent_label=LABEL)


def soup_of(response):
    return BeautifulSoup(response.content, "html.parser")


def agree(client, **data):
    """Tick the box of the consent page as it is now."""
    box = soup_of(client.get(CONSENT)).select_one("[name=consent]")
    return client.post(CONSENT, {"consent": box["value"], **data})


@pytest.mark.parametrize(
    "path", ["", "new/", "r/abc/", "new/sent/-/", "?q=x&status=open"]
)
def test_a_customer_reads_and_agrees_before_anything_else(portal, client, ana, path):
    """R17: the version is stored before any ticket is shown."""
    make_ticket(ana, subject="Secret")

    response = client.get(f"/support/{path}", follow=True)

    assert response.redirect_chain[0][0].startswith(f"{CONSENT}?next=%2Fsupport%2F")
    page = soup_of(response)
    assert "Secret" not in response.content.decode()
    assert page.select_one(".hd-consent a")["href"] == "https://example.com/law"
    assert page.select_one("label[for=id_consent]").text == LABEL
    assert response["Cache-Control"] == "private, no-store"


def test_agreeing_is_kept_word_for_word_and_leads_on(portal, client, ana):
    """B57: text, version, language, time, place."""
    ticket = make_ticket(ana, "hello", subject="Mine")
    path = f"/support/r/{ticket.public_id}/"
    form = soup_of(client.get(path, follow=True))

    response = agree(client, next=form.select_one("[name=next]")["value"])

    assert response["Location"] == path
    assert "Mine" in client.get(path).content.decode()
    consent = Consent.objects.get()
    assert (consent.contact, consent.language) == (ana, "en")
    assert consent.text == f"{TEXT}\n{LABEL}"
    assert consent.version == consent_version(consent.text)
    assert consent.source == f"portal:{portal.translation_key}"
    event = Event.objects.get(kind="consent_given")
    assert event.actor_contact == ana
    # Who has agreed is not asked twice.
    assert client.get(CONSENT)["Location"] == "/support/"


def test_without_the_box_nobody_goes_on_and_the_page_says_so(portal, client, ana):
    response = client.post(CONSENT, {"next": "/support/new/"})

    page = soup_of(response)
    assert page.title.text.startswith("Error:")
    assert page.select_one(".hd-summary a")["href"] == "#id_consent"
    assert page.select_one("[name=next]")["value"] == "/support/new/"
    assert not Consent.objects.exists()
    assert client.get("/support/").status_code == 302


def test_nobody_agrees_to_a_text_that_changed_while_they_read(portal, client, ana):
    box = soup_of(client.get(CONSENT)).select_one("[name=consent]")
    change(portal, consent_text="<p>And we sell it.</p>")

    response = client.post(CONSENT, {"consent": box["value"]})

    assert not Consent.objects.exists()
    page = soup_of(response)
    assert "The text has changed" in page.select_one(".hd-summary").text
    assert "And we sell it." in page.select_one(".hd-consent").text
    assert not page.select_one("[name=consent]").has_attr("checked")
    assert agree(client)["Location"] == "/support/"


def test_a_changed_text_is_asked_for_again_and_the_old_consent_stays(
    portal, client, ana
):
    agree(client)
    change(portal, consent_label="I agree to all of it")

    assert client.get("/support/")["Location"].startswith(CONSENT)

    agree(client)
    assert client.get("/support/").status_code == 200
    assert Consent.objects.filter(withdrawn_at=None).count() == 2


def test_what_was_typed_meanwhile_is_there_after_agreeing(portal, client, ana):
    """UX27."""
    agree(client)
    ticket = make_ticket(ana, "hello")
    path = f"/support/r/{ticket.public_id}/"
    change(portal, consent_text="<p>New</p>")

    response = client.post(path, {"body": "Half an hour of work", "action": "reply"})

    assert response["Location"].startswith(CONSENT)
    assert agree(client, next=path)["Location"] == path
    assert soup_of(client.get(path)).textarea.text.strip() == "Half an hour of work"


def test_whoever_does_not_agree_leaves_without_a_loop(portal, client, ana):
    page = soup_of(client.get(CONSENT))
    links = {a.text.strip(): a["href"] for a in page.select("#hd-main a")}

    away = client.get(links["Leave without agreeing"], follow=True)

    assert CONSENT not in [url for url, _status in away.redirect_chain]
    out = page.select_one('#hd-main form[action="/accounts/logout/"]')
    assert out["method"] == "post"
    client.post(out["action"])
    assert client.get(CONSENT)["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "\x00"])
def test_agreeing_leads_nowhere_else(portal, client, ana, target):
    assert agree(client, next=target)["Location"] == "/support/"


def test_no_input_breaks_the_page(portal, client, ana):
    for value in ("\x00", "x" * 10_000, "true"):
        assert client.post(CONSENT, {"consent": value}).status_code == 200
    assert client.post(f"{CONSENT}?next=%00").status_code == 200


def test_a_portal_that_asks_for_nothing_has_no_consent_page(portal, client, ana):
    change(portal, consent_text="<p> </p>", consent_label="")
    assert client.get("/support/").status_code == 200
    assert client.get(CONSENT)["Location"] == "/support/"


def test_files_stay_closed_until_the_customer_agrees(portal, client, ana):
    """R9: a file shows where its ticket shows."""
    message = conversation_of(make_ticket(ana, "hello")).messages.get()
    (file,) = store_uploads(message, [Upload("a.png", ContentFile(PNG))])
    address = reverse("wagtail_helpdesk:attachment", args=[file.public_id])
    assert client.get(address).status_code == 404

    agree(client)

    assert client.get(address).status_code == 200
    withdraw(client, portal.consent_source)
    assert client.get(address).status_code == 404


def test_agreeing_in_one_language_counts_in_all_until_that_text_changes(
    portal, client, ana
):
    """UX28: each language is a page of its own; the agreement is one."""
    spanish = Locale.objects.get_or_create(language_code="es")[0]
    root = Site.objects.get(is_default_site=True).root_page
    if not root.has_translation(spanish):
        root.copy_for_translation(spanish)
    other = portal.copy_for_translation(spanish)
    other.consent_text, other.consent_label = "<p>Guardamos todo.</p>", "De acuerdo"
    other.save_revision().publish()
    RecordConsent(
        contact=ana,
        text="<p>Guardamos todo.</p>\nDe acuerdo",
        language="es",
        source=portal.consent_source,
    ).execute()

    assert client.get("/support/").status_code == 200

    other.consent_text = "<p>Guardamos más.</p>"
    other.save_revision().publish()
    assert client.get("/support/").status_code == 302


def test_the_default_label_is_the_same_text_whatever_the_visitor_speaks(
    portal, client, ana
):
    change(portal, consent_label="")
    agree(client)
    assert Consent.objects.get().label == "I agree"
    response = client.get("/support/", headers={"accept-language": "es"})
    assert response.status_code == 200


def test_the_consent_of_another_portal_opens_nothing_here(portal, client, ana):
    RecordConsent(
        contact=ana, text=f"{TEXT}\n{LABEL}", language="en", source="portal:other"
    ).execute()
    assert client.get("/support/").status_code == 302


def test_a_label_without_a_text_is_refused(portal):
    portal.consent_text = ""
    with pytest.raises(ValidationError) as error:
        portal.clean()
    assert "consent_text" in error.value.error_dict


# -- Withdrawal ------------------------------------------------------------------------

PRIVACY = "/support/privacy/"


def withdraw(client, source):
    return client.post(PRIVACY, {"source": source}, follow=True)


def test_the_account_menu_leads_to_what_one_agreed_to(portal, client, ana):
    """B57: exact text, when, where."""
    agree(client)
    menu = soup_of(client.get("/support/")).select(".hd-menu__item")
    assert PRIVACY in [item.get("href") for item in menu]

    page = soup_of(client.get(PRIVACY))

    assert page.select_one(".hd-consents h2").text == "Customer portal"
    assert "what you write" in page.select_one(".hd-consents .hd-consent").text
    assert LABEL in page.select_one(".hd-consent__label").text
    assert page.select_one(".hd-consents time")


def test_withdrawing_closes_the_portal_until_one_agrees_again(portal, client, ana):
    agree(client)
    make_ticket(ana, subject="Mine")

    response = withdraw(client, portal.consent_source)

    assert "You have withdrawn your consent." in response.content.decode()
    assert client.get("/support/")["Location"].startswith(CONSENT)
    first = Consent.objects.get()
    assert first.withdrawn_at is not None
    event = Event.objects.get(kind="consent_withdrawn")
    assert (event.actor_contact, event.data["versions"]) == (ana, [first.version])
    # Agreeing again is a new row; the history stays as it was.
    agree(client)
    assert "Mine" in client.get("/support/").content.decode()
    assert Consent.objects.count() == 2
    before = first.withdrawn_at
    first.refresh_from_db()
    assert first.withdrawn_at == before


def test_withdrawing_takes_all_versions_and_only_this_place(portal, client, ana):
    agree(client)
    change(portal, consent_text="<p>New</p>")
    agree(client)
    RecordConsent(contact=ana, text="F\nYes", language="en", source="form:f").execute()

    withdraw(client, portal.consent_source)

    assert Consent.objects.get(withdrawn_at=None).source == "form:f"


def test_withdrawing_twice_changes_nothing(portal, client, ana):
    agree(client)
    withdraw(client, portal.consent_source)
    at = Consent.objects.get().withdrawn_at
    withdraw(client, portal.consent_source)
    assert Consent.objects.get().withdrawn_at == at
    assert Event.objects.filter(kind="consent_withdrawn").count() == 1


@pytest.mark.parametrize("source", ["form:zoe", "form:nobody", "", "\x00"])
def test_what_somebody_else_agreed_to_is_like_what_is_not_there(
    portal, client, zoe, source
):
    RecordConsent(
        contact=zoe, text="F\nYes", language="en", source="form:zoe"
    ).execute()
    response = client.post(PRIVACY, {"source": source})
    assert response.status_code == 404
    assert "form:zoe" not in response.content.decode()
    assert Consent.objects.get().withdrawn_at is None
    assert "Yes" not in soup_of(client.get(PRIVACY)).select_one("#hd-main").text


def test_who_has_agreed_to_nothing_reads_so(portal, client, ana):
    text = soup_of(client.get(PRIVACY)).select_one("#hd-main").text
    assert "You have not been asked to agree to anything yet." in text


def test_the_privacy_page_costs_the_same_for_many_consents(portal, client, ana):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(PRIVACY)
        return len(captured)

    agree(client)
    RecordConsent(contact=ana, text="0\nYes", language="en", source="form:0").execute()
    few = queries()
    for number in range(1, 9):
        RecordConsent(
            contact=ana, text=f"{number}\nYes", language="en", source=f"form:{number}"
        ).execute()
    assert queries() == few


def test_visitors_sign_in_before_they_see_or_withdraw_anything(portal):
    for path in (CONSENT, PRIVACY):
        assert Client().get(path)["Location"].startswith("/accounts/login/")
        assert Client().post(path)["Location"].startswith("/accounts/login/")


def test_nothing_is_opened_by_a_post_without_consent(portal, client, ana):
    response = client.post("/support/new/", {"subject": "x", "body": "y"})
    assert response["Location"].startswith(CONSENT)
    assert not Ticket.objects.exists()


def test_a_support_form_sent_after_withdrawing_waits_for_the_consent(
    portal, client, ana, settings
):
    """UX27: withdrawn in one tab, sent in another; nothing is opened, nothing lost."""
    settings.WAGTAIL_HELPDESK = {"FORM_MIN_SECONDS": 0}
    form = SupportFormFactory(channel=ChannelFactory(inbox=portal.channel.inbox))
    connect(portal, form)
    agree(client)
    sent = soup_of(client.get("/support/new/")).select_one(".hd-support-form form")
    data = {
        field["name"]: field.get("value", "")
        for field in sent.select("input[name]:not([type=file])")
    }
    text = sent.select_one("textarea")["name"]
    data[text] = "It blinks red."
    withdraw(client, portal.consent_source)

    response = client.post(sent["action"].partition("#")[0], data)

    assert response["Location"] == f"{CONSENT}?next=%2Fsupport%2Fnew%2F"
    assert not Ticket.objects.exists()
    agree(client)
    page = soup_of(client.get("/support/new/"))
    assert page.select_one(f"[name={text}]").text.strip() == "It blinks red."
