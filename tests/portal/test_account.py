"""The account page: name, language, time zone, mails, and the ways on (F11)."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from wagtail.models import Locale

from tests.factories import AgentFactory, ContactFactory
from tests.fulltext import index_all, searches
from tests.portal.build import change, make_ticket
from wagtail_helpdesk import indexing
from wagtail_helpdesk.actions import ChangeProfile
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import Contact, Event, Ticket

pytestmark = pytest.mark.django_db

ACCOUNT = "/support/account/"
ALL_MAILS = {"mail_received": "on", "mail_answer": "on", "mail_takes_part": "on"}


def soup_of(response):
    return BeautifulSoup(response.content, "html.parser")


def save(client, *, mails=None, **fields):
    """Send the form, with every mail wanted unless the test says otherwise."""
    sent = {"name": "Ana", "language": "", "time_zone": ""} | fields
    sent |= ALL_MAILS if mails is None else dict.fromkeys(mails, "on")
    return client.post(ACCOUNT, sent, follow=True)


def test_the_page_shows_the_profile_and_the_ways_to_all_else(portal, client, ana):
    page = soup_of(client.get(ACCOUNT))

    assert page.select_one("#id_name")["value"] == "Ana García"
    assert [box["name"] for box in page.select("[type=checkbox][checked]")] == [
        "mail_received",
        "mail_answer",
        "mail_takes_part",
        "mail_rating",
    ]
    links = [a["href"] for a in page.select("#hd-main a")]
    for name in (
        *("account_email", "account_change_password", "mfa_index"),
        "usersessions_list",
    ):
        assert reverse(name) in links
    assert "/support/privacy/" in links
    assert f"{ACCOUNT}deletion/" in links
    menu = [a["href"] for a in page.select(".hd-menu a")]
    assert menu.count(ACCOUNT) == 1


def test_what_is_saved_is_used_at_once(portal, client, ana):
    """UX94: times in the customer's zone."""
    response = save(client, name="  Ana \t M. ", time_zone="America/New_York")

    page = soup_of(response)
    assert response.redirect_chain == [(ACCOUNT, 302)]
    assert page.select_one("[role=status]").text.strip() == "Your changes are saved."
    ana.refresh_from_db()
    assert (ana.name, ana.time_zone) == ("Ana M.", "America/New_York")
    assert page.select_one("#id_time_zone [selected]")["value"] == "America/New_York"
    ticket = make_ticket(ana, "hello")
    shown = client.get(f"/support/r/{ticket.public_id}/").content.decode()
    assert "EST" in shown or "EDT" in shown


def test_the_events_name_the_fields_and_never_the_values(portal, client, ana):
    """R20: the ledger outlives the person's data."""
    save(client, name="Ana", time_zone="Asia/Tokyo", mails=["mail_answer"])
    save(client, name="Ana", time_zone="Asia/Tokyo", mails=["mail_answer"])

    renamed, changed = Event.objects.order_by("pk")
    assert (renamed.kind, renamed.data) == ("contact_renamed", {})
    assert changed.kind == "preferences_changed"
    assert changed.data == {"fields": ["time_zone", "mails_off"]}
    assert {renamed.actor_contact, renamed.contact} == {ana}


@searches
def test_agents_find_the_requests_by_the_new_name(portal, client, ana, inbox, agent):
    ticket = make_ticket(ana, "hello", inbox=inbox)
    index_all()

    save(client, name="Zacarias")
    indexing.handle_due()

    assert list(Ticket.objects.search_with_notes("zacarias", agent)) == [ticket]


def test_a_name_that_is_too_long_is_kept_and_counted(portal, client, ana):
    response = save(client, name="x" * 201)

    page = soup_of(response)
    assert page.title.text.startswith("Error:")
    assert "201 characters; at most 200" in page.select_one(".hd-summary").text
    assert page.select_one(".hd-summary a")["href"] == "#id_name"
    assert page.select_one("#id_name")["value"] == "x" * 201
    ana.refresh_from_db()
    assert ana.name == "Ana García"


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("Ana\x00\x07 B\nC", "Ana B C"),
        ("\u202eevil\u2066", "evil"),
        ("<b>Ana</b>", "<b>Ana</b>"),
        ("آنا", "آنا"),
        ("", ""),
    ],
)
def test_a_name_is_one_line_without_tricks(portal, client, ana, sent, stored):
    response = save(client, name=sent)

    ana.refresh_from_db()
    assert ana.name == stored
    assert "<b>Ana" not in response.content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("language", "xx"),
        ("language", "en\x00"),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "../../etc/passwd"),
        ("time_zone", "Europe/Madrid\x00"),
    ],
)
def test_what_is_no_choice_is_refused_by_its_name(portal, client, ana, field, value):
    response = save(client, name="New name", **{field: value})

    page = soup_of(response)
    assert response.status_code == 200
    said = page.select_one(".hd-summary").text
    assert value.replace("\x00", "") in said.replace("\x00", "").replace("\ufffd", "")
    # The rest of the form is as it was typed, and nothing was saved.
    assert page.select_one("#id_name")["value"] == "New name"
    ana.refresh_from_db()
    assert (ana.name, ana.language, ana.time_zone) == ("Ana García", "", "")


@pytest.mark.parametrize(
    ("kwargs", "code"),
    [
        ({"name": "x" * 201}, "too_long"),
        ({"language": "xx"}, "bad_language"),
        ({"time_zone": "Mars/Olympus"}, "bad_time_zone"),
        ({"mails_off": ["invoice"]}, "bad_mail"),
    ],
)
def test_the_action_refuses_what_no_form_offers(ana, kwargs, code):
    good = {"name": "Ana", "language": "es", "time_zone": "UTC", "mails_off": []}

    with pytest.raises(ActionError) as caught:
        ChangeProfile(contact=ana, **{**good, **kwargs}).execute()

    assert caught.value.code == code
    assert not Event.objects.exists()


