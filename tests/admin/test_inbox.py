"""The list: what it shows, what it finds, what it saves and hands out."""

import csv
import io

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.admin.conftest import make_agent, signed_in, url
from tests.factories import (
    ContactFactory,
    OrganizationFactory,
    TicketFactory,
    UserFactory,
)
from tests.fulltext import index_all, searches
from wagtail_helpdesk.actions import (
    AddNote,
    AssignTicket,
    ChangePriority,
    ChangeStage,
    ChangeTicketDetails,
    ReplyToTicket,
)
from wagtail_helpdesk.csv_export import safe_cell
from wagtail_helpdesk.models import SavedView, Ticket

pytestmark = pytest.mark.django_db


def subjects(response) -> list[str]:
    return [row.subject for row in response.context["rows"]]


def test_each_view_shows_its_tickets(browser, agent, colleague, open_ticket, stages):
    mine, theirs = open_ticket("Mine"), open_ticket("Theirs")
    open_ticket("Nobody's")
    done = open_ticket("Done")
    AssignTicket(ticket=mine, owner=agent, actor=agent).execute()
    AssignTicket(ticket=theirs, owner=colleague, actor=agent).execute()
    ChangeStage(ticket=done, stage=stages["closed"], actor=agent).execute()

    def shown(view):
        return set(subjects(browser.get(url("inbox"), {"view": view})))

    assert shown("mine") == {"Mine"}
    assert shown("unassigned") == {"Nobody's"}
    assert shown("open") == {"Mine", "Theirs", "Nobody's"}
    assert shown("closed") == {"Done"}
    counts = browser.get(url("inbox")).context["view_links"]
    assert [str(link["count"]) for link in counts] == ["1", "1", "3", "1"]


def test_a_row_is_a_link_with_everything_an_agent_triages_by(browser, agent, inbox):
    contact = ContactFactory(
        name="Ana García", organization=OrganizationFactory(name="Acme")
    )
    ticket = TicketFactory(inbox=inbox, contact=contact, subject="Broken", owner=agent)
    AddNote(ticket=ticket, agent=agent, body_text="Ask\nthe warehouse").execute()
    ChangePriority(ticket=ticket, priority=4, actor=agent).execute()

    page = browser.get(url("inbox")).content.decode()

    assert f'href="{url("ticket", ticket.public_id)}"' in page
    for text in (
        ticket.reference,
        "Broken",
        "Ana García",
        "Acme",
        "New",
        "Urgent",
        "Amy Adler",
        "Ask the warehouse",
    ):
        assert text in page


def test_the_customer_who_waits_is_told_in_words(browser, agent, ticket):
    """UX12: never by weight or colour only."""
    waits = browser.get(url("inbox"), {"view": "open"})
    assert b"waiting for an answer" in waits.content

    ReplyToTicket(ticket=ticket, agent=agent, body_text="Try this.").execute()

    answered = browser.get(url("inbox"), {"view": "open"})
    assert b"waiting for an answer" not in answered.content


@searches
def test_search_reads_subjects_messages_notes_and_contacts(
    browser, agent, ticket, open_ticket
):
    open_ticket("Something else", text="Nothing")
    AddNote(ticket=ticket, agent=agent, body_text="Faulty batch 77").execute()
    index_all()

    for text in ("router", "ten minutes", "batch 77", "García", "ana@acme.example"):
        found = browser.get(url("inbox"), {"view": "open", "q": text})
        assert subjects(found) == ["The router restarts"], text


@pytest.mark.parametrize("shape", ["HD-{0}", "hd{0}", "#{0}", "{0}"])
def test_a_number_jumps_to_its_ticket(browser, ticket, shape):
    found = browser.get(url("inbox"), {"q": shape.format(ticket.number)})

    assert found.status_code == 302
    assert found.url == url("ticket", ticket.public_id)


