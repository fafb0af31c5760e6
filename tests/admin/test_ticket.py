"""A ticket's page: reading, writing, changing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Locale

from tests.admin.conftest import signed_in, url
from tests.factories import ContactFactory, MessageFactory, TicketFactory
from tests.files import text_file
from wagtail_helpdesk.access import portals
from wagtail_helpdesk.actions import (
    AddNote,
    AssignTicket,
    ChangePriority,
    ChangeStage,
    OpenTicket,
    RateTicket,
    ReceiveMessage,
    ReplyToTicket,
    SaveDraft,
)
from wagtail_helpdesk.models import (
    CannedReply,
    Conversation,
    Delivery,
    Draft,
    Event,
    Message,
    PortalRules,
    Ticket,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def conversation(ticket):
    return ticket.conversations.get()


@pytest.fixture
def page(browser, ticket):
    def show(**params):
        return browser.get(url("ticket", ticket.public_id), params)

    return show


@pytest.fixture
def compose(browser, ticket):
    """Sends the composer's form as the page shows it, with changes."""

    def send(do, text="Try a new cable.", **changes):
        data = {
            "do": do,
            "mode": "note" if do == "note" else "reply",
            "text": text,
            "token": "t" * 32,
            "seen": Message.objects.order_by("-pk").first().pk,
            "conversation": ticket.conversations.first().public_id,
            **changes,
        }
        return browser.post(url("compose", ticket.public_id), data)

    return send


# -- Reading ---------------------------------------------------------------------


def test_the_page_shows_all_conversations_notes_and_changes(
    page, agent, ticket, inbox, stages
):
    """L2, B22: one thread, in order, notes labelled in words."""
    AddNote(ticket=ticket, agent=agent, body_text="Faulty batch").execute()
    ChangePriority(ticket=ticket, priority=4, actor=agent).execute()
    other = Conversation.objects.create(
        ticket=ticket,
        inbox=inbox,
        contact=ticket.contact,
        created_at=timezone.now(),
        last_message_at=timezone.now(),
    )
    MessageFactory(conversation=other, body_text="By another way")

    text = page().content.decode()

    order = ["Every ten minutes.", "Faulty batch", "changed the priority"]
    assert [text.index(part) for part in order] == sorted(
        text.index(part) for part in order
    )
    assert "By another way" in text
    assert "Internal note – customers can&#x27;t see this" in text or (
        "Internal note – customers can't see this" in text
    )
    assert "Normal → Urgent" in text


def test_a_ticket_of_the_agents_own_pages_costs_the_same_for_any_thread(
    browser, agent, ticket
):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            browser.get(url("ticket", ticket.public_id))
        return len(captured)

    def write(number):
        for n in range(number):
            ReplyToTicket(
                ticket=ticket, agent=agent, body_text=f"{n}", force=True
            ).execute()
            AddNote(ticket=ticket, agent=agent, body_text=f"{n}").execute()

    write(3)
    queries()
    few = queries()
    write(27)

    assert queries() == few


def test_a_long_thread_shows_its_newest_part_and_a_way_back(browser, agent, ticket):
    for number in range(40):
        AddNote(ticket=ticket, agent=agent, body_text=f"Note {number}.").execute()

    newest = browser.get(url("ticket", ticket.public_id))
    assert b"Note 39." in newest.content
    assert b"Note 5." not in newest.content
    earlier = browser.get(
        url("ticket", ticket.public_id) + newest.context["thread"].earlier_url
    )
    assert b"Note 5." in earlier.content


def test_submitted_fields_are_shown_with_hidden_ones_flagged(page, ticket):
    """L15"""
    message = Message.objects.get()
    message.form_data = [
        {"key": "model", "label": "Model", "value": "X7", "hidden": False},
        {"key": "source", "label": "Source", "value": "campaign", "hidden": True},
    ]
    message.save()

    text = page().content.decode()

    assert "Model" in text
    assert "X7" in text
    hidden = text[text.index("Source") :]
    assert hidden.index("hidden field") < hidden.index("campaign")


