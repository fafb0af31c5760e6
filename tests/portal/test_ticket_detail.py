"""One request as its customer sees it: conversation, details, reply, closing (F7)."""

from datetime import timedelta
from io import BytesIO
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import (
    ChannelFactory,
    ConversationFactory,
    CustomerFactory,
    MessageFactory,
    OrganizationFactory,
    ParticipantFactory,
    TicketFactory,
)
from tests.portal.build import (
    answer,
    change,
    close,
    conversation_of,
    make_ticket,
    without_csrf,
)
from wagtail_helpdesk.models import (
    Attachment,
    Message,
    Stage,
    Ticket,
    TicketProperty,
)
from wagtail_helpdesk.portal.models import PortalClosedStage

pytestmark = pytest.mark.django_db

TOKEN = "a-token-of-this-test-0001"


def url_of(ticket):
    return f"/support/r/{ticket.public_id}/"


def get(client, ticket, query=""):
    response = client.get(url_of(ticket) + query)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def text_of(soup, selector="main, #hd-main"):
    return " ".join(soup.select_one(selector).text.split())


def reply(client, ticket, body="Thank you", **data):
    data = {"body": body, "client_token": TOKEN, "action": "reply", **data}
    return client.post(url_of(ticket), data)


def thread(soup):
    return [" ".join(body.text.split()) for body in soup.select(".hd-message__body")]


# -- Reading -------------------------------------------------------------------------


def test_the_whole_conversation_is_shown_with_its_authors(portal, client, ana, agent):
    """B62, B42, UX52: every conversation of the ticket, in the order of time."""
    now = timezone.now()
    ticket = make_ticket(ana, subject="Broken")
    mail = ConversationFactory(ticket=ticket)
    for hours, conversation, text in [
        (5, conversation_of(ticket), "It is broken"),
        (3, mail, "By mail: still broken"),
    ]:
        MessageFactory(
            conversation=conversation,
            body_text=text,
            created_at=now - timedelta(hours=hours),
        )
    answer(ticket, agent, "Restart it", created_at=now - timedelta(hours=4))
    soup = get(client, ticket)
    assert soup.h1.text == "Broken"
    assert soup.h1["dir"] == "auto"
    assert thread(soup) == ["It is broken", "Restart it", "By mail: still broken"]
    authors = [head.text for head in soup.select(".hd-message__by strong")]
    assert authors == ["You", "Amy", "You"]
    assert soup.title.text.startswith(f"{ticket.reference} Broken – Customer portal")


@pytest.mark.parametrize(
    ("display", "name"),
    [
        ("name", "Amy"),
        ("full", "Amy Pond"),
        ("surname", "Pond"),
        ("alias", "Amy at Northwind"),
    ],
)
def test_agents_are_named_as_the_portal_says(portal, client, ana, agent, display, name):
    """B42, R12, UX46; never by their address."""
    change(portal, owner_display=display)
    ticket = make_ticket(ana, "hello", owner=agent)
    answer(ticket, agent, "hi")
    soup = get(client, ticket)
    assert soup.select(".hd-message--support strong")[0].text == name
    assert f"Owner{name}" in text_of(soup, ".hd-details")
    assert agent.user.email not in str(soup)


def test_an_agent_without_any_name_is_the_team(portal, client, ana, agent):
    """R12: an address that serves as the user name is no name."""
    agent.user.first_name = agent.user.last_name = ""
    agent.user.username = "amy@northwind.example"
    agent.user.save()
    agent.display_alias = ""
    agent.save()
    ticket = make_ticket(ana, "hello", owner=agent)
    answer(ticket, agent, "hi")
    soup = get(client, ticket)
    assert "Support team" in text_of(soup)
    assert "amy@northwind.example" not in str(soup)


def test_a_note_is_never_shown(portal, client, ana, agent):
    """B22, UX48: nor its files, its author, or that there is one."""
    ticket = make_ticket(ana, "hello")
    before = text_of(get(client, ticket))
    note = MessageFactory(
        conversation=conversation_of(ticket),
        direction="internal",
        author_agent=agent,
        body_text="do not tell: canary-note",
    )
    Attachment.objects.create(
        message=note, name="canary.txt", content_type="text/plain", size=1, sha256="0"
    )
    soup = get(client, ticket)
    assert "canary" not in str(soup)
    assert text_of(soup) == before


