"""R1: every conversation on a help-desk channel opens exactly one ticket."""

import pytest

from tests.factories import ChannelFactory, ContactFactory, OrganizationFactory
from tests.files import text_file
from wagtail_helpdesk.actions import OpenTicket, Origin, Upload
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.models import Conversation, Event, Message, Ticket

pytestmark = pytest.mark.django_db


def test_a_request_opens_one_ticket_with_the_channels_defaults(
    channel, contact, stages
):
    """B68, B81."""
    channel.default_stage = stages["open"]
    channel.default_priority = 3
    channel.ticket_defaults = {"product": "hub"}
    channel.save()

    opened = OpenTicket(
        channel=channel,
        contact=contact,
        subject="Broken",
        body_text="It is broken.",
        properties={"serial": "X1"},
        origin=Origin(locale="es"),
    ).execute()

    ticket = Ticket.objects.get()
    assert opened.created
    assert opened.ticket == ticket
    assert (ticket.stage, ticket.pipeline) == (stages["open"], stages["open"].pipeline)
    assert (ticket.priority, ticket.inbox) == (3, channel.inbox)
    assert ticket.properties == {"product": "hub", "serial": "X1"}
    assert ticket.origin_locale == "es"
    conversation = Conversation.objects.get()
    assert (conversation.ticket, conversation.last_seq) == (ticket, 1)
    message = Message.objects.get()
    assert (message.seq, message.direction) == (1, "inbound")
    assert message.author_contact == contact


def test_it_starts_in_the_first_stage_that_is_not_closed(channel, contact, stages):
    stages["closed"].order = 0
    stages["closed"].save()
    opened = OpenTicket(channel=channel, contact=contact, subject="Hello").execute()
    assert opened.ticket.stage == stages["new"]


def test_the_same_submission_twice_is_one_ticket(channel, contact):
    """UX25: running an intake action twice changes nothing."""

    def submit():
        return OpenTicket(
            channel=channel, contact=contact, subject="Twice", client_token="t"
        ).execute()

    first, second = submit(), submit()

    assert first.created
    assert not second.created
    assert second.ticket == first.ticket
    assert Ticket.objects.count() == Message.objects.count() == 1
    assert Event.objects.filter(kind="ticket_opened").count() == 1


def test_another_person_gets_no_ticket_by_repeating_a_token(channel, contact, opened):
    with pytest.raises(ActionError) as error:
        OpenTicket(
            channel=channel,
            contact=ContactFactory(),
            subject="x",
            client_token="first",
        ).execute()
    assert error.value.code == "token_used"


def test_a_plain_inbox_opens_no_ticket(channel, contact, inbox):
    """B112."""
    inbox.creates_tickets = False
    inbox.save()
    opened = OpenTicket(channel=channel, contact=contact, subject="Hello").execute()
    assert opened.ticket is None
    assert opened.conversation.ticket is None
    assert not Ticket.objects.exists()
    assert Event.objects.get().kind == "message_received"


def test_a_ticket_without_subject_takes_the_first_line(channel, contact):
    """L14."""
    opened = OpenTicket(
        channel=channel, contact=contact, body_text="\n  The light blinks.\nAlways."
    ).execute()
    assert opened.ticket.subject == "The light blinks."


def test_nothing_at_all_is_refused_and_nothing_is_written(channel, contact):
    with pytest.raises(ActionError) as error:
        OpenTicket(channel=channel, contact=contact, body_text=" \n\x00 ").execute()
    assert error.value.code == "empty"
    assert not Conversation.objects.exists()


def test_control_characters_and_overrides_leave_the_subject(channel, contact):
    opened = OpenTicket(
        channel=channel, contact=contact, subject="a\x00b\u202egnp.exe\r\nBcc: x"
    ).execute()
    assert opened.ticket.subject == "a bgnp.exe Bcc: x"


def test_a_bad_file_stops_the_whole_request(channel, contact):
    with pytest.raises(ActionError):
        OpenTicket(
            channel=channel,
            contact=contact,
            subject="With a file",
            uploads=[Upload(name="empty.txt", content=text_file(""))],
        ).execute()
    assert not Ticket.objects.exists()


def test_files_come_with_the_first_message(channel, contact):
    opened = OpenTicket(
        channel=channel,
        contact=contact,
        subject="With a file",
        uploads=[Upload(name="log.txt", content=text_file("line"))],
    ).execute()
    attachment = opened.message.attachments.get()
    assert (attachment.name, attachment.size) == ("log.txt", 4)


def test_the_organization_is_a_snapshot(channel):
    acme, globex = OrganizationFactory(), OrganizationFactory()
    contact = ContactFactory(organization=acme)
    opened = OpenTicket(channel=channel, contact=contact, subject="Ours").execute()
    contact.memberships.update(organization=globex)
    opened.ticket.refresh_from_db()
    assert opened.ticket.organization == acme


def test_a_blocked_contact_opens_nothing(channel, contact):
    contact.is_blocked = True
    contact.save()
    with pytest.raises(ActionPermissionError):
        OpenTicket(channel=channel, contact=contact, subject="Again").execute()


def test_a_channel_that_is_off_takes_nothing(contact):
    channel = ChannelFactory(is_enabled=False)
    with pytest.raises(ActionError) as error:
        OpenTicket(channel=channel, contact=contact, subject="Hello").execute()
    assert error.value.code == "channel_off"


def test_numbers_grow_and_references_carry_the_prefix(channel, contact, settings):
    settings.WAGTAIL_HELPDESK = {**settings.WAGTAIL_HELPDESK, "TICKET_PREFIX": "ACME-"}
    first = OpenTicket(channel=channel, contact=contact, subject="1").execute().ticket
    second = OpenTicket(channel=channel, contact=contact, subject="2").execute().ticket
    assert second.number > first.number
    assert second.reference == f"ACME-{second.number}"
    assert "2" not in str(second).removeprefix(second.reference)