def test_names_and_changes_are_shown_as_text(page, ticket, agent):
    ticket.contact.name = "<i>Ann</i>"
    ticket.contact.save()
    AssignTicket(ticket=ticket, owner=agent, actor=agent).execute()
    Event.objects.filter(kind="ticket_assigned").update(
        data={"after": {"name": "<i>Zed</i>"}}
    )

    text = page().content.decode()

    assert "&lt;i&gt;Ann&lt;/i&gt;</strong>" in text
    assert "&lt;i&gt;Zed&lt;/i&gt;" in text
    assert "<i>" not in text
    assert "&amp;lt;" not in text


def test_a_kept_statement_shows_each_agent_their_own(
    browser, ticket, foreign_ticket, agent
):
    """What one person may see is not kept for the next on the same connection."""
    address = url("ticket", foreign_ticket.public_id)
    assert browser.get(url("ticket", ticket.public_id)).status_code == 200
    assert browser.get(address).status_code == 404

    agent.user.is_superuser = True
    agent.user.save()
    assert browser.get(address).status_code == 200

    agent.user.is_superuser = False
    agent.user.save()
    assert browser.get(address).status_code == 404


def test_received_html_is_sanitised(page, ticket):
    Message.objects.update(
        body_html="<p>Hello <b>there</b></p><script>alert(1)</script>"
        "<img src='https://tracker.example/x.png' onerror='alert(1)'>"
    )

    text = page().content.decode()

    assert "<b>there</b>" in text
    assert "alert(1)" not in text
    assert "tracker.example" not in text


def test_the_contact_card_lists_only_tickets_the_agent_may_see(
    page, ticket, open_ticket, foreign_inbox
):
    open_ticket("Another of mine", contact=ticket.contact)
    open_ticket("Hidden elsewhere", contact=ticket.contact, inbox=foreign_inbox)

    answer = page()

    assert b"Another of mine" in answer.content
    assert b"Hidden elsewhere" not in answer.content
    assert str(answer.context["other_count"]) == "1"


def test_a_conversation_in_a_foreign_inbox_stays_out(page, ticket, foreign_inbox):
    """A ticket may have conversations in two inboxes; each is read by its members."""
    hidden = Conversation.objects.create(
        ticket=ticket,
        inbox=foreign_inbox,
        contact=ticket.contact,
        subject="Hidden thread",
        created_at=timezone.now(),
        last_message_at=timezone.now(),
    )
    MessageFactory(conversation=hidden, body_text="Hidden text")

    answer = page()

    assert b"Hidden text" not in answer.content
    assert b"Hidden thread" not in answer.content


def test_the_customer_view_shows_what_the_customer_sees(browser, agent, ticket):
    """R10, B20: no note, nothing that can still be taken back."""
    AddNote(ticket=ticket, agent=agent, body_text="Secret note").execute()
    ReplyToTicket(ticket=ticket, agent=agent, body_text="On its way").execute()

    def shown():
        return browser.get(url("ticket_customer_view", ticket.public_id)).content

    assert b"Every ten minutes." in shown()
    assert b"Secret note" not in shown()
    assert b"On its way" not in shown()
    Message.objects.update(release_at=timezone.now() - timedelta(seconds=1))
    assert b"On its way" in shown()


def test_the_customer_view_follows_the_portals_rules(
    browser, ticket, inbox, monkeypatch
):
    """L2: a portal that shows the original thread only."""
    now = timezone.now()
    later = Conversation.objects.create(
        ticket=ticket,
        inbox=inbox,
        contact=ticket.contact,
        created_at=now,
        last_message_at=now,
    )
    MessageFactory(conversation=later, body_text="By another way")
    address = url("ticket_customer_view", ticket.public_id)

    monkeypatch.setattr(portals, "_rules", [])
    assert b"By another way" in browser.get(address).content
    portals.register_portal_rules(lambda _request: [PortalRules(is_active=False)])
    assert b"does not see this ticket" in browser.get(address).content
    portals.register_portal_rules(
        lambda _request: [PortalRules(thread_policy="original")]
    )
    shown = browser.get(address).content
    assert b"Every ten minutes." in shown
    assert b"By another way" not in shown


def test_the_history_tells_who_did_what(browser, agent, ticket):
    AssignTicket(ticket=ticket, owner=agent, actor=agent).execute()

    text = browser.get(url("ticket_history", ticket.public_id)).content.decode()

    assert "changed the owner: Amy Adler" in text
    assert "opened the request" in text


