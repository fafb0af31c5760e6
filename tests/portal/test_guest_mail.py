"""Mails let people without an account in, and a new link comes by mail (F10)."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Locale

from tests.factories import (
    ContactFactory,
    CustomerFactory,
    ParticipantFactory,
)
from tests.portal.build import change, make_portal, make_ticket
from wagtail_helpdesk import outbox
from wagtail_helpdesk.access.portals import TicketReader, ticket_url
from wagtail_helpdesk.actions import OpenTicket, ReplyToTicket, SendGuestLink
from wagtail_helpdesk.channels.email.composing import compose
from wagtail_helpdesk.channels.email.content import NoLongerWanted
from wagtail_helpdesk.models import (
    Contact,
    Delivery,
    EmailTemplate,
    Event,
    Identity,
    Message,
)
from wagtail_helpdesk.notifications import handle_event
from wagtail_helpdesk.portal.guest_entry import guest_rules
from wagtail_helpdesk.portal.views import guest as guest_view

pytestmark = pytest.mark.django_db

LINK = re.compile(r"https?://[^/\s\"]+(/support/g/[\w-]+/)")
FORGED = "/support/g/forged/"


@pytest.fixture(autouse=True)
def _no_tries():
    cache.clear()


@pytest.fixture
def gina(db) -> Contact:
    return ContactFactory(
        name="Gina Guest", email="gina@acme.example", email__unverified=True
    )


@pytest.fixture
def ticket(portal, gina, inbox):
    return make_ticket(gina, "It is broken", subject="canary-subject", inbox=inbox)


@pytest.fixture
def client() -> Client:
    return Client()


def bodies(message) -> tuple[str, str]:
    return message.body, message.alternatives[0][0]


def url_of(ticket, contact=None) -> str:
    contact = contact or ticket.contact
    url = ticket_url(ticket, reader=TicketReader(contact, contact.email))
    return "/support/" + url.partition("/support/")[2]


def ask(client, url, email="gina@acme.example"):
    return client.post(url, {"action": "renew", "email": email})


def send_all():
    Message.objects.update(release_at=timezone.now())
    Delivery.objects.update(run_at=timezone.now())
    for event in Event.objects.due():
        handle_event(event)
    outbox.run_due()


# -- The links in mails --------------------------------------------------------------


def test_from_the_form_to_the_answer_without_an_account(portal, gina, agent, inbox):
    """The acknowledgement and the reply both let the visitor in (UX40)."""
    opened = OpenTicket(
        channel=portal.channel, contact=gina, subject="Broken", body_text="Help"
    ).execute()
    ReplyToTicket(ticket=opened.ticket, agent=agent, body_text="Restart it").execute()
    send_all()
    to_gina = [one for one in mail.outbox if "gina@acme.example" in one.to[0]]
    assert len(to_gina) == 2
    for message in to_gina:
        for body in bodies(message):
            page = Client().get(LINK.search(body)[1])
            assert "Restart it" in page.content.decode()
            assert "/support/r/" not in body


def test_who_has_an_account_gets_the_address_of_the_ticket(portal, ana, agent, inbox):
    ticket = make_ticket(ana, "x", inbox=inbox)
    ReplyToTicket(ticket=ticket, agent=agent, body_text="hello").execute()
    send_all()
    for body in bodies(mail.outbox[-1]):
        assert f"/support/r/{ticket.public_id}/" in body
        assert "/support/g/" not in body


def test_each_reader_of_a_reply_gets_a_link_of_their_own(portal, gina, agent, inbox):
    """A participant without an account, beside a customer with one."""
    ticket = make_ticket(CustomerFactory(), "x", inbox=inbox)
    ParticipantFactory(ticket=ticket, contact=gina)
    ReplyToTicket(ticket=ticket, agent=agent, body_text="hello").execute()
    send_all()
    links = {one.to[0]: LINK.search(one.body) for one in mail.outbox}
    with_link = [address for address, link in links.items() if link]
    assert len(links) == 2
    assert with_link == [address for address in links if "gina@" in address]


def test_a_text_of_the_site_links_in_the_same_way(portal, ticket, agent):
    """``{link}`` in an editor's text."""
    EmailTemplate.objects.create(
        key="reply", body="Read it: {link}", locale=Locale.get_active()
    )
    ReplyToTicket(ticket=ticket, agent=agent, body_text="hello").execute()
    send_all()
    for body in bodies(mail.outbox[-1]):
        assert LINK.search(body)


