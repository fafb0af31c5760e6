"""Managers of an organization send requests for its members (L23)."""

import pytest
from bs4 import BeautifulSoup
from django.core import mail

from tests.factories import (
    ContactFactory,
    CustomerFactory,
    OrganizationFactory,
    SupportFormFactory,
)
from tests.portal.build import connect
from wagtail_helpdesk import notifications, outbox
from wagtail_helpdesk.admin.changes import describe
from wagtail_helpdesk.models import Contact, Event, Membership, Ticket
from wagtail_helpdesk.portal import on_behalf

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme(ana):
    """Ana's organization, which she manages."""
    acme = OrganizationFactory(name="Acme")
    Membership.objects.create(contact=ana, organization=acme, role="manager")
    return acme


@pytest.fixture
def ben(acme):
    return CustomerFactory(name="Ben", email="ben@acme.example", organization=acme)


def parsed(response):
    return BeautifulSoup(response.content, "html.parser")


def options(client):
    return {
        option.text: option["value"]
        for option in parsed(client.get("/support/new/")).select(
            'select[name="for-whom-person"] option'
        )
    }


def send(client, person="", **data):
    return client.post(
        "/support/new/",
        {
            "subject": "The pump leaks",
            "body": "Since Monday",
            "client_token": "a-token-of-this-test-0013",
            "for-whom-person": person,
            **data,
        },
    )


def test_a_manager_chooses_among_the_members(portal, client, ben, acme):
    ContactFactory(name="Blocked", organization=acme, is_blocked=True)
    ContactFactory(name="Elsewhere", organization=OrganizationFactory())
    assert list(options(client)) == ["For myself", "Ben (ben@acme.example)"]


def test_a_mere_member_is_not_asked(portal, ben, sign_in):
    assert options(sign_in(ben)) == {}


def test_the_request_is_the_members_and_the_manager_takes_part(
    portal, client, ana, ben, acme, sign_in
):
    response = send(client, options(client)["Ben (ben@acme.example)"])
    ticket = Ticket.objects.get()
    assert (ticket.contact, ticket.organization) == (ben, acme)
    assert [row.contact for row in ticket.participants.all()] == [ana]
    event = Event.objects.get(kind="ticket_opened")
    assert event.actor_contact == ana
    assert event.data["on_behalf_of"] == ben.pk
    assert describe(event).startswith("opened the request for the contact")
    assert ticket.conversations.get().messages.get().author_contact == ana
    for person in (ana, ben):
        page = sign_in(person).get(f"/support/r/{ticket.public_id}/")
        assert "Since Monday" in page.content.decode()
    assert ticket.reference in client.get(response["Location"]).content.decode()


def test_the_manager_sends_for_themselves_by_default(portal, client, ana, ben):
    send(client)
    ticket = Ticket.objects.get()
    assert ticket.contact == ana
    assert not ticket.participants.exists()


def test_a_second_click_files_one(portal, client, ben):
    person = options(client)["Ben (ben@acme.example)"]
    assert send(client, person)["Location"] == send(client, person)["Location"]
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize("who", ["stranger", "nobody", "nonsense"])
def test_whoever_is_no_member_is_answered_alike(portal, client, ben, acme, zoe, who):
    person = {
        "stranger": f"{zoe.public_id}.{acme.public_id}",
        "nobody": f"{'x' * 22}.{acme.public_id}",
        "nonsense": "\x00" * 3,
    }[who]
    response = send(client, person)
    assert response.status_code == 200
    assert "Choose yourself or a member" in response.content.decode()
    assert not Ticket.objects.exists()
    assert parsed(response).textarea.text.strip() == "Since Monday"


def test_whoever_lost_the_role_meanwhile_sends_for_nobody(portal, client, ana, ben):
    person = options(client)["Ben (ben@acme.example)"]
    Membership.objects.filter(contact=ana).update(role="member")
    # The question is gone, and what it says is not listened to.
    send(client, person)
    assert Ticket.objects.get().contact == ana


