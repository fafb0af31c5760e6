"""Merging on the ticket's page (A3): choose, see what happens, agree, undo."""

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.admin.conftest import make_agent, url
from tests.factories import (
    ContactFactory,
    ConversationFactory,
    CustomerFactory,
    OrganizationFactory,
)
from tests.fulltext import searches
from tests.portal.build import change, make_portal
from wagtail_helpdesk.access.merge_readers import new_readers
from wagtail_helpdesk.actions import (
    AssignTicket,
    ChangeParticipant,
    FollowTicket,
    MergeTickets,
    TrashTicket,
)
from wagtail_helpdesk.models import Contact, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(open_ticket, ticket):
    """Another open ticket of the same contact."""
    return open_ticket("The router again", contact=ticket.contact)


@pytest.fixture
def luis_ticket(open_ticket):
    return open_ticket("Mine", contact=ContactFactory(name="Luis Vega"))


def soup_of(response):
    return BeautifulSoup(response.content, "html.parser")


def merge(ticket, target):
    MergeTickets(
        source=ticket,
        target=target,
        actor=None,
        agreed=new_readers(ticket, target).key,
    ).execute()


def is_merged(ticket):
    return Ticket.objects.get(pk=ticket.pk).merged_into_id is not None


def test_from_the_menu_to_one_ticket_and_back(browser, ticket, other):
    """A3, without script: every step is a link or a form."""
    page = soup_of(browser.get(url("ticket", ticket.public_id)))
    menu = page.find("a", string="Merge…")["href"]
    choose = soup_of(browser.get(menu))
    link = choose.select_one(".hdw-others a")
    assert "The router again" in link.text
    confirm = soup_of(browser.get(menu + link["href"]))
    told = confirm.select_one(".hdw-narrow").text
    assert "The router restarts" in told and "The router again" in told
    assert "Nobody will read what they could not read before." in told
    assert not is_merged(ticket)
    form = confirm.select_one(".hdw-narrow form")
    sent = {field["name"]: field.get("value", "") for field in form.select("[name]")}
    done = browser.post(menu, sent, follow=True)
    assert done.redirect_chain == [(url("ticket", other.public_id), 302)]
    assert is_merged(ticket)
    undo = soup_of(done).find("a", string=lambda text: text and "Undo merge" in text)
    notice = soup_of(browser.get(undo["href"]))
    assert notice.find("a", href=url("ticket", other.public_id))
    button = notice.find("button", string=lambda text: text and "Undo" in text)
    browser.post(button.find_parent("form")["action"])
    assert not is_merged(ticket)


def test_a_second_click_leads_to_the_same_result(browser, ticket, other):
    to = url("ticket_merge", ticket.public_id)
    for _click in range(2):
        response = browser.post(to, {"into": other.number})
        assert response.status_code == 302
    assert browser.get(response["Location"]).status_code == 200
    to = url("ticket_unmerge", ticket.public_id)
    for _click in range(2):
        assert browser.post(to, follow=True).status_code == 200


@pytest.mark.parametrize("into", ["", "nonsense", "99999", "foreign", "itself", "\x00"])
def test_what_is_no_ticket_of_theirs_is_told_in_words(
    browser, ticket, foreign_ticket, into
):
    """A foreign ticket is answered as one that is not there."""
    named = {"foreign": foreign_ticket.number, "itself": ticket.number}
    to = url("ticket_merge", ticket.public_id)
    response = browser.post(to, {"into": named.get(into, into)})
    assert response.status_code == 400
    assert "that you may see" in soup_of(response).select_one("[role=alert]").text
    assert "Canary" not in response.content.decode()
    assert not is_merged(ticket)


def test_whoever_would_read_more_is_named_and_has_to_be_agreed_to(
    browser, ticket, luis_ticket
):
    """R10."""
    to = url("ticket_merge", luis_ticket.public_id)
    told = soup_of(browser.get(to, {"into": ticket.reference}))
    names = told.select_one("fieldset").text
    assert "Luis Vega will read all of" in names
    assert "Ana García will read all of" in names
    box = told.select_one("[name=agreed]")
    assert not box.has_attr("checked")
    response = browser.post(to, {"into": ticket.number})
    assert response.status_code == 400 and not is_merged(luis_ticket)
    assert soup_of(response).select_one("[role=alert]")
    browser.post(to, {"into": ticket.number, "agreed": box["value"]})
    assert is_merged(luis_ticket)


