"""The main job from end to end, as four people do it, with and without a script.

A visitor reads an article, files a request from the form on an ordinary page, signs up
with the address she gave, an agent answers in the admin, she reads the answer in the
portal and replies.
"""

from __future__ import annotations

import re

import pytest
from django.core import mail
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from tests.factories import AgentFactory
from tests.permissions.world import World, make_world
from wagtail_helpdesk.actions.register_agent import agent_group
from wagtail_helpdesk.models import (
    Delivery,
    InboxMembership,
    Message,
    SupportForm,
    Ticket,
)


@pytest.fixture
def world(settings) -> World:
    settings.WAGTAIL_HELPDESK = {
        **settings.WAGTAIL_HELPDESK,
        "FORM_MIN_SECONDS": 0,
        "UNDO_SEND_SECONDS": 0,
    }
    world = make_world()
    world.knowledge_base.contact_page = world.contact_page
    world.knowledge_base.portal_page = world.portal
    world.knowledge_base.save_revision().publish()
    return world


@pytest.fixture
def agent(world):
    """A member of the inbox the form leads to."""
    agent = AgentFactory(user__first_name="Amy", user__last_name="Stone")
    agent.user.groups.add(agent_group())
    form = SupportForm.objects.get(key="contact")
    InboxMembership.objects.create(inbox=form.channel.inbox, agent=agent)
    return agent


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no-script"])
def test_from_the_article_to_the_answer_and_back(
    world, agent, open_page, live_server, javascript
):
    ana = open_page(javascript=javascript)
    file_a_request(ana, world)
    ticket = Ticket.objects.get(subject="The hub is offline")
    assert ticket.origin_page_id == world.article.pk, "N3, UX37"
    assert [m.to for m in mail.outbox if ticket.reference in m.subject]

    sign_up(ana)

    desk = open_page(user=agent.user, javascript=javascript)
    answer(desk, ticket)
    (delivery,) = Delivery.objects.filter(ticket=ticket, kind="reply")
    assert delivery.address == "marta@home.example"

    ana.goto("/support/")
    ana.get_by_role("link", name="The hub is offline").click()
    expect(ana.get_by_text("Please restart it.")).to_be_visible()
    expect(ana.get_by_text("She sounds annoyed.")).to_have_count(0)
    ana.get_by_label("Your reply").fill("It works now, thank you.")
    ana.get_by_role("button", name="Send reply").click()
    expect(ana.get_by_text("It works now, thank you.")).to_be_visible()

    desk.goto(f"/admin/helpdesk/tickets/{ticket.public_id}/")
    expect(desk.get_by_text("It works now, thank you.")).to_be_visible()
    texts = Message.objects.filter(conversation__ticket=ticket).order_by("seq")
    assert [m.direction for m in texts] == [
        "inbound",
        "internal",
        "outbound",
        "inbound",
    ]


def file_a_request(tab: Tab, world: World) -> None:
    """From the article to the form on the contact page."""
    tab.goto(world.article.get_url())
    tab.get_by_role("main").get_by_role(
        "link", name=re.compile("contact|request|ask", re.I)
    ).first.click()
    tab.get_by_label("Your name").fill("Marta")
    tab.get_by_label("Your e-mail address").fill("marta@home.example")
    tab.get_by_label("Subject").fill("The hub is offline")
    tab.get_by_label(re.compile("help|Description", re.I)).fill("It blinks red.")
    tab.get_by_role("main").get_by_role(
        "button", name=re.compile("Send|Submit")
    ).click()
    expect(tab.get_by_text(re.compile(r"HD-\d+"))).to_be_visible()


def sign_up(tab: Tab) -> None:
    """An account for the address, proved by the code in the mail."""
    mail.outbox.clear()
    tab.goto("/accounts/signup/")
    tab.get_by_label("Email").fill("marta@home.example")
    tab.get_by_label("Password", exact=True).fill("correct horse battery")
    tab.get_by_role("button", name=re.compile("Sign up", re.I)).click()
    expect(tab.get_by_label("Code")).to_be_visible()
    (code,) = re.findall(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", mail.outbox[-1].body)
    tab.get_by_label("Code").fill(code)
    tab.get_by_role("button", name=re.compile("Confirm|Verify", re.I)).click()
    expect(tab).not_to_have_url(re.compile("confirm"))


def answer(tab: Tab, ticket: Ticket) -> None:
    """Find the ticket in the inbox, write a note and a reply."""
    tab.goto("/admin/helpdesk/inbox/?view=unassigned")
    tab.get_by_role("link", name=re.compile("The hub is offline")).first.click()
    expect(tab.get_by_text("It blinks red.").first).to_be_visible()
    tab.get_by_label("Internal note").check()
    tab.get_by_label("Text").fill("She sounds annoyed.")
    tab.get_by_role("button", name="Add internal note").click()
    expect(tab.get_by_text("She sounds annoyed.").first).to_be_visible()
    tab.get_by_label("Reply", exact=True).check()
    tab.get_by_label("Text").fill("Please restart it.")
    tab.get_by_role("button", name="Send reply").click()
    expect(tab.get_by_text("Please restart it.").first).to_be_visible()
