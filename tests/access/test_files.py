"""Who gets an attachment, and with which headers."""

import pytest
from django.contrib.auth.backends import ModelBackend
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import (
    AgentFactory,
    ContactFactory,
    ConversationFactory,
    CustomerFactory,
    InboxFactory,
    MessageFactory,
    TicketFactory,
    UserFactory,
)
from tests.files import PNG
from wagtail_helpdesk.access import portals
from wagtail_helpdesk.actions.uploads import Upload, store_uploads
from wagtail_helpdesk.models import Attachment, Message, PortalRules

pytestmark = pytest.mark.django_db
BACKEND = f"{ModelBackend.__module__}.{ModelBackend.__qualname__}"


@pytest.fixture(autouse=True)
def _one_portal(monkeypatch):
    """A site with one portal that everybody may enter."""
    monkeypatch.setattr(portals, "_rules", [lambda request: [PortalRules()]])


@pytest.fixture
def agent():
    return AgentFactory()


@pytest.fixture
def customer():
    return CustomerFactory()


@pytest.fixture
def message(agent, customer) -> Message:
    ticket = TicketFactory(inbox=InboxFactory(agents=[agent]), contact=customer)
    return MessageFactory(conversation=ConversationFactory(ticket=ticket))


def attach(message: Message, name: str = "a.png", content: bytes = PNG) -> Attachment:
    return store_uploads(message, [Upload(name, ContentFile(content))])[0]


def address(attachment: Attachment) -> str:
    return reverse("wagtail_helpdesk:attachment", args=[attachment.public_id])


def client_of(user) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def test_the_customer_and_the_inboxs_agent_get_the_file(message, agent, customer):
    attachment = attach(message)

    for user in (agent.user, customer.user):
        response = client_of(user).get(address(attachment))
        assert response.status_code == 200
        assert body(response) == PNG


def test_the_address_may_carry_the_name(message, customer):
    attachment = attach(message, "two words.png")
    url = reverse(
        "wagtail_helpdesk:attachment", args=[attachment.public_id, attachment.name]
    )

    assert client_of(customer.user).get(url).status_code == 200


def test_a_foreign_file_answers_exactly_as_a_missing_one(message):
    """For other customers, agents of other inboxes and editors alike."""
    attachment = attach(message)
    missing = reverse("wagtail_helpdesk:attachment", args=["a" * 16])
    other_agent = AgentFactory()
    InboxFactory(agents=[other_agent])
    outsiders = [CustomerFactory().user, other_agent.user, UserFactory(is_staff=True)]

    for client in map(client_of, outsiders):
        foreign, gone = client.get(address(attachment)), client.get(missing)
        assert foreign.status_code == gone.status_code == 404
        assert foreign.content.replace(
            attachment.public_id.encode(), b""
        ) == gone.content.replace(b"a" * 16, b"")
        assert dict(foreign.headers) == dict(gone.headers)


def test_a_visitor_is_led_to_the_sign_in_whether_or_not_there_is_a_file(message):
    """The session may have ended since they saw the link (UX27)."""
    there = address(attach(message))
    for url in (there, f"{there}a.png", address(Attachment(public_id="a" * 16))):
        with CaptureQueriesContext(connection) as asked:
            answer = Client().get(url)

        # The time it takes tells nothing either.
        assert not [query for query in asked if "attachment" in query["sql"]]
        assert answer.status_code == 302
        assert answer["Location"] == f"/accounts/login/?next={url}"
        assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_nothing_is_sent_to_the_address_of_a_file(message, method):
    assert getattr(Client(), method)(address(attach(message))).status_code == 405


def test_who_signs_in_on_the_way_to_a_file_gets_it(message, customer):
    url = address(attach(message))
    client = Client()
    assert client.get(url).status_code == 302
    client.force_login(customer.user, backend=BACKEND)

    assert body(client.get(url)) == PNG


def test_a_file_of_a_note_is_for_agents_only(message, agent, customer):
    note = MessageFactory(
        conversation=message.conversation, direction="internal", author_agent=agent
    )
    attachment = attach(note)

    assert client_of(agent.user).get(address(attachment)).status_code == 200
    assert client_of(customer.user).get(address(attachment)).status_code == 404


def test_an_unverified_address_opens_no_file(message):
    """R17."""
    user = UserFactory()
    contact = ContactFactory(
        user=user, email="ana@acme.example", email__unverified=True
    )
    message.conversation.ticket.contact = contact
    message.conversation.ticket.save()

    assert client_of(user).get(address(attach(message))).status_code == 404


def test_a_switched_off_portal_serves_nothing(message, customer, monkeypatch):
    """B10."""
    monkeypatch.setattr(
        portals, "_rules", [lambda request: [PortalRules(is_active=False)]]
    )

    assert client_of(customer.user).get(address(attach(message))).status_code == 404


def test_any_portal_the_customer_may_enter_will_do(message, customer, monkeypatch):
    rules = [PortalRules(is_active=False), PortalRules()]
    monkeypatch.setattr(portals, "_rules", [lambda request: rules])

    assert client_of(customer.user).get(address(attach(message))).status_code == 200


def test_a_file_that_is_gone_from_the_storage_is_404(message, customer):
    attachment = attach(message)
    attachment.file.storage.delete(attachment.file.name)

    assert client_of(customer.user).get(address(attachment)).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_files_are_only_read(message, customer, method):
    client = client_of(customer.user)

    assert getattr(client, method)(address(attach(message))).status_code == 405


@pytest.mark.parametrize(
    ("name", "content", "content_type", "disposition"),
    [
        ("a.png", PNG, "image/png", "inline"),
        ("a.pdf", b"%PDF-1.7", "application/pdf", "inline"),
        ("a.txt", b"<script>", "text/plain; charset=utf-8", "attachment"),
        ("a.zip", b"PK\x03\x04", "application/zip", "attachment"),
        ("a.csv", "ñ".encode("latin-1"), "application/octet-stream", "attachment"),
    ],
)
def test_headers_let_no_file_run_or_be_kept(
    message, customer, name, content, content_type, disposition
):
    headers = client_of(customer.user).get(address(attach(message, name, content)))

    assert headers["Content-Type"] == content_type
    assert headers["Content-Disposition"].startswith(
        f'{disposition}; filename="{name}"'
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, no-store"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert ("sandbox" in headers["Content-Security-Policy"]) is (name != "a.pdf")
    assert headers["X-Robots-Tag"] == "noindex"
    assert headers["Content-Length"] == str(len(content))
    assert "Content-Encoding" not in headers
    assert "Last-Modified" not in headers


def test_a_name_in_any_script_survives_the_header(message, customer):
    attachment = attach(message, 'صورة "x"\r\nX-Evil: 1.png')
    response = client_of(customer.user).get(address(attachment))

    assert response.status_code == 200
    assert "X-Evil" not in response
    assert "filename*=utf-8''" in response["Content-Disposition"]


def test_a_copy_is_never_called_fresh(message, customer):
    response = client_of(customer.user).get(
        address(attach(message)),
        headers={"if-modified-since": "Wed, 01 Jan 2099 00:00:00 GMT"},
    )

    assert response.status_code == 200


def test_a_range_gets_the_whole_file(message, customer):
    response = client_of(customer.user).get(
        address(attach(message)), headers={"range": "bytes=0-1"}
    )

    assert response.status_code == 200
    assert body(response) == PNG
