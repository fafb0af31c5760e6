"""A customer's own data as a file: all of it, nobody else's, in any quantity (F11)."""

import json
import re
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale

from tests.factories import (
    ConversationFactory,
    CustomerFactory,
    MessageFactory,
    OrganizationFactory,
    TicketFactory,
)
from tests.portal.build import (
    answer,
    change,
    close,
    conversation_of,
    make_portal,
    make_ticket,
)
from wagtail_helpdesk.access.merge_readers import new_readers
from wagtail_helpdesk.actions import (
    AddNote,
    MergeTickets,
    RecordConsent,
    TrashTicket,
    Upload,
)
from wagtail_helpdesk.actions.uploads import store_uploads
from wagtail_helpdesk.models import (
    Contact,
    Conversation,
    Event,
    Message,
    Organization,
    Participant,
    TicketProperty,
)
from wagtail_helpdesk.portal import own_data

pytestmark = pytest.mark.django_db

ACCOUNT = "/support/account/"
DOWNLOAD = f"{ACCOUNT}download/"
PASSWORD = "helpdesk-demo"


@pytest.fixture
def client(client):
    """Ana's browser, in which she has just shown who she is."""
    cache.clear()
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def text_of(response):
    return b"".join(response.streaming_content).decode()


def download(client):
    response = client.post(DOWNLOAD)
    assert response.status_code == 200, response
    return json.loads(text_of(response))


def test_the_file_has_all_that_the_portal_shows(portal, client, ana, agent):
    ticket = make_ticket(ana, "It blinks red.", subject="The hub", owner=agent)
    answer(ticket, agent, "Restart it.")
    closed = make_ticket(ana, "Thanks", subject="Invoice")
    close(closed)
    RecordConsent(
        contact=ana, text="<p>All</p>\nI agree", language="en", source="form:x"
    ).execute()

    data = download(client)

    assert (data["format"], data["version"]) == ("wagtail-helpdesk-own-data", 1)
    assert data["portal"] == {
        "name": "Customer portal",
        "url": "http://testserver/support/",
    }
    assert data["profile"]["name"] == "Ana García"
    assert data["profile"]["mails"] == {
        "received": True,
        "answer": True,
        "takes_part": True,
        "rating": True,
    }
    assert data["account"]["email"] == ana.user.email
    assert [row["value"] for row in data["addresses"]] == [ana.email]
    assert data["consents"][0]["text"] == "<p>All</p>\nI agree"
    first, second = data["tickets"]
    assert (first["reference"], first["subject"]) == (ticket.reference, "The hub")
    assert first["url"] == f"http://testserver/support/r/{ticket.public_id}/"
    assert first["owner"] == "Amy"
    assert [(m["author"], m["text"]) for m in first["messages"]] == [
        ("You", "It blinks red."),
        ("Amy", "Restart it."),
    ]
    assert (second["is_closed"], second["status"]) == (True, "Closed")


def test_the_messages_of_a_merged_ticket_are_in_it(portal, client, ana):
    """N15: what somebody wrote stays theirs, on whomever's ticket it stands now."""
    own, other = make_ticket(ana, "It blinks red."), make_ticket(CustomerFactory())
    own.ratings.create(contact=ana, closing=0, score=2, comment="Too slow")
    agreed = new_readers(own, other).key
    MergeTickets(source=own, target=other, actor=None, agreed=agreed).execute()
    data = json.dumps(download(client))
    assert "It blinks red." in data and "Too slow" in data


def test_the_answer_is_a_file_that_nobody_keeps(portal, client, ana):
    response = client.post(DOWNLOAD)

    today = f"{timezone.localdate():%Y-%m-%d}"
    assert response.streaming
    assert response["Content-Type"] == "application/json; charset=utf-8"
    assert response["Content-Disposition"] == (
        f'attachment; filename="my-data-{today}.json"'
    )
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Robots-Tag"] == "noindex"


def test_files_are_listed_and_their_addresses_work(portal, client, ana):
    ticket = make_ticket(ana, "See the log")
    message = Message.objects.get()
    content = ContentFile(b"all of it", name="log.txt")
    store_uploads(message, [Upload(name="log.txt", content=content)])

    data = download(client)

    ((file,),) = [
        [file for message in ticket["messages"] for file in message["attachments"]]
        for ticket in data["tickets"]
    ]
    assert (file["name"], file["size"]) == ("log.txt", 9)
    served = client.get(file["url"])
    assert b"".join(served) == b"all of it"
    assert ticket.reference in data["tickets"][0]["reference"]