@pytest.mark.parametrize(
    "fields",
    [
        {"is_customer_visible": False},
        {"deleted_at": timezone.now()},
        {"status": "spam"},
    ],
)
def test_a_conversation_that_is_not_for_customers_is_not_shown(
    portal, client, ana, fields
):
    """R10, B20."""
    ticket = make_ticket(ana, "hello")
    hidden = ConversationFactory(ticket=ticket, **fields)
    MessageFactory(conversation=hidden, body_text="backstage")
    assert thread(get(client, ticket)) == ["hello"]


def test_a_reply_that_may_be_taken_back_is_not_shown_yet(portal, client, ana, agent):
    """R16: nor does the status tell of it."""
    ticket = make_ticket(ana, "hello")
    later = timezone.now() + timedelta(seconds=10)
    message = answer(ticket, agent, "hi", release_at=later)
    soup = get(client, ticket)
    assert thread(soup) == ["hello"]
    assert "We have the latest message" in text_of(soup)
    Message.objects.filter(pk=message.pk).update(release_at=timezone.now())
    soup = get(client, ticket)
    assert thread(soup) == ["hello", "hi"]
    assert "We have answered." in text_of(soup)


def test_markup_in_messages_and_names_is_text(portal, client, ana, agent):
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    ana.name = f"{evil}\u202e"
    ana.save()
    agent.user.first_name = evil
    agent.user.save()
    ticket = make_ticket(ana, evil, subject=evil, owner=agent)
    message = answer(ticket, agent, evil)
    MessageFactory(
        conversation=message.conversation,
        body_html=f"<p onclick='alert(3)'>fine</p>{evil}<a href='javascript:x'>y</a>",
    )
    html = client.get(url_of(ticket)).content.decode()
    for forbidden in ("<script>alert", "<img src=x", "onclick=", "javascript:x"):
        assert forbidden not in html
    assert "fine" in html


def test_files_lead_to_the_view_that_authorises(portal, client, ana, zoe, sign_in):
    """B62: the customer opens them, a stranger does not."""
    ticket = make_ticket(ana)
    reply(client, ticket, files=[SimpleUploadedFile("a.txt", b"canary")])
    (link,) = get(client, ticket).select(".hd-files__link")
    response = client.get(link["href"])
    assert b"".join(response) == b"canary"
    assert response["Cache-Control"] == "private, no-store"
    assert sign_in(zoe).get(link["href"]).status_code == 404
    change(portal, is_active=False)
    assert client.get(link["href"]).status_code == 404


def test_a_colleagues_file_is_served_where_the_organization_shares(portal, sign_in):
    """R9: the list, the page and the file agree."""
    acme = OrganizationFactory(sharing="organization")
    ana = CustomerFactory(organization=acme)
    luis = CustomerFactory(organization=acme)
    ticket = make_ticket(ana)
    reply(sign_in(ana), ticket, files=[SimpleUploadedFile("a.txt", b"text")])
    url = get(sign_in(ana), ticket).select_one(".hd-files__link")["href"]
    browser = sign_in(luis)
    assert browser.get(url).status_code == 404
    assert browser.get(url_of(ticket)).status_code == 404
    change(portal, sharing="organization")
    assert browser.get(url).status_code == 200
    assert browser.get(url_of(ticket)).status_code == 200


def test_a_foreign_request_answers_exactly_as_a_missing_one(portal, client, zoe):
    """UX47: status, headers, body and work done."""
    theirs = make_ticket(zoe, "secret", subject="Secret")
    missing = "a" * 16
    client.get("/support/")
    answers, queries = [], []
    for public_id in (theirs.public_id, missing):
        with CaptureQueriesContext(connection) as counted:
            response = client.get(f"/support/r/{public_id}/")
        queries.append(len(counted))
        body = without_csrf(response.content).replace(public_id, "ID")
        answers.append((response.status_code, dict(response.headers), body))
    assert answers[0][0] == 404
    for headers in (answers[0][1], answers[1][1]):
        headers.pop("Content-Length", None)
    assert answers[0] == answers[1]
    assert queries[0] == queries[1]
    post = [
        client.post(f"/support/r/{public_id}/", {"body": "x", "action": action})
        for public_id in (theirs.public_id, missing)
        for action in ("reply", "close")
    ]
    assert {response.status_code for response in post} == {404}
    assert Message.objects.filter(conversation__ticket=theirs).count() == 1


