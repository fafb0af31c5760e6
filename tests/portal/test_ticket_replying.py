"""Replying while others write, replying and closing at once, opening again (F7, R7)."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.factories import (
    ContactFactory,
    ConversationFactory,
    MessageFactory,
    ParticipantFactory,
)
from tests.portal.build import answer, change, close, conversation_of, make_ticket
from wagtail_helpdesk.access import guest_links
from wagtail_helpdesk.models import Message, Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(portal, ana):
    return make_ticket(ana, "hello")


def url_of(ticket):
    return f"/support/r/{ticket.public_id}/"


def soup_of(response):
    return BeautifulSoup(response.content, "html.parser")


def fields(page):
    """What the reply's form sends, without the text."""
    form = page.select_one(".hd-reply form")
    return {i["name"]: i.get("value", "") for i in form.select("[type=hidden]")}


def send(client, url, page, body="Mine", action="reply", **more):
    return client.post(url, {**fields(page), "body": body, "action": action, **more})


def own_replies(ticket):
    return Message.objects.filter(conversation__ticket=ticket, body_text="Mine").count()


# -- Somebody else has written meanwhile ----------------------------------------------


def test_a_reply_waits_until_what_is_new_was_read(portal, client, ticket, agent):
    """Nothing is sent, nothing is lost, and a second press sends it."""
    page = soup_of(client.get(url_of(ticket)))
    answer(ticket, agent, "Restart it")

    response = send(client, url_of(ticket), page)

    assert response.status_code == 409
    assert not own_replies(ticket)
    again = soup_of(response)
    assert "Somebody else has written meanwhile" in again.select_one(".hd-summary").text
    assert again.textarea.text.strip() == "Mine"
    assert [m.text for m in again.select(".hd-badge--new")] == ["New"]
    assert again.select_one('[value="reply"]').text == "Send anyway"
    new = again.select_one(".hd-note--warning a")["href"].lstrip("#")
    assert "Restart it" in again.find(id=new).text

    assert send(client, url_of(ticket), again).status_code == 302
    assert own_replies(ticket) == 1


def test_it_waits_again_if_more_has_come(portal, client, ticket, agent):
    page = soup_of(client.get(url_of(ticket)))
    answer(ticket, agent, "One")
    again = soup_of(send(client, url_of(ticket), page))
    answer(ticket, agent, "Two")
    assert send(client, url_of(ticket), again).status_code == 409


def test_files_have_to_be_chosen_again_and_are_named(portal, client, ticket, agent):
    page = soup_of(client.get(url_of(ticket)))
    answer(ticket, agent, "Restart it")
    files = [SimpleUploadedFile("log.txt", b"text")]
    response = send(client, url_of(ticket), page, files=files)
    summary = soup_of(response).select_one(".hd-summary").text
    assert "Choose your files again: log.txt" in summary


@pytest.mark.parametrize("what", ["own", "note", "hidden", "unsent", "other ticket"])
def test_what_is_not_news_stops_nobody(portal, client, ana, ticket, agent, what):
    """L13: a notice about a note would tell of it."""
    page = soup_of(client.get(url_of(ticket)))
    conversation = conversation_of(ticket)
    if what == "own":
        MessageFactory(conversation=conversation, author_contact=ana)
    elif what == "note":
        MessageFactory(
            conversation=conversation, direction="internal", author_agent=agent
        )
    elif what == "hidden":
        hidden = ConversationFactory(ticket=ticket, is_customer_visible=False)
        MessageFactory(conversation=hidden, author_contact=ContactFactory())
    elif what == "unsent":
        later = timezone.now() + timedelta(minutes=1)
        answer(ticket, agent, "wait", release_at=later)
    else:
        answer(make_ticket(ana, "another"), agent, "Restart it")
    assert send(client, url_of(ticket), page).status_code == 302


def test_a_reply_that_could_be_taken_back_then_is_news_now(
    portal, client, ticket, agent
):
    """R16: it is older than the newest message on the page, and was not there."""
    held = answer(
        ticket, agent, "Wait", release_at=timezone.now() + timedelta(minutes=1)
    )
    MessageFactory(conversation=conversation_of(ticket), body_text="and then")
    page = soup_of(client.get(url_of(ticket)))
    Message.objects.filter(pk=held.pk).update(release_at=timezone.now())
    response = send(client, url_of(ticket), page)
    assert response.status_code == 409
    assert "Wait" in soup_of(response).select_one(".hd-thread").text


def test_a_second_click_is_not_asked_about_again(portal, client, ticket, agent):
    """UX25: it was sent, whatever has come since."""
    page = soup_of(client.get(url_of(ticket)))
    first = send(client, url_of(ticket), page)
    answer(ticket, agent, "Restart it")
    second = send(client, url_of(ticket), page)
    assert second["Location"] == first["Location"]
    assert own_replies(ticket) == 1