def test_a_foreign_number_is_no_ticket(browser, foreign_ticket):
    found = browser.get(url("inbox"), {"q": foreign_ticket.reference})

    assert found.status_code == 200
    assert subjects(found) == []


def test_filters_narrow_the_list(browser, agent, ticket, open_ticket, stages):
    other = open_ticket("Other")
    ChangePriority(ticket=ticket, priority=4, actor=agent).execute()
    ChangeStage(ticket=ticket, stage=stages["waiting"], actor=agent).execute()
    AssignTicket(ticket=ticket, owner=agent, actor=agent).execute()
    ChangeTicketDetails(ticket=ticket, actor=agent, tags=["vip"]).execute()
    Ticket.objects.filter(pk=other.pk).update(created_at="2020-05-05T12:00:00Z")
    tag = ticket.tags.get()

    for params in (
        {"priority": "4"},
        {"stage": str(stages["waiting"].pk)},
        {"owner": "me"},
        {"tag": str(tag.pk)},
        {"created_from": "2021-01-01"},
    ):
        found = browser.get(url("inbox"), {"view": "open", **params})
        assert subjects(found) == ["The router restarts"], params
    old = browser.get(url("inbox"), {"view": "open", "created_to": "2020-05-05"})
    assert subjects(old) == ["Other"]
    nobody = browser.get(url("inbox"), {"view": "open", "owner": "none"})
    assert subjects(nobody) == ["Other"]


def test_a_forged_filter_is_named_and_shows_nothing_foreign(
    browser, ticket, foreign_inbox, foreign_ticket
):
    forged = browser.get(
        url("inbox"), {"view": "open", "inbox": foreign_inbox.public_id}
    )

    assert subjects(forged) == ["The router restarts"]
    assert forged.context["form"].errors["inbox"]
    assert b"Secret inbox" not in forged.content
    assert b"Zed" not in forged.content


@pytest.mark.parametrize(
    "params",
    [
        {"created_from": "0001-01-01"},
        {"created_to": "9999-12-31"},
        {"created_from": "x"},
        {"sort": "-owner__user__password"},
        {"owner": "9" * 40},
        {"tag": "x"},
        {"stage": "x\x00"},
        {"q": "\x00"},
        {"after": "AAAA"},
        {"view": "<script>"},
    ],
)
def test_nonsense_in_the_address_is_no_error(browser, ticket, params):
    assert browser.get(url("inbox"), {"view": "open", **params}).status_code == 200
    assert browser.get(url("inbox_results"), params).status_code == 200


def test_the_order_can_be_chosen(browser, agent, open_ticket):
    first, second = open_ticket("First"), open_ticket("Second")
    ChangePriority(ticket=first, priority=4, actor=agent).execute()

    def order(sort):
        return subjects(browser.get(url("inbox"), {"view": "open", "sort": sort}))

    assert order("activity") == ["Second", "First"]
    assert order("oldest") == ["First", "Second"]
    assert order("priority") == ["First", "Second"]
    assert second.priority == 2


def test_pages_follow_each_other_without_gap_or_repeat(browser, inbox):
    for _number in range(60):
        TicketFactory(inbox=inbox)
    seen, address = [], f"{url('inbox')}?view=open"
    while address:
        page = browser.get(address)
        seen += subjects(page)
        following = page.context["page"].next_url
        address = following and url("inbox") + following

    assert len(seen) == 60
    assert len(set(seen)) == 60


