"""Customers say how our help was, by a link from a mail or in the portal (F13)."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import ContactFactory, ParticipantFactory
from tests.portal.build import change, close, make_ticket, without_csrf
from wagtail_helpdesk.access import guest_links
from wagtail_helpdesk.access.guest_links import Use
from wagtail_helpdesk.actions import ChangeStage, TrashTicket
from wagtail_helpdesk.actions.change_stage import reopening_stage
from wagtail_helpdesk.headers import content_security_policy
from wagtail_helpdesk.models import Contact, Event, SatisfactionRating, Ticket
from wagtail_helpdesk.portal import rating

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_tries():
    cache.clear()


@pytest.fixture
def portal(portal):
    change(portal, asks_rating=True)
    return portal


@pytest.fixture
def gina(db) -> Contact:
    """Somebody without an account."""
    return ContactFactory(
        name="Gina Guest", email="gina@acme.example", email__unverified=True
    )


@pytest.fixture
def ticket(portal, gina, inbox) -> Ticket:
    return make_ticket(gina, "x", subject="canary", inbox=inbox, closed=True)


@pytest.fixture
def url(ticket) -> str:
    return url_of(ticket)


def url_of(ticket, contact=None, use=Use.RATE) -> str:
    contact = Contact.objects.get(pk=(contact or ticket.contact).pk)
    token = guest_links.token_for(ticket, contact, contact.email, use)
    return f"/support/csat/{token}/"


def vote(url, score="4", comment="", browser=None, **data):
    data = {"score": score, "comment": comment, **data}
    return (browser or Client()).post(url, data, follow=True)


def said() -> list[tuple[int, str]]:
    rows = SatisfactionRating.objects.order_by("pk")
    return list(rows.values_list("score", "comment"))


def reopen(ticket) -> None:
    ticket.refresh_from_db()
    ChangeStage(ticket=ticket, stage=reopening_stage(ticket), actor=None).execute()


def close_long_ago(ticket) -> None:
    closed_at = timezone.now() - timedelta(days=7, seconds=1)
    Ticket.objects.filter(pk=ticket.pk).update(closed_at=closed_at)


# -- The link from the mail ----------------------------------------------------------


def test_opening_the_link_never_votes(url):
    """A mail scanner follows each of the five links."""
    for score in range(1, 6):
        response = Client().get(f"{url}?score={score}")
        assert response.status_code == 200
        page = BeautifulSoup(response.content, "html.parser")
        chosen = page.select("input[type=radio][checked]")
        assert [one["value"] for one in chosen] == [str(score)]
    assert Client().head(url).status_code == 200
    assert Client().get(f"{url}?score=9").status_code == 200
    assert said() == []


def test_the_button_votes_once_and_thanks(url, ticket, gina):
    for _click in range(2):
        response = vote(url, "4", "Quick & <b>kind</b>")
        assert "Thank you" in response.content.decode()
        assert "You said: <strong>Good</strong>" in response.content.decode()
    assert said() == [(4, "Quick & <b>kind</b>")]
    event = Event.objects.get(kind=Event.Kind.TICKET_RATED)
    assert (event.ticket, event.actor_contact) == (ticket, gina)
    assert event.data == {"before": {"score": None}, "after": {"score": 4}}


def test_it_may_be_changed_for_seven_days_and_then_is_over_in_words(url, ticket):
    vote(url, "2", "Slow")
    vote(url, "5", "")
    assert said() == [(5, "")]
    close_long_ago(ticket)
    response = vote(url, "1", "Nothing of this may be lost")
    content = response.content.decode()
    assert "It can no longer be rated" in content
    assert "You said: <strong>Very good</strong>" in content
    assert "Nothing of this may be lost" in content
    assert said() == [(5, "")]


def test_each_closing_is_asked_about_anew(url, ticket):
    vote(url, "1")
    reopen(ticket)
    assert "It is open again" in vote(url, "5").content.decode()
    assert said() == [(1, "")]
    close(Ticket.objects.get(pk=ticket.pk))
    page = Client().get(url).content.decode()
    assert "You said" not in page
    vote(url, "4")
    assert said() == [(1, ""), (4, "")]


def test_bad_input_is_told_and_nothing_is_lost(url):
    response = vote(url, "", "Kept text")
    content = response.content.decode()
    assert "Choose one of the five answers." in content
    assert "Kept text" in content
    assert "<title>Error:" in content
    for score in ("0", "6", "x", "4\x00"):
        assert vote(url, score).status_code == 200
    assert "at most 2000 fit" in vote(url, "4", "x" * 2001).content.decode()
    assert said() == []


def test_the_page_tells_the_number_only_and_stays_private(url, ticket, portal):
    """Whoever holds the link has not signed in."""
    change(portal, rating_question="Were we fast?")
    response = Client().get(url)
    content = response.content.decode()
    assert "Were we fast?" in content
    assert ticket.reference in content
    assert "canary" not in content and "Gina" not in content
    token = url.split("/")[-2]
    page = BeautifulSoup(content, "html.parser")
    assert token not in "".join(a["href"] for a in page.select("a[href]"))
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Referrer-Policy"] == "strict-origin"
    assert response["Content-Security-Policy"] == content_security_policy()


def test_a_link_that_may_not_answers_as_one_that_was_never_there(
    portal, ticket, url, gina, zoe, agent, monkeypatch
):
    def told(address):
        """Status and bytes, but for the address and the ticket that it names."""
        token = address.split("/")[-2]
        ways = (quote(f"r/{token[:16]}/", safe=""), token)
        found = []
        for one in (Client().get(address), Client().post(address, {"score": "3"})):
            content = without_csrf(one.content)
            for way in ways:
                content = content.replace(way, "")
            found.append((one.status_code, content))
        return found

    missing = told(f"/support/csat/{url.split('/')[-2][:16]}/")
    assert [status for status, _content in missing] == [404, 404]
    assert "We cannot find it" in missing[0][1]
    foreign = make_ticket(zoe, "x", closed=True)
    cases = [
        url_of(ticket, use=Use.READ),
        url_of(foreign, gina),
        f"{url[:-2]}A/" if url[-2] != "A" else f"{url[:-2]}B/",
    ]
    assert [told(case) for case in cases] == [missing] * 3
    assert Client().get(url_of(ticket).replace("/csat/", "/g/")).status_code == 410
    change(portal, asks_rating=False)
    assert told(url) == missing
    change(portal, asks_rating=True, requires_groups=True)
    assert told(url) == missing
    change(portal, requires_groups=False, consent_text="<p>Agree.</p>")
    assert told(url) == missing
    change(portal, consent_text="")
    with monkeypatch.context() as patch:
        patch.setattr("wagtail_helpdesk.portal.views.rating.LINK_DAYS", 0)
        assert told(url) == missing
    Contact.objects.filter(pk=gina.pk).update(is_blocked=True)
    assert told(url) == missing
    Contact.objects.filter(pk=gina.pk).update(is_blocked=False)
    TrashTicket(ticket=ticket, actor=agent).execute(skip_permission_checks=True)
    assert told(url) == missing
    assert said() == []


def test_a_comment_sent_to_a_dead_link_is_not_lost(portal):
    response = vote("/support/csat/missing/", comment="My words")
    assert response.status_code == 404
    assert "My words" in response.content.decode()


def test_who_presses_without_end_is_asked_to_wait(url, monkeypatch):
    monkeypatch.setattr(rating, "TRIES", (2, 3600))
    assert [vote(url, score).status_code for score in "123"] == [200, 200, 429]
    assert said() == [(2, "")]


# -- The page of the request ---------------------------------------------------------


@pytest.fixture
def own(portal, ana, inbox):
    return make_ticket(ana, "x", inbox=inbox, closed=True)


def page_url(ticket) -> str:
    return f"/support/r/{ticket.public_id}/"


def block(browser, ticket):
    page = BeautifulSoup(browser.get(page_url(ticket)).content, "html.parser")
    return page.find(id="rating")


def test_a_customer_rates_on_the_page_of_the_request(client, own):
    assert "How was our help?" in block(client, own).text
    response = vote(page_url(own), "5", "Thanks!", browser=client, action="rate")
    assert "Thank you for your rating." in response.content.decode()
    assert "Very good" in block(client, own).text
    assert said() == [(5, "Thanks!")]
    # What was said stands beside the conversation, never in it.
    thread = BeautifulSoup(response.content, "html.parser").find("ol", "hd-thread")
    assert "Thanks!" not in thread.text
    text = b"".join(client.get(f"{page_url(own)}transcript/"))
    assert b"Thanks!" not in text


def test_what_is_wrong_is_told_on_the_page_of_the_request(client, own):
    response = vote(page_url(own), "", "Kept text", browser=client, action="rate")
    section = BeautifulSoup(response.content, "html.parser").find(id="rating")
    assert "There is a problem" in section.text
    assert "Kept text" in section.text


@pytest.mark.parametrize("why", ["open", "long ago", "off"])
def test_it_is_asked_while_it_may_be_answered_only(client, own, portal, why):
    if why == "open":
        reopen(own)
    elif why == "long ago":
        close_long_ago(own)
    else:
        change(portal, asks_rating=False)
    assert block(client, own) is None
    response = vote(page_url(own), browser=client, action="rate")
    assert "It can no longer be rated." in response.content.decode()
    assert said() == []


def test_participants_are_not_asked(sign_in, own, zoe):
    ParticipantFactory(ticket=own, contact=zoe)
    browser = sign_in(zoe)
    assert block(browser, own) is None
    vote(page_url(own), browser=browser, action="rate")
    assert said() == []


def test_a_guest_rates_on_the_page_of_the_link(ticket, gina):
    url = url_of(ticket, use=Use.READ).replace("/csat/", "/g/")
    assert "How was our help?" in Client().get(url).content.decode()
    vote(url, "3", action="rate")
    assert said() == [(3, "")]


def test_an_answer_of_an_ended_session_stands_in_the_form_again(own, ana):
    """UX27."""
    browser = Client()
    browser.post(page_url(own), {"action": "rate", "score": "2", "comment": "Kept"})
    browser.force_login(ana.user, backend="django.contrib.auth.backends.ModelBackend")
    section = block(browser, own)
    assert section.select_one("input[checked]")["value"] == "2"
    assert "Kept" in section.find("textarea").text


def test_the_file_of_the_own_data_has_it(client, own):
    vote(page_url(own), "5", "Thanks!", browser=client, action="rate")
    client.post(reverse("account_reauthenticate"), {"password": "helpdesk-demo"})
    response = client.post("/support/account/download/")
    data = json.loads(b"".join(response.streaming_content))
    (kept,) = data["tickets"][0]["ratings"]
    assert (kept["score"], kept["comment"]) == (5, "Thanks!")
