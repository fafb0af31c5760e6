"""Which conversations of a ticket a portal shows: all, or the first (L2, B20, B21)."""

import pytest
from bs4 import BeautifulSoup
from django.core.files.base import ContentFile
from django.urls import reverse

from tests.factories import (
    ContactFactory,
    ConversationFactory,
    CustomerFactory,
    MessageFactory,
)
from tests.fulltext import index_all, searches
from tests.portal.build import change, conversation_of, make_portal, make_ticket
from wagtail_helpdesk.access import guest_links
from wagtail_helpdesk.access.ticket_reasons import explain_ticket
from wagtail_helpdesk.actions import Upload
from wagtail_helpdesk.actions.register_agent import agent_group
from wagtail_helpdesk.actions.uploads import store_uploads

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(portal, ana, inbox):
    """With a second conversation, which has a file."""
    ticket = make_ticket(ana, "By the form", inbox=inbox)
    second = ConversationFactory(ticket=ticket)
    message = MessageFactory(conversation=second, body_text="By mail: marmalade")
    content = ContentFile(b"hello", name="log.txt")
    store_uploads(message, [Upload(name="log.txt", content=content)])
    return ticket


@pytest.fixture
def workspace(agent, sign_in):
    """The agent's browser."""
    agent.user.groups.add(agent_group())
    return sign_in(agent)


def thread(client, url):
    soup = BeautifulSoup(client.get(url).content, "html.parser")
    return [body.text.strip() for body in soup.select(".hd-message__body")]


def card(client, ticket):
    """What the agents' page says on each conversation, the latest first."""
    url = reverse("wagtail_helpdesk_admin:ticket", args=[ticket.public_id])
    soup = BeautifulSoup(client.get(url).content, "html.parser")
    lines = soup.select(".hdw-convs .hdw-dim")
    return [" ".join(line.text.split()) for line in lines]


def test_all_conversations_are_shown_unless_the_editor_says_otherwise(
    portal, client, ticket
):
    url = f"/support/r/{ticket.public_id}/"
    assert thread(client, url) == ["By the form", "By mail: marmalade"]
    change(portal, thread_policy="original")
    assert thread(client, url) == ["By the form"]


def test_a_file_of_a_conversation_that_is_not_shown_is_not_served(
    portal, client, ticket
):
    second = ticket.conversations.order_by("-pk")[:1].get()
    file = second.messages.get().attachments.get()
    url = reverse("wagtail_helpdesk:attachment", args=[file.public_id])
    assert client.get(url).status_code == 200
    change(portal, thread_policy="original")
    assert client.get(url).status_code == 404


def test_a_guest_reads_the_same(portal, ticket, client):
    gina = ContactFactory(email="gina@acme.example", email__unverified=True)
    ticket.contact = gina
    ticket.save()
    change(portal, thread_policy="original")
    client.logout()
    token = guest_links.token_for(ticket, gina, "gina@acme.example")
    assert thread(client, f"/support/g/{token}/") == ["By the form"]


@searches
def test_the_search_finds_no_more_than_is_shown(portal, client, ticket):
    index_all()
    url = "/support/?status=all&q=marmalade"
    assert ticket.reference in client.get(url).content.decode()
    change(portal, thread_policy="original")
    assert ticket.reference not in client.get(url).content.decode()


def test_a_reply_goes_where_the_customer_reads(portal, client, ticket):
    change(portal, thread_policy="original")
    client.post(f"/support/r/{ticket.public_id}/", {"body": "Here", "action": "reply"})
    assert thread(client, f"/support/r/{ticket.public_id}/") == ["By the form", "Here"]


def test_the_explanation_counts_by_the_same_policy(portal, ticket, ana):
    change(portal, thread_policy="original")
    found = explain_ticket(ticket, ana, portal.rules)
    assert (found.shown, found.hidden) == (1, 1)


def test_agents_read_which_conversation_shows_where(portal, workspace, ticket):
    """B20, N18."""
    assert card(workspace, ticket) == ["Shown in: Customer portal"] * 2
    change(portal, thread_policy="original")
    first = "Not shown: the portal shows the first conversation only"
    assert sorted(card(workspace, ticket)) == [first, "Shown in: Customer portal"]
    conversation = conversation_of(ticket)
    conversation.is_customer_visible = False
    conversation.save()
    assert sorted(card(workspace, ticket)) == [
        "Not shown: customers do not see it",
        "Shown in: Customer portal",
    ]
    change(portal, is_active=False)
    assert card(workspace, ticket) == ["Not shown: no portal is on"] * 2


def test_the_customer_view_goes_by_a_portal_that_agents_may_not_enter(
    portal, workspace, ticket
):
    """L13: what the agent sees there is what the customer sees."""
    change(portal, thread_policy="original", entry="sso")
    url = reverse(
        "wagtail_helpdesk_admin:ticket_customer_view", args=[ticket.public_id]
    )
    page = workspace.get(url).content.decode()
    assert "By the form" in page
    assert "marmalade" not in page


def test_portals_that_differ_are_named(portal, workspace, ticket):
    make_portal(title="Partner desk", slug="partners", thread_policy="original")
    lines = card(workspace, ticket)
    assert sorted(lines) == [
        "Shown in: Customer portal",
        "Shown in: Customer portal, Partner desk",
    ]


def test_a_stranger_sees_neither(portal, sign_in, ticket):
    stranger = sign_in(CustomerFactory())
    change(portal, thread_policy="original")
    assert stranger.get(f"/support/r/{ticket.public_id}/").status_code == 404