# -- Writing ---------------------------------------------------------------------


def test_a_reply_is_sent_and_can_be_taken_back(browser, compose, page, ticket, agent):
    """R16: undo brings the text back into the composer."""
    answer = compose("reply", "Try a new cable.")
    message = Message.objects.get(direction="outbound")
    assert answer.url.endswith(f"#message-{message.public_id}")
    assert b"Undo send" in page().content

    browser.post(url("undo_send", ticket.public_id, message.public_id))

    assert not Message.objects.filter(direction="outbound").exists()
    shown = page()
    assert shown.context["composer"].text == "Try a new cable."
    assert b"Undo send" not in shown.content


def test_a_reply_that_left_cannot_be_taken_back(browser, compose, page, ticket):
    compose("reply")
    Message.objects.update(release_at=timezone.now() - timedelta(seconds=1))
    message = Message.objects.get(direction="outbound")

    answer = browser.post(
        url("undo_send", ticket.public_id, message.public_id), follow=True
    )

    assert b"has been sent already" in answer.content
    assert Message.objects.filter(direction="outbound").exists()


def test_a_colleague_cannot_take_it_back(colleague, compose, ticket):
    compose("reply")
    message = Message.objects.get(direction="outbound")

    answer = signed_in(colleague.user).post(
        url("undo_send", ticket.public_id, message.public_id)
    )

    assert answer.status_code == 404
    assert Message.objects.filter(direction="outbound").exists()


def test_a_note_is_no_reply(compose, page):
    """UX71, B22"""
    compose("note", "Ask the warehouse")

    assert Message.objects.get(body_text="Ask the warehouse").is_note
    assert not Delivery.objects.filter(kind="reply").exists()
    assert b"Ask the warehouse" in page().content


@pytest.mark.parametrize(("do", "mode"), [("reply", "note"), ("note", "reply")])
def test_a_button_of_the_other_mode_sends_nothing(compose, do, mode):
    """UX71: a note can never go out, nor a reply stay in by accident."""
    before = Message.objects.count()

    answer = compose(do, "Half a thought", mode=mode)

    assert answer.status_code == 400
    assert Message.objects.count() == before
    assert answer.context["composer"].text == "Half a thought"


def test_files_go_with_a_reply(compose, browser, ticket):
    compose("reply", files=[text_file("log", "router.log"), text_file("b", "b.txt")])

    message = Message.objects.get(direction="outbound")
    names = sorted(message.attachments.values_list("name", flat=True))
    assert names == ["b.txt", "router.log"]


def test_a_refused_file_is_named_and_the_text_stays(compose):
    answer = compose("reply", "My text", files=[text_file("x", "virus.exe")])

    assert answer.status_code == 400
    text = answer.content.decode()
    assert "virus.exe" in text
    assert ">My text</textarea>" in text
    assert not Message.objects.filter(direction="outbound").exists()


def test_an_empty_reply_is_refused(compose):
    answer = compose("reply", "  ")

    assert answer.status_code == 400
    assert b"Write your reply." in answer.content


def test_a_double_click_sends_once(compose):
    compose("reply")
    compose("reply")

    assert Message.objects.filter(direction="outbound").count() == 1


def test_a_reply_can_move_the_ticket(compose, ticket, stages):
    compose("reply", stage=str(stages["closed"].pk))

    ticket.refresh_from_db()
    assert ticket.stage == stages["closed"]


def test_a_foreign_stage_is_refused_with_the_text_kept(compose, foreign_ticket):
    answer = compose("reply", "My text", stage=str(foreign_ticket.stage_id))

    assert answer.status_code == 400
    assert answer.context["composer"].text == "My text"


def test_somebody_wrote_meanwhile(compose, page, ticket):
    """R16, UX69: nothing is sent, the new message is there, the text stays."""
    seen = page().context["newest_message"]
    ReceiveMessage(
        ticket=ticket, contact=ticket.contact, body_text="It works again!"
    ).execute()

    answer = compose("reply", "Try a new cable.", seen=seen)

    assert answer.status_code == 409
    text = answer.content.decode()
    assert "It works again!" in text
    assert "Send anyway" in text
    assert ">Try a new cable.</textarea>" in text
    assert not Message.objects.filter(direction="outbound").exists()

    compose("reply", "Try a new cable.", seen=seen, force="1")

    assert Message.objects.filter(direction="outbound").count() == 1
    assert Event.objects.get(kind="message_sent").data["despite_newer"] is True


