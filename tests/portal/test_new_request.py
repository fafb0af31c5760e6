"""Something new from the portal: the simple form and a support form (F8)."""

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories import ChannelFactory, InboxFactory, SupportFormFactory
from tests.portal.build import change, connect, make_ticket
from wagtail_helpdesk.models import Conversation, Ticket

pytestmark = pytest.mark.django_db

TOKEN = "a-token-of-this-test-0002"


def send(client, **data):
    data = {
        "subject": "The pump leaks",
        "body": "Since Monday",
        "client_token": TOKEN,
        **data,
    }
    return client.post("/support/new/", data)


def parsed(response):
    return BeautifulSoup(response.content, "html.parser")


def text_of(response):
    return " ".join(parsed(response).select_one("main, #hd-main").text.split())


def test_a_request_is_filed_once_and_its_number_told(portal, client, ana, inbox):
    """B6, B28, B65, UX25, UX26."""
    response = send(client, files=[SimpleUploadedFile("a.txt", b"text")])
    ticket = Ticket.objects.get()
    assert response["Location"] == f"/support/new/sent/{ticket.public_id}/"
    assert send(client)["Location"] == response["Location"]
    assert Ticket.objects.count() == 1
    assert (ticket.inbox, ticket.channel) == (inbox, portal.channel)
    assert (ticket.contact, ticket.subject) == (ana, "The pump leaks")
    assert ticket.origin_page_id == portal.pk
    page = client.get(response["Location"])
    assert f"We have it: {ticket.reference}" in text_of(page)
    assert ana.email in text_of(page)
    link = parsed(page).select_one("#hd-main .hd-btn--primary")
    assert link["href"] == f"/support/r/{ticket.public_id}/"
    assert "Since Monday" in text_of(client.get(link["href"]))
    assert ticket.subject in text_of(client.get("/support/"))


def test_a_signed_in_customer_is_not_asked_who_they_are(portal, client):
    """UX19."""
    names = {
        field["name"]
        for field in parsed(client.get("/support/new/")).select(
            "#hd-main input, #hd-main textarea"
        )
    }
    assert names == {"csrfmiddlewaretoken", "client_token", "subject", "body", "files"}


def test_what_is_missing_is_said_in_place_and_the_rest_kept(portal, client):
    """UX11."""
    response = send(client, subject="")
    soup = parsed(response)
    assert response.status_code == 200
    assert " ".join(soup.title.text.split()).startswith("Error: New request")
    (link,) = soup.select(".hd-summary a")
    assert link["href"] == "#id_subject"
    assert soup.select_one("#id_subject")["aria-invalid"] == "true"
    assert soup.textarea.text.strip() == "Since Monday"
    assert not Ticket.objects.exists()


def test_a_token_of_somebody_else_files_nothing_and_keeps_the_text(
    portal, client, zoe, sign_in
):
    send(sign_in(zoe))
    response = send(client)
    soup = parsed(response)
    assert "sent before" in soup.select_one(".hd-summary").text
    assert soup.textarea.text.strip() == "Since Monday"
    token = soup.select_one('[name="client_token"]')["value"]
    assert token != TOKEN
    assert send(client, client_token=token).status_code == 302


def test_a_channel_that_is_off_says_so_and_keeps_the_text(portal, client):
    channel = portal.channel
    channel.is_enabled = False
    channel.save()
    response = send(client)
    assert "switched off" in text_of(response)
    assert parsed(response).textarea.text.strip() == "Since Monday"


def test_an_inbox_that_opens_no_tickets_still_thanks(portal, client):
    """B112."""
    change(
        portal,
        channel=ChannelFactory(
            type="portal", inbox=InboxFactory(creates_tickets=False)
        ),
    )
    response = send(client)
    assert not Ticket.objects.exists()
    assert Conversation.objects.get().inbox == portal.channel.inbox
    assert "We have your message" in text_of(client.get(response["Location"]))


def test_the_page_after_sending_is_for_its_sender_only(portal, client, zoe):
    theirs = make_ticket(zoe, subject="Secret")
    response = client.get(f"/support/new/sent/{theirs.public_id}/")
    assert response.status_code == 404
    assert "Secret" not in response.content.decode()


def test_controls_and_reversing_marks_leave_the_subject(portal, client):
    send(client, subject="in\x00voice\u202e fdp.exe", body="a\x00b")
    ticket = Ticket.objects.get()
    assert ticket.subject == "invoice fdp.exe"


# -- With a support form ---------------------------------------------------------------


@pytest.fixture
def support_form(portal):
    form = SupportFormFactory(key="contact-us")
    change(portal, channel=None)
    connect(portal, form)
    return form


@pytest.fixture(autouse=True)
def no_hurry(settings):
    settings.WAGTAIL_HELPDESK = {"FORM_MIN_SECONDS": 0}


