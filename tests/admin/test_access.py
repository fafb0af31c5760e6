"""A ticket in a foreign inbox answers exactly as one that does not exist."""

import pytest
from django.contrib.auth.models import Permission

from tests.admin.conftest import signed_in, url
from tests.factories import ContactFactory, OrganizationFactory
from tests.files import text_file
from tests.fulltext import index_all, searches
from wagtail_helpdesk.actions import AddNote, ReplyToTicket, Upload
from wagtail_helpdesk.admin import urls as workspace
from wagtail_helpdesk.models import (
    Contact,
    Event,
    Inbox,
    InboxMembership,
    Message,
    Organization,
    Stage,
    Ticket,
)
from wagtail_helpdesk.permissions import (
    AgentPermissionPolicy,
    agent_for,
    contacts_visible_to_agent,
)

pytestmark = pytest.mark.django_db

UNKNOWN = "a" * 16


@pytest.fixture
def foreign(foreign_ticket, foreign_inbox):
    """Everything of a foreign ticket that an address can name."""
    zed = foreign_inbox.members.get()
    ReplyToTicket(ticket=foreign_ticket, agent=zed, body_text="Canary reply").execute()
    AddNote(
        ticket=foreign_ticket,
        agent=zed,
        body_text="Canary note",
        uploads=[Upload(name="canary.txt", content=text_file("x"))],
    ).execute()
    index_all()
    conversation = foreign_ticket.conversations.get()
    reply = Message.objects.get(body_text="Canary reply")
    return {
        "public_id": foreign_ticket.public_id,
        "conversation_id": conversation.public_id,
        "message_id": reply.public_id,
        "token": str(reply.deliveries.get().token),
    }


TICKET_URLS = [
    pattern
    for pattern in workspace.urlpatterns
    if str(pattern.pattern).startswith(("tickets/", "trash/<"))
]


@pytest.mark.parametrize("pattern", TICKET_URLS, ids=lambda p: p.name)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_foreign_ticket_is_not_there(browser, foreign, pattern, method):
    """Every address about a ticket, those added later too."""
    names = pattern.pattern.converters
    events = Event.objects.count()

    def answer(values):
        address = f"/admin/helpdesk/{pattern.pattern}"
        for name in names:
            address = address.replace(f"<helpdesk_public_id:{name}>", values[name])
            address = address.replace(f"<uuid:{name}>", values[name])
        return getattr(browser, method)(address, {"do": "reply", "text": "x"})

    theirs = answer(foreign)
    missing = answer({**foreign, "public_id": UNKNOWN})

    assert theirs.status_code in (404, 405)
    assert theirs.status_code == missing.status_code
    assert b"anary" not in theirs.content
    assert Event.objects.count() == events


@pytest.mark.parametrize(
    "name", ["conversation_close", "conversation_trash", "undo_send", "retry_delivery"]
)
def test_parts_of_a_foreign_ticket_are_not_reached_through_ones_own(
    browser, ticket, foreign, name
):
    part = {
        "undo_send": foreign["message_id"],
        "retry_delivery": foreign["token"],
    }.get(name, foreign["conversation_id"])

    assert browser.post(url(name, ticket.public_id, part)).status_code == 404


@searches
@pytest.mark.parametrize(
    "address",
    [
        "inbox/?view=all",
        "inbox/?view=all&q=canary",
        "inbox/results/?view=all&q=canary",
        "inbox/export/?view=all",
        "trash/",
        "contacts/",
        "contacts/?q=canary",
        "organizations/",
        "organizations/?q=canary",
    ],
)
def test_no_list_shows_a_foreign_ticket(browser, foreign, foreign_ticket, address):
    organization = OrganizationFactory(name="Canary Inc")
    Ticket.objects.filter(pk=foreign_ticket.pk).update(organization=organization)

    answer = browser.get(f"/admin/helpdesk/{address}")
    body = b"".join(answer) if answer.streaming else answer.content

    assert answer.status_code == 200
    assert b"Canary" not in body
    assert b"canary@" not in body
    assert foreign_ticket.reference.encode() not in body