@pytest.mark.parametrize(
    "fields",
    [{"guest_days": 0}, {"consent_text": "<p>Agree.</p>"}],
    ids=["none", "consent"],
)
def test_where_guests_are_not_taken_the_link_asks_for_the_sign_in(
    portal, ticket, fields
):
    change(portal, **fields)
    assert url_of(ticket) == f"/support/r/{ticket.public_id}/"


def test_a_portal_that_takes_guests_comes_before_one_that_does_not(portal, ticket):
    change(portal, guest_days=0)
    make_portal(title="Open", slug="open")
    reader = TicketReader(ticket.contact, ticket.contact.email)
    assert "/open/g/" in ticket_url(ticket, reader=reader)


def test_an_address_that_is_gone_gets_no_key(portal, ticket):
    reader = TicketReader(ticket.contact, "old@acme.example")
    assert "/r/" in ticket_url(ticket, reader=reader)


# -- A new link ----------------------------------------------------------------------


def test_a_new_link_comes_by_mail(client, ticket, gina):
    """For one that is too old, and for one that a mail program has cut off."""
    url = url_of(ticket)
    for dead in (f"{url[:-30]}/", f"/support/g/{ticket.public_id}/"):
        assert client.get(dead).status_code == 410
        response = ask(client, dead, " Gina@Acme.example ")
        assert response.status_code == 200
        assert "Look into your mailbox" in response.content.decode()
    outbox.run_due()
    assert len(mail.outbox) == 2
    message = mail.outbox[-1]
    assert message.to == ["gina@acme.example"]
    assert ticket.reference in message.subject
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    for body in bodies(message):
        assert client.get(LINK.search(body)[1]).status_code == 200
        assert "canary-subject" not in body
        assert "Gina" not in body, "the name was typed into a form"
    event = Event.objects.filter(kind=Event.Kind.GUEST_LINK_SENT).latest("pk")
    assert (event.ticket, event.actor_contact) == (ticket, gina)


def test_opening_a_dead_link_sends_nothing(client, ticket):
    client.get(f"/support/g/{ticket.public_id}/")
    client.get(f"/support/g/{ticket.public_id}/?action=renew&email=gina@acme.example")
    assert not Delivery.objects.exists()


def test_the_mail_is_in_the_readers_language(client, ticket, gina):
    """UX95."""
    Contact.objects.filter(pk=gina.pk).update(language="ar")
    ask(client, f"/support/g/{ticket.public_id}/")
    message = compose(Delivery.objects.get())
    assert message.extra_headers["Content-Language"] == "ar"
    assert 'dir="rtl"' in message.alternatives[0][0]


def test_editors_write_the_mail(client, ticket):
    EmailTemplate.objects.create(
        key="guest_link",
        subject="Your key to {reference}",
        body="Here: {link}",
        locale=Locale.get_active(),
    )
    ask(client, f"/support/g/{ticket.public_id}/")
    message = compose(Delivery.objects.get())
    assert message.subject == f"Your key to {ticket.reference}"
    assert message.body.startswith("Here: http")