def test_nothing_of_others_and_nothing_internal_is_in_it(
    portal, client, ana, zoe, agent, inbox
):
    """R9, R10: a portal that shares shows a colleague's requests; the file does not."""
    acme = OrganizationFactory(name="Acme", sharing=Organization.Sharing.ORGANIZATION)
    change(portal, sharing="organization")
    ana.memberships.create(organization=acme)
    colleague = CustomerFactory(name="Colleague", organization=acme)
    make_ticket(colleague, "CANARY colleague", subject="CANARY shared")
    joined = make_ticket(zoe, "CANARY copied", subject="CANARY joined")
    Participant.objects.create(ticket=joined, contact=ana)
    mine = make_ticket(ana, "mine", subject="Mine", inbox=inbox, organization=acme)
    AddNote(ticket=mine, agent=agent, body_text="CANARY note").execute()
    later = timezone.now() + timezone.timedelta(minutes=1)
    answer(mine, agent, "CANARY may be taken back", release_at=later)
    hidden = ConversationFactory(ticket=mine, is_customer_visible=False)
    MessageFactory(conversation=hidden, body_text="CANARY hidden")
    spam = make_ticket(ana, "CANARY spam", subject="CANARY spam")
    Conversation.objects.filter(ticket=spam).update(status="spam")
    trashed = make_ticket(ana, "CANARY trash", subject="CANARY trash", inbox=inbox)
    TrashTicket(ticket=trashed, actor=agent).execute()
    Message.objects.filter(body_text="mine").update(
        form_data=[
            {"key": "a", "label": "Serial", "value": "42", "hidden": False},
            {"key": "b", "label": "CANARY", "value": "CANARY", "hidden": True},
        ]
    )
    TicketProperty.objects.create(key="a", label="Shown", is_customer_visible=True)
    TicketProperty.objects.create(key="b", label="CANARY", is_customer_visible=False)
    mine.properties = {"a": "yes", "b": "CANARY"}
    mine.save()

    shown = client.get("/support/?status=all").content.decode()
    assert "CANARY shared" in shown
    response = client.post(DOWNLOAD)
    text = text_of(response)

    assert "CANARY" not in text
    (ticket,) = json.loads(text)["tickets"]
    assert ticket["properties"] == [{"label": "Shown", "value": "yes"}]
    assert ticket["messages"][0]["answers"] == [{"label": "Serial", "value": "42"}]
    assert agent.user.email not in text
    assert ana.user.password not in text
    assert client.session.session_key not in text


def test_a_portal_without_tickets_for_them_gives_a_whole_file(portal, client, ana):
    assert download(client)["tickets"] == []