@searches
@pytest.mark.parametrize("words", ["canary", "canary reply", "canary note"])
def test_a_foreign_ticket_is_found_by_its_own_agent_only(
    browser, foreign, foreign_ticket, foreign_inbox, words
):
    """Without the first half the second could pass by finding nothing."""
    address = "/admin/helpdesk/inbox/"
    theirs = signed_in(foreign_inbox.members.get().user)

    found = theirs.get(address, {"view": "all", "q": words}).content
    assert b"Canary subject" in found
    ours = browser.get(address, {"view": "all", "q": words}).content
    assert b"Canary subject" not in ours


def test_trashed_foreign_tickets_stay_out_of_the_trash(browser, foreign_ticket):
    Ticket.objects.update(deleted_at="2026-01-01T00:00:00Z")

    assert b"Canary" not in browser.get(url("trash")).content
    assert browser.post(url("restore", foreign_ticket.public_id)).status_code == 404


def test_a_foreign_contact_or_organization_is_not_there(browser, foreign_ticket):
    organization = OrganizationFactory(name="Canary Inc")
    contact = foreign_ticket.contact

    for address in (
        url("contact", contact.public_id),
        url("organization", organization.public_id),
    ):
        assert browser.get(address).status_code == 404


def test_a_contact_shows_only_the_tickets_and_companies_the_agent_may_see(
    browser, ticket, open_ticket, foreign_inbox
):
    hidden = OrganizationFactory(name="Canary Inc")
    ticket.contact.memberships.create(organization=hidden)
    open_ticket("Canary subject", contact=ticket.contact, inbox=foreign_inbox)
    Ticket.objects.update(organization=None)

    shown = browser.get(url("contact", ticket.contact.public_id)).content

    assert b"The router restarts" in shown
    assert b"Canary" not in shown


def test_leaving_an_inbox_takes_its_tickets_away(browser, agent, inbox, ticket):
    InboxMembership.objects.filter(agent=agent, inbox=inbox).delete()

    assert browser.get(url("ticket", ticket.public_id)).status_code == 404
    assert browser.get(url("inbox"), {"view": "all"}).context["rows"] == []


def test_wagtail_itself_is_told_who_may_see_a_ticket(agent, ticket, foreign_ticket):
    """Whatever generic view asks for the policy gets the workspace's answer."""
    policy = AgentPermissionPolicy(Ticket)
    rows = policy.instances_user_has_permission_for(agent.user, "view")

    assert list(rows) == [ticket]
    assert policy.user_has_permission_for_instance(agent.user, "change", ticket)
    assert not policy.user_has_permission_for_instance(
        agent.user, "change", foreign_ticket
    )
    assert not policy.user_has_permission(agent.user, "delete")
    assert agent.user in policy.users_with_any_permission(["view"])
    assert not policy.users_with_any_permission(["delete"]).exists()
    contacts = AgentPermissionPolicy(Contact)
    assert list(contacts.instances_user_has_permission_for(agent.user, "view")) == [
        ticket.contact
    ]


def test_a_superuser_without_an_agent_is_no_agent(admin_user, ticket):
    assert agent_for(admin_user) is None
    assert not contacts_visible_to_agent(None).exists()
    answer = signed_in(admin_user).get(url("ticket", ticket.public_id))
    assert answer.status_code == 302


def test_an_agent_without_permission_sees_no_button_and_is_refused(browser, ticket):
    """UX78"""
    organization = OrganizationFactory(name="Acme")
    Ticket.objects.update(organization=organization)
    address = url("organization", organization.public_id)

    assert b"<textarea" not in browser.get(address).content
    browser.post(address, {"name": "Taken", "domains": "", "sharing": "organization"})
    organization.refresh_from_db()
    assert organization.name == "Acme"
    assert browser.get(url("organization_add")).status_code == 302
    assert browser.get("/admin/helpdesk/inboxes/").status_code == 302


@pytest.fixture
def staff_browser(browser, agent):
    """An agent who may configure the help desk."""
    for model in ("inbox", "organization", "stage", "agent", "channel", "tag"):
        for verb in ("add", "change", "delete"):
            agent.user.user_permissions.add(
                Permission.objects.get(
                    codename=f"{verb}_{model}",
                    content_type__app_label="wagtail_helpdesk",
                )
            )
    return browser