def test_the_list_costs_the_same_for_10_and_1000_tickets(browser, agent, inbox):
    """UX33: eight queries beside those of Wagtail's own frame, for any number."""

    def queries() -> int:
        browser.get(url("inbox"), {"view": "open"})
        with CaptureQueriesContext(connection) as captured:
            browser.get(url("inbox"), {"view": "open"})
        return len(captured)

    def add(number: int) -> None:
        for _number in range(number):
            contact = ContactFactory(organization=OrganizationFactory())
            found = TicketFactory(inbox=inbox, contact=contact, owner=agent)
            AddNote(ticket=found, agent=agent, body_text="A note").execute()

    add(10)
    few = queries()
    template = Ticket.objects.first()
    add(30)
    values = {
        field.attname: getattr(template, field.attname)
        for field in Ticket._meta.concrete_fields
        if field.name not in ("id", "number", "public_id")
    }
    rows = [Ticket(**values, number=10_000 + n) for n in range(960)]
    Ticket.objects.bulk_create(rows)

    assert queries() == few
    assert few <= 17


def test_no_count_is_taken_of_the_whole_table(browser, inbox):
    TicketFactory(inbox=inbox)
    with CaptureQueriesContext(connection) as captured:
        browser.get(url("inbox"), {"view": "open"})

    counts = [q["sql"] for q in captured if "COUNT(" in q["sql"].upper()]
    assert all("LIMIT" in sql for sql in counts)


@pytest.mark.parametrize("view", ["mine", "unassigned", "open", "closed"])
def test_an_empty_view_says_why_and_where_to_go(browser, view):
    """UX50: first use, a filter and each view have their own text."""
    empty = browser.get(url("inbox"), {"view": view}).context["empty"]
    filtered = browser.get(url("inbox"), {"view": view, "q": "zzz"}).context["empty"]

    assert empty["title"] != filtered["title"]
    assert "view=all" in filtered["url"]


@searches
def test_a_search_can_go_on_in_all_tickets(browser, agent, ticket, stages):
    ChangeStage(ticket=ticket, stage=stages["closed"], actor=agent).execute()
    index_all()

    assert subjects(browser.get(url("inbox"), {"q": "router"})) == []
    everywhere = browser.get(url("inbox"), {"q": "router", "view": "all"})
    assert subjects(everywhere) == ["The router restarts"]


def test_the_results_alone_are_a_fragment(browser, ticket):
    fragment = browser.get(url("inbox_results"), {"view": "open"}).content.decode()

    assert "The router restarts" in fragment
    assert "<html" not in fragment


def test_a_list_is_saved_as_a_view_of_ones_own_or_for_all(browser, colleague):
    """UX74"""
    query = "view=open&priority=4"
    browser.post(url("save_view"), {"name": "Urgent", "query": query})
    browser.post(
        url("save_view"), {"name": "Team", "query": query + "&after=x", "shared": "on"}
    )

    own = browser.get(f"{url('inbox')}?{query}")
    assert [entry["view"].name for entry in own.context["saved_views"]] == [
        "Team",
        "Urgent",
    ]
    assert own.context["saved_views"][1]["is_current"]
    theirs = signed_in(colleague.user).get(url("inbox"))
    assert [entry["view"].name for entry in theirs.context["saved_views"]] == ["Team"]
    assert SavedView.objects.get(name="Team").query == query


def test_only_its_owner_deletes_a_saved_view(browser, colleague):
    browser.post(url("save_view"), {"name": "Team", "query": "", "shared": "on"})
    view = SavedView.objects.get()

    assert (
        signed_in(colleague.user).post(url("delete_view", view.pk)).status_code == 404
    )
    assert browser.post(url("delete_view", view.pk)).status_code == 302
    assert not SavedView.objects.exists()


def test_a_view_without_a_name_is_not_saved(browser):
    answer = browser.post(url("save_view"), {"name": " ", "query": ""}, follow=True)

    assert b"Give the view a name" in answer.content
    assert not SavedView.objects.exists()


def test_the_export_is_the_current_view(browser, agent, ticket, open_ticket):
    """R18: its rows, its columns, its order."""
    open_ticket("Other")
    AssignTicket(ticket=ticket, owner=agent, actor=agent).execute()
    query = {"view": "open", "owner": "me"}
    page = browser.get(url("inbox"), query)

    answer = browser.get(url("inbox_export"), query)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))

    assert rows[0] == [str(column.label) for column in page.context["columns"]]
    assert [row[3] for row in rows[1:]] == subjects(page)
    assert rows[1][0] == ticket.reference
    assert "attachment" in answer.headers["Content-Disposition"]


