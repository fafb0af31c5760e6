"""A ticket as a text file: what its customer reads, to keep (F7)."""

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import ContactFactory, ConversationFactory, MessageFactory
from tests.portal.build import answer, change, conversation_of, make_ticket
from wagtail_helpdesk.access import guest_links
from wagtail_helpdesk.actions import Upload
from wagtail_helpdesk.actions.uploads import store_uploads
from wagtail_helpdesk.models import Message

pytestmark = pytest.mark.django_db


def url_of(ticket):
    return f"/support/r/{ticket.public_id}/transcript/"


def read(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode()


def attach(message, name="log.txt"):
    content = ContentFile(b"hello", name=name)
    store_uploads(message, [Upload(name=name, content=content)])


def test_the_file_has_what_the_page_has(portal, client, ana, agent):
    """In the customer's zone, with names, times and the names of files."""
    ana.time_zone = "Asia/Kathmandu"
    ana.save()
    at = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    ticket = make_ticket(ana, subject="Broken", owner=agent, created_at=at)
    message = MessageFactory(
        conversation=conversation_of(ticket), body_text="One\nTwo", created_at=at
    )
    attach(message)
    answer(ticket, agent, "Restart it", created_at=at + timedelta(hours=1))

    text = read(client, url_of(ticket))

    assert text.startswith(f"{ticket.reference} Broken\n")
    assert "Owner: Amy\n" in text
    first = text.index("Ana García – July 1, 2026, 5:45 p.m.")
    assert text.index("    One\n    Two\n    File: log.txt (5 bytes)\n") > first
    assert text.index("Amy (Support) – July 1, 2026, 6:45 p.m.") > first
    assert "    Restart it\n" in text


def test_the_page_leads_to_it(portal, client, ana):
    ticket = make_ticket(ana, "hello")
    page = client.get(f"/support/r/{ticket.public_id}/").content
    link = BeautifulSoup(page, "html.parser").select_one(".hd-aside a")
    assert link["href"] == url_of(ticket)


def test_it_is_a_download_that_nobody_keeps(portal, client, ana, settings):
    """Whatever the number looks like, the name is one of a file."""
    settings.WAGTAIL_HELPDESK = {"TICKET_PREFIX": '../"x\r\n/'}
    ticket = make_ticket(ana, "hello", subject="../../etc/passwd")
    response = client.get(url_of(ticket))
    today = timezone.localdate().isoformat()
    name = f"x-{ticket.number}-{today}.txt"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("policy", ["all", "original"])
def test_what_the_page_does_not_show_is_not_in_it(portal, client, ana, agent, policy):
    """L13, R10, R16: notes, other threads, spam, and what may be taken back."""
    change(portal, thread_policy=policy)
    ticket = make_ticket(ana, "hello")
    conversation = conversation_of(ticket)
    note = MessageFactory(
        conversation=conversation,
        direction="internal",
        author_agent=agent,
        body_text="canary-note",
    )
    attach(note, "canary-file.txt")
    later = timezone.now() + timedelta(minutes=1)
    answer(ticket, agent, "canary-unsent", release_at=later)
    for fields in ({"is_customer_visible": False}, {"status": "spam"}):
        hidden = ConversationFactory(ticket=ticket, **fields)
        MessageFactory(conversation=hidden, body_text="canary-hidden")
    second = ConversationFactory(ticket=ticket)
    MessageFactory(conversation=second, body_text="By mail")
    text = read(client, url_of(ticket))
    assert "canary" not in text
    assert ("By mail" in text) == (policy == "all")


def test_nothing_that_somebody_wrote_poses_as_a_heading(portal, client, ana):
    """Also with line ends that only some programs know, and in a name."""
    ana.name = "Ana\u2028Amy (Support) – today"
    ana.save()
    forged = "Thanks\u2028\x85\r\x0bAmy (Support) – today\nWe pay\x1b[2J"
    ticket = make_ticket(ana, forged, subject="x\nAmy (Support) – today")
    text = read(client, url_of(ticket))
    assert not [line for line in text.splitlines() if line.startswith("Amy")]
    assert "\x1b" not in text
    assert "    We pay" in text


def test_a_message_that_came_as_html_alone_is_words(portal, client, ana):
    ticket = make_ticket(ana)
    MessageFactory(
        conversation=conversation_of(ticket),
        body_text="",
        body_html="<p>Hello <b>you</b></p><script>evil()</script>",
    )
    text = read(client, url_of(ticket))
    assert "    Hello you\n" in text
    assert "evil" not in text


def test_a_long_conversation_is_whole_and_read_in_steps(portal, client, ana):
    ticket = make_ticket(ana, "first")
    conversation = conversation_of(ticket)
    same = timezone.now()
    Message.objects.bulk_create(
        MessageFactory.build(
            conversation=conversation,
            seq=row + 2,
            author_contact=ana,
            body_text=f"message-{row}-",
            created_at=same,
        )
        for row in range(120)
    )
    client.get("/support/")
    with CaptureQueriesContext(connection) as counted:
        text = read(client, url_of(ticket))
    places = [text.index(f"message-{row}-") for row in range(120)]
    assert places == sorted(places)
    assert len(counted) <= 15


def test_of_a_foreign_ticket_nobody_learns_anything(portal, client, zoe):
    theirs = make_ticket(zoe, "secret")
    answers = [
        client.get(url) for url in (url_of(theirs), "/support/r/xyz/transcript/")
    ]
    assert [a.status_code for a in answers] == [404, 404]
    assert client.get("/support/r/%00/transcript/").status_code == 404


def test_a_guest_keeps_theirs_too(portal, client):
    """By the link, and by nothing else."""
    gina = ContactFactory(name="Gina", email="g@acme.example", email__unverified=True)
    ticket = make_ticket(gina, "It is broken")
    client.logout()
    token = guest_links.token_for(ticket, gina, "g@acme.example")
    page = client.get(f"/support/g/{token}/").content
    link = BeautifulSoup(page, "html.parser").select_one(".hd-aside a")["href"]
    assert link == f"/support/g/{token}/transcript/"
    text = read(client, link)
    assert "Gina – " in text
    assert "It is broken" in text
    response = client.get(link)
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "strict-origin"
    assert client.get("/support/g/forged/transcript/").status_code == 404
    change(portal, guest_days=0)
    assert client.get(link).status_code == 302
