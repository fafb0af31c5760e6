"""Where a mail goes, and that nobody writes on a ticket of others (EM22, EM23)."""

import pytest

from tests.factories import ContactFactory, InboxFactory, ParticipantFactory
from tests.mails import bounce_of, raw_mail
from wagtail_helpdesk import actions, intake
from wagtail_helpdesk.access.merge_readers import new_readers
from wagtail_helpdesk.channels.email.message_ids import message_id
from wagtail_helpdesk.models import (
    Contact,
    Delivery,
    Event,
    Message,
    Receipt,
    Stage,
    Ticket,
)
from wagtail_helpdesk.notifications import handle_due

STRANGER = "Eve <eve@evil.example>"


def texts(ticket):
    messages = Message.objects.filter(conversation__ticket=ticket).order_by("pk")
    return [message.body_text for message in messages]


def test_a_mail_opens_a_ticket(receive, channel):
    receipt = receive(html="<p>It <b>flickers</b>.</p>")
    ticket = Ticket.objects.get()
    assert (ticket.subject, ticket.inbox) == ("The lamp flickers", channel.inbox)
    assert (ticket.contact.name, ticket.contact.email) == (
        "Ana García",
        "ana@acme.example",
    )
    message = Message.objects.get()
    assert message.body_text == "It flickers when it rains."
    assert "<b>flickers</b>" in message.body_html
    assert message.external_id == "<first@acme.example>"
    assert receipt.message == message


def test_a_known_address_is_a_known_contact(receive, contact):
    receive(sender="Somebody Else <ANA@acme.example>")
    assert Ticket.objects.get().contact == contact
    contact.refresh_from_db()
    assert contact.name == "Ana García"


@pytest.mark.parametrize("header", ["In_Reply_To", "References"])
def test_an_answer_to_our_mail_joins_its_ticket(receive, ticket, our_mail, header):
    value = our_mail if header == "In_Reply_To" else f"<a@x> {our_mail} <b@x>"
    receive(text="Yes.", **{header: value})
    assert texts(ticket)[-1] == "Yes."
    assert Ticket.objects.count() == 1


def test_an_id_with_a_comment_still_counts(receive, ticket, our_mail):
    receive(text="Yes.", In_Reply_To=f"(your mail) {our_mail}")
    assert texts(ticket)[-1] == "Yes."


def test_a_second_mail_of_the_sender_joins_by_their_own_message_id(receive):
    receive()
    receive(
        text="And now it smokes.",
        message_id="<second@acme.example>",
        References="<first@acme.example>",
    )
    assert texts(Ticket.objects.get()) == [
        "It flickers when it rains.",
        "And now it smokes.",
    ]


def test_two_mails_of_one_thread_in_one_pass_are_one_ticket(channel):
    intake.store(channel, raw_mail())
    intake.store(
        channel,
        raw_mail(
            "More.", message_id="<2@acme.example>", In_Reply_To="<first@acme.example>"
        ),
    )
    intake.take_in(budget_seconds=60)
    assert texts(Ticket.objects.get()) == ["It flickers when it rains.", "More."]


def test_the_number_in_the_subject_counts_for_who_takes_part(receive, channel, contact):
    ticket = (
        actions.OpenTicket(channel=channel, contact=contact, subject="Lamp")
        .execute()
        .ticket
    )
    receive(text="Yes.", subject=f"Re: [{ticket.reference}] Lamp")
    assert texts(ticket)[-1] == "Yes."


def test_somebody_copied_may_answer(receive, ticket):
    luis = ContactFactory(email="luis@acme.example")
    ParticipantFactory(ticket=ticket, contact=luis)
    receive(
        sender="luis@acme.example", subject=f"Re: [{ticket.reference}]", text="I too"
    )
    assert texts(ticket)[-1] == "I too"


@pytest.mark.parametrize("way", ["token", "own id", "subject"])
def test_a_stranger_never_writes_on_anothers_ticket(receive, ticket, our_mail, way):
    """EM23: a quoted Message-ID, even a real one, is no proof of who writes."""
    Message.objects.filter(seq=1).update(external_id="<first@acme.example>")
    before, seen = texts(ticket), ticket.version
    headers = {
        "token": {"In_Reply_To": our_mail},
        "own id": {"References": "<first@acme.example>"},
        "subject": {"subject": f"Re: [{ticket.reference}] The lamp"},
    }[way]
    receipt = receive(sender=STRANGER, text="Close it!", message_id="<e@e>", **headers)
    ticket.refresh_from_db()
    assert texts(ticket) == before
    assert ticket.version >= seen and not ticket.participants.exists()
    own = receipt.message.conversation.ticket
    assert own != ticket and own.contact.email == "eve@evil.example"
    # Agents read what it named; its sender does not.
    assert ticket.reference in receipt.message.form_data[0]["value"]
    assert ticket.reference not in receipt.message.body_text


