"""Who comes into the portal, and what everybody else is told (R9, R17, F12)."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory
from wagtail.models import PageViewRestriction

from tests.factories import AgentFactory, ContactFactory, CustomerFactory, UserFactory
from tests.portal.build import change, make_portal, make_ticket
from wagtail_helpdesk.access.portals import portal_rules, ticket_url
from wagtail_helpdesk.models import Ticket

pytestmark = pytest.mark.django_db


def text_of(response, selector="main, #hd-main"):
    soup = BeautifulSoup(response.content, "html.parser")
    return " ".join(soup.select_one(selector).text.split())


@pytest.mark.parametrize(
    "path", ["/support/", "/support/?q=x&status=open", "/support/new/", "/support/r/a/"]
)
def test_visitors_sign_in_and_come_back_to_where_they_were(portal, path):
    response = Client().get(path)
    assert response.status_code == 302
    target = response["Location"]
    assert target.startswith("/accounts/login/?next=/support/")
    response = Client().get(target)
    assert response.status_code == 200


def test_an_unverified_address_shows_nothing(portal, sign_in):
    """R17: whoever claims an address has to prove it first."""
    customer = CustomerFactory(email__unverified=True)
    ticket = make_ticket(customer, subject="Secret")
    browser = sign_in(customer)
    for path in ("", "new/", f"r/{ticket.public_id}/"):
        response = browser.get(f"/support/{path}")
        assert response.status_code == 403
        assert "Confirm your address first" in text_of(response)
        assert "Secret" not in response.content.decode()
    response = browser.post(f"/support/r/{ticket.public_id}/", {"body": "hello"})
    assert response.status_code == 403


def test_an_account_without_a_contact_is_asked_to_confirm_its_address(portal):
    user = UserFactory()
    browser = Client()
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    response = browser.get("/support/")
    assert response.status_code == 403
    assert user.email in text_of(response)
    soup = BeautifulSoup(response.content, "html.parser")
    assert soup.select_one("#hd-main .hd-btn--primary")["href"] == "/accounts/email/"


def test_an_agent_is_told_where_agents_work(portal, sign_in):
    response = sign_in(AgentFactory()).get("/support/")
    assert response.status_code == 403
    assert "Agents work in the admin" in text_of(response)


def test_an_agent_who_is_a_customer_too_sees_their_own_requests(portal, sign_in):
    customer = CustomerFactory()
    AgentFactory(user=customer.user)
    make_ticket(customer, subject="Mine")
    assert "Mine" in text_of(sign_in(customer).get("/support/"))


def test_a_blocked_contact_has_no_access(portal, sign_in):
    customer = CustomerFactory(is_blocked=True)
    make_ticket(customer, subject="Secret")
    response = sign_in(customer).get("/support/")
    assert response.status_code == 403
    assert "This account cannot use the portal" in text_of(response)


@pytest.mark.parametrize("path", ["", "new/", "r/abc/"])
def test_a_portal_that_is_off_says_so_to_everybody(portal, client, path):
    """B10."""
    change(portal, is_active=False)
    for browser in (client, Client()):
        response = browser.get(f"/support/{path}")
        assert response.status_code == 404
        assert "is not open at the moment" in text_of(response)
        assert "Only editors see this" not in text_of(response)


def test_an_editor_is_led_to_the_switch(portal, sign_in, django_user_model):
    """F12, B8."""
    change(portal, is_active=False)
    browser = Client()
    browser.force_login(
        UserFactory(is_superuser=True),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    response = browser.get("/support/")
    assert f"/admin/pages/{portal.pk}/edit/" in response.content.decode()


def test_nothing_of_the_portal_is_kept_by_a_cache_or_an_index(portal, client, ana):
    ticket = make_ticket(ana, "hello")
    paths = ["", "new/", f"r/{ticket.public_id}/", "r/missing/", "new/sent/-/"]
    answers = [client.get(f"/support/{path}") for path in paths]
    answers.append(Client().get("/support/"))
    answers.append(client.post(f"/support/r/{ticket.public_id}/", {"body": "hello"}))
    for response in answers:
        assert response["Cache-Control"] == "private, no-store"
        assert "Cookie" in response["Vary"]
        assert response["X-Robots-Tag"] == "noindex"


def test_the_portal_is_in_no_sitemap(portal):
    assert portal.get_sitemap_urls() == []


def test_text_sent_after_the_session_ended_is_there_after_signing_in(
    portal, client, ana, zoe
):
    """UX27, without JavaScript."""
    ticket = make_ticket(ana, "hello")
    path = f"/support/r/{ticket.public_id}/"
    client.logout()
    response = client.post(path, {"body": "Half an hour of work", "action": "reply"})
    assert response.status_code == 302
    assert response["Location"] == f"/accounts/login/?next={path}"
    client.force_login(ana.user, backend="django.contrib.auth.backends.ModelBackend")
    soup = BeautifulSoup(client.get(path).content, "html.parser")
    assert soup.textarea.text.strip() == "Half an hour of work"
    again = BeautifulSoup(client.get(path).content, "html.parser")
    assert again.textarea.text.strip() == ""


def test_the_form_for_something_new_comes_back_filled_in_too(portal, client, ana):
    client.logout()
    client.post("/support/new/", {"subject": "My subject", "body": "My text"})
    client.force_login(ana.user, backend="django.contrib.auth.backends.ModelBackend")
    soup = BeautifulSoup(client.get("/support/new/").content, "html.parser")
    assert soup.textarea.text.strip() == "My text"
    assert soup.select_one('[name="subject"]')["value"] == "My subject"
    assert not Ticket.objects.exists()


def test_kept_text_does_not_show_on_another_request(portal, client, ana, zoe, sign_in):
    theirs = make_ticket(zoe, "hello")
    mine = make_ticket(ana, "hello")
    client.logout()
    client.post(f"/support/r/{theirs.public_id}/", {"body": "Zoe's text"})
    client.force_login(ana.user, backend="django.contrib.auth.backends.ModelBackend")
    for ticket in (mine, theirs):
        response = client.get(f"/support/r/{ticket.public_id}/")
        assert "Zoe's text" not in response.content.decode()


def test_the_navigation_leads_to_the_portal_and_out_of_the_session(portal, client, ana):
    """B3, B66: the tab's title is the portal's name; signing out is a POST."""
    soup = BeautifulSoup(client.get("/support/").content, "html.parser")
    assert soup.title.text.startswith("Customer portal")
    links = {a.text.strip(): a for a in soup.select(".hd-nav__link")}
    assert links["My requests"]["href"] == "/support/"
    assert links["My requests"]["aria-current"] == "page"
    assert links["New request"]["href"] == "/support/new/"
    (button,) = [b for b in soup.select("button") if b.text.strip() == "Sign out"]
    form = button.find_parent("form")
    assert form["method"] == "post"
    client.post(form["action"])
    assert client.get("/support/").status_code == 302


def test_the_editors_own_words_are_used(portal, client, ana):
    """B37, UX45."""
    change(
        portal,
        title="Order desk",
        request_singular="order",
        request_plural="orders",
        may_close=True,
    )
    ticket = make_ticket(ana, "hello")
    soup = BeautifulSoup(client.get("/support/").content, "html.parser")
    assert soup.h1.text == "Orders"
    assert [a.text.strip() for a in soup.select(".hd-nav__link")][-2:] == [
        "Orders",
        "New order",
    ]
    assert "Orders: 1" in text_of(client.get("/support/"))
    detail = client.get(f"/support/r/{ticket.public_id}/")
    assert "Close this order" in text_of(detail)
    change(portal, form_menu_text="Complain", form_header_text="What went wrong?")
    soup = BeautifulSoup(client.get("/support/new/").content, "html.parser")
    assert soup.h1.text == "What went wrong?"
    assert soup.select(".hd-nav__link")[-1].text.strip() == "Complain"


def test_without_a_channel_nothing_new_can_be_sent(portal, client, ana):
    """B6."""
    change(portal, channel=None)
    ticket = make_ticket(ana, "hello")
    response = client.get("/support/")
    assert "/support/new/" not in response.content.decode()
    assert client.get("/support/new/").status_code == 404
    assert (
        client.post("/support/new/", {"subject": "x", "body": "y"}).status_code == 404
    )
    response = client.post(f"/support/r/{ticket.public_id}/", {"body": "hello"})
    assert response.status_code == 302


def test_the_preview_shows_samples_and_nobodys_requests(portal, ana):
    """B14."""
    make_ticket(ana, subject="Secret")
    request = RequestFactory().get("/preview/")
    request.user, request.session, request.is_preview = AnonymousUser(), {}, True
    response = portal.serve_preview(request, "").render()
    content = response.content.decode()
    assert "How do I add a colleague?" in content
    assert "Secret" not in content


# -- What the other parts of the help desk learn ---------------------------------------


def as_seen_by(user, path="/"):
    request = RequestFactory().get(path)
    request.user, request.session = user, {}
    return request


def test_the_rules_of_active_portals_are_known_to_all_of_the_help_desk(portal):
    assert portal_rules(as_seen_by(AnonymousUser())) == [portal.rules]
    make_portal(title="Second", slug="second", sharing="organization")
    rules = portal_rules(as_seen_by(AnonymousUser()))
    assert {found.sharing for found in rules} == {"own", "organization"}
    change(portal, is_active=False)
    assert len(portal_rules(as_seen_by(AnonymousUser()))) == 1


def test_a_portal_behind_a_restriction_counts_for_those_who_may_enter(portal, ana):
    """R9: access to the page is a part of it."""
    PageViewRestriction.objects.create(page=portal, restriction_type="login")
    assert portal_rules(as_seen_by(AnonymousUser())) == []
    assert portal_rules(as_seen_by(ana.user)) == [portal.rules]


def test_mails_lead_to_the_portal_of_the_tickets_inbox(portal):
    ticket = make_ticket(ContactFactory())
    second = make_portal(title="Second", slug="second", inbox=ticket.inbox)
    assert ticket_url(ticket) == f"{second.full_url}r/{ticket.public_id}/"
    change(second, is_active=False)
    assert ticket_url(ticket) == f"{portal.full_url}r/{ticket.public_id}/"
    change(portal, is_active=False)
    assert ticket_url(ticket) == ""
