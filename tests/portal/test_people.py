"""Customers add people to a request and take them off (F7, L23)."""

import re

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from wagtail.models import Locale

from tests.factories import (
    ContactFactory,
    CustomerFactory,
    MessageFactory,
    OrganizationFactory,
    ParticipantFactory,
)
from tests.portal.build import change, conversation_of, make_ticket
from wagtail_helpdesk import outbox
from wagtail_helpdesk.models import (
    Contact,
    Delivery,
    EmailTemplate,
    Event,
    Participant,
)

pytestmark = pytest.mark.django_db

LINK = re.compile(r"https?://[^/\s\"]+(/support/[^\s\"]+)")


@pytest.fixture(autouse=True)
def _no_tries():
    cache.clear()


@pytest.fixture
def ticket(portal, ana, inbox):
    change(portal, may_add_people="anyone")
    return make_ticket(ana, "hello", subject="canary-subject", inbox=inbox)


def url_of(ticket, path="people/"):
    return f"/support/r/{ticket.public_id}/{path}"


def soup_of(response):
    return BeautifulSoup(response.content, "html.parser")


def names(client, ticket):
    return [
        n.text for n in soup_of(client.get(url_of(ticket))).select(".hd-people bdi")
    ]


def add(client, ticket, email="carl@example.org", **data):
    return client.post(url_of(ticket), {"email": email, **data})


def send_all():
    Delivery.objects.update(run_at=timezone.now())
    outbox.run_due()


# -- Adding by address -----------------------------------------------------------------


def test_whoever_is_added_gets_a_link_that_lets_them_in(portal, client, ticket):
    """They have no account; the mail has nothing that a customer typed."""
    assert add(client, ticket).status_code == 302
    send_all()
    (sent,) = mail.outbox
    assert sent.to == ["carl@example.org"]
    assert sent.subject == f"[{ticket.reference}] You were added to a request"
    both = sent.body + sent.alternatives[0][0]
    assert "canary-subject" not in both
    assert "Ana" not in both
    link = LINK.search(sent.body)[1]
    guest = Client()
    page = guest.get(link)
    assert page.status_code == 200
    assert "hello" in soup_of(page).select_one(".hd-thread").text
    event = Event.objects.get(kind=Event.Kind.PARTICIPANT_ADDED)
    assert (event.ticket, event.actor_contact) == (ticket, ticket.contact)


def test_whoever_has_an_account_reads_it_in_the_portal(
    portal, client, ticket, zoe, sign_in
):
    add(client, ticket, zoe.email)
    send_all()
    (sent,) = mail.outbox
    assert LINK.search(sent.body)[1] == url_of(ticket, "")
    assert sign_in(zoe).get(url_of(ticket, "")).status_code == 200


def test_the_page_is_the_same_for_an_address_that_is_known(
    portal, client, ticket, zoe, sign_in
):
    """UX47: neither that there is such a contact nor whose address it is."""
    told = []
    for email in (zoe.email, "nobody@example.org"):
        page = soup_of(client.post(url_of(ticket), {"email": email}, follow=True))
        told.append(page.select_one(".hd-messages").text.strip())
        assert email in names(client, ticket)
    assert told[0] == told[1]
    assert "Stranger" not in client.get(url_of(ticket)).content.decode()
    # Others who read the ticket are not told the address either.
    luis = CustomerFactory(name="Luis")
    ParticipantFactory(ticket=ticket, contact=luis)
    seen = sign_in(luis).get(url_of(ticket)).content.decode()
    assert "Stranger" not in seen
    assert zoe.email not in seen
    assert f"Somebody at {zoe.email.partition('@')[2]}" in seen
    # Once they have written here, their name stands on their message anyway.
    MessageFactory(conversation=conversation_of(ticket), author_contact=zoe)
    assert "Zoe Stranger" in names(client, ticket)


def test_the_requester_and_who_takes_part_are_added_once(portal, client, ana, ticket):
    """And are not written to again; the answer is the same."""
    assert add(client, ticket, ana.email.upper()).status_code == 302
    for _time in range(2):
        assert add(client, ticket).status_code == 302
    assert Participant.objects.count() == 1
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize(
    "email", ["", "carl", "a\x00b@example.org", "x" * 300 + "@example.org", "a@b@c.de"]
)
def test_what_is_no_address_is_said_in_place(portal, client, ticket, email):
    response = add(client, ticket, email)
    assert response.status_code == 200
    assert soup_of(response).select(".hd-summary")
    assert not Participant.objects.exists()


def test_our_own_addresses_are_refused(portal, client, ticket, inbox):
    """A mail to one would come back as a request."""
    from wagtail_helpdesk.channels.email.addresses import own_addresses

    ours = next(iter(own_addresses()), "")
    assert ours
    assert "one of ours" in add(client, ticket, ours).content.decode()
    assert not Participant.objects.exists()


def test_there_are_limits(portal, client, ticket, settings):
    settings.WAGTAIL_HELPDESK = {"MAX_PARTICIPANTS": 1, "ADD_PEOPLE_RATE_LIMIT": "2/h"}
    assert add(client, ticket).status_code == 302
    response = add(client, ticket, "dora@example.org")
    assert "1 people take part already" in response.content.decode()
    assert not Contact.objects.filter(identities__value="dora@example.org").exists()
    assert add(client, ticket).status_code == 429


def test_nobody_is_flooded_by_adding_and_removing(portal, client, ticket):
    for _time in range(7):
        add(client, ticket)
        key = Participant.objects.get().pk
        client.post(url_of(ticket), {"remove": key})
    assert Delivery.objects.filter(address="carl@example.org").count() == 5