@pytest.mark.parametrize(
    "public_id", ["1", "%00", "x" * 500, "%F0%9F%92%A9", "..", "' OR 1=1 --"]
)
def test_an_id_that_cannot_be_is_not_found(portal, client, public_id):
    assert client.get(f"/support/r/{public_id}/").status_code == 404


def test_a_long_conversation_is_folded_and_opens_without_script(portal, client, ana):
    """F7: more than 20 messages."""
    ticket = make_ticket(ana, *[f"message {number}" for number in range(54)])
    soup = get(client, ticket)
    assert len(thread(soup)) == 20
    assert thread(soup)[-1] == "message 53"
    (link,) = soup.select(".hd-earlier a")
    assert link.text == "Show 34 earlier messages"
    opened = get(client, ticket, link["href"])
    assert thread(opened) == [f"message {number}" for number in range(54)]
    assert not opened.select(".hd-earlier")
    # It leads to the message that stood at the top before.
    anchor = link["href"].partition("#")[2]
    assert opened.find(id=anchor).select_one(".hd-message__body").text.strip() == (
        "message 34"
    )


def test_twenty_messages_are_not_folded(portal, client, ana):
    ticket = make_ticket(ana, *map(str, range(20)))
    soup = get(client, ticket)
    assert len(thread(soup)) == 20
    assert not soup.select(".hd-earlier")


def test_a_request_without_messages_can_be_answered(portal, client, ana):
    """B7: the reply comes through the portal, to those who work the ticket."""
    ticket = TicketFactory(contact=ana)
    assert "No messages yet" in text_of(get(client, ticket))
    assert reply(client, ticket).status_code == 302
    conversation = conversation_of(ticket)
    assert (conversation.channel, conversation.inbox) == (portal.channel, ticket.inbox)


def test_custom_properties_show_if_they_are_for_customers(portal, client, ana):
    """B62."""
    for key, label, visible in [
        ("serial", "Serial number", True),
        ("margin", "Margin", False),
    ]:
        TicketProperty.objects.create(
            key=key, label=label, is_customer_visible=visible, locale=portal.locale
        )
    ticket = make_ticket(ana, properties={"serial": "X-1", "margin": "9"})
    details = text_of(get(client, ticket), ".hd-details")
    assert "Serial numberX-1" in details
    assert "Margin" not in details


def test_times_are_in_the_customers_zone(portal, client, ana):
    """UX94."""
    moment = timezone.now().replace(2026, 7, 1, 12, 0, 0, 0)
    ticket = make_ticket(ana, created_at=moment)
    for zone, expected in [
        ("Asia/Kathmandu", "5:45 p.m."),
        ("America/Mexico_City", "6 a.m."),
        ("", "2 p.m. CEST"),
        ("Atlantis/Nowhere", "2 p.m. CEST"),
    ]:
        ana.time_zone = zone
        ana.save()
        assert expected in text_of(get(client, ticket), ".hd-details")


@pytest.mark.parametrize("number", [10, 1000])
def test_the_queries_are_bounded_for_any_length(
    portal, client, ana, agent, number, django_assert_max_num_queries
):
    """UX33: at most 15, for a thousand messages too."""
    ticket = make_ticket(ana, "first", owner=agent)
    conversation = conversation_of(ticket)
    Message.objects.bulk_create(
        MessageFactory.build(conversation=conversation, seq=row + 2, author_contact=ana)
        for row in range(number)
    )
    client.get("/support/")
    with django_assert_max_num_queries(15):
        client.get(url_of(ticket))


# -- Replying ------------------------------------------------------------------------


def test_a_reply_with_several_files_reaches_the_conversation(portal, client, ana):
    """B63."""
    ticket = make_ticket(ana, "hello")
    files = [SimpleUploadedFile(f"{n}.txt", b"text") for n in "ab"]
    response = reply(client, ticket, "See the files\r\nplease", files=files)
    message = Message.objects.latest("pk")
    assert response.status_code == 302
    assert response["Location"] == f"{url_of(ticket)}#message-{message.public_id}"
    assert message.body_text == "See the files\nplease"
    assert message.author_contact == ana
    assert [a.name for a in message.attachments.order_by("pk")] == ["a.txt", "b.txt"]
    assert "Your reply was sent." in text_of(get(client, ticket))