def test_a_page_without_its_position_counts_as_unread(compose):
    """A form that says nothing of what was on screen must not skip the check."""
    assert compose("reply", seen="").status_code == 409
    assert compose("reply", seen="x" * 40).status_code == 409


def test_a_draft_waits_for_its_agent_alone(
    compose, page, browser, colleague, ticket, agent
):
    """UX64"""
    answer = compose("draft", "Half a tho", mode="note")
    assert answer.status_code == 302

    composer = page().context["composer"]
    assert (composer.text, composer.mode) == ("Half a tho", "note")
    theirs = signed_in(colleague.user).get(url("ticket", ticket.public_id))
    assert theirs.context["composer"].text == ""

    compose("note", "Half a thought")
    assert not Draft.objects.exists()
    assert page().context["composer"].text == ""


def test_a_draft_is_saved_without_leaving_the_page(browser, ticket):
    answer = browser.post(
        url("compose", ticket.public_id),
        {"do": "draft", "mode": "reply", "text": "Half"},
        headers={"accept": "application/json"},
    )

    assert answer.json()["status"].startswith("Draft saved")
    assert Draft.objects.get().text == "Half"


def test_switching_the_mode_keeps_one_draft(compose, page):
    compose("draft", "A thought", mode="reply")
    compose("draft", "A thought", mode="note")

    assert [(d.mode, d.text) for d in Draft.objects.all()] == [("note", "A thought")]


def test_a_draft_of_another_ticket_is_not_shown(browser, agent, ticket, open_ticket):
    other = open_ticket("Other")
    SaveDraft(
        conversation=other.conversations.get(),
        agent=agent,
        mode="reply",
        text="For the other",
    ).execute()

    shown = browser.get(url("ticket", ticket.public_id))

    assert b"For the other" not in shown.content


def test_a_canned_reply_is_filled_in_under_the_text(compose, page, ticket):
    """N12: in the customer's language where there is one."""
    reply = CannedReply.objects.create(
        locale=Locale.get_default(),
        name="Greeting",
        body="Dear {contact_name}, about {reference}. {agent_name} {unknown}",
    )
    expected = f"Dear Ana García, about {ticket.reference}. Amy Adler {{unknown}}"

    inserted = compose("insert", "Hello", canned=str(reply.pk))
    assert inserted.context["composer"].text == f"Hello\n\n{expected}"
    linked = page(canned=str(reply.pk))
    assert linked.context["composer"].text == expected
    assert not Message.objects.filter(direction="outbound").exists()


def test_canned_replies_are_offered_in_the_customers_language(page, ticket):
    spanish = Locale.objects.get_or_create(language_code="es")[0]
    CannedReply.objects.create(locale=Locale.get_default(), name="Hello", body="Hi")
    CannedReply.objects.create(locale=spanish, name="Hola", body="Hola")
    ticket.contact.language = "es"
    ticket.contact.save()

    assert [name for _pk, name, _text in page().context["canned"]] == ["Hola"]


def test_a_failed_mail_is_shown_and_sent_again(browser, compose, page, ticket):
    compose("reply")
    mail = Delivery.objects.get(kind="reply")
    mail.status, mail.error = Delivery.Status.FAILED, "550 No such user"
    mail.save()

    shown = page().content
    assert b"was not sent" in shown
    assert b"550 No such user" in shown
    browser.post(url("retry_delivery", ticket.public_id, mail.token))

    mail.refresh_from_db()
    assert mail.status == Delivery.Status.QUEUED


def test_the_first_reply_on_a_ticket_without_conversation_starts_one(
    browser, agent, inbox
):
    ticket = TicketFactory(inbox=inbox)

    browser.post(
        url("compose", ticket.public_id),
        {"do": "reply", "mode": "reply", "text": "You called us."},
    )

    assert ticket.conversations.get().messages.get().body_text == "You called us."


