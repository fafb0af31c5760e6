"""R6: conversation and ticket go into the trash together, and come back together."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import ConversationFactory
from tests.files import text_file
from wagtail_helpdesk.actions import (
    OpenTicket,
    PurgeTrash,
    RestoreConversation,
    RestoreTicket,
    TrashConversation,
    TrashTicket,
    Upload,
)
from wagtail_helpdesk.exceptions import ActionPermissionError
from wagtail_helpdesk.models import Attachment, PortalRules, Ticket

pytestmark = pytest.mark.django_db


def in_trash(ticket):
    ticket.refresh_from_db()
    return (
        ticket.deleted_at is not None,
        [c.deleted_at is not None for c in ticket.conversations.order_by("pk")],
    )


def test_a_ticket_takes_its_conversations_along(ticket, agent):
    """B110."""
    ConversationFactory(ticket=ticket)
    TrashTicket(ticket=ticket, actor=agent).execute()
    assert in_trash(ticket) == (True, [True, True])


def test_the_only_conversation_takes_its_ticket_along(opened, agent):
    """B110."""
    TrashConversation(conversation=opened.conversation, actor=agent).execute()
    assert in_trash(opened.ticket) == (True, [True])


def test_one_of_several_leaves_the_ticket(opened, agent):
    ConversationFactory(ticket=opened.ticket)
    TrashConversation(conversation=opened.conversation, actor=agent).execute()
    assert in_trash(opened.ticket) == (False, [True, False])


def test_the_agent_may_say_that_the_ticket_goes_too(opened, agent):
    ConversationFactory(ticket=opened.ticket)
    TrashConversation(
        conversation=opened.conversation, actor=agent, with_ticket=True
    ).execute()
    assert in_trash(opened.ticket) == (True, [True, True])


def test_restoring_brings_back_the_pair_and_not_what_went_before(opened, agent):
    """L8, N15."""
    earlier = ConversationFactory(ticket=opened.ticket)
    TrashConversation(conversation=earlier, actor=agent).execute()
    TrashTicket(ticket=opened.ticket, actor=agent).execute()
    RestoreTicket(ticket=opened.ticket, actor=agent).execute()
    assert in_trash(opened.ticket) == (False, [False, True])


def test_restoring_the_conversation_restores_its_ticket(opened, agent):
    TrashConversation(conversation=opened.conversation, actor=agent).execute()
    RestoreConversation(conversation=opened.conversation, actor=agent).execute()
    assert in_trash(opened.ticket) == (False, [False])


def test_nobody_sees_a_ticket_in_the_trash(ticket, agent, contact):
    TrashTicket(ticket=ticket, actor=agent).execute()
    assert not Ticket.objects.visible_to_agent(agent).exists()
    assert not Ticket.objects.visible_to_contact(contact, PortalRules()).exists()
    assert list(Ticket.objects.trashed_for_agent(agent)) == [ticket]


def test_a_foreign_agent_neither_trashes_nor_restores(opened, agent, foreign_agent):
    with pytest.raises(ActionPermissionError):
        TrashTicket(ticket=opened.ticket, actor=foreign_agent).execute()
    TrashTicket(ticket=opened.ticket, actor=agent).execute()
    with pytest.raises(ActionPermissionError):
        RestoreTicket(ticket=opened.ticket, actor=foreign_agent).execute()


def test_after_thirty_days_it_is_gone_with_its_files(
    channel, contact, agent, ticket, django_capture_on_commit_callbacks
):
    old = OpenTicket(
        channel=channel,
        contact=contact,
        subject="Old",
        uploads=[Upload(name="log.txt", content=text_file("line"))],
    ).execute()
    attachment = Attachment.objects.get()
    for trashed in (ticket, old.ticket):
        TrashTicket(ticket=trashed, actor=agent).execute()
    Ticket.objects.filter(pk=old.ticket.pk).update(
        deleted_at=timezone.now() - timedelta(days=31)
    )
    with django_capture_on_commit_callbacks(execute=True):
        assert PurgeTrash().execute() == 1
    assert list(Ticket.objects.all()) == [ticket]
    assert not attachment.file.storage.exists(attachment.file.name)
