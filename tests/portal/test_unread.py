"""Answers that a customer has not read: on the list and on the request (F6, F7)."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from tests.factories import (
    ContactFactory,
    ConversationFactory,
    CustomerFactory,
    MessageFactory,
    OrganizationFactory,
    ParticipantFactory,
)
from tests.portal.build import answer, change, conversation_of, make_ticket
from tests.portal.test_guest import url_of as guest_url
from wagtail_helpdesk.actions import (
    ClaimContact,
    MarkTicketRead,
    MergeTickets,
    UnmergeTicket,
)
from wagtail_helpdesk.exceptions import ActionPermissionError
from wagtail_helpdesk.models import Contact, PortalRules, ReadMark

pytestmark = pytest.mark.django_db


def url_of(ticket):
    return f"/support/r/{ticket.public_id}/"


def marked(client):
    """The subjects with the mark."""
    soup = BeautifulSoup(client.get("/support/").content, "html.parser")
    return {
        link.select_one(".hd-request__subject").text
        for link in soup.select(".hd-request__link")
        if "New reply" in link.text
    }


def opened(client, ticket, **headers):
    """The page of a ticket, which is read by that."""
    response = client.get(url_of(ticket), **headers)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def fresh(soup):
    """The texts of the messages that are marked as new."""
    return [
        " ".join(message.select_one(".hd-message__body").text.split())
        for message in soup.select(".hd-message")
        if message.select_one(".hd-badge--new")
    ]


@pytest.fixture
def ticket(portal, ana, agent):
    """A ticket with an answer."""
    ticket = make_ticket(ana, "It is broken", subject="Broken")
    answer(ticket, agent, "Is it plugged in?")
    return ticket


def test_an_answer_is_marked_until_it_is_read(ticket, client, agent):
    """UX12: in words. The link leads to the first new message."""
    make_ticket(ticket.contact, "Quiet", subject="Without an answer")
    assert marked(client) == {"Broken"}
    list_page = BeautifulSoup(client.get("/support/").content, "html.parser")
    assert list_page.find("a", href=f"{url_of(ticket)}#new")

    page = opened(client, ticket)
    assert fresh(page) == ["Is it plugged in?"]
    first = page.select_one("#new").find_parent("li")
    assert "plugged in" in first.text and "New from here on" in first.text

    assert marked(client) == set()
    again = opened(client, ticket)
    assert fresh(again) == [] and again.select_one("#new") is None

    answer(ticket, agent, "Tell us more")
    assert marked(client) == {"Broken"}
    assert fresh(opened(client, ticket)) == ["Tell us more"]


def test_what_was_answered_before_there_were_marks_is_read(ticket, client, ana):
    """No customer finds years of answers marked."""
    Contact.objects.filter(pk=ana.pk).update(read_until=timezone.now())
    assert marked(client) == set()
    assert fresh(opened(client, ticket)) == []
    assert not ReadMark.objects.exists()


def test_nothing_is_written_where_nothing_is_new(
    ticket, client, django_assert_max_num_queries
):
    opened(client, ticket)
    before = list(ReadMark.objects.values())
    with django_assert_max_num_queries(15) as sent:
        opened(client, ticket)
    assert list(ReadMark.objects.values()) == before
    assert not [q for q in sent if "read" in q["sql"] and "UPDATE" in q["sql"]]


@pytest.mark.parametrize(
    "change_it",
    [
        {"direction": "internal"},
        {"release_at": timezone.now() + timedelta(days=1)},
        {"conversation__is_customer_visible": False},
        {"conversation__status": "spam"},
        {"conversation__deleted_at": timezone.now()},
    ],
    ids=["note", "may be taken back", "hidden", "spam", "trash"],
)
def test_a_mark_tells_of_no_message_that_is_not_shown(
    portal, client, ana, agent, change_it
):
    """R10, R16."""
    ticket = make_ticket(ana, "It is broken", subject="Broken")
    other = ConversationFactory(ticket=ticket)
    hidden = MessageFactory(
        conversation=other, direction="outbound", author_agent=agent, body_text="Psst"
    )
    assert marked(client) == {"Broken"}
    for name, value in change_it.items():
        on, _, field = name.rpartition("__")
        row = other if on else hidden
        setattr(row, field, value)
        row.save()
    assert marked(client) == set()
    assert fresh(opened(client, ticket)) == []


def test_the_first_conversation_alone_counts_where_it_alone_is_shown(
    portal, client, ticket, agent
):
    """L2."""
    opened(client, ticket)
    MessageFactory(
        conversation=ConversationFactory(ticket=ticket),
        direction="outbound",
        author_agent=agent,
    )
    assert marked(client) == {"Broken"}
    change(portal, thread_policy="original")
    assert marked(client) == set()
    answer(ticket, agent, "In the first one")
    assert marked(client) == {"Broken"}


def test_an_answer_is_as_new_as_the_moment_it_came_out(ticket, client, agent):
    """R16: read meanwhile was only what had come out."""
    tomorrow = timezone.now() + timedelta(days=1)
    late = answer(ticket, agent, "Late", release_at=tomorrow)
    answer(ticket, agent, "Early")
    assert fresh(opened(client, ticket)) == ["Is it plugged in?", "Early"]
    late.release_at = timezone.now() - timedelta(microseconds=1)
    late.save()
    assert marked(client) == {"Broken"}
    assert fresh(opened(client, ticket)) == ["Late"]


def test_whoever_answers_has_read(ticket, client, ana, zoe):
    """By mail too; what others write says nothing about the reader."""
    ParticipantFactory(ticket=ticket, contact=zoe)
    MessageFactory(conversation=conversation_of(ticket), author_contact=zoe)
    assert marked(client) == {"Broken"}
    MessageFactory(conversation=conversation_of(ticket), author_contact=ana)
    assert marked(client) == set()
    assert fresh(opened(client, ticket)) == []


@pytest.mark.parametrize("read", ["neither", "merged", "target"])
def test_a_merge_reads_nothing_and_marks_nothing_anew(ticket, client, ana, agent, read):
    """N15: each half stays as new as it was, whichever was read or written on last."""
    target = make_ticket(ana, "Again", subject="Again")
    answer(target, agent, "Try the other socket")
    if read != "neither":
        opened(client, ticket if read == "merged" else target)
    else:
        MessageFactory(conversation=conversation_of(ticket), author_contact=ana)
        answer(ticket, agent, "And the cable?")
    MergeTickets(source=ticket, target=target, actor=None).execute()
    new = {
        "neither": ["Try the other socket", "And the cable?"],
        "merged": ["Try the other socket"],
        "target": ["Is it plugged in?"],
    }
    assert marked(client) == {"Again"}
    assert fresh(opened(client, target)) == new[read]
    assert marked(client) == set()
    assert fresh(opened(client, target)) == []
    ticket.refresh_from_db()
    UnmergeTicket(ticket=ticket, actor=None).execute()
    assert marked(client) == set()


def test_each_reader_has_marks_of_their_own(portal, ticket, client, sign_in):
    acme = OrganizationFactory(sharing="organization")
    luis = CustomerFactory(organization=acme)
    # Luis was there before the answer.
    Contact.objects.filter(pk=luis.pk).update(
        read_until=timezone.now() - timedelta(days=1)
    )
    ticket.organization = acme
    ticket.save()
    change(portal, sharing="organization")
    opened(client, ticket)
    browser = sign_in(luis)
    assert marked(browser) == {"Broken"}
    opened(browser, ticket)
    assert marked(browser) == set()


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_SEC_PURPOSE": "prefetch;prerender"},
        {"HTTP_PURPOSE": "prefetch"},
        {"REQUEST_METHOD": "HEAD"},
    ],
    ids=str,
)
def test_fetched_is_not_yet_read(ticket, client, headers):
    assert client.get(url_of(ticket), **headers).status_code == 200
    assert marked(client) == {"Broken"}


def test_a_link_from_a_mail_reads_nothing(portal, agent):
    """Programs that look through mails open it."""
    guest = ContactFactory()
    ticket = make_ticket(guest, "It is broken")
    answer(ticket, agent, "Is it plugged in?")
    page = BeautifulSoup(Client().get(guest_url(ticket)).content, "html.parser")
    assert "plugged in" in page.select_one(".hd-thread").text
    assert fresh(page) == [] and page.select_one("#new") is None
    assert not ReadMark.objects.exists()


def test_the_first_new_message_is_never_folded(ticket, client, agent):
    """F7: the link from the list has a place to lead to."""
    for number in range(30):
        MessageFactory(
            conversation=conversation_of(ticket),
            author_contact=CustomerFactory(),
            body_text=f"Me too {number}",
        )
    page = opened(client, ticket)
    assert "plugged in" in page.select_one("#new").find_parent("li").text
    assert page.select_one(".hd-earlier").text.strip() == "Show 1 earlier message"
    assert len(opened(client, ticket).select(".hd-message")) == 20


def test_a_second_tab_does_not_take_the_mark_back(ticket, ana):
    """Two tabs, of which the older page is answered last."""
    now = timezone.now()
    rules = PortalRules()
    for until in (now, now - timedelta(hours=1)):
        MarkTicketRead(ticket=ticket, contact=ana, portal=rules, until=until).execute()
    assert ReadMark.objects.get().read_until == now


def test_nobody_marks_a_ticket_that_is_not_theirs(ticket, zoe):
    marking = MarkTicketRead(
        ticket=ticket, contact=zoe, portal=PortalRules(), until=timezone.now()
    )
    with pytest.raises(ActionPermissionError):
        marking.execute()


@pytest.mark.parametrize("days", [0, 30], ids=["the account is newer", "older"])
def test_what_was_unread_stays_unread_when_two_contacts_become_one(
    portal, client, ana, zoe, agent, days
):
    """R17: the account and the address came at different times."""
    now = timezone.now()
    guest = ContactFactory(email="second@example.com")
    for contact, ago in ((ana, days), (guest, 20)):
        since = now - timedelta(days=ago)
        Contact.objects.filter(pk=contact.pk).update(read_until=since)
    acme = OrganizationFactory(sharing="organization")
    acme.memberships.create(contact=ana if days == 0 else guest, is_primary=True)
    change(portal, sharing="organization")
    for contact, subject in ((ana, "Ana's"), (guest, "Guest's"), (zoe, "Shared")):
        shared = acme if subject == "Shared" else None
        ticket = make_ticket(contact, subject=subject, organization=shared)
        answer(ticket, agent, "!", created_at=now - timedelta(days=25 if days else 10))
    # Whoever was there first has not read it; to the other it was never new.
    ClaimContact(user=ana.user, email="second@example.com").execute()
    assert marked(client) == {"Ana's" if days else "Guest's"}


def test_what_was_read_stays_read_when_two_contacts_become_one(ana, agent):
    """R17."""
    other = ContactFactory(email="second@example.com")
    theirs, both = make_ticket(other), make_ticket(ana)
    early, late = timezone.now() - timedelta(days=2), timezone.now()
    for contact, ticket, until in (
        (other, theirs, early),
        (other, both, late),
        (ana, both, early),
    ):
        ReadMark.objects.create(contact=contact, ticket=ticket, read_until=until)
    ClaimContact(user=ana.user, email="second@example.com").execute()
    marks = dict(ana.read_marks.values_list("ticket", "read_until"))
    assert marks == {theirs.pk: early, both.pk: late}