def test_who_was_taken_off_meanwhile_gets_no_mail(portal, client, ticket):
    add(client, ticket)
    client.post(url_of(ticket), {"remove": Participant.objects.get().pk})
    send_all()
    assert not mail.outbox


def test_a_site_writes_the_mail_itself(portal, client, ticket):
    EmailTemplate.objects.create(
        key="participant",
        locale=Locale.get_default(),
        subject="Welcome to {reference}",
        body="Read it at {link}",
    )
    add(client, ticket)
    send_all()
    assert mail.outbox[0].subject == f"Welcome to {ticket.reference}"
    assert "Read it at http" in mail.outbox[0].body


# -- Who may ---------------------------------------------------------------------------


def test_nobody_adds_people_unless_the_editor_says_so(portal, client, ana):
    """The page is there for the list; the form is not."""
    ticket = make_ticket(ana, "hello")
    assert not soup_of(client.get(url_of(ticket, ""))).select('[href$="people/"]')
    assert not soup_of(client.get(url_of(ticket))).select('[name="email"]')
    assert add(client, ticket).status_code == 403
    assert not Participant.objects.exists()


def test_colleagues_are_chosen_by_name(portal, client, ana, ticket, zoe):
    """Of an organization that shares; no address is shown, and no stranger is taken."""
    change(portal, may_add_people="colleagues")
    acme = OrganizationFactory(sharing="organization")
    ana.memberships.create(organization=acme, is_primary=True)
    luis = CustomerFactory(name="Luis", organization=acme)
    page = soup_of(client.get(url_of(ticket)))
    options = {o.text: o["value"] for o in page.select("option") if o["value"]}
    assert list(options) == ["Luis"]
    assert luis.email not in str(page)
    assert not page.select('[name="email"]')
    response = add(client, ticket, email="", colleague=zoe.public_id)
    assert response.status_code == 200
    add(client, ticket, email="carl@example.org")
    assert not Participant.objects.exists()
    add(client, ticket, email="", colleague=options["Luis"])
    assert Participant.objects.get().contact == luis
    assert "Luis" in names(client, ticket)


def test_without_sharing_there_are_no_colleagues(portal, client, ana, ticket):
    change(portal, may_add_people="colleagues")
    acme = OrganizationFactory(sharing="own")
    ana.memberships.create(organization=acme, is_primary=True)
    luis = CustomerFactory(name="Luis", organization=acme)
    assert "Luis" not in client.get(url_of(ticket)).content.decode()
    assert add(client, ticket, email="", colleague=luis.public_id).status_code == 403
    assert not Participant.objects.exists()


def test_a_strangers_ticket_answers_like_a_missing_one(portal, client, ticket, zoe):
    theirs = make_ticket(zoe, "secret")
    key = ParticipantFactory(ticket=theirs, contact=ContactFactory()).pk
    for public_id in (theirs.public_id, "a" * 16, "%00"):
        url = f"/support/r/{public_id}/people/"
        for data in (None, {"email": "carl@example.org"}, {"remove": key}):
            answer = client.get(url) if data is None else client.post(url, data)
            assert answer.status_code == 404
    assert Participant.objects.get().pk == key


# -- Removing --------------------------------------------------------------------------


def test_the_requester_removes_anybody_and_others_only_themselves(
    portal, client, ticket, zoe, sign_in
):
    luis = CustomerFactory(name="Luis")
    zoes = ParticipantFactory(ticket=ticket, contact=zoe)
    luis_row = ParticipantFactory(ticket=ticket, contact=luis)
    browser = sign_in(zoe)
    buttons = soup_of(browser.get(url_of(ticket))).select('[name="remove"]')
    assert [b["value"] for b in buttons] == [str(zoes.pk)]
    assert browser.post(url_of(ticket), {"remove": luis_row.pk}).status_code == 404
    assert client.post(url_of(ticket), {"remove": luis_row.pk}).status_code == 302
    assert list(Participant.objects.all()) == [zoes]


@pytest.mark.parametrize("key", ["", "x", "-1", "9" * 18, "9" * 40, "1\x00", "²"])
def test_a_forged_key_is_not_found(portal, client, ticket, key):
    assert client.post(url_of(ticket), {"remove": key}).status_code == 404


def test_who_takes_part_stops_following_on_the_page(
    portal, ticket, zoe, sign_in, client
):
    ParticipantFactory(ticket=ticket, contact=zoe)
    browser = sign_in(zoe)
    assert soup_of(browser.get(url_of(ticket, ""))).select('[value="leave"]')
    assert not soup_of(client.get(url_of(ticket, ""))).select('[value="leave"]')
    response = browser.post(url_of(ticket, ""), {"action": "leave"})
    assert response["Location"] == "/support/"
    assert browser.get(url_of(ticket, "")).status_code == 404
    assert client.post(url_of(ticket, ""), {"action": "leave"}).status_code == 302


def test_a_guest_stops_following_and_adds_nobody(portal, client, ticket):
    """The link opens nothing any more."""
    add(client, ticket)
    send_all()
    guest, link = Client(), LINK.search(mail.outbox[0].body)[1]
    page = soup_of(guest.get(link))
    assert not page.select('[href$="people/"]')
    assert guest.get(f"{link}people/").status_code == 404
    assert page.select('[value="leave"]')
    response = guest.post(link, {"action": "leave"})
    assert response.status_code == 200
    assert "You no longer follow this" in response.content.decode()
    assert guest.get(link).status_code == 410
    assert not Participant.objects.exists()
