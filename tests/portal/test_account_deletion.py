"""Asking for the deletion of one's own data: one request, decided by people (F11)."""

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.utils import timezone

from tests.factories import ChannelFactory, SupportFormFactory
from tests.portal.build import change, close, connect, make_ticket
from wagtail_helpdesk import notifications, outbox
from wagtail_helpdesk.actions import AskForDeletion, MergeTickets
from wagtail_helpdesk.models import Contact, Conversation, Event, Message, Ticket

pytestmark = pytest.mark.django_db

DELETION = "/support/account/deletion/"
BUTTON = "Ask for deletion"


def soup_of(response):
    return BeautifulSoup(response.content, "html.parser")


def buttons(page):
    return [button.text.strip() for button in page.select("#hd-main button")]


def test_the_page_says_what_happens_before_anything_does(portal, client, ana):
    page = soup_of(client.get(DELETION))

    assert "A person reads it" in page.select_one(".hd-steps").text
    assert buttons(page) == [BUTTON]
    assert not Ticket.objects.exists()


def test_asking_opens_one_request_for_people_to_decide(portal, client, ana, inbox):
    response = client.post(DELETION, follow=True)

    ticket = Ticket.objects.get()
    assert ticket.subject == "Please delete my data"
    assert (ticket.contact, ticket.inbox) == (ana, inbox)
    assert (ticket.origin_page_id, ticket.origin_locale) == (portal.pk, "en")
    event = Event.objects.get(kind="deletion_asked")
    assert (event.ticket, event.contact, event.actor_contact) == (ticket, ana, ana)
    assert response.redirect_chain == [(DELETION, 302)]
    page = soup_of(response)
    assert BUTTON not in buttons(page)
    link = page.select_one("#hd-main .hd-btn--primary")
    assert link["href"] == f"/support/r/{ticket.public_id}/"
    assert ticket.reference in link.text
    assert client.get(link["href"]).status_code == 200
    # Nothing is deleted by it.
    assert Contact.objects.get(pk=ana.pk).name == "Ana García"


def test_clicking_twice_or_asking_again_opens_no_second_one(portal, client, ana):
    """UX25."""
    for _ in range(3):
        client.post(DELETION)

    ticket = Ticket.objects.get()
    assert Event.objects.filter(kind="deletion_asked").count() == 1
    assert Message.objects.count() == 1
    account = soup_of(client.get("/support/account/")).text
    assert "You have asked us to delete your data" in account
    assert ticket.reference in client.get(DELETION).content.decode()


def test_two_at_the_same_moment_open_one(portal, ana, monkeypatch):
    """The slower one looked before the first was there, and finds it all the same."""
    made = AskForDeletion(contact=ana, channel=portal.channel).execute()
    looked = []

    def blind_once(action):
        looked.append(action)
        return None if len(looked) == 1 else look(action)

    look = AskForDeletion.existing
    monkeypatch.setattr(AskForDeletion, "existing", blind_once)
    again = AskForDeletion(contact=ana, channel=portal.channel).execute()

    assert (made.created, again.created) == (True, False)
    assert again.ticket == made.ticket
    assert Ticket.objects.count() == 1
    assert Event.objects.filter(kind="deletion_asked").count() == 1


@pytest.mark.parametrize("end", ["closed", "trash", "spam", "conversation"])
def test_once_it_is_answered_one_may_ask_again(portal, client, ana, end):
    client.post(DELETION)
    ticket = Ticket.objects.get()
    if end == "closed":
        close(ticket)
    elif end == "trash":
        Ticket.objects.update(deleted_at=timezone.now())
    elif end == "spam":
        Conversation.objects.update(status="spam")
    else:
        Conversation.objects.update(deleted_at=timezone.now())
    assert BUTTON in buttons(soup_of(client.get(DELETION)))

    for _ in range(2):
        client.post(DELETION)

    assert Ticket.objects.count() == 2
    assert Event.objects.filter(kind="deletion_asked").count() == 2


def test_a_merge_answers_nothing(portal, client, ana):
    """What becomes of the other ticket decides (N15)."""
    client.post(DELETION)
    asked, other = Ticket.objects.get(), make_ticket(ana, "Where is my data?")
    MergeTickets(source=asked, target=other, actor=None).execute()
    assert BUTTON not in buttons(soup_of(client.get(DELETION)))
    close(other)
    assert BUTTON in buttons(soup_of(client.get(DELETION)))


def test_the_request_is_in_the_language_of_the_site(portal, client, ana, settings):
    """Agents read it; the customer's language decides the answer."""
    settings.LANGUAGE_CODE = "en"
    Contact.objects.update(language="es")

    client.post(DELETION, headers={"accept-language": "ar"})

    ticket = Ticket.objects.get()
    assert (ticket.subject, ticket.language) == ("Please delete my data", "es")


def test_the_receipt_is_that_of_any_request(portal, client, ana):
    client.post(DELETION)
    notifications.handle_due()
    outbox.run_due()

    receipts = [sent for sent in mail.outbox if ana.email in sent.to[0]]
    assert len(receipts) == 1


def test_each_customer_has_a_request_of_their_own(portal, client, ana, zoe, sign_in):
    client.post(DELETION)
    browser = sign_in(zoe)

    assert Ticket.objects.get().reference not in browser.get(DELETION).content.decode()
    browser.post(DELETION)

    assert {ticket.contact for ticket in Ticket.objects.all()} == {ana, zoe}


def test_a_portal_with_a_form_alone_sends_it_where_the_form_goes(
    portal, client, ana, inbox
):
    channel = ChannelFactory(inbox=inbox)
    change(portal, channel=None)
    connect(portal, SupportFormFactory(channel=channel))

    client.post(DELETION)

    assert Ticket.objects.get().channel == channel


def test_a_portal_that_takes_nothing_says_so(portal, client, ana):
    change(portal, channel=None)

    page = soup_of(client.get(DELETION))

    assert BUTTON not in buttons(page)
    assert "takes no requests" in page.select_one("#hd-main").text
    assert client.post(DELETION).status_code == 404
    assert not Ticket.objects.exists()


def test_a_channel_that_is_off_says_so_and_loses_nothing(portal, client, ana):
    portal.channel.is_enabled = False
    portal.channel.save()

    response = client.post(DELETION)

    page = soup_of(response)
    assert response.status_code == 409
    assert "switched off" in page.select_one("[role=alert]").text
    assert page.title.text.startswith("Error:")
    assert BUTTON in buttons(page)


def test_an_inbox_without_tickets_takes_it_as_a_conversation(
    portal, client, ana, inbox
):
    """B112."""
    inbox.creates_tickets = False
    inbox.save()

    for _ in range(2):
        response = client.post(DELETION, follow=True)

    conversation = Conversation.objects.get()
    assert conversation.ticket is None
    page = soup_of(response)
    assert BUTTON not in buttons(page)
    assert page.select_one("#hd-main .hd-btn--primary") is None


def test_the_pages_take_few_queries(portal, client, ana, django_assert_max_num_queries):
    make_ticket(ana, "hello")
    client.post(DELETION)
    client.get(DELETION)
    with django_assert_max_num_queries(15):
        client.get(DELETION)
    with django_assert_max_num_queries(15):
        client.get("/support/account/")