def test_a_double_click_sends_one_reply(portal, client, ana):
    """UX25."""
    ticket = make_ticket(ana, "hello")
    first, second = reply(client, ticket), reply(client, ticket)
    assert first["Location"] == second["Location"]
    assert Message.objects.filter(conversation__ticket=ticket).count() == 2


def test_every_form_shown_has_a_token_of_its_own(portal, client, ana):
    ticket = make_ticket(ana)
    tokens = {
        get(client, ticket).select_one('[name="client_token"]')["value"]
        for _ in range(2)
    }
    assert len(tokens) == 2


@pytest.mark.parametrize("token", ["", "short", "x" * 500, "white space in the token"])
def test_a_reply_with_a_spoilt_token_still_arrives(portal, client, ana, token):
    """A person's text counts for more than our own bookkeeping."""
    ticket = make_ticket(ana)
    assert reply(client, ticket, client_token=token).status_code == 302
    assert Message.objects.latest("pk").body_text == "Thank you"


def test_an_empty_reply_is_refused_in_place(portal, client, ana):
    """UX11."""
    ticket = make_ticket(ana)
    response = reply(client, ticket, "   ")
    soup = BeautifulSoup(response.content, "html.parser")
    assert response.status_code == 200
    assert " ".join(soup.title.text.split()).startswith("Error:")
    assert "Write your reply, or attach a file." in text_of(soup, ".hd-summary")
    (area,) = soup.select("textarea")
    assert area["aria-invalid"] == "true"
    assert area["aria-describedby"] == "id_body_error"


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("empty.txt", b"", "“empty.txt” is empty"),
        ("run.exe", b"MZ", "Files like “run.exe” cannot be attached"),
        ("big.txt", b"x" * 3000, "“big.txt” is larger than"),
    ],
)
def test_a_file_that_is_refused_keeps_the_text(
    portal, client, ana, settings, name, content, problem
):
    """UX29: the error names the file."""
    settings.WAGTAIL_HELPDESK = {"MAX_UPLOAD_BYTES": 2000}
    ticket = make_ticket(ana)
    response = reply(
        client, ticket, "All my words", files=[SimpleUploadedFile(name, content)]
    )
    soup = BeautifulSoup(response.content, "html.parser")
    assert response.status_code == 200
    assert problem in text_of(soup, ".hd-summary")
    assert soup.textarea.text.strip() == "All my words"
    assert not Message.objects.filter(conversation__ticket=ticket).exists()


def test_files_that_are_far_too_large_together_keep_the_text(
    portal, client, ana, settings
):
    """The rest of the files is not even read."""
    settings.WAGTAIL_HELPDESK = {"MAX_UPLOAD_TOTAL_BYTES": 100_000}
    ticket = make_ticket(ana)
    response = client.post(
        f"{url_of(ticket)}?hd_upload=1",
        {
            "body": "All my words",
            "action": "reply",
            "files": [SimpleUploadedFile("a.txt", b"x" * 300_000)],
        },
    )
    assert response.status_code == 413
    soup = BeautifulSoup(response.content, "html.parser")
    assert soup.textarea.text.strip() == "All my words"
    assert "too large together" in text_of(soup, ".hd-summary")


@pytest.mark.parametrize("error", [OSError("connection reset"), None], ids=["", "ends"])
@pytest.mark.parametrize("left", [0.3, 0.8, 0.999], ids=["text", "file", "the end"])
@pytest.mark.parametrize("has_file", [True, False])
def test_nothing_is_kept_of_a_reply_that_breaks_off(
    portal, client, ana, left, error, has_file
):
    """UX25, UX28: whoever stops an upload has sent nothing, neither text nor file.

    Some servers tell of whoever hangs up, others let the body end where they were.
    """
    ticket = make_ticket(ana)
    data = {"client_token": TOKEN, "action": "reply", "body": "All my words " * 200}
    if has_file:
        data["files"] = SimpleUploadedFile("a.txt", b"x" * 2000)
    body = encode_multipart(BOUNDARY, data)

    class BreaksOff(BytesIO):
        """What a server reads from whoever hangs up."""

        def read(self, *args):
            found = super().read(*args)
            if error and not found:
                raise error
            return found

    response = client.generic(
        "POST",
        f"{url_of(ticket)}?hd_upload=1",
        CONTENT_TYPE=MULTIPART_CONTENT,
        CONTENT_LENGTH=str(len(body)),
        **{"wsgi.input": BreaksOff(body[: int(len(body) * left)])},
    )
    assert response.status_code == 400
    assert not Message.objects.filter(conversation__ticket=ticket).exists()
    assert not Attachment.objects.exists()