def test_a_forged_id_of_our_form_counts_as_nothing(receive, ticket, our_mail):
    """Even the ticket's own contact needs an id that we signed."""
    at = our_mail.index("@") - 1
    forged = our_mail[:at] + ("b" if our_mail[at] == "a" else "a") + our_mail[at + 1 :]
    receive(In_Reply_To=forged)
    assert Ticket.objects.count() == 2


def test_two_senders_in_one_mail_are_nobody(receive, ticket, our_mail):
    raw = raw_mail(In_Reply_To=our_mail, text="Close it!")
    receive(b"From: eve@evil.example\r\n" + raw)
    assert "Close it!" not in texts(ticket)


def test_reply_to_is_nobodys_identity(receive, contact):
    receive(sender=STRANGER, Reply_To="ana@acme.example")
    assert Ticket.objects.get().contact != contact


def test_people_in_to_and_cc_are_not_added(receive):
    receive(Cc=", ".join(f"c{n}@x.example" for n in range(50)))
    assert Contact.objects.count() == 1
    assert not Ticket.objects.get().participants.exists()


def test_a_ticket_in_the_trash_takes_no_mail(receive, ticket, agent, our_mail):
    actions.TrashTicket(ticket=ticket, actor=agent).execute()
    receive(In_Reply_To=our_mail)
    assert Ticket.objects.live().count() == 1


def test_an_answer_reopens_a_closed_ticket(receive, ticket, agent, our_mail):
    """R7."""
    closed = Stage.objects.get(pipeline=ticket.pipeline, category="closed")
    actions.ChangeStage(ticket=ticket, stage=closed, actor=agent).execute()
    receive(text="It is back.", In_Reply_To=our_mail)
    ticket.refresh_from_db()
    assert not ticket.is_closed and ticket.reopened_count == 1


def test_the_ticket_of_another_inbox_is_found_by_our_id_only(receive, ticket):
    ticket.inbox = InboxFactory()
    ticket.save()
    receive(subject=f"Re: [{ticket.reference}]")
    assert Ticket.objects.count() == 2


def test_a_blocked_contact_is_ignored(receive, contact):
    contact.is_blocked = True
    contact.save()
    assert receive().error == "Its sender is blocked."
    assert not Ticket.objects.exists()


# -- Machines -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated"},
        {"subject": "Out of office"},
    ],
)
def test_a_machines_mail_opens_no_ticket(receive, headers):
    """EM25, EM26."""
    receipt = receive(**headers)
    assert (receipt.state, Ticket.objects.count()) == ("ignored", 0)


def test_a_vacation_notice_is_a_note_that_changes_nothing(
    receive, ticket, agent, our_mail
):
    closed = Stage.objects.get(pipeline=ticket.pipeline, category="closed")
    ticket = actions.ChangeStage(ticket=ticket, stage=closed, actor=agent).execute()
    receipt = receive(
        text="I am away.", Auto_Submitted="auto-replied", In_Reply_To=our_mail
    )
    assert receipt.message.direction == Message.Direction.INTERNAL
    ticket.refresh_from_db()
    assert ticket.is_closed
    assert (
        not Event.objects.filter(message=receipt.message)
        .exclude(due=0)
        .filter(kind="message_received", due=1)
    )


def test_our_own_mail_that_comes_back_is_ignored(receive, ticket, our_mail):
    assert receive(message_id=our_mail).state == "ignored"
    assert Ticket.objects.count() == 1


def test_mail_from_one_of_our_addresses_is_ignored(receive):
    """EM25."""
    assert receive(sender="help@northwind.example").state == "ignored"


@pytest.mark.parametrize(
    "headers", [{"List_Id": "<l.acme.example>"}, {"X_Auto_Response_Suppress": "All"}]
)
def test_what_wants_no_automatic_answer_gets_none(receive, headers):
    """EM26: the ticket is opened all the same."""
    receive(**headers)
    handle_due()
    assert Ticket.objects.count() == 1
    assert not Delivery.objects.filter(kind="acknowledgement").exists()


def test_an_ordinary_mail_is_acknowledged(receive):
    receive()
    handle_due()
    assert Delivery.objects.filter(kind="acknowledgement").count() == 1


def test_a_bounce_marks_the_mail_that_came_back(receive, ticket, our_mail):
    """EM7: no customer's message, and no answer."""
    before = texts(ticket)
    receipt = receive(bounce_of(our_mail))
    delivery = Delivery.objects.get(external_id=our_mail)
    assert (receipt.state, delivery.status) == ("done", Delivery.Status.FAILED)
    assert "5.1.1" in delivery.error and "User unknown" in delivery.error
    assert texts(ticket) == before and Ticket.objects.count() == 1


def test_a_report_on_a_delay_changes_nothing(receive, our_mail):
    assert receive(bounce_of(our_mail, "4.4.1")).state == "ignored"
    assert Delivery.objects.get(external_id=our_mail).status == "sent"


def test_a_bounce_of_somebody_elses_mail_is_ignored(receive):
    assert receive(bounce_of("<x@y.example>")).state == "ignored"
    assert not Ticket.objects.exists()


# -- Agents ---------------------------------------------------------------------------