def test_a_language_or_zone_that_the_site_lost_may_stay(portal, client, ana):
    Contact.objects.update(language="fr", time_zone="US/Eastern")
    page = soup_of(client.get(ACCOUNT))
    assert page.select_one("#id_language [selected]")["value"] == "fr"
    assert page.select_one("#id_time_zone [selected]")["value"] == "US/Eastern"

    save(client, name="Ana M.", language="fr", time_zone="US/Eastern")

    ana.refresh_from_db()
    assert (ana.name, ana.language, ana.time_zone) == ("Ana M.", "fr", "US/Eastern")


def test_a_new_language_leads_to_the_portal_in_it(portal, client, ana):
    spanish = Locale.objects.create(language_code="es")
    home = portal.get_parent()
    home.copy_for_translation(spanish).save_revision().publish()
    portal.copy_for_translation(spanish).save_revision().publish()

    response = save(client, language="es")

    assert response.redirect_chain == [("/es/support/account/", 302)]
    assert soup_of(response).select_one(".hd-root")["lang"] == "es"
    assert client.cookies["django_language"].value == "es"
    ana.refresh_from_db()
    assert ana.language == "es"


def test_a_language_without_a_portal_is_still_that_of_the_mails(portal, client, ana):
    response = save(client, language="ar")

    assert response.redirect_chain == [(ACCOUNT, 302)]
    ana.refresh_from_db()
    assert ana.language == "ar"


def test_mails_are_switched_off_one_by_one(portal, client, ana):
    save(client, mails=["mail_answer"])

    ana.refresh_from_db()
    assert ana.mails_off == ["received", "takes_part", "rating"]
    page = soup_of(client.get(ACCOUNT))
    ticked = [box["name"] for box in page.select("[type=checkbox][checked]")]
    assert ticked == ["mail_answer"]
    # Answers still come, so there is nothing to warn of.
    assert page.select_one(".hd-mails .hd-note--warning") is None


def test_without_mails_about_answers_every_page_says_so(portal, client, ana):
    """Nobody waits for a mail that never comes."""
    box = soup_of(client.get(ACCOUNT)).select_one("[name=mail_answer]")
    hint = f"#{box['aria-describedby']}"
    assert "only by looking" in soup_of(client.get(ACCOUNT)).select_one(hint).text

    page = soup_of(save(client, mails=["mail_received"]))

    warning = page.select_one(".hd-mails .hd-note--warning").text
    assert warning.startswith("You get no mail when we answer you.")
    form = client.get("/support/new/").content.decode()
    assert "you have switched such mails off" in form
    assert "we write to" not in form
    sent = client.post("/support/new/", {"subject": "x", "body": "y"}, follow=True)
    assert "Look here for the answer" in sent.content.decode()


def test_a_post_without_the_form_changes_nothing(portal, client, ana):
    client.post(ACCOUNT, {})

    ana.refresh_from_db()
    assert (ana.name, ana.mails_off) == ("Ana García", [])
    assert not Event.objects.exists()


def test_what_was_typed_when_the_session_ended_is_there_again(
    portal, client, ana, sign_in
):
    """UX27."""
    client.logout()
    sent = {"name": "New name", "time_zone": "Asia/Tokyo", "mail_answer": "on"}
    response = client.post(ACCOUNT, sent)
    assert response["Location"].startswith(reverse("account_login"))

    kept = client.session["helpdesk_kept_text"]
    client.force_login(ana.user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session["helpdesk_kept_text"] = kept
    session.save()
    page = soup_of(client.get(ACCOUNT))

    assert page.select_one("#id_name")["value"] == "New name"
    assert page.select_one("#id_time_zone [selected]")["value"] == "Asia/Tokyo"
    ticked = [box["name"] for box in page.select("[type=checkbox][checked]")]
    assert ticked == ["mail_answer"]


def test_the_page_does_not_wait_for_the_consent(portal, client, ana):
    """Whoever does not agree any more may still leave; tickets stay hidden (R17)."""
    make_ticket(ana, subject="Secret")
    change(portal, consent_text="<p>All of it</p>")

    response = client.get(ACCOUNT)

    assert response.status_code == 200
    assert "Secret" not in response.content.decode()
    assert client.get(f"{ACCOUNT}deletion/").status_code == 200
    away = client.post(f"{ACCOUNT}download/")
    assert away["Location"].startswith("/support/consent/")


def test_a_blocked_or_unknown_visitor_sees_no_profile(portal, client, ana, sign_in):
    agent = AgentFactory()
    assert sign_in(agent).get(ACCOUNT).status_code == 403
    Contact.objects.update(is_blocked=True)
    response = save(client, name="Mallory")
    assert response.status_code == 403
    ana.refresh_from_db()
    assert ana.name == "Ana García"


def test_a_form_of_one_customer_never_changes_another(portal, client, ana, zoe):
    other = ContactFactory(name="Other")

    save(client, name="Ana M.", contact=zoe.pk, public_id=zoe.public_id, id=other.pk)

    assert set(Contact.objects.values_list("name", flat=True)) == {
        *("Ana M.", "Zoe Stranger", "Other")
    }


def test_the_page_is_private_and_takes_few_queries(
    portal, client, ana, django_assert_max_num_queries
):
    client.get(ACCOUNT)
    with django_assert_max_num_queries(15):
        response = client.get(ACCOUNT)
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex"