def test_the_action_refuses_whom_the_sender_does_not_manage(portal, ana, zoe, acme):
    from wagtail_helpdesk.actions import OnBehalf, OpenTicket
    from wagtail_helpdesk.exceptions import ActionPermissionError

    with pytest.raises(ActionPermissionError):
        OpenTicket(
            channel=portal.channel,
            contact=ana,
            subject="x",
            body_text="y",
            on_behalf=OnBehalf(zoe, acme),
        ).execute()


def test_beyond_a_list_the_address_is_typed(portal, client, ben, zoe, monkeypatch):
    monkeypatch.setattr(on_behalf, "MOST_CHOICES", 0)
    page = parsed(client.get("/support/new/"))
    assert page.select_one('input[name="for-whom-person"]')
    for address in (zoe.email, "nobody@acme.example", "\x00", "x" * 250):
        response = send(client, address)
        if address != "\x00":  # Nothing is left of it: for themselves.
            assert "Choose yourself or a member" in response.content.decode()
    Ticket.objects.all().delete()
    send(client, "BEN@acme.example", client_token="a-token-of-this-test-0014")
    assert Ticket.objects.get().contact == ben


def test_a_support_form_asks_for_whom_too(portal, client, ben, ana, settings):
    settings.WAGTAIL_HELPDESK = {"FORM_MIN_SECONDS": 0}
    connect(portal, SupportFormFactory(key="contact-us"))
    form = parsed(client.get("/support/new/")).select_one(".hd-support-form form")
    data = {
        field["name"]: field.get("value", "")
        for field in form.select("input:not([type=file])")
    }
    (subject,) = [name for name in data if name.endswith("-subject")]
    data |= {subject: "The pump leaks", form.textarea["name"]: "Since Monday"}
    refused = client.post(form["action"], {**data, "for-whom-person": "x.y"})
    assert refused.status_code == 422
    assert not Ticket.objects.exists()
    person = options(client)["Ben (ben@acme.example)"]
    client.post(form["action"], {**data, "for-whom-person": person})
    ticket = Ticket.objects.get()
    assert ticket.contact == ben
    assert [row.contact for row in ticket.participants.all()] == [ana]


def test_a_consent_asked_for_by_the_form_is_the_senders(
    portal, client, ben, ana, settings
):
    settings.WAGTAIL_HELPDESK = {"FORM_MIN_SECONDS": 0}
    form = SupportFormFactory(
        key="contact-us", consent_text="<p>Text</p>", consent_label="I agree"
    )
    connect(portal, form)
    page = parsed(client.get("/support/new/")).select_one(".hd-support-form form")
    data = {
        field["name"]: field.get("value", "")
        for field in page.select("input:not([type=file])")
    }
    (subject,) = [name for name in data if name.endswith("-subject")]
    data |= {subject: "The pump leaks", page.textarea["name"]: "Since Monday"}
    data |= {name: "on" for name in data if name.endswith("-consent-given")}
    person = options(client)["Ben (ben@acme.example)"]
    response = client.post(page["action"], {**data, "for-whom-person": person})
    assert response.status_code == 303
    consented = Contact.objects.filter(consents__isnull=False)
    assert list(consented) == [ana]


def test_both_get_a_receipt_that_says_for_whom_it_was(portal, client, ana, ben):
    send(client, options(client)["Ben (ben@acme.example)"])
    notifications.handle_due()
    outbox.run_due()
    texts = {
        message.to[0]: message.body
        for message in mail.outbox
        if "have received your request" in message.body
    }
    (to_ben,) = [text for to, text in texts.items() if "ben@acme.example" in to]
    (to_ana,) = [text for to, text in texts.items() if ana.email in to]
    assert "sent for you by a manager of Acme" in to_ben
    assert "You sent it for a member of your organization." in to_ana
    assert len(texts) == 2