def test_a_reply_goes_to_the_chosen_conversation(compose, ticket, inbox):
    now = timezone.now() - timedelta(days=1)
    older = Conversation.objects.create(
        ticket=ticket,
        inbox=inbox,
        contact=ticket.contact,
        created_at=now,
        last_message_at=now,
    )

    compose("reply", conversation=older.public_id, seen="0")

    assert older.messages.get().direction == "outbound"


# -- Changing --------------------------------------------------------------------


@pytest.fixture
def change(browser, ticket, page):
    """Sends the properties' form as the page shows it, with changes."""

    def send(**changes):
        data = {}
        for row in page().context["properties"]:
            data[row["name"]] = data[f"initial-{row['name']}"] = row["value"]
        return browser.post(
            url("ticket_properties", ticket.public_id), {**data, **changes}, follow=True
        )

    return send


def test_owner_stage_priority_type_and_tags_are_changed(
    change, colleague, ticket, stages
):
    change(
        owner=str(colleague.pk),
        stage=str(stages["waiting"].pk),
        priority="4",
        type="fault",
        tags="vip, router , vip",
    )

    ticket.refresh_from_db()
    assert ticket.owner == colleague
    assert ticket.stage == stages["waiting"]
    assert ticket.priority == 4
    assert ticket.type == "fault"
    assert sorted(tag.name for tag in ticket.tags.all()) == ["router", "vip"]


def test_an_unchanged_form_changes_nothing(change):
    before = Event.objects.count()

    change()

    assert Event.objects.count() == before


def test_two_agents_who_change_two_things_both_get_their_way(
    change, browser, page, colleague, agent, ticket
):
    stale = {}
    for row in page().context["properties"]:
        stale[row["name"]] = stale[f"initial-{row['name']}"] = row["value"]
    AssignTicket(ticket=ticket, owner=colleague, actor=colleague).execute()

    browser.post(url("ticket_properties", ticket.public_id), {**stale, "priority": "1"})

    ticket.refresh_from_db()
    assert ticket.owner == colleague
    assert ticket.priority == 1


def test_the_owner_is_a_member_of_the_inbox(change, foreign_inbox, ticket, page):
    zed = foreign_inbox.members.get()
    owners = page().context["properties"][0]
    assert owners["name"] == "owner"
    assert f'value="{zed.pk}"' not in owners["options"]

    answer = change(owner=str(zed.pk))

    ticket.refresh_from_db()
    assert ticket.owner is None
    assert b"Owner" in answer.content


def test_a_stage_of_another_pipeline_is_no_choice(change, ticket, foreign_ticket):
    before = ticket.stage_id

    change(stage=str(foreign_ticket.stage_id))

    ticket.refresh_from_db()
    assert ticket.stage_id == before


def test_the_buttons_at_the_top(browser, agent, ticket):
    browser.post(url("ticket_take", ticket.public_id))
    browser.post(url("ticket_follow", ticket.public_id), {"follow": "1"})
    browser.post(url("ticket_subject", ticket.public_id), {"subject": "New words"})
    browser.post(url("ticket_close", ticket.public_id))

    ticket.refresh_from_db()
    assert ticket.owner == agent
    assert ticket.watchers.get().agent == agent
    assert ticket.subject == "New words"
    assert ticket.is_closed
    assert ticket.conversations.get().status == "closed"
    browser.post(url("ticket_follow", ticket.public_id), {"follow": "0"})
    assert not ticket.watchers.exists()


def test_an_empty_subject_is_refused(browser, ticket):
    browser.post(url("ticket_subject", ticket.public_id), {"subject": " "})

    ticket.refresh_from_db()
    assert ticket.subject == "The router restarts"


def test_a_conversation_is_closed_without_its_ticket(browser, ticket, conversation):
    """R5"""
    address = (ticket.public_id, conversation.public_id)
    browser.post(url("conversation_close", *address))

    ticket.refresh_from_db()
    conversation.refresh_from_db()
    assert conversation.status == "closed"
    assert not ticket.is_closed
    browser.post(url("conversation_reopen", *address))
    conversation.refresh_from_db()
    assert conversation.status == "open"