def test_threads_of_several_conversations_and_steps_stay_whole(
    portal, client, ana, monkeypatch
):
    """Steps end inside tickets and between them; none is lost, doubled or mixed up."""
    monkeypatch.setattr(own_data, "TICKETS", 2)
    monkeypatch.setattr(own_data, "MESSAGES", 3)
    now = timezone.now()
    expected = []
    for number in range(7):
        ticket = TicketFactory(contact=ana)
        talks = [ConversationFactory(ticket=ticket) for _ in range(number % 3)]
        texts = []
        for step in range(number if talks else 0):
            text = f"{number}/{step}"
            MessageFactory(
                conversation=talks[step % len(talks)],
                body_text=text,
                # The same moment twice: the key decides.
                created_at=now + timezone.timedelta(seconds=step // 2),
            )
            texts.append(text)
        expected.append((ticket.reference, texts))

    data = download(client)

    assert [
        (ticket["reference"], [message["text"] for message in ticket["messages"]])
        for ticket in data["tickets"]
    ] == expected


def test_the_queries_grow_with_the_steps_and_not_with_the_tickets(
    portal, client, ana, django_assert_max_num_queries
):
    for _ in range(20):
        make_ticket(ana, "one", "two")
    with django_assert_max_num_queries(25):
        few = download(client)
    for _ in range(20):
        make_ticket(ana, "one", "two")
    with django_assert_max_num_queries(25):
        many = download(client)
    assert (len(few["tickets"]), len(many["tickets"])) == (20, 40)


def test_it_is_made_while_it_is_sent(portal, client, ana, monkeypatch):
    """Constant memory: what is not asked for yet has not been read yet."""
    monkeypatch.setattr(own_data, "TICKETS", 1)
    monkeypatch.setattr(own_data, "_BLOCK", 1)
    make_ticket(ana, "first")
    make_ticket(ana, "second")
    pieces = iter(client.post(DOWNLOAD).streaming_content)
    read = next(pieces)
    while b"first" not in read:
        read += next(pieces)

    Message.objects.filter(body_text="second").update(body_text="changed")

    rest = b"".join(pieces)
    assert b"changed" in rest


def test_its_language_is_the_readers_though_it_is_made_later(portal, client, ana):
    spanish = Locale.objects.create(language_code="es")
    portal.get_parent().copy_for_translation(spanish).save_revision().publish()
    portal.copy_for_translation(spanish).save_revision().publish()
    ticket = make_ticket(ana, "hola")
    close(ticket)

    response = client.post(f"/es{DOWNLOAD}")

    (found,) = json.loads(text_of(response))["tickets"]
    assert (found["status"], found["messages"][0]["author"]) == ("Cerrado", "Usted")


def test_who_signed_in_long_ago_shows_first_who_they_are(portal, ana, sign_in):
    """A session left open on a shared computer is not enough."""
    cache.clear()
    browser = sign_in(ana)

    response = browser.post(DOWNLOAD)

    assert response["Location"].startswith(reverse("account_reauthenticate"))
    assert not Event.objects.filter(kind="data_downloaded").exists()
    back = browser.post(response["Location"], {"password": PASSWORD})
    assert back["Location"] == f"{ACCOUNT}#data"
    assert "press “Download my data” once more" in browser.get(ACCOUNT).content.decode()
    assert browser.post(DOWNLOAD).streaming


def test_who_has_no_way_to_show_it_is_told_to_sign_in_anew(
    portal, ana, sign_in, settings
):
    settings.ACCOUNT_REAUTHENTICATION_METHODS = ["password"]
    ana.user.set_unusable_password()
    ana.user.save()

    response = sign_in(ana).post(DOWNLOAD, follow=True)

    assert "Sign out and in again first" in response.content.decode()
    assert not Event.objects.exists()


def test_it_is_noted_and_limited(portal, client, ana, settings):
    settings.WAGTAIL_HELPDESK = {"DATA_DOWNLOAD_RATE_LIMIT": "2/d"}

    for _ in range(2):
        download(client)
    response = client.post(DOWNLOAD)

    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0
    events = Event.objects.filter(kind="data_downloaded")
    noted = [(event.contact, event.actor_contact) for event in events]
    assert noted == [(ana, ana)] * 2


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_only_the_button_downloads(portal, client, ana, method):
    response = getattr(client, method)(DOWNLOAD)

    assert response["Location"] == f"{ACCOUNT}#data"
    assert not Event.objects.exists()


def test_another_portal_gives_its_own_view(portal, client, ana, inbox):
    other = make_portal(inbox=inbox, slug="shop", title="Shop", is_active=False)
    make_ticket(ana, "hello")

    assert client.post(f"/{other.slug}/account/download/").status_code == 404
    assert Contact.objects.get(pk=ana.pk).name == "Ana García"


def test_html_of_a_mail_is_cleaned_as_on_the_page(portal, client, ana):
    ticket = make_ticket(ana)
    MessageFactory(
        conversation=conversation_of(ticket),
        body_text="Hi",
        body_html="<p>Hi<script>alert(1)</script></p>",
    )

    (found,) = download(client)["tickets"]

    assert "script" not in found["messages"][0]["html"]
    assert "Hi" in found["messages"][0]["html"]


def keys_of(value):
    """All keys of a JSON value, at any depth."""
    if isinstance(value, list):
        return {key for item in value for key in keys_of(item)}
    if not isinstance(value, dict):
        return set()
    return set(value) | {key for item in value.values() for key in keys_of(item)}


def test_each_field_of_the_file_is_documented(portal, client, ana, agent):
    ticket = make_ticket(ana, "hello")
    message = Message.objects.get()
    content = ContentFile(b"x", name="log.txt")
    store_uploads(message, [Upload(name="log.txt", content=content)])
    answer(ticket, agent, "Hi")
    page = Path("docs/reference/own-data.md").read_text()

    found = keys_of(download(client)) - set(Contact.Mail.values)

    assert found <= set(re.findall(r"`(\w+)`", page))
    assert {"sha256", "verified_at", "is_from_support"} <= found