@pytest.fixture
def notice(ticket, agent):
    """The Message-ID of a notice that went out to the agent."""
    handle_due()
    delivery = Delivery.objects.get(kind="agent_notice")
    return message_id(delivery.token, "northwind.example")


def test_an_agents_answer_to_a_notice_is_a_note(receive, ticket, notice):
    receipt = receive(sender="amy@staff.example", text="I know.", In_Reply_To=notice)
    assert receipt.message.direction == Message.Direction.INTERNAL
    assert receipt.message.author_agent is not None
    assert texts(ticket)[-1] == "I know."


def test_nobody_else_answers_an_agents_notice(receive, ticket, notice):
    receive(sender=STRANGER, text="I know.", In_Reply_To=notice, message_id="<e@e>")
    assert "I know." not in texts(ticket)


# -- What does not fit ----------------------------------------------------------------


def test_a_refused_file_is_named_and_the_rest_survives(receive):
    receipt = receive(
        files=(
            ("lamp.txt", b"It flickers", "text/plain"),
            ("lamp.exe", b"MZ\x00", "application/octet-stream"),
        )
    )
    message = receipt.message
    assert [one.name for one in message.attachments.all()] == ["lamp.txt"]
    assert "lamp.exe" in message.form_data[0]["value"]


def test_too_many_files_are_named(receive, settings):
    settings.WAGTAIL_HELPDESK = {"MAX_UPLOAD_FILES": 1}
    files = tuple((f"{n}.txt", b"x", "text/plain") for n in range(3))
    message = receive(files=files).message
    assert message.attachments.count() == 1
    assert "2.txt" in message.form_data[0]["value"]


def test_a_mail_without_a_word_is_a_ticket(receive):
    receipt = receive(b"From: ana@acme.example\n\n")
    assert receipt.state == "done" and Ticket.objects.count() == 1


def test_a_mail_without_a_sender_fails_with_the_reason_and_is_kept(receive):
    receipt = receive(b"Subject: Who am I?\n\nHello")
    assert (receipt.state, receipt.error) == ("failed", "It does not say who sent it.")
    assert receipt.raw() == b"Subject: Who am I?\n\nHello"


def test_an_address_that_is_none_fails(receive):
    assert receive(sender="ana@localhost..").state == "failed"


@pytest.mark.parametrize(
    "raw",
    [
        b"From: ana@acme.example\nSubject: \x00\xff\n\n\x00\xff\xfe",
        b"From: ana@acme.example\nContent-Type: text/html\n\n<p>\x00</p>",
        b"From: ana@acme.example\nMessage-ID: " + b"<" + b"x" * 5_000 + b"@y>\n\nHi",
        b"From: " + b"x" * 300 + b" <ana@acme.example>\n\nHi",
        b"From: ana@acme.example\nSubject: " + b"long " * 10_000 + b"\n\nHi",
        "From: ana@acme.example\nSubject: \U0001f4a1\n\n\U0001f4a1".encode(),
        b"From: ana@acme.example\nContent-Type: text/plain; charset=utf-7\n\n+2AA-",
    ],
    ids=range(7),
)
def test_broken_mails_become_tickets(receive, raw):
    """EM17."""
    assert receive(raw).state == "done"
    assert Ticket.objects.count() == 1


def test_one_bad_mail_keeps_no_other_back(channel):
    """EM17."""
    for number in range(20):
        raw = b"nothing" if number == 9 else raw_mail(message_id=f"<{number}@x>")
        intake.store(channel, raw)
    report = intake.take_in(budget_seconds=60)
    assert (report.done, report.failed) == (19, 1)
    assert Receipt.objects.get(state="failed").raw() == b"nothing"


@pytest.mark.parametrize("way", ["token", "own id", "subject"])
@pytest.mark.parametrize("steps", [1, 2])
def test_an_answer_to_a_merged_ticket_joins_the_other_one(
    receive, channel, contact, ticket, our_mail, way, steps
):
    """N15: where the sender takes part there, as the people of a merged ticket do."""
    Message.objects.filter(seq=1).update(external_id="<first@acme.example>")
    other = ticket
    for _step in range(steps):
        opening = actions.OpenTicket(
            channel=channel, contact=ContactFactory(), subject="Lamp"
        )
        source, other = other, opening.execute().ticket
        agreed = new_readers(source, other).key
        actions.MergeTickets(
            source=source, target=other, actor=None, agreed=agreed
        ).execute()
    headers = {
        "token": {"In_Reply_To": our_mail},
        "own id": {"References": "<first@acme.example>"},
        "subject": {"subject": f"Re: [{ticket.reference}] The lamp"},
    }[way]
    receive(text="Yes.", message_id="<y@acme.example>", **headers)
    message = Message.objects.get(body_text="Yes.")
    assert message.author_contact == contact
    # What came with the merge is never written to, so that undoing finds it as it was.
    conversation = message.conversation
    assert (conversation.ticket, conversation.merged_from) == (other, None)
    receive(sender=STRANGER, text="Close it!", message_id="<e@e>", **headers)
    assert "Close it!" not in texts(other)