def test_a_plain_form_that_breaks_off_is_not_taken(portal, client, ana):
    ticket = make_ticket(ana)
    body = urlencode({"action": "reply", "client_token": TOKEN, "body": "x" * 2000})
    response = client.generic(
        "POST",
        f"{url_of(ticket)}?hd_upload=1",
        CONTENT_TYPE="application/x-www-form-urlencoded",
        CONTENT_LENGTH=str(len(body)),
        **{"wsgi.input": BytesIO(body[:-100].encode())},
    )
    assert response.status_code == 400
    assert not Message.objects.filter(conversation__ticket=ticket).exists()


def test_a_script_is_told_where_to_go_and_takes_no_message_away(portal, client, ana):
    """What was sent is said on the page after it, whoever sends the form (F7)."""
    ticket = make_ticket(ana)
    told = client.post(
        f"{url_of(ticket)}?hd_upload=1",
        {"body": "Thank you", "client_token": TOKEN, "action": "reply"},
        headers={"x-helpdesk-upload": "1"},
    )
    sent = Message.objects.get(body_text="Thank you")
    assert (told.status_code, told.has_header("Location")) == (200, False)
    assert told["X-Helpdesk-Location"] == f"{url_of(ticket)}#message-{sent.public_id}"
    assert "Your reply was sent." in text_of(get(client, ticket))


def test_a_reply_that_is_too_long_is_kept_whole(portal, client, ana):
    ticket = make_ticket(ana)
    text = "word " * 12_000
    response = reply(client, ticket, text)
    soup = BeautifulSoup(response.content, "html.parser")
    assert "59999 characters" in text_of(soup, ".hd-summary")
    assert soup.textarea.text.strip() == text.strip()


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"action": "destroy"},
        {"body": "a\x00b", "owner": "1", "inbox": "2", "ticket": "3"},
        {"files": "no file"},
        {"body": ["one", "two"]},
    ],
)
def test_a_forged_post_is_never_an_error(portal, client, ana, data):
    ticket = make_ticket(ana)
    owner, inbox = ticket.owner, ticket.inbox
    assert client.post(url_of(ticket), data).status_code in {200, 302}
    ticket.refresh_from_db()
    assert (ticket.owner, ticket.inbox) == (owner, inbox)


# -- Closed requests -----------------------------------------------------------------


def test_a_reply_on_a_closed_request_opens_it_again(portal, client, ana):
    """R7, B45."""
    ticket = make_ticket(ana, "hello", closed=True)
    assert "Your reply opens it again" in text_of(get(client, ticket))
    reply(client, ticket)
    ticket.refresh_from_db()
    assert not ticket.is_closed
    assert f"{ticket.reference} is open again" in text_of(get(client, ticket))


def test_a_late_reply_opens_a_new_request_that_is_linked(portal, client, ana):
    """R7: after the window."""
    ticket = make_ticket(ana, "hello", subject="Broken")
    close(ticket, at=timezone.now() - timedelta(days=15))
    assert "opens a new one, linked" in text_of(get(client, ticket))
    response = reply(client, ticket, "Again!")
    follow_up = Ticket.objects.get(follow_up_of=ticket)
    assert response["Location"].startswith(url_of(follow_up))
    assert follow_up.channel == portal.channel
    ticket.refresh_from_db()
    assert ticket.is_closed
    soup = get(client, follow_up)
    assert f"It is linked to {ticket.reference}." in text_of(soup)
    assert soup.select(".hd-standing a")[0]["href"] == url_of(ticket)
    assert get(client, ticket).select(".hd-standing a")[0]["href"] == url_of(follow_up)
    # The same form once more leads to the same request.
    assert reply(client, ticket, "Again!")["Location"] == response["Location"]


