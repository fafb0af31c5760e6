"""Access groups at the portal's door, and what editors set (B48, B51, R9)."""

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory

from tests.factories import CustomerFactory
from tests.portal.build import make_portal, make_ticket
from tests.portal.test_page_form import editor, save  # noqa: F401
from wagtail_helpdesk import actions
from wagtail_helpdesk.access.portal_entry import portals_opened_by
from wagtail_helpdesk.access.portals import portal_rules, ticket_url
from wagtail_helpdesk.exceptions import ActionError

pytestmark = pytest.mark.django_db


@pytest.fixture
def groups():
    names = ("Partners", "Resellers", "Others")
    return [actions.ChangeAccessGroup(name=name).execute() for name in names]


@pytest.fixture
def closed(portal, groups):
    """The portal, for members of one of two groups."""
    portal.requires_groups = True
    portal.access_groups.set(groups[:2])
    portal.save()
    return portal


def text_of(response) -> str:
    soup = BeautifulSoup(response.content, "html.parser")
    return " ".join(soup.select_one("main, #hd-main").text.split())


def join(group, *contacts):
    actions.AddAccessMembers(group=group, contacts=contacts).execute()


def leave(group, *contacts):
    actions.RemoveAccessMembers(group=group, contacts=contacts).execute()


def test_membership_acts_on_the_very_next_request(closed, groups, ana, client):
    """B48: one of the groups is enough; another one is not."""
    ticket = make_ticket(ana, subject="Order 5")
    paths = ("", "new/", f"r/{ticket.public_id}/", f"new/sent/{ticket.public_id}/")
    join(groups[2], ana)
    for path in paths:
        response = client.get(f"/support/{path}")
        assert response.status_code == 403
        assert "members of certain groups only" in text_of(response)
        assert "Order 5" not in response.content.decode()
    assert (
        client.post(f"/support/r/{ticket.public_id}/", {"body": "x"}).status_code == 403
    )

    for group in groups[:2]:
        join(group, ana)
        assert "Order 5" in text_of(client.get("/support/"))
        leave(group, ana)
        assert client.get("/support/").status_code == 403


def test_visitors_are_asked_to_sign_in_before_they_are_told_of_groups(closed):
    assert Client().get("/support/")["Location"].startswith("/accounts/login/")


def test_who_may_not_enter_reads_no_ticket_in_another_way(closed, groups, ana):
    """R9: attachments and the links in mails go by the same rule."""
    ticket = make_ticket(ana)
    request = RequestFactory().get("/")
    request.user = ana.user
    assert portal_rules(request) == []
    assert ticket_url(ticket) == ""

    join(groups[0], ana)

    fresh = RequestFactory().get("/")
    fresh.user = ana.user
    assert portal_rules(fresh) == [closed.rules]
    assert ticket_url(ticket).endswith(f"/support/r/{ticket.public_id}/")
    fresh.user = AnonymousUser()
    assert portal_rules(fresh) == []


def test_a_mail_leads_to_the_portal_that_its_reader_may_enter(closed, ana):
    make_portal(title="For all", slug="all", channel=None)

    assert "/all/r/" in ticket_url(make_ticket(ana))


def test_without_a_group_left_nobody_enters(closed, groups, ana, client):
    join(groups[0], ana)
    closed.access_groups.set([])
    closed.save()

    assert client.get("/support/").status_code == 403


def test_a_group_that_a_portal_requires_is_not_deleted(closed, groups):
    with pytest.raises(ActionError, match="Customer portal"):
        actions.DeleteAccessGroup(group=groups[0]).execute()
    actions.DeleteAccessGroup(group=groups[2]).execute()


def test_the_group_knows_its_portals(closed, groups):
    (opened,) = portals_opened_by(groups[0])
    assert opened.url.endswith("/support/")
    assert opened.inbox == closed.channel.inbox
    closed.unpublish()
    assert [one.url for one in portals_opened_by(groups[0])] == [""]
    assert portals_opened_by(groups[2]) == []


def test_the_portal_takes_no_more_queries_with_many_members(
    closed, groups, ana, client, django_assert_max_num_queries
):
    join(groups[0], ana, *(CustomerFactory() for _number in range(20)))
    client.get("/support/")

    with django_assert_max_num_queries(15):
        assert client.get("/support/").status_code == 200


def test_editors_set_who_registers_and_who_enters(portal, groups, editor):  # noqa: F811
    response = save(
        editor,
        portal,
        entry="domains",
        entry_domains=" @ACME.example, acme.org\nacme.example ",
        requires_groups="on",
        access_groups=str(groups[0].pk),
    )

    assert response.status_code == 302
    assert portal.entry_domains == "acme.example\nacme.org"
    assert portal.sign_up_rule.domains == ("acme.example", "acme.org")
    assert list(portal.access_groups.all()) == [groups[0]]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"entry": "domains"}, "Write at least one domain."),
        ({"entry_domains": "not a domain"}, "is no domain"),
        ({"requires_groups": "on"}, "Choose at least one access group."),
    ],
)
def test_what_would_let_nobody_in_is_refused(portal, editor, fields, problem):  # noqa: F811
    response = save(editor, portal, **fields)

    assert response.status_code == 200
    assert problem in response.content.decode()
    assert portal.entry == "open"
    assert not portal.requires_groups
