"""Viewing the site as a contact: as they see it, read-only, audited (N8, B12)."""

import json

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from tests.admin.conftest import make_agent, signed_in, url
from tests.factories import (
    ContactFactory,
    CustomerFactory,
    MessageFactory,
    UserFactory,
)
from tests.fulltext import searches
from tests.knowledge_base.factories import restrict
from tests.portal.build import answer, change, conversation_of, make_ticket
from tests.view_as.conftest import allow, view_as
from wagtail_helpdesk.actions import OpenTicket, Upload
from wagtail_helpdesk.models import (
    Event,
    IdentityProvider,
    Message,
    ReadMark,
    Ticket,
)
from wagtail_helpdesk.view_as import state

pytestmark = pytest.mark.django_db

KEY = "helpdesk_view_as"


def page_of(response):
    return BeautifulSoup(response.content, "html.parser")


def banner_of(response):
    return page_of(response).select_one("body > section.hd-view-as")


def events(kind):
    return list(Event.objects.filter(kind=kind).order_by("pk"))


def set_state(client, **fields):
    """Change what the agent's session says."""
    session = client.session
    session[KEY] = {**session[KEY], **fields}
    session.save()


def test_the_button_leads_to_the_portal_as_the_contact_sees_it(client, ana, ticket):
    """N8: also for a contact who has no account yet."""
    make_ticket(ContactFactory(), subject="Somebody else's")
    response = client.post(url("view_as_start", ana.public_id), follow=True)
    assert response.redirect_chain[-1][0] == "/support/"
    text = response.content.decode()
    assert "The router" in text
    assert "Somebody else" not in text
    banner = banner_of(response)
    assert "Ana García" in banner.text
    assert banner["aria-label"] == "Viewing as a contact"
    opened = client.get(f"/support/r/{ticket.public_id}/")
    assert opened.status_code == 200
    assert "It restarts" in opened.content.decode()


def test_the_banner_stands_first_in_every_page_of_the_site(client, ana, article):
    """In those of the site itself too, and on errors."""
    view_as(client, ana)
    for path in ("/support/", "/help/", "/", "/support/r/none/", "/help/none/"):
        response = client.get(path)
        first = page_of(response).body.find(["section", "a", "header", "main", "div"])
        assert first["class"] == ["hd-view-as"], path
        assert response["Cache-Control"] == "private, no-store", path
        stop = first.select_one("form")
        assert stop["method"] == "post"
        assert stop["action"] == url("view_as_stop")
        assert "Stop" in stop.button.text


def test_nothing_else_than_a_whole_page_gets_the_banner(client, ana):
    view_as(client, ana)
    for path in ("/sitemap.xml", "/llms.txt", "/api/v2/pages/"):
        response = client.get(path)
        assert response.status_code == 200, path
        assert b"hd-view-as" not in response.getvalue()
        assert response["Cache-Control"] == "private, no-store", path


@pytest.mark.parametrize("path", ["view_as_start", "contact_sees"])
def test_an_agent_without_the_permission_is_refused(inbox, ana, ticket, path):
    """Deny by default: being an agent is not enough."""
    colleague = make_agent()
    inbox.memberships.create(agent=colleague)
    client = signed_in(colleague.user)
    response = client.post(url(path, ana.public_id))
    assert response["Location"] == "/admin/"
    assert KEY not in client.session
    page = client.get(url("contact", ana.public_id))
    assert page.status_code == 200
    assert b"View as this contact" not in page.content
    assert events("view_as_started") == []


def test_a_foreign_contact_answers_as_a_missing_one(ana, ticket):
    stranger = make_agent()
    allow(stranger)
    client = signed_in(stranger.user)
    for key in (ana.public_id, "a" * len(ana.public_id)):
        assert client.post(url("view_as_start", key)).status_code == 404
        assert client.get(url("contact_sees", key)).status_code == 404
    assert KEY not in client.session


def test_it_begins_by_post_only(client, ana):
    response = client.get(url("view_as_start", ana.public_id))
    assert response.status_code == 405
    assert KEY not in client.session


def test_begin_and_end_are_in_the_ledger_and_on_the_contacts_page(client, agent, ana):
    view_as(client, ana)
    (started,) = events("view_as_started")
    assert (started.actor_agent, started.contact) == (agent, ana)
    response = client.post(url("view_as_stop"))
    assert response["Location"] == url("contact", ana.public_id)
    (ended,) = events("view_as_ended")
    assert (ended.actor_agent, ended.contact) == (agent, ana)
    assert ended.data["reason"] == "stopped"
    page = client.get(url("contact", ana.public_id))
    assert "Viewed as this contact" in page.content.decode()
    assert "Amy Adler" in page_of(page).select_one(".hdw-card").text
    assert banner_of(client.get("/support/")) is None


