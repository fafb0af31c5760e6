"""Which agent is told what: those concerned, never the one who did it."""

import pytest
from django.core import mail

from tests.factories import AgentFactory, InboxFactory, UserFactory
from wagtail_helpdesk import actions, notifications, outbox
from wagtail_helpdesk.models import Delivery, InboxMembership

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(inbox):
    user = UserFactory(first_name="Ben", last_name="Agent", email="ben@staff.example")
    agent = AgentFactory(user=user)
    InboxMembership.objects.create(inbox=inbox, agent=agent)
    return agent


@pytest.fixture
def seen(ticket):
    """The ticket whose opening has been handled already."""
    notifications.handle_due()
    Delivery.objects.all().delete()
    return ticket


def told():
    """Addresses of the agents who are told, after everything due was handled."""
    notifications.handle_due()
    notices = Delivery.objects.filter(kind=Delivery.Kind.AGENT_NOTICE)
    return sorted(notices.values_list("address", flat=True))


def test_a_new_ticket_without_owner_is_announced_to_members_who_want_it(
    inbox, agent, colleague, ticket
):
    InboxMembership.objects.filter(agent=colleague).update(notify=False)

    assert told() == ["amy@staff.example"]


def test_an_agent_of_another_inbox_hears_nothing(ticket):
    stranger = AgentFactory()
    InboxFactory(agents=[stranger])

    assert stranger.user.email not in told()


def test_the_new_owner_is_told(seen, agent, colleague):
    actions.AssignTicket(ticket=seen, owner=colleague, actor=agent).execute()

    assert told() == ["ben@staff.example"]


def test_who_takes_a_ticket_is_not_told(seen, agent):
    actions.AssignTicket(ticket=seen, owner=agent, actor=agent).execute()

    assert told() == []


def test_who_lost_the_ticket_again_before_the_mail_left_is_not_told(
    seen, agent, colleague
):
    actions.AssignTicket(ticket=seen, owner=colleague, actor=None).execute()
    actions.AssignTicket(ticket=seen, owner=agent, actor=None).execute()

    assert told() == ["amy@staff.example"]


def test_a_customers_reply_is_told_to_owner_and_watchers(
    seen, agent, colleague, contact
):
    actions.AssignTicket(ticket=seen, owner=agent, actor=agent).execute()
    actions.FollowTicket(ticket=seen, agent=colleague, follow=True).execute()
    actions.ReceiveMessage(ticket=seen, contact=contact, body_text="Well?").execute()

    assert told() == ["amy@staff.example", "ben@staff.example"]


def test_a_reply_on_a_ticket_without_owner_is_told_to_the_inbox(seen, contact):
    actions.ReceiveMessage(ticket=seen, contact=contact, body_text="Well?").execute()

    assert told() == ["amy@staff.example"]


def test_a_note_is_told_to_owner_and_watchers_but_not_its_author(
    seen, agent, colleague
):
    actions.AssignTicket(ticket=seen, owner=agent, actor=agent).execute()
    actions.FollowTicket(ticket=seen, agent=colleague, follow=True).execute()
    actions.AddNote(ticket=seen, agent=colleague, body_text="Look at this").execute()

    assert told() == ["amy@staff.example"]


def test_the_text_of_a_note_stays_in_the_workspace(seen, agent, colleague):
    """UX48."""
    actions.FollowTicket(ticket=seen, agent=colleague, follow=True).execute()
    actions.AddNote(ticket=seen, agent=agent, body_text="CANARY of a note").execute()
    notifications.handle_due()

    outbox.run_due()

    (sent,) = mail.outbox
    assert "CANARY" not in sent.message().as_string()
    assert "Amy Agent wrote a note" in sent.body


def test_a_watcher_who_left_the_inbox_hears_nothing_more(
    seen, agent, colleague, contact
):
    actions.FollowTicket(ticket=seen, agent=colleague, follow=True).execute()
    InboxMembership.objects.filter(agent=colleague).delete()
    actions.ReceiveMessage(ticket=seen, contact=contact, body_text="Well?").execute()

    assert told() == ["amy@staff.example"]


def test_who_leaves_while_the_mail_waits_does_not_get_it(seen, agent, contact):
    actions.ReceiveMessage(ticket=seen, contact=contact, body_text="Secret").execute()
    notifications.handle_due()
    InboxMembership.objects.filter(agent=agent).delete()

    assert outbox.run_due().cancelled == 1
    assert mail.outbox == []


@pytest.mark.parametrize("field", ["agent", "account"])
def test_an_agent_who_is_switched_off_hears_nothing(ticket, agent, field):
    if field == "agent":
        agent.is_active = False
        agent.save()
    else:
        agent.user.is_active = False
        agent.user.save()

    assert told() == []


def test_a_colleague_who_asks_as_a_customer_is_not_told_of_it(
    channel, contact, agent, colleague
):
    contact.user = colleague.user
    contact.save()
    actions.OpenTicket(channel=channel, contact=contact, body_text="Help").execute()

    assert told() == ["amy@staff.example"]


def test_a_notice_never_goes_to_an_address_of_ours(ticket, agent):
    agent.user.email = "Help@Northwind.example"
    agent.user.save()

    assert told() == []


def test_a_notice_links_to_the_ticket_in_the_workspace(ticket, settings):
    settings.WAGTAILADMIN_BASE_URL = "https://cms.northwind.example"
    notifications.handle_due()
    outbox.run_due()

    (sent,) = [m for m in mail.outbox if "amy@staff.example" in m.to[0]]
    link = f"https://cms.northwind.example/admin/helpdesk/tickets/{ticket.public_id}/"
    assert link in sent.body
    assert link in sent.alternatives[0][0]
    assert "It flickers when it rains." in sent.body
    assert "because you are a member of the inbox Support" in sent.body