def test_where_replies_on_closed_requests_are_not_taken_a_form_is_offered(
    portal, client, ana
):
    """R7, UX49: also to those who had the page open before; their text is kept."""
    change(portal, reply_on_closed=False)
    ticket = make_ticket(ana, "hello", subject="Broken", closed=True)
    soup = get(client, ticket)
    assert not soup.select("textarea")
    (link,) = soup.select("#reply a")
    assert link.text == "Create a follow-up"
    assert link["href"] == f"/support/new/?follow_up={ticket.public_id}"
    response = reply(client, ticket, "But I have more to say")
    offered = BeautifulSoup(response.content, "html.parser")
    assert response.status_code == 409
    assert "closed" in text_of(offered, '[role="alert"]')
    assert offered.textarea.text.strip() == "But I have more to say"
    assert offered.select_one('[name="subject"]')["value"] == "Re: Broken"
    assert offered.select_one("main form, #hd-main form")["action"].startswith(
        "/support/new/"
    )
    assert not Ticket.objects.exclude(pk=ticket.pk).exists()


def test_nothing_is_offered_where_nothing_new_is_taken_but_the_text_stays(
    portal, client, ana
):
    change(portal, reply_on_closed=False, channel=None)
    ticket = make_ticket(ana, "hello", closed=True)
    response = reply(client, ticket, "But I have more to say")
    assert response.status_code == 409
    soup = BeautifulSoup(response.content, "html.parser")
    assert soup.textarea.text.strip() == "But I have more to say"


def test_a_customer_closes_the_request_where_that_is_allowed(portal, client, ana):
    """R8, B46, UX49."""
    ticket = make_ticket(ana, "hello")
    assert not get(client, ticket).select('[value="close"]')
    client.post(url_of(ticket), {"action": "close"})
    ticket.refresh_from_db()
    assert not ticket.is_closed
    change(portal, may_close=True)
    (button,) = get(client, ticket).select('[value="close"]')
    assert button.text == "Close this request"
    response = client.post(url_of(ticket), {"action": "close"})
    assert response.status_code == 302
    ticket.refresh_from_db()
    assert ticket.is_closed
    assert f"{ticket.reference} is closed." in text_of(get(client, ticket))
    assert client.post(url_of(ticket), {"action": "close"}).status_code == 302


def test_closing_leads_to_the_stage_that_the_portal_maps(portal, client, ana):
    """B47: a pipeline with several closed stages."""
    ticket = make_ticket(ana, "hello")
    solved = Stage.objects.create(
        pipeline=ticket.pipeline, key="solved", name="Solved", category="closed"
    )
    change(portal, may_close=True)
    assert not get(client, ticket).select('[value="close"]')
    PortalClosedStage.objects.create(page=portal, stage=solved)
    client.post(url_of(ticket), {"action": "close"})
    ticket.refresh_from_db()
    assert ticket.stage == solved


def test_a_participant_replies_under_their_own_name(portal, client, ana, zoe, sign_in):
    ticket = make_ticket(zoe, "hello")
    ParticipantFactory(ticket=ticket, contact=ana)
    reply(client, ticket, "I am copied")
    assert Message.objects.latest("pk").author_contact == ana
    authors = [
        head.text for head in get(sign_in(zoe), ticket).select(".hd-message__by strong")
    ]
    assert authors == ["You", "Ana García"]


def test_a_channel_that_is_off_keeps_the_text_of_a_late_reply(portal, client, ana):
    """Nothing is lost when the new request cannot be opened."""
    change(portal, channel=ChannelFactory(type="portal", is_enabled=False))
    ticket = make_ticket(ana, "hello")
    close(ticket, at=timezone.now() - timedelta(days=15))
    response = reply(client, ticket, "My words")
    assert response.status_code == 200
    soup = BeautifulSoup(response.content, "html.parser")
    assert soup.textarea.text.strip() == "My words"
    assert "switched off" in text_of(soup, ".hd-summary")


def test_the_status_asks_for_an_answer_only_where_one_is_waited_for(
    portal, client, ana, agent
):
    ticket = make_ticket(ana, "hello")
    answer(ticket, agent, "hi")
    assert "It is your turn" not in text_of(get(client, ticket))
    waiting = ticket.pipeline.stages.get(category="waiting")
    Ticket.objects.filter(pk=ticket.pk).update(stage=waiting)
    assert "It is your turn" in text_of(get(client, ticket))