def test_a_ticket_that_others_were_merged_into_is_merged_on_and_back(
    browser, ticket, other, open_ticket
):
    """N15: the page of each merged one names the last one, and undoes its own merge."""
    third = open_ticket("Third", contact=ticket.contact)
    merge(third, ticket)
    browser.post(url("ticket_merge", ticket.public_id), {"into": other.number})
    aside = soup_of(browser.get(url("ticket", other.public_id)))
    for earlier in (ticket, third):
        assert aside.find("a", string=f"Merged from {earlier.reference}")
        notice = soup_of(browser.get(url("ticket", earlier.public_id)))
        assert notice.find("a", href=url("ticket", other.public_id))
    browser.post(url("ticket_unmerge", ticket.public_id))
    assert not is_merged(ticket)
    notice = soup_of(browser.get(url("ticket", third.public_id)))
    assert notice.find("a", href=url("ticket", ticket.public_id))


def test_the_number_of_a_merged_one_stands_for_the_one_it_is_in(
    browser, ticket, other, open_ticket
):
    third = open_ticket("Third", contact=ticket.contact)
    merge(third, ticket)
    to = url("ticket_merge", other.public_id)
    shown = soup_of(browser.get(to, {"into": third.reference}))
    assert shown.select_one("[name=into]")["value"] == str(ticket.number)
    # Sent at once, it is asked for: its sender has not seen which one it is now.
    response = browser.post(to, {"into": third.number})
    assert response.status_code == 400 and not is_merged(other)
    told = soup_of(response).select_one("[role=alert]").text
    assert f"{third.reference} was merged into {ticket.reference}" in told
    # Into itself it cannot be merged by that way, either.
    response = browser.post(url("ticket_merge", ticket.public_id), {"into": third.pk})
    assert response.status_code == 400 and not is_merged(ticket)


def test_a_ticket_in_the_trash_is_neither_merged_nor_merged_into(
    browser, agent, ticket, other
):
    TrashTicket(ticket=other, actor=agent).execute()
    to = url("ticket_merge", ticket.public_id)
    assert browser.post(to, {"into": other.number}).status_code == 400
    to = url("ticket_merge", other.public_id)
    assert browser.post(to, {"into": ticket.number}).status_code == 404
    assert not is_merged(ticket) and not is_merged(other)


class TestOwner:
    """The page says before who owns and who follows the ticket that stays."""

    def told(self, browser, ticket, other):
        page = browser.get(
            url("ticket_merge", ticket.public_id), {"into": other.number}
        )
        return " ".join(soup_of(page).select_one(".hdw-points").text.split())

    def own(self, ticket, owner):
        AssignTicket(ticket=ticket, owner=owner, actor=None).execute()

    def test_neither_has_one(self, browser, ticket, other):
        told = self.told(browser, ticket, other)
        assert f"Owner, stage and properties of {other.reference} stay" in told
        assert "follow" not in told

    def test_only_the_merged_one_has_one(self, browser, ticket, other, colleague):
        self.own(ticket, colleague)
        told = self.told(browser, ticket, other)
        assert f"Ben Berg becomes the owner of {other.reference}." in told
        assert "Owner, stage" not in told

    def test_both_have_one(self, browser, agent, ticket, other, colleague):
        self.own(ticket, colleague)
        self.own(other, agent)
        told = self.told(browser, ticket, other)
        assert "Amy Adler stays the owner" in told
        assert f"Ben Berg will follow {other.reference}" in told

    def test_followers_are_named(self, browser, ticket, other, colleague):
        FollowTicket(ticket=ticket, agent=colleague).execute()
        told = self.told(browser, ticket, other)
        assert f"Ben Berg will follow {other.reference}" in told