def test_staff_change_an_organization(staff_browser, ticket):
    organization = OrganizationFactory(name="Acme")
    OrganizationFactory(name="Globex", domains=["globex.example"])
    Ticket.objects.update(organization=organization)
    address = url("organization", organization.public_id)

    good = {"name": "Acme SL", "domains": "ACME.example\n", "sharing": "organization"}
    assert staff_browser.post(address, good).status_code == 302
    organization.refresh_from_db()
    assert organization.domains == ["acme.example"]
    assert organization.sharing == "organization"
    for domains in ("no domain", "globex.example", "http://acme.example"):
        bad = staff_browser.post(address, {**good, "domains": domains})
        assert bad.status_code == 400
        assert bad.context["form"].errors["domains"]
    staff_browser.post(
        url("organization_add"), {"name": "New", "domains": "", "sharing": "own"}
    )
    assert Organization.objects.filter(name="New").exists()


def test_staff_decide_who_speaks_for_an_organization(staff_browser, browser, ticket):
    acme = OrganizationFactory(name="Acme")
    member = ticket.contact.memberships.create(organization=acme)
    Ticket.objects.update(organization=acme)
    address = url("membership", acme.public_id, ticket.contact.public_id)

    assert staff_browser.post(address, {"role": "owner"}).status_code == 400
    good = {"role": "manager", "sees_tickets": "on"}
    assert staff_browser.post(address, good).status_code == 302
    member.refresh_from_db()
    assert (member.role, member.sees_tickets) == ("manager", True)
    for page in (
        url("organization", acme.public_id),
        url("contact", ticket.contact.public_id),
    ):
        text = staff_browser.get(page).content.decode()
        assert "Manager" in text
        assert address in text
    foreign = url("membership", acme.public_id, ContactFactory().public_id)
    assert staff_browser.get(foreign).status_code == 404


def test_staff_decide_who_works_an_inbox(staff_browser, agent, colleague, inbox):
    address = f"/admin/helpdesk/inboxes/edit/{inbox.pk}/"
    form = staff_browser.get(address).context["form"]
    data = {
        name: form[name].value() if form[name].value() is not None else ""
        for name in form.fields
    }
    data = {name: value for name, value in data.items() if value is not False}

    staff_browser.post(
        address, {**data, "members": [colleague.pk], "notified": [colleague.pk]}
    )

    assert list(Inbox.objects.get(pk=inbox.pk).members.all()) == [colleague]
    assert inbox.memberships.get().notify


def test_staff_make_an_account_an_agent(staff_browser, django_user_model):
    user = django_user_model.objects.create_user("new", "new@example.com")
    address = "/admin/helpdesk/agents/new/"

    wrong = staff_browser.post(address, {"account": "nobody@example.com"})
    assert b"There is no account" in wrong.content
    staff_browser.post(
        address, {"account": "NEW@example.com", "is_active": "on", "display_alias": "N"}
    )

    assert agent_for(user).display_alias == "N"
    assert user.has_perm("wagtailadmin.access_admin")


def test_a_stage_with_tickets_stays_open_or_closed(staff_browser, ticket):
    """The list's copy of it (``Ticket.is_closed``) must not lie."""
    stage = ticket.stage
    data = {
        "pipeline": stage.pipeline_id,
        "name": "New",
        "key": "new",
        "category": "closed",
        "order": 0,
    }

    answer = staff_browser.post(f"/admin/helpdesk/stages/edit/{stage.pk}/", data)

    assert answer.context["form"].errors["category"]
    stage.refresh_from_db()
    assert stage.category == "new"


def test_a_stage_in_use_is_not_deleted(staff_browser, ticket):
    answer = staff_browser.post(
        f"/admin/helpdesk/stages/delete/{ticket.stage_id}/", follow=True
    )

    assert b"is in use and cannot be deleted" in answer.content
    assert Stage.objects.filter(pk=ticket.stage_id).exists()


def test_a_channel_starts_in_its_own_pipeline(staff_browser, inbox, foreign_inbox):
    stage = foreign_inbox.default_pipeline.first_stage()

    answer = staff_browser.post(
        "/admin/helpdesk/channels/new/",
        {
            "name": "Form",
            "inbox": inbox.pk,
            "type": "form",
            "default_stage": stage.pk,
            "default_priority": "2",
        },
    )

    assert answer.context["form"].errors["default_stage"]


def test_the_set_up_page_lists_what_one_may_change(staff_browser, colleague):
    labels = staff_browser.get(url("setup")).context["settings"]
    names = {entry["setting"].model for entry in labels}

    assert {"inbox", "stage", "agent"} <= names
    assert "pipeline" not in names
    assert signed_in(colleague.user).get(url("setup")).status_code == 302
