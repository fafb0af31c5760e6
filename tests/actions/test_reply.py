"""R16: the reply waits for its undo window, and for what came in meanwhile."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import (
    AgentFactory,
    ContactFactory,
    ConversationFactory,
    InboxFactory,
    TicketFactory,
)
from tests.files import text_file
from wagtail_helpdesk.actions import (
    AddNote,
    ChangeParticipant,
    ChangeStage,
    ReceiveMessage,
    ReplyToTicket,
    RetryDelivery,
    SaveDraft,
    TrashConversation,
    TrashTicket,
    UndoSend,
    Upload,
)
from wagtail_helpdesk.exceptions import (
    ActionError,
    ActionPermissionError,
    ConversationChanged,
)
from wagtail_helpdesk.models import (
    Delivery,
    Draft,
    Event,
    InboxMembership,
    Message,
    PortalRules,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def write(ticket, agent):
    def write(text="Try a new cable.", **options):
        return ReplyToTicket(
            ticket=ticket, agent=agent, body_text=text, **options
        ).execute()

    return write


def release(message):
    Message.objects.filter(pk=message.pk).update(
        release_at=timezone.now() - timedelta(seconds=1)
    )


def seen_by(contact):
    return list(
        Message.objects.visible_to_contact(contact, PortalRules())
        .order_by("pk")
        .values_list("body_text", flat=True)
    )


def test_a_reply_queues_one_mail_for_after_the_undo_window(write, contact, ticket):
    before = timezone.now()
    message = write()
    delivery = Delivery.objects.get()
    assert (delivery.message, delivery.address) == (message, "ana@acme.example")
    assert delivery.status == "queued"
    assert delivery.run_at >= before + timedelta(seconds=10)
    ticket.refresh_from_db()
    assert ticket.first_replied_at == message.created_at


def test_customers_see_it_when_the_window_has_passed(write, contact):
    message = write()
    assert seen_by(contact) == ["Every ten minutes."]
    release(message)
    assert seen_by(contact) == ["Every ten minutes.", "Try a new cable."]


def test_participants_get_the_mail_too_and_nobody_gets_it_twice(write, ticket, agent):
    colleague = ContactFactory(email="luis@acme.example")
    for contact in (colleague, ticket.contact):
        ChangeParticipant(ticket=ticket, contact=contact, actor=agent).execute()
    write()
    assert sorted(Delivery.objects.values_list("address", flat=True)) == [
        "ana@acme.example",
        "luis@acme.example",
    ]


def test_undo_makes_it_a_draft_and_no_mail_leaves(write, agent, contact):
    """UX70."""
    message = write()
    draft = UndoSend(message=message, agent=agent).execute()
    assert draft.text == "Try a new cable."
    assert not Message.objects.filter(pk=message.pk).exists()
    assert Delivery.objects.get().status == "cancelled"
    assert Event.objects.filter(kind="message_sent").exists()
    assert Event.objects.filter(kind="send_undone").exists()


def test_undo_comes_too_late_after_the_window(write, agent):
    message = write()
    release(message)
    with pytest.raises(ActionError) as error:
        UndoSend(message=message, agent=agent).execute()
    assert error.value.code == "too_late"


def test_only_the_author_takes_it_back(write, inbox):
    colleague = AgentFactory()
    InboxMembership.objects.create(inbox=inbox, agent=colleague)
    with pytest.raises(ActionPermissionError):
        UndoSend(message=write(), agent=colleague).execute()


def test_a_customers_message_meanwhile_holds_the_reply_back(write, ticket, contact):
    """R16, UX69."""
    ReceiveMessage(ticket=ticket, contact=contact, body_text="It works now!").execute()
    with pytest.raises(ConversationChanged):
        write(seen_seq=1)
    assert not Delivery.objects.exists()
    write(seen_seq=1, force=True)
    assert Event.objects.get(kind="message_sent").data["despite_newer"] is True


def test_a_colleagues_reply_holds_it_back_and_a_note_does_not(write, ticket, inbox):
    colleague = AgentFactory()
    InboxMembership.objects.create(inbox=inbox, agent=colleague)
    AddNote(ticket=ticket, agent=colleague, body_text="Known fault.").execute()
    write(seen_seq=1)
    ReplyToTicket(ticket=ticket, agent=colleague, body_text="Done.").execute()
    with pytest.raises(ConversationChanged):
        write(seen_seq=3)


def test_the_same_reply_twice_is_one(write):
    assert write(client_token="t") == write(client_token="t")
    assert Delivery.objects.count() == 1


def test_reply_and_close_is_one_click(write, stages, ticket):
    write(stage=stages["closed"])
    ticket.refresh_from_db()
    assert ticket.is_closed


def test_a_ticket_without_conversation_gets_one(agent, inbox, contact):
    ticket = TicketFactory(inbox=inbox, contact=contact)
    message = ReplyToTicket(ticket=ticket, agent=agent, body_text="Hello").execute()
    assert message.conversation.ticket == ticket


def test_sending_removes_the_draft(write, opened, agent):
    SaveDraft(
        conversation=opened.conversation, agent=agent, mode="reply", text="Try"
    ).execute()
    write()
    assert not Draft.objects.exists()


def test_a_contact_without_address_gets_no_mail(agent, inbox):
    ticket = TicketFactory(inbox=inbox, contact=ContactFactory(email=False))
    ReplyToTicket(ticket=ticket, agent=agent, body_text="Hello").execute()
    assert not Delivery.objects.exists()


def test_a_foreign_agent_writes_nothing(ticket, foreign_agent):
    for action in (ReplyToTicket, AddNote):
        with pytest.raises(ActionPermissionError):
            action(ticket=ticket, agent=foreign_agent, body_text="x").execute()
    assert Message.objects.count() == 1


def test_nobody_answers_a_ticket_in_the_trash(write, ticket, agent):
    TrashTicket(ticket=ticket, actor=agent).execute()
    with pytest.raises(ActionPermissionError):
        write()


def test_a_note_is_no_mail_and_customers_never_see_it(ticket, agent, contact):
    """B22, UX48, UX71."""
    note = AddNote(
        ticket=ticket,
        agent=agent,
        body_text="He is angry.",
        uploads=[Upload(name="crm.txt", content=text_file("secret"))],
    ).execute()
    assert note.is_note
    assert not Delivery.objects.exists()
    assert seen_by(contact) == ["Every ten minutes."]
    visible = note.attachments.visible_to_contact(contact, PortalRules())
    assert not visible.exists()
    assert note.attachments.visible_to_agent(agent).count() == 1


def test_a_failed_mail_is_sent_again_on_demand(write, agent, ticket):
    write()
    delivery = Delivery.objects.get()
    with pytest.raises(ActionError):
        RetryDelivery(delivery=delivery, agent=agent).execute()
    Delivery.objects.update(status="failed", error="550 no such user", attempts=3)
    RetryDelivery(delivery=delivery, agent=agent).execute()
    delivery.refresh_from_db()
    assert (delivery.status, delivery.error, delivery.attempts) == ("queued", "", 0)


def test_undo_leaves_the_ticket_as_it_was(write, ticket, agent, stages):
    """The click that sent it also closed the ticket."""
    message = write(stage=stages["closed"])
    UndoSend(message=message, agent=agent).execute()
    ticket.refresh_from_db()
    assert (ticket.stage, ticket.is_closed) == (stages["new"], False)
    assert ticket.first_replied_at is None
    assert ticket.last_agent_message_at is None


def test_undo_leaves_a_stage_that_was_chosen_since(write, ticket, agent, stages):
    message = write(stage=stages["waiting"])
    ChangeStage(ticket=ticket, stage=stages["open"], actor=agent).execute()
    UndoSend(message=message, agent=agent).execute()
    ticket.refresh_from_db()
    assert ticket.stage == stages["open"]


def test_undo_keeps_what_was_begun_since(write, opened, agent):
    message = write("First.")
    SaveDraft(
        conversation=opened.conversation, agent=agent, mode="reply", text="Second."
    ).execute()
    draft = UndoSend(message=message, agent=agent).execute()
    assert draft.text == "First.\n\nSecond."


def test_a_second_undo_says_so(write, agent):
    message = write()
    stale = Message.objects.get(pk=message.pk)
    UndoSend(message=message, agent=agent).execute()
    with pytest.raises(ActionError) as error:
        UndoSend(message=stale, agent=agent).execute()
    assert error.value.code == "undone"


def test_a_note_never_lands_where_its_author_cannot_read_it(opened, agent):
    """Not in the trash, and not in another inbox's conversation."""
    trashed = ConversationFactory(ticket=opened.ticket)
    TrashConversation(conversation=trashed, actor=agent).execute()
    ConversationFactory(ticket=opened.ticket, inbox=InboxFactory())
    for action in (AddNote, ReplyToTicket):
        written = action(ticket=opened.ticket, agent=agent, body_text="x").execute()
        assert written.conversation == opened.conversation