class TestWhoSeesLess:
    """Colleagues who read the merged ticket as one of their organization."""

    @pytest.fixture
    def portal(self, inbox):
        return make_portal(inbox=inbox, sharing="organization")

    @pytest.fixture
    def acme(self):
        return OrganizationFactory(name="Acme", sharing="organization")

    @pytest.fixture
    def shared(self, ticket, acme):
        """The ticket, of an organization with three more people who read it."""
        Ticket.objects.filter(pk=ticket.pk).update(organization=acme)
        ticket.contact.memberships.create(organization=acme)
        for _number in range(3):
            CustomerFactory(organization=acme)
        return ticket

    def told(self, browser, ticket, other):
        page = browser.get(
            url("ticket_merge", ticket.public_id), {"into": other.number}
        )
        assert page.status_code == 200
        points = [point.text for point in soup_of(page).select(".hdw-points li")]
        return next((point for point in points if "other member" in point), "")

    def test_they_are_counted_before(self, browser, portal, shared, other):
        assert self.told(browser, shared, other) == (
            f"3 other members of Acme see {shared.reference} as a ticket of their "
            f"organization, and will not see it on {other.reference}."
        )

    def test_nobody_is_counted_who_never_saw_it(
        self, browser, portal, shared, other, acme
    ):
        CustomerFactory(organization=acme, is_blocked=True)
        CustomerFactory(organization=acme, email__unverified=True)
        # Without an account, nobody opens the portal.
        ContactFactory(organization=acme)
        assert self.told(browser, shared, other).startswith("3 other members")

    def test_nobody_is_counted_who_takes_part_in_one_of_them(
        self, browser, agent, portal, shared, other
    ):
        for ticket, member in zip((shared, other), people_of(shared), strict=False):
            ChangeParticipant(ticket=ticket, contact=member, actor=agent).execute()
        assert self.told(browser, shared, other).startswith("1 other member of Acme")

    def test_nor_who_reads_the_other_through_another_organization(
        self, browser, portal, shared, other
    ):
        globex = OrganizationFactory(name="Globex", sharing="organization")
        Ticket.objects.filter(pk=other.pk).update(organization=globex)
        change(portal, all_organizations=True)
        for member in people_of(shared)[:2]:
            member.memberships.create(organization=globex, is_primary=False)
        assert self.told(browser, shared, other).startswith("1 other member of Acme")

    @pytest.mark.parametrize(
        "fields", [{"sharing": "own"}, {"is_active": False}, {"live": False}]
    )
    def test_where_nobody_saw_it_nothing_is_told(
        self, browser, portal, shared, other, fields
    ):
        change(portal, **fields)
        assert not self.told(browser, shared, other)

    def test_managers_alone_where_only_they_see_it(
        self, browser, portal, shared, other
    ):
        change(portal, sharing="managers")
        assert not self.told(browser, shared, other)
        people_of(shared)[0].memberships.update(role="manager")
        assert self.told(browser, shared, other).startswith("1 other member of Acme")

    def test_within_one_organization_nothing_is_lost(
        self, browser, portal, shared, other, acme
    ):
        Ticket.objects.filter(pk=other.pk).update(organization=acme)
        assert not self.told(browser, shared, other)

    def test_but_where_a_filter_hides_the_other_it_is(
        self, browser, portal, shared, other, acme
    ):
        Ticket.objects.filter(pk=other.pk).update(organization=acme, priority=4)
        urgent = {"property": "priority", "operator": "is_not", "values": [4]}
        change(portal, visibility_filters=[urgent])
        assert self.told(browser, shared, other).startswith("3 other members of Acme")

    def test_a_spam_ticket_was_seen_by_nobody(self, browser, portal, shared, other):
        shared.conversations.update(status="spam")
        assert not self.told(browser, shared, other)

    def test_the_number_of_queries_grows_with_nothing(
        self, browser, portal, shared, other, acme
    ):
        to = url("ticket_merge", shared.public_id)

        def queries():
            with CaptureQueriesContext(connection) as asked:
                browser.get(to, {"into": other.number})
            return len(asked)

        def add(name):
            mild = {"property": "priority", "operator": "is_not", "values": [1]}
            make_portal(
                inbox=shared.inbox,
                slug=name,
                sharing="managers",
                visibility_filters=[mild],
            )
            CustomerFactory(organization=acme)
            FollowTicket(ticket=shared, agent=make_member(shared.inbox)).execute()

        add("first")
        queries()
        before = queries()
        for name in ("second", "third", "fourth"):
            add(name)
        assert queries() == before