@pytest.mark.parametrize(
    "seen", ["", ".", "x", f"{'a' * 16}.{'9' * 16}", ".9999999999999999", "a\x00b.1"]
)
def test_a_forged_note_of_what_was_seen_is_never_an_error(
    portal, client, ticket, agent, seen
):
    answer(ticket, agent, "Restart it")
    data = {"body": "Mine", "action": "reply", "seen": seen}
    assert client.post(url_of(ticket), data).status_code == 302


def test_a_guest_is_told_too(portal, client, agent):
    gina = ContactFactory(email="g@acme.example", email__unverified=True)
    ticket = make_ticket(gina, "hello")
    client.logout()
    url = f"/support/g/{guest_links.token_for(ticket, gina, 'g@acme.example')}/"
    page = soup_of(client.get(url))
    answer(ticket, agent, "Restart it")
    again = send(client, url, page)
    assert again.status_code == 409
    assert send(client, url, soup_of(again)).status_code == 302


# -- Reply and close ------------------------------------------------------------------


def test_a_last_word_closes_the_request(portal, client, ticket):
    page = soup_of(client.get(url_of(ticket)))
    assert not page.select('[value="reply_close"]')
    change(portal, may_close=True)
    page = soup_of(client.get(url_of(ticket)))
    response = send(client, url_of(ticket), page, action="reply_close")
    assert response.status_code == 302
    ticket.refresh_from_db()
    assert ticket.is_closed
    assert own_replies(ticket) == 1
    told = soup_of(client.get(url_of(ticket))).select_one(".hd-messages").text
    assert f"Your reply was sent. {ticket.reference} is closed." in told
    assert "You can open it again until" in told
    # The same form once more changes nothing, also after somebody opened it again.
    client.post(url_of(ticket), {"action": "reopen"})
    send(client, url_of(ticket), page, action="reply_close")
    ticket.refresh_from_db()
    assert not ticket.is_closed
    assert own_replies(ticket) == 1


def test_if_it_cannot_be_closed_the_reply_is_not_sent_either(portal, client, ticket):
    """Both or neither; the text stays."""
    change(portal, may_close=True)
    page = soup_of(client.get(url_of(ticket)))
    Stage.objects.create(
        pipeline=ticket.pipeline, key="solved", name="Solved", category="closed"
    )
    response = send(client, url_of(ticket), page, action="reply_close")
    assert soup_of(response).textarea.text.strip() == "Mine"
    assert "cannot be closed here" in response.content.decode()
    assert not own_replies(ticket)


def test_who_may_not_close_has_replied_all_the_same(portal, client, ticket):
    page = soup_of(client.get(url_of(ticket)))
    send(client, url_of(ticket), page, action="reply_close")
    ticket.refresh_from_db()
    assert not ticket.is_closed
    assert own_replies(ticket) == 1


# -- Open again -----------------------------------------------------------------------


def test_a_closed_request_is_opened_again_without_a_word(portal, client, ticket):
    """R7: where a reply would do so too."""
    close(ticket)
    (button,) = soup_of(client.get(url_of(ticket))).select('[value="reopen"]')
    assert button.text == "Open this request again"
    assert client.post(url_of(ticket), {"action": "reopen"}).status_code == 302
    ticket.refresh_from_db()
    assert not ticket.is_closed
    assert (
        f"{ticket.reference} is open again."
        in client.get(url_of(ticket)).content.decode()
    )
    assert client.post(url_of(ticket), {"action": "reopen"}).status_code == 302


@pytest.mark.parametrize("why", ["too late", "not allowed"])
def test_outside_the_window_it_stays_closed(portal, client, ticket, why):
    close(ticket, at=timezone.now() - timedelta(days=15 if why == "too late" else 0))
    if why == "not allowed":
        change(portal, reply_on_closed=False)
    assert not soup_of(client.get(url_of(ticket))).select('[value="reopen"]')
    client.post(url_of(ticket), {"action": "reopen"})
    ticket.refresh_from_db()
    assert ticket.is_closed


def test_a_participant_opens_it_again_and_a_stranger_does_not(
    portal, ticket, zoe, sign_in
):
    close(ticket)
    browser = sign_in(zoe)
    assert browser.post(url_of(ticket), {"action": "reopen"}).status_code == 404
    ParticipantFactory(ticket=ticket, contact=zoe)
    browser.post(url_of(ticket), {"action": "reopen"})
    ticket.refresh_from_db()
    assert not ticket.is_closed


# -- What was there already -----------------------------------------------------------


def test_longer_quoted_text_is_folded(portal, client, ticket):
    """F7: it opens without script."""
    quote = "\n".join(f"> line {number}" for number in range(5))
    MessageFactory(
        conversation=conversation_of(ticket), body_text=f"See below\n{quote}"
    )
    folded = soup_of(client.get(url_of(ticket))).select_one("details.hd-quote")
    assert folded.summary.text == "Quoted text"
    assert "line 4" in folded.text
    assert not folded.has_attr("open")