def test_a_ticket_goes_into_the_trash_and_comes_back(browser, ticket, conversation):
    """R6, L8: it says what goes along before it goes."""
    asked = browser.get(url("ticket_trash", ticket.public_id))
    assert b"Its conversation goes with it." in asked.content

    browser.post(url("ticket_trash", ticket.public_id))

    assert browser.get(url("ticket", ticket.public_id)).status_code == 404
    assert ticket.reference in browser.get(url("trash")).content.decode()
    browser.post(url("restore", ticket.public_id))
    assert browser.get(url("ticket", ticket.public_id)).status_code == 200
    conversation.refresh_from_db()
    assert conversation.deleted_at is None


def test_the_last_conversation_takes_its_ticket_along(browser, ticket, conversation):
    """R6, B110"""
    address = url("conversation_trash", ticket.public_id, conversation.public_id)
    assert b"so the ticket goes too" in browser.get(address).content

    browser.post(address)

    assert Ticket.objects.get(pk=ticket.pk).deleted_at


def test_one_of_two_conversations_goes_alone_unless_asked(browser, ticket, inbox):
    now = timezone.now()
    other = Conversation.objects.create(
        ticket=ticket,
        inbox=inbox,
        contact=ticket.contact,
        created_at=now,
        last_message_at=now,
    )
    address = url("conversation_trash", ticket.public_id, other.public_id)
    assert b"and stays" in browser.get(address).content

    browser.post(address)
    assert Ticket.objects.get(pk=ticket.pk).deleted_at is None
    assert b"in the trash" in browser.get(url("ticket", ticket.public_id)).content

    browser.post(url("conversation_restore", ticket.public_id, other.public_id))
    other.refresh_from_db()
    assert other.deleted_at is None
    browser.post(address, {"with_ticket": "1"})
    assert Ticket.objects.get(pk=ticket.pk).deleted_at


def test_somebody_is_copied_on_a_ticket_and_removed(browser, ticket):
    address = url("ticket_participants", ticket.public_id)
    browser.post(address, {"email": "luis@acme.example"})
    contact = ticket.participants.get().contact
    assert contact.email == "luis@acme.example"

    browser.post(address, {"remove": contact.public_id})
    assert not ticket.participants.exists()
    wrong = browser.post(address, {"email": "no address"}, follow=True)
    assert b"is no e-mail address" in wrong.content


def test_copying_a_stranger_does_not_tell_their_name(browser, ticket):
    ContactFactory(name="Canary Name", email="known@globex.example")

    answer = browser.post(
        url("ticket_participants", ticket.public_id), {"email": "known@globex.example"}
    )

    told = [str(message) for message in answer.wsgi_request._messages]
    assert "Canary Name" not in "".join(told)


def test_a_follow_up_names_the_ticket_it_follows(browser, ticket, inbox):
    later = (
        OpenTicket(
            channel=inbox.channels.get(),
            contact=ticket.contact,
            subject="Again",
            body_text="It is back.",
            follow_up_of=ticket,
        )
        .execute()
        .ticket
    )

    shown = browser.get(url("ticket", later.public_id)).content.decode()

    assert f'{url("ticket", ticket.public_id)}">{ticket.reference}' in shown


def test_agents_read_what_the_contact_said_beside_the_ticket(
    browser, page, ticket, agent
):
    """F13; also after the ticket was opened again, and never as markup."""
    contact = ticket.contact
    rules = PortalRules(asks_rating=True)
    closed = ticket.pipeline.stages.closed().get()
    for score, comment in ((1, "Too <b>slow</b>"), (4, "")):
        ChangeStage(ticket=ticket, stage=closed, actor=agent).execute()
        RateTicket(
            ticket=ticket, contact=contact, portal=rules, score=score, comment=comment
        ).execute()
        ticket.refresh_from_db()
        before = ticket.stage_before_closing
        ChangeStage(ticket=ticket, stage=before, actor=agent).execute()
        ticket.refresh_from_db()
    aside = page().content.decode().partition("Rating by the contact")[2]
    assert aside.index("Good") < aside.index("Very bad")
    assert "Too &lt;b&gt;slow&lt;/b&gt;" in aside
    history = browser.get(url("ticket_history", ticket.public_id)).content.decode()
    assert "rated our help: Very bad" in history