def people_of(ticket):
    members = Contact.objects.filter(memberships__organization__name="Acme")
    return list(members.exclude(pk=ticket.contact_id).order_by("pk"))


def make_member(inbox):
    agent = make_agent()
    inbox.memberships.create(agent=agent)
    return agent


def test_the_target_names_what_came_and_offers_no_change_to_it(browser, ticket, other):
    ConversationFactory(ticket=ticket, channel=ticket.channel)
    merge(ticket, other)
    page = soup_of(browser.get(url("ticket", other.public_id)))
    came = page.find_all("a", string=f"Merged from {ticket.reference}")
    assert len(came) == 2
    assert len(page.select("form[action$='/close/']")) == 2
    moved = ticket.conversations_given.first()
    for name in ("close", "trash"):
        to = url(f"conversation_{name}", other.public_id, moved.public_id)
        assert browser.post(to).status_code == 404
    found = browser.get(url("inbox"), {"q": ticket.reference})
    assert found["Location"] == url("ticket", ticket.public_id)


def test_a_merged_number_of_a_foreign_inbox_leads_to_the_ticket_they_see(
    browser, ticket, foreign_ticket, open_ticket, foreign_inbox
):
    merge(foreign_ticket, ticket)
    found = browser.get(url("inbox"), {"q": foreign_ticket.reference})
    assert found["Location"] == url("ticket", ticket.public_id)
    others = [open_ticket("Another", inbox=foreign_inbox) for _number in range(2)]
    merge(*others)
    found = browser.get(url("inbox"), {"q": others[0].reference})
    assert found.status_code == 200 and "Another" not in found.content.decode()


@searches
def test_the_list_finds_the_ticket_by_a_merged_number(browser, ticket, other):
    """As one reads it who has typed the number among the filters of a list."""
    merge(ticket, other)
    asked = {"view": "all", "q": str(ticket.number)}
    listed = browser.get(url("inbox_results"), asked).content.decode()
    assert "The router again" in listed and other.reference in listed


def test_a_rating_from_before_the_merge_is_shown_on_the_target(browser, ticket, other):
    """F13: also where the target itself was never closed."""
    ticket.ratings.create(contact=ticket.contact, closing=0, score=2, comment="Slow")
    merge(ticket, other)
    aside = browser.get(url("ticket", other.public_id)).content.decode()
    aside = aside.partition("Rating by the contact")[2]
    assert "Slow" in aside and "an earlier closing" in aside


def test_where_the_target_is_out_of_sight_nothing_of_it_is_told(
    browser, agent, ticket, other, foreign_ticket
):
    merge(ticket, other)
    TrashTicket(ticket=other, actor=agent).execute()
    page = browser.get(url("ticket", ticket.public_id))
    assert "The router again" not in page.content.decode()
    response = browser.post(url("ticket_unmerge", ticket.public_id), follow=True)
    assert "Restore it first" in response.content.decode()
    Ticket.objects.filter(pk=ticket.pk).update(merged_into=foreign_ticket)
    page = browser.get(url("ticket", ticket.public_id)).content.decode()
    assert "Canary" not in page and foreign_ticket.reference not in page
    assert browser.post(url("ticket_unmerge", ticket.public_id)).status_code == 404


def test_what_was_being_written_goes_on_on_the_other_ticket(browser, ticket, other):
    """UX64: nothing is lost, and nothing goes to whom its writer has not seen."""
    merge(ticket, other)
    data = {"do": "reply", "mode": "reply", "text": "Try a new cable.", "token": "t"}
    response = browser.post(url("compose", ticket.public_id), data)
    assert response.status_code == 409
    form = soup_of(response).select_one("#composer form, form#composer")
    assert form["action"] == url("compose", other.public_id)
    assert form.select_one("textarea").text.strip() == "Try a new cable."
    assert not other.conversations.filter(messages__direction="outbound").exists()