def test_stopping_twice_does_no_harm(client):
    response = client.post(url("view_as_stop"))
    assert response["Location"] == url("contacts")
    assert events("view_as_ended") == []


def test_another_contact_ends_the_first(client, ana, inbox):
    zoe = ContactFactory(name="Zoe")
    make_ticket(zoe, subject="Of Zoe", inbox=inbox)
    view_as(client, ana)
    view_as(client, zoe)
    (ended,) = events("view_as_ended")
    assert (ended.contact, ended.data["reason"]) == (ana, "another")
    assert "Zoe" in banner_of(client.get("/support/")).text


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(client, ana, ticket, method):
    """Read-only: the answer says why, whatever was sent and wherever to."""
    view_as(client, ana)
    before = Message.objects.count(), Ticket.objects.count(), Event.objects.count()
    for path in (
        f"/support/r/{ticket.public_id}/",
        "/support/new/",
        "/",
        "/helpdesk/colour-scheme/",
    ):
        response = getattr(client, method)(path, {"body": "Hello", "action": "close"})
        assert response.status_code == 403
        assert "You are only viewing" in page_of(response).h1.text
        assert "Ana García" in banner_of(response).text
    assert before == (
        Message.objects.count(),
        Ticket.objects.count(),
        Event.objects.count(),
    )
    ticket.refresh_from_db()
    assert not ticket.is_closed


def test_reading_leaves_no_trace_of_the_contact(client, ana, ticket, article):
    """Neither a sign-in nor an account, and nothing that others could notice."""
    customer = CustomerFactory(name="Carl")
    make_ticket(customer, "Hi", subject="Mine", inbox=ticket.inbox)
    view_as(client, customer)
    users = type(customer.user).objects
    before = users.count()
    seen = Event.objects.count(), ticket.version, client.session[KEY]
    for path in ("/support/", "/support/new/", "/help/", "/help/search/?q=nothing"):
        assert client.get(path).status_code == 200
    customer.user.refresh_from_db()
    ticket.refresh_from_db()
    assert customer.user.last_login is None
    assert users.count() == before
    assert seen == (Event.objects.count(), ticket.version, client.session[KEY])
    assert client.session["_auth_user_id"] != str(customer.user.pk)


@searches
def test_private_pages_open_as_they_do_for_the_contact(client, ana, article, join):
    """N7: by the contact's access groups, whatever the agent may open."""
    view_as(client, ana)
    address = article.get_url()
    assert client.get(address).status_code == 403
    assert "Prices" not in client.get("/help/").content.decode()
    join(ana)
    response = client.get(address)
    assert response.status_code == 200
    assert "Prices" in page_of(response).h1.text
    found = client.get("/help/search/?q=prices").content.decode()
    assert "Prices" in found


def test_the_same_pages_as_when_the_contact_signs_in(client, article, join, inbox):
    """Property: list, search, API and page answer both alike (R9, N7)."""
    member, other = CustomerFactory(name="Member"), CustomerFactory(name="Other")
    join(member)
    for contact in (member, other):
        make_ticket(contact, "Text", subject=f"Of {contact.name}", inbox=inbox)
        own = signed_in(contact.user)
        view_as(client, contact)
        for path in (
            "/support/",
            "/support/?status=all",
            "/help/",
            "/help/search/?q=prices",
            "/api/v2/pages/",
            article.get_url(),
        ):
            theirs, seen = own.get(path), client.get(path)
            assert theirs.status_code == seen.status_code, path
            if path.startswith("/api"):
                assert json.loads(theirs.content) == json.loads(seen.content)
                continue
            bodies = [
                page_of(answer).select_one("#hd-main") for answer in (theirs, seen)
            ]
            texts = [" ".join(body.text.split()) for body in bodies]
            # Who is signed in is named on some pages; the address is the contact's.
            assert texts[0].replace(contact.user.email, contact.email) == texts[1], path


def test_a_superuser_sees_no_more_than_the_contact(ana, ticket, article):
    """Architecture 4.7: superusers pass every restriction, but not as a contact."""
    boss = make_agent()
    type(boss.user).objects.filter(pk=boss.user.pk).update(is_superuser=True)
    client = signed_in(boss.user)
    assert client.get(article.get_url()).status_code == 200
    view_as(client, ana)
    assert client.get(article.get_url()).status_code == 403
    assert "Prices" not in client.get("/help/search/?q=prices").content.decode()
    assert "Prices" not in client.get("/api/v2/pages/").content.decode()