def fill_in(soup, **answers):
    form = soup.select_one(".hd-support-form form")
    data = {
        field["name"]: field.get("value", "")
        for field in form.select("input")
        if field["type"] != "file"
    }
    for area in form.select("textarea"):
        data[area["name"]] = area.text
    for key, answer in answers.items():
        (name,) = [n["name"] for n in form.select(f'[name$="-{key}"]')]
        data[name] = answer
    return form["action"], data


def test_the_chosen_support_form_is_filled_in_inside_the_portal(
    support_form, client, ana
):
    """B23, B26, B28."""
    soup = parsed(client.get("/support/new/"))
    assert soup.select(".hd-nav__link")[-1]["href"] == "/support/new/"
    action, data = fill_in(soup, subject="The pump leaks", description="Since Monday")
    response = client.post(action, data)
    assert response.status_code == 303
    ticket = Ticket.objects.get()
    assert (ticket.contact, ticket.channel) == (ana, support_form.channel)
    assert ticket.subject == "The pump leaks"
    page = client.get(response["Location"])
    assert ticket.reference in text_of(page)


def test_errors_of_the_support_form_stand_inside_the_portal(support_form, client):
    soup = parsed(client.get("/support/new/"))
    action, data = fill_in(soup, subject="", description="Since Monday")
    response = client.post(action, data)
    soup = parsed(response)
    assert soup.select(".hd-summary")
    assert soup.textarea.text.strip() == "Since Monday"
    assert " ".join(soup.title.text.split()).startswith("Error:")
    assert response["Cache-Control"] == "private, no-store"
    assert not Ticket.objects.exists()


def test_a_support_form_sent_after_the_session_ended_comes_back_filled_in(
    support_form, client, ana
):
    """UX27."""
    soup = parsed(client.get("/support/new/"))
    action, data = fill_in(soup, subject="The pump leaks", description="Since Monday")
    client.logout()
    response = client.post(action, data)
    assert response.status_code == 302
    assert not Ticket.objects.exists()
    client.force_login(ana.user, backend="django.contrib.auth.backends.ModelBackend")
    soup = parsed(client.get("/support/new/"))
    assert soup.textarea.text.strip() == "Since Monday"
    action, data = fill_in(soup)
    assert client.post(action, data).status_code == 303
    assert Ticket.objects.get().subject == "The pump leaks"


def test_whoever_the_portal_does_not_let_in_any_more_sends_no_support_form(
    support_form, portal, client, ana
):
    """B48: the form was shown before the group was required."""
    action, data = fill_in(
        parsed(client.get("/support/new/")), subject="Pump", description="Broken"
    )
    change(portal, requires_groups=True)

    response = client.post(action, data)

    assert response.status_code == 403
    assert not Ticket.objects.exists()


def test_whoever_signed_out_sends_no_support_form_as_a_stranger(
    support_form, portal, client, ana
):
    action, data = fill_in(
        parsed(client.get("/support/new/")), subject="Pump", description="Broken"
    )
    client.logout()

    stranger = {"contact-name": "Zoe", "contact-email": "zoe@example.com"}
    response = client.post(action, data | stranger)

    assert response.status_code == 302
    assert not Ticket.objects.exists()


def test_a_support_form_links_what_it_follows_and_no_strangers_request(
    support_form, portal, client, ana, zoe
):
    """R7, UX47: whatever is written into the address."""
    own = make_ticket(ana, "hello", subject="Broken", closed=True)
    theirs = make_ticket(zoe, "secret", subject="Secret", closed=True)
    page = parsed(client.get(f"/support/new/?follow_up={own.public_id}"))
    action, _data = fill_in(page)
    forged = action.replace(own.public_id, theirs.public_id)
    assert forged != action
    for address, subject, expected in (
        (action, "The pump again", own),
        (forged, "Wheels", None),
    ):
        page = parsed(client.get("/support/new/"))
        _own, data = fill_in(page, subject=subject, description="It broke again")
        assert client.post(address, data).status_code == 303
        assert Ticket.objects.latest("pk").follow_up_of == expected


def test_a_reply_on_a_closed_request_is_offered_the_support_form(
    support_form, portal, client, ana
):
    """R7."""
    change(portal, reply_on_closed=False)
    ticket = make_ticket(ana, "hello", subject="Broken", closed=True)
    response = client.post(f"/support/r/{ticket.public_id}/", {"body": "More to say"})
    assert response.status_code == 409
    action, data = fill_in(parsed(response))
    assert action.startswith("/support/new/?")
    assert client.post(action, data).status_code == 303
    filed = Ticket.objects.exclude(pk=ticket.pk).get()
    assert filed.subject == "Re: Broken"
    assert filed.follow_up_of == ticket


def test_a_support_form_that_is_not_published_leaves_the_simple_one(
    support_form, portal, client
):
    change(portal, channel=ChannelFactory(type="portal"))
    support_form.live = False
    support_form.save()
    assert parsed(client.get("/support/new/")).select("#id_subject")
    assert send(client).status_code == 302