def test_nobody_learns_whether_an_address_is_known(client, ticket, zoe):
    """The same bytes, headers, cookies and number of statements in each case."""
    url = f"/support/g/{ticket.public_id}/"
    ContactFactory(email="blocked@acme.example")
    Contact.objects.filter(identities__value="blocked@acme.example").update(
        is_blocked=True
    )
    cases = {
        "theirs": (url, "gina@acme.example"),
        "known": (url, zoe.email),
        "blocked": (url, "blocked@acme.example"),
        "unknown": (url, "nobody@nowhere.example"),
    }
    answers, numbers = {}, {}
    for name, (address, email) in cases.items():
        browser = Client()
        # Whatever is read once per process.
        browser.get("/support/", follow=True)
        with CaptureQueriesContext(connection) as queries:
            response = ask(browser, address, email)
        # How a transaction inside another one ends differs, in tests alone.
        nested = {"SAVEPOINT", "RELEASE", "ROLLBACK"}
        verbs = [one["sql"].split()[0] for one in queries]
        numbers[name] = [verb for verb in verbs if verb not in nested]
        headers = {k: v for k, v in response.headers.items() if k != "Set-Cookie"}
        content = re.sub(rb'value="[^"]{60,}"', b"", response.content)
        answers[name] = (response.status_code, headers, content)
    assert Delivery.objects.get().address == "gina@acme.example"
    first = answers["theirs"]
    assert all(answer == first for answer in answers.values())
    counts = {name: len(found) for name, found in numbers.items()}
    assert len(set(counts.values())) == 1, counts
    assert "INSERT" in numbers["unknown"]
    assert Event.objects.filter(kind=Event.Kind.GUEST_LINK_SENT).count() == 1


@pytest.mark.parametrize("address", ["gina@acme.example", "nobody@nowhere.example"])
def test_a_forged_link_mails_nobody(client, ticket, address):
    response = ask(client, FORGED, address)
    assert response.status_code == 200
    assert not Delivery.objects.exists()


def test_a_bad_address_is_asked_for_again(client, ticket):
    response = ask(client, FORGED, "gina")
    assert response.status_code == 400
    html = response.content.decode()
    assert "There is a problem" in html
    assert "Error:" in html


def test_one_address_gets_three_a_day(ticket, portal):
    def send():
        return SendGuestLink(
            email="gina@acme.example",
            ticket=ticket.public_id,
            portal=guest_rules(portal),
        ).execute()

    assert [send() for _number in range(4)] == [True, True, True, False]
    assert Delivery.objects.count() == 3


def test_one_place_asks_ten_times_an_hour(client, ticket, monkeypatch):
    monkeypatch.setattr(guest_view, "ASKS", (2, 3600))
    statuses = [ask(client, FORGED).status_code for _number in range(3)]
    assert statuses == [200, 200, 429]


def test_whoever_has_got_an_account_gets_its_address(client, portal, ana, inbox):
    ticket = make_ticket(ana, "x", inbox=inbox)
    ask(client, f"/support/g/{ticket.public_id}/", ana.email)
    message = compose(Delivery.objects.get())
    assert f"/support/r/{ticket.public_id}/" in message.body
    assert "/support/g/" not in message.body


def test_a_mail_that_waits_is_not_sent_when_the_reason_has_gone(client, portal, ticket):
    ask(client, f"/support/g/{ticket.public_id}/")
    delivery = Delivery.objects.get()
    change(portal, is_active=False)
    with pytest.raises(NoLongerWanted):
        compose(delivery)
    change(portal, is_active=True)
    Contact.objects.filter(pk=ticket.contact_id).update(is_blocked=True)
    with pytest.raises(NoLongerWanted):
        compose(Delivery.objects.get())


def test_a_second_address_of_the_contact_may_ask(client, ticket, gina):
    Identity.objects.create(contact=gina, kind="email", value="gina@home.example")
    ask(client, f"/support/g/{ticket.public_id}/", "gina@home.example")
    message = compose(Delivery.objects.get())
    assert message.to == ["gina@home.example"]
    assert Client().get(LINK.search(message.body)[1]).status_code == 200