def test_a_contact_who_is_staff_lends_no_right(client, article, inbox, ticket):
    """Only the contact's access groups count: no superuser, no group of staff."""
    user = UserFactory(is_superuser=True, is_staff=True)
    user.groups.add(Group.objects.create(name="Staff"), *Group.objects.all())
    chief = ContactFactory(name="Chief", user=user)
    make_ticket(chief, subject="Of the chief", inbox=inbox)
    view_as(client, chief)
    assert client.get(article.get_url()).status_code == 403
    assert client.get("/support/").status_code == 200
    foreign = client.get(f"/support/r/{ticket.public_id}/")
    assert foreign.status_code == 404
    assert b"wagtail-userbar" not in foreign.content


def test_a_password_that_the_agent_gave_opens_nothing_to_the_contact(
    client, ana, article
):
    restrict(article, password="open sesame")
    session = client.session
    session["passed_page_view_restrictions"] = list(
        article.get_view_restrictions().values_list("pk", flat=True)
    )
    session.save()
    view_as(client, ana)
    assert client.get(article.get_url()).status_code != 200


def test_the_admin_stays_the_agents_own(client, agent, ana, ticket):
    """Never in the Wagtail admin, on account pages or in what agents send there."""
    view_as(client, ana)
    page = client.get(url("ticket", ticket.public_id))
    assert page.status_code == 200
    assert banner_of(page) is None
    assert page.context["request"].user == agent.user
    response = client.post(url("ticket_take", ticket.public_id))
    assert response.status_code == 302
    ticket.refresh_from_db()
    assert ticket.owner == agent
    account = client.get("/accounts/email/")
    assert account.context["request"].user == agent.user
    assert banner_of(account) is None


def test_the_preview_of_a_page_stays_the_editors_own(ana, ticket, portal):
    boss = make_agent()
    type(boss.user).objects.filter(pk=boss.user.pk).update(is_superuser=True)
    client = signed_in(boss.user)
    view_as(client, ana)
    response = client.get(f"/admin/pages/{portal.pk}/view_draft/")
    assert response.status_code == 200
    assert banner_of(response) is None


def test_attachments_open_as_for_the_contact_and_in_the_workspace_as_for_the_agent(
    client, agent, ana, inbox, portal
):
    """R10: a file is served if the contact may read its message."""

    def with_file(contact, **kwargs):
        upload = Upload(name="log.txt", content=ContentFile(b"log", name="log.txt"))
        channel = portal.channel
        opened = OpenTicket(
            channel=channel, contact=contact, subject="With file", uploads=[upload]
        ).execute()
        return opened.message.attachments.get()

    own, foreign = with_file(ana), with_file(ContactFactory())
    view_as(client, ana)
    assert client.get(f"/helpdesk/files/{own.public_id}/").status_code == 200
    address = f"/helpdesk/files/{foreign.public_id}/"
    assert client.get(address).status_code == 404
    ticket = foreign.message.conversation.ticket
    page = client.get(url("ticket", ticket.public_id))
    link = page_of(page).select_one(f'a[href^="{address}"]')
    assert client.get(link["href"]).status_code == 200


def test_the_account_page_is_shown_and_nothing_of_it_can_be_sent(client, ana):
    """F11: no profile is changed, no data leaves, nothing is asked in their name."""
    view_as(client, ana)
    account = "/support/account/"
    assert 'value="Ana García"' in client.get(account).content.decode()
    for path in (account, f"{account}download/", f"{account}deletion/"):
        response = client.post(path, {"name": "Mallory"})
        assert response.status_code == 403
        assert not response.streaming
    ana.refresh_from_db()
    assert ana.name == "Ana García"
    for kind in ("contact_renamed", "data_downloaded", "deletion_asked"):
        assert not events(kind)


@pytest.mark.parametrize("seconds", [state.SECONDS + 1, -60])
def test_it_ends_after_half_an_hour(client, ana, seconds):
    view_as(client, ana)
    set_state(client, started=timezone.now().timestamp() - seconds)
    response = client.post("/support/new/", {"subject": "x", "body": "y"})
    assert response.status_code == 403
    assert "You no longer view the site as the contact" in page_of(response).h1.text
    (ended,) = events("view_as_ended")
    assert ended.data["reason"] == "time"
    again = client.get("/help/")
    assert banner_of(again) is None


def lose_permission(agent, ana):
    agent.user.user_permissions.clear()


def lose_contact(agent, ana):
    agent.inbox_memberships.all().delete()


def stop_being_an_agent(agent, ana):
    agent.is_active = False
    agent.save()


def block(agent, ana):
    ana.is_blocked = True
    ana.save()


@pytest.mark.parametrize(
    "lose", [lose_permission, lose_contact, stop_being_an_agent, block]
)
def test_whoever_may_no_longer_is_stopped_at_the_next_request(
    client, agent, ana, ticket, lose
):
    view_as(client, ana)
    lose(agent, ana)
    response = client.get(f"/support/r/{ticket.public_id}/")
    assert response.status_code == 403
    assert "The router" not in response.content.decode()
    (ended,) = events("view_as_ended")
    assert (ended.contact, ended.data["reason"]) == (ana, "not_allowed")
    assert KEY not in client.session