def test_the_export_reads_in_steps_and_in_order(browser, inbox, monkeypatch):
    from wagtail_helpdesk.admin import inbox as module

    monkeypatch.setattr(module, "_EXPORT_BATCH", 7)
    for _number in range(20):
        TicketFactory(inbox=inbox)

    answer = browser.get(url("inbox_export"), {"view": "open", "sort": "oldest"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    numbers = [row[0] for row in csv.reader(io.StringIO(text))][1:]

    expected = Ticket.objects.order_by("created_at", "pk")
    assert numbers == [ticket.reference for ticket in expected]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "＝1"]
)
def test_no_cell_is_a_formula(text):
    assert safe_cell(text) == f"'{text}"


def test_the_export_tells_the_truth_of_harmless_texts():
    assert safe_cell("HD-1") == "HD-1"
    assert safe_cell(None) == ""


def test_markup_in_names_and_subjects_is_text(browser, open_ticket):
    evil = '<script>alert("x")</script>'
    contact = ContactFactory(name=evil)
    found = open_ticket(evil, contact=contact, text=evil)

    for address in (
        url("inbox") + "?view=open",
        url("ticket", found.public_id),
        url("ticket_customer_view", found.public_id),
        url("ticket_history", found.public_id),
        url("contact", contact.public_id),
        url("contacts"),
        url("ticket_trash", found.public_id),
    ):
        assert b"<script>alert" not in browser.get(address).content, address


def test_no_inline_script_or_style_is_ours(browser, ticket):
    for address in (url("inbox") + "?view=open", url("ticket", ticket.public_id)):
        page = browser.get(address).content.decode()
        part = page[page.index('<div class="hdw">') :]
        part = part[: part.index("</main>")]
        assert "<script" not in part
        assert "<style" not in part
        assert " style=" not in part
        assert " onclick=" not in part


def test_an_editor_sees_nothing_of_the_help_desk(editor, ticket):
    client = signed_in(editor)
    for name in (
        "inbox",
        "inbox_results",
        "inbox_export",
        "trash",
        "contacts",
        "setup",
    ):
        answer = client.get(url(name))
        assert answer.status_code == 302, name
        assert "router" not in answer.content.decode()
    answer = client.get(url("ticket", ticket.public_id))
    assert answer.status_code == 302
    dashboard = client.get("/admin/").content.decode()
    assert "helpdesk/inbox" not in dashboard


def test_a_visitor_is_asked_to_sign_in(client, ticket):
    answer = client.get(url("ticket", ticket.public_id))

    assert answer.status_code == 302
    assert "router" not in answer.content.decode()


@pytest.fixture
def editor(db):
    user = UserFactory()
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    return user


def test_a_switched_off_agent_is_no_agent(browser, agent):
    agent.is_active = False
    agent.save()

    assert browser.get(url("inbox")).status_code == 302


def test_a_superuser_becomes_an_agent(admin_user, inbox, ticket):
    client = signed_in(admin_user)
    assert client.get(url("inbox")).url == url("become_agent")
    assert b"You are no agent yet" in client.get(url("become_agent")).content

    client.post(url("become_agent"), {"inbox": [inbox.public_id]})

    assert admin_user.helpdesk_agent in inbox.members.all()
    assert subjects(client.get(url("inbox"), {"view": "open"})) == [ticket.subject]
    assert client.get(url("become_agent")).url == url("inbox")


def test_nobody_else_becomes_an_agent_that_way(editor, browser):
    assert signed_in(editor).post(url("become_agent")).status_code == 302
    assert not hasattr(editor, "helpdesk_agent")
    assert make_agent().is_active
