"""An agent at work: in a browser, with and without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories import (
    AccessGroupFactory,
    AgentFactory,
    ChannelFactory,
    ContactFactory,
    InboxFactory,
    TicketFactory,
    UserFactory,
)
from wagtail_helpdesk import actions
from wagtail_helpdesk.actions.register_agent import agent_group
from wagtail_helpdesk.models import Draft, Message, Ticket

INBOX = "/admin/helpdesk/inbox/"
#: Wagtail's listings carry two searches; ours has one beside the sidebar's.
WAGTAILS_OWN = ("landmark-unique",)


@pytest.fixture
def agent(db):
    agent = AgentFactory(user__first_name="Amy", user__last_name="Adler")
    agent.user.groups.add(agent_group())
    return agent


@pytest.fixture
def boss(db):
    return UserFactory(is_superuser=True)


@pytest.fixture
def inbox(agent):
    return InboxFactory(name="Support", agents=[agent])


@pytest.fixture
def channel(inbox):
    return ChannelFactory(inbox=inbox, name="Form")


@pytest.fixture
def ticket(channel):
    contact = ContactFactory(name="Ana García", email="ana@acme.example")
    return (
        actions.OpenTicket(
            channel=channel,
            contact=contact,
            subject="The router restarts",
            body_text="Every ten minutes.",
        )
        .execute()
        .ticket
    )


@pytest.mark.parametrize("javascript", [True, False])
def test_an_agent_finds_answers_and_closes_a_ticket(
    open_page, agent, ticket, javascript
):
    """UX21: every step is a link or a form."""
    page = open_page(user=agent.user, javascript=javascript)
    page.goto(f"{INBOX}?view=unassigned")
    page.get_by_role("link", name=re.compile("The router restarts")).click()
    expect(page.get_by_text("Every ten minutes.")).to_be_visible()

    page.get_by_role("button", name="Assign to me").click()
    page.get_by_label("Internal note", exact=True).check()
    expect(page.get_by_role("button", name="Send reply")).to_be_hidden()
    page.get_by_label("Text").fill("Faulty batch 77")
    page.get_by_role("button", name="Add internal note").click()
    note = page.get_by_role("article").filter(has_text="Faulty batch 77")
    expect(note).to_contain_text("customers can't see this")

    page.get_by_label("Reply", exact=True).check()
    page.get_by_label("Text").fill("Try a new cable.")
    page.get_by_label("and move to").select_option(label="Closed")
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_role("article").last).to_contain_text("Try a new cable.")
    expect(page.get_by_role("button", name="Undo send")).to_be_visible()

    ticket = Ticket.objects.get(pk=ticket.pk)
    assert ticket.owner == agent
    assert ticket.is_closed
    assert Message.objects.get(body_text="Faulty batch 77").is_note


def test_a_draft_is_saved_while_one_types_and_waits(open_page, agent, ticket):
    """UX64"""
    page = open_page(user=agent.user)
    address = f"/admin/helpdesk/tickets/{ticket.public_id}/"
    page.goto(address)
    page.get_by_label("Text").fill("Half a thought")
    expect(page.get_by_text("Draft saved")).to_be_visible()
    assert Draft.objects.get().text == "Half a thought"

    page.goto(address)

    expect(page.get_by_label("Text")).to_have_value("Half a thought")


def test_filters_change_the_list_and_the_address_in_place(
    open_page, agent, ticket, channel
):
    other = TicketFactory(inbox=channel.inbox, subject="Something else", priority=4)
    page = open_page(user=agent.user)
    page.goto(f"{INBOX}?view=open")
    expect(page.locator(".hdw-row")).to_have_count(2)

    page.get_by_label("Priority").select_option(label="Urgent")

    expect(page.locator(".hdw-row")).to_have_count(1)
    expect(page).to_have_url(re.compile("priority=4"))
    page.locator(".hdw-row__link").click()
    expect(page).to_have_url(re.compile(other.public_id))
    page.go_back()
    expect(page.locator(".hdw-row")).to_have_count(1)


def test_the_list_is_worked_with_the_keyboard(open_page, agent, ticket, channel):
    """UX61: j and k move the focus, r and n choose what to write; inert in inputs."""
    TicketFactory(
        inbox=channel.inbox, subject="Older", last_activity_at="2020-01-01T00:00Z"
    )
    page = open_page(user=agent.user)
    page.goto(f"{INBOX}?view=open")
    page.wait_for_load_state("networkidle")

    page.keyboard.press("j")
    expect(page.locator(".hdw-row__link").nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator(".hdw-row__link").nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator(".hdw-row__link").nth(0)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(ticket.public_id))
    page.wait_for_load_state("networkidle")

    page.keyboard.press("n")
    expect(page.get_by_label("Text")).to_be_focused()
    page.keyboard.type("rn")
    expect(page.get_by_label("Text")).to_have_value("rn")
    expect(page.get_by_role("button", name="Add internal note")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("article").last).to_contain_text("rn")
    assert Message.objects.get(body_text="rn").is_note


def test_somebody_wrote_while_the_agent_was_writing(open_page, agent, ticket):
    """UX69"""
    page = open_page(user=agent.user)
    page.goto(f"/admin/helpdesk/tickets/{ticket.public_id}/")
    page.get_by_label("Text").fill("Try a new cable.")
    actions.ReceiveMessage(
        ticket=ticket, contact=ticket.contact, body_text="It works again!"
    ).execute()

    page.get_by_role("button", name="Send reply").click()

    expect(page.get_by_role("alert")).to_contain_text("Something new was written")
    expect(page.get_by_text("It works again!")).to_be_visible()
    expect(page.get_by_label("Text")).to_have_value("Try a new cable.")
    page.get_by_role("button", name="Send anyway").click()
    expect(page.get_by_role("button", name="Undo send")).to_be_visible()


def test_many_tickets_are_taken_at_once_without_javascript(
    open_page, agent, inbox, ticket
):
    page = open_page(user=agent.user, javascript=False)
    page.goto(f"{INBOX}?view=unassigned")
    page.get_by_label(ticket.reference).check()
    page.get_by_label("Action").select_option(label="Assign to me")
    page.get_by_role("button", name="Apply").click()

    expect(page.get_by_text("1 ticket updated.")).to_be_visible()
    ticket.refresh_from_db()
    assert ticket.owner == agent


def test_an_open_list_keeps_itself_fresh(open_page, agent, ticket, channel, settings):
    """UX34: what changed is patched in place, what is new waits to be asked for."""
    settings.WAGTAIL_HELPDESK = {
        **settings.WAGTAIL_HELPDESK,
        "INBOX_REFRESH_SECONDS": 1,
    }
    page = open_page(user=agent.user)
    page.goto(f"{INBOX}?view=open")
    page.get_by_label(ticket.reference).check()
    page.locator(".hdw-row__link").focus()

    actions.ChangePriority(ticket=ticket, priority=4, actor=agent).execute()
    row = page.locator(".hdw-row").filter(has_text="The router restarts")
    expect(row.locator(".hdw-c-priority")).to_have_text("Urgent")
    expect(page.get_by_label(ticket.reference)).to_be_checked()
    expect(page.locator(".hdw-row__link")).to_be_focused()

    TicketFactory(inbox=channel.inbox, subject="Just in")
    more = page.get_by_role("status").get_by_role("button")
    expect(more).to_have_text("Show 1 new or changed ticket")
    expect(page.locator(".hdw-row")).to_have_count(1)
    more.click()
    expect(page.locator(".hdw-row")).to_have_count(2)
    expect(more).to_have_count(0)

    closed = ticket.pipeline.stages.get(category="closed")
    actions.ChangeStage(ticket=ticket, stage=closed, actor=agent).execute()
    expect(row).to_contain_text("No longer in this list")


def test_twenty_rows_fit_a_small_screen(open_page, agent, inbox):
    """UX73"""
    for number in range(25):
        TicketFactory(inbox=inbox, subject=f"Ticket {number}")
    page = open_page(user=agent.user)
    page.goto(f"{INBOX}?view=open")

    whole = page.locator(".hdw-row").evaluate_all(
        "rows => rows.map(row => row.getBoundingClientRect().bottom)"
        ".filter(bottom => bottom <= innerHeight).length"
    )

    assert whole >= 20


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_workspace_is_accessible(open_page, agent, ticket, dark, assert_accessible):
    """UX2, UX3: lists, an empty list, a ticket, a refused reply, the trash."""
    actions.AddNote(ticket=ticket, agent=agent, body_text="Note").execute()
    actions.ReplyToTicket(ticket=ticket, agent=agent, body_text="Reply").execute()
    page = open_page(user=agent.user, dark=dark)
    own = f"/admin/helpdesk/tickets/{ticket.public_id}/"
    for address in (
        f"{INBOX}?view=open",
        f"{INBOX}?view=open&q=nothing",
        own,
        f"{own}?compose=note",
        f"{own}customer-view/",
        f"{own}history/",
        f"{own}trash/",
        f"/admin/helpdesk/contacts/{ticket.contact.public_id}/",
        "/admin/helpdesk/contacts/",
        "/admin/helpdesk/organizations/",
        "/admin/helpdesk/trash/",
    ):
        page.goto(address)
        assert_accessible(page, ignore=WAGTAILS_OWN)
    page.goto(own)
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert_accessible(page, ignore=WAGTAILS_OWN)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_access_groups_and_the_privacy_report_are_accessible(
    open_page, boss, dark, assert_accessible
):
    """UX2, UX3: lists, forms that were refused, a preview, a member, an empty list."""
    group = AccessGroupFactory(name="Partners")
    ContactFactory(email="ana@acme.example")
    page = open_page(user=boss, dark=dark)
    own = f"/admin/helpdesk/access-groups/{group.public_id}/"
    for address in (
        "/admin/helpdesk/access-groups/",
        "/admin/helpdesk/access-groups/new/",
        own,
        f"{own}edit/",
        f"{own}import/",
        f"{own}delete/",
        "/admin/helpdesk/reports/privacy/",
    ):
        assert page.goto(address).status == 200
        assert_accessible(page, ignore=WAGTAILS_OWN)

    page.goto(own)
    address = page.get_by_label("E-mail address")
    address.fill("nobody@acme.example")
    page.get_by_role("button", name="Add member").click()
    expect(page.get_by_label("E-mail address")).to_have_value("nobody@acme.example")
    assert_accessible(page, ignore=WAGTAILS_OWN)
    page.get_by_label("E-mail address").fill("ana@acme.example")
    page.get_by_role("button", name="Add member").click()
    expect(page.get_by_role("button", name="Remove")).to_be_visible()
    page.goto(own)  # Without Wagtail's message, which is still sliding in.
    expect(page.get_by_role("button", name="Remove")).to_be_visible()
    assert_accessible(page, ignore=WAGTAILS_OWN)


def test_the_preview_of_a_rule_is_where_one_looks(open_page, boss):
    """B48: it stands below the conditions, at the buttons one pressed."""
    ContactFactory(email="ana@acme.example", language="es")
    page = open_page(user=boss)
    page.goto("/admin/helpdesk/access-groups/new/")
    page.get_by_label("Name", exact=True).fill("Spanish")
    page.get_by_label("A rule decides who is a member").check()
    page.get_by_label("What", exact=True).first.select_option("language")
    page.get_by_label("Values, one on each line").first.fill("es")
    page.get_by_role("button", name="Preview the rule").click()

    expect(page.get_by_text("This rule matches 1 contact.")).to_be_in_viewport()


def test_access_groups_fit_a_phone(open_page, boss, assert_fits):
    """UX79"""
    group = AccessGroupFactory(name="Partners and everybody who works with them")
    page = open_page(user=boss, width=320, height=700)
    own = f"/admin/helpdesk/access-groups/{group.public_id}/"
    for address in ("/admin/helpdesk/access-groups/", own, f"{own}edit/"):
        page.goto(address)
        assert_fits(page)


@pytest.mark.parametrize("width", [320, 390])
def test_a_ticket_is_answered_on_a_phone(open_page, agent, ticket, width, assert_fits):
    """UX79"""
    page = open_page(user=agent.user, width=width, height=700)
    page.goto(f"{INBOX}?view=open")
    assert_fits(page)
    page.get_by_role("link", name=re.compile("The router restarts")).click()
    expect(page.get_by_label("Text")).to_be_visible()
    assert_fits(page)
    page.get_by_label("Text").fill("Try a new cable.")
    page.get_by_role("button", name="Send reply").click()

    expect(page.get_by_role("button", name="Undo send")).to_be_visible()


def test_tickets_are_merged_and_parted_on_a_phone(
    open_page, agent, ticket, channel, assert_accessible, assert_fits
):
    """A3, N15: whoever reads more is named; the way back is on the page."""
    luis = ContactFactory(name="Luis Vega", email="luis@acme.example")
    opening = actions.OpenTicket(channel=channel, contact=luis, subject="Router again")
    other = opening.execute().ticket
    page = open_page(user=agent.user, width=320, height=700)

    def look():
        assert_accessible(page, ignore=WAGTAILS_OWN)
        assert_fits(page)

    page.goto(f"/admin/helpdesk/tickets/{ticket.public_id}/")
    page.get_by_role("link", name="Merge…").click()
    page.get_by_label("Number of the other ticket").fill("HD-0")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert")).to_contain_text("no other ticket")
    look()
    page.get_by_label("Number of the other ticket").fill(other.reference)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Ana García will read all of")).to_be_visible()
    look()
    page.get_by_label("They may read it").check()
    page.get_by_role("button", name="Merge", exact=True).click()
    expect(page.get_by_text("Every ten minutes.")).to_be_visible()
    look()
    page.get_by_role("link", name="Undo merge").click()
    look()
    page.get_by_role("button", name="Undo merge").click()
    expect(page.get_by_text("is a ticket of its own again")).to_be_visible()