def test_signing_out_ends_it(client, agent, ana):
    view_as(client, ana)
    client.post("/accounts/logout/")
    (ended,) = events("view_as_ended")
    assert (ended.actor_agent, ended.data["reason"]) == (agent, "signed_out")
    assert banner_of(client.get("/help/")) is None


def test_the_session_of_one_account_is_of_no_use_to_another(client, ana):
    view_as(client, ana)
    set_state(client, user="0")
    assert client.get("/support/").status_code == 403
    assert KEY not in client.session


@pytest.mark.parametrize(
    "fields", [{"is_blocked": True}, {"erased_at": timezone.now()}]
)
def test_a_contact_who_is_blocked_or_erased_is_not_viewed(client, ana, fields):
    type(ana).objects.filter(pk=ana.pk).update(**fields)
    response = client.post(url("view_as_start", ana.public_id), follow=True)
    assert "blocked or erased" in response.content.decode()
    assert KEY not in client.session
    assert events("view_as_started") == []


def test_an_account_without_a_verified_address_is_not_viewed(client, inbox):
    """R17: it sees nothing, so there is nothing to view."""
    claimed = CustomerFactory(email__unverified=True)
    make_ticket(claimed, subject="Claimed", inbox=inbox)
    response = client.post(url("view_as_start", claimed.public_id), follow=True)
    assert "no verified address" in response.content.decode()
    assert KEY not in client.session


def test_without_the_middleware_nothing_begins(client, ana, settings):
    settings.MIDDLEWARE = [m for m in settings.MIDDLEWARE if m != state.MIDDLEWARE]
    page = client.get(url("contact", ana.public_id))
    assert b"View as this contact" not in page.content
    response = client.post(url("view_as_start", ana.public_id), follow=True)
    assert "not set up" in response.content.decode()
    assert KEY not in client.session


def test_without_a_portal_it_begins_on_another_page(client, ana, portal):
    change(portal, is_active=False)
    response = client.post(url("view_as_start", ana.public_id), follow=True)
    assert response.status_code == 200
    assert banner_of(response) is not None


def test_the_address_where_it_begins_is_nothing_to_others(client):
    assert client.get("/helpdesk/view-as/").status_code == 404
    assert Client().get("/helpdesk/view-as/").status_code == 404


def test_a_note_stays_hidden(client, ana, ticket):
    """R10: agents' notes are not among what the contact sees."""
    MessageFactory(
        conversation=conversation_of(ticket), direction="internal", body_text="A note"
    )
    view_as(client, ana)
    page = client.get(f"/support/r/{ticket.public_id}/")
    assert "It restarts" in page.content.decode()
    assert "A note" not in page.content.decode()


def test_a_closed_door_leads_to_the_reason(client, agent, ana, article, portal):
    """N8: in the banner, for the agent; the page is the contact's, to the letter."""
    change(portal, entry="sso")
    agent.user.is_superuser = True  # May know of the article.
    agent.user.save()
    view_as(client, ana)
    for path in (article.url, "/support/", "/support/new/"):
        response = client.get(path)
        assert response.status_code == 403
        form = banner_of(response).select_one("form[method=get]")
        assert form.input["value"] == path
        answer = client.get(form["action"], {"what": form.input["value"]})
        assert "Hidden:" in page_of(answer).text
        assert "Partners" not in response.content.decode()
    assert client.get("/").status_code == 200
    assert banner_of(client.get("/")).select("form[method=get]") == []
    # What may not be written is closed to the agent, not to the contact.
    refused = client.post("/support/", {"x": "y"})
    assert banner_of(refused).select("form[method=get]") == []


def test_a_portal_with_single_sign_on_shows_what_its_customers_see(
    client, ana, ticket, portal
):
    """B54: the session is the agent's, who came through no provider."""
    change(portal, entry="sso")
    domain = ana.email.split("@")[1]
    IdentityProvider.objects.create(name="Acme", domains=[domain])
    view_as(client, ana)

    assert "The router" in client.get("/support/").content.decode()


def test_customers_get_no_link_to_the_reason(article, inbox):
    customer = CustomerFactory()
    response = signed_in(customer.user).get(article.url)
    assert response.status_code == 403
    assert "helpdesk/contacts" not in response.content.decode()


def test_what_an_agent_looks_at_is_not_read_by_the_contact(client, ana, ticket, agent):
    """F7: whoever looks sees what is new to the contact, and it stays new."""
    answer(ticket, agent, "Hold the button")
    view_as(client, ana)
    assert b"New reply" in client.get("/support/").content
    page = client.get(f"/support/r/{ticket.public_id}/")
    assert b"New from here on" in page.content
    assert not ReadMark.objects.exists()
