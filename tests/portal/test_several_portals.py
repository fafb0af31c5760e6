"""Several portals on one site, and several sites: each has its own settings (N1)."""

import uuid

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from wagtail.models import Locale, Page, Site

from tests.factories import (
    AccessGroupFactory,
    ChannelFactory,
    CustomerFactory,
    InboxFactory,
    OrganizationFactory,
    SupportFormFactory,
    UserFactory,
)
from tests.portal.build import change, make_portal, make_ticket
from tests.portal.test_new_request import parsed
from wagtail_helpdesk.access.portals import portal_rules, ticket_url
from wagtail_helpdesk.actions import AddAccessMembers
from wagtail_helpdesk.models import Membership, Ticket
from wagtail_helpdesk.portal.models import PortalHomePage
from wagtail_helpdesk.portal.registration import sign_up_rule
from wagtail_helpdesk.portal.setup import pages

pytestmark = pytest.mark.django_db

SECOND_HOST = "two.example"


@pytest.fixture
def orders(db):
    """A second portal on the same site, with words, sharing and inbox of its own."""
    return make_portal(
        title="Order desk",
        slug="orders",
        inbox=InboxFactory(name="Orders"),
        request_singular="order",
        request_plural="orders",
        sharing="organization",
        show_stages=True,
        list_columns=[{"type": "column", "value": "requested_by"}],
    )


@pytest.fixture
def second_site(db):
    """A second site with a front page of its own."""
    home = Page.get_first_root_node().add_child(
        instance=Page(title="Second", slug="second")
    )
    site = Site.objects.create(hostname=SECOND_HOST, root_page=home)
    Site.clear_site_root_paths_cache()
    return site


@pytest.fixture
def partners(second_site):
    """The portal of the second site."""
    page = PortalHomePage(
        title="Partner portal",
        slug="support",
        live=True,
        channel=ChannelFactory(type="portal", inbox=InboxFactory(name="Partners")),
        request_singular="case",
        request_plural="cases",
    )
    second_site.root_page.add_child(instance=page)
    Site.clear_site_root_paths_cache()
    return page


@pytest.fixture
def spanish(portal):
    """The first portal in Spanish."""
    es, _made = Locale.objects.get_or_create(language_code="es")
    portal.get_parent().copy_for_translation(es).save_revision().publish()
    copy = portal.copy_for_translation(es)
    copy.save_revision().publish()
    Site.clear_site_root_paths_cache()
    return PortalHomePage.objects.get(pk=copy.pk)


def columns(response):
    return [head.text for head in parsed(response).select("th")]


def text(response):
    return response.content.decode()


@pytest.fixture
def colleague(ana):
    """Somebody of Ana's company, which shares its tickets."""
    acme = OrganizationFactory(name="Acme", sharing="organization")
    Membership.objects.create(contact=ana, organization=acme)
    ana.__dict__.pop("organization", None)
    return CustomerFactory(name="Cole League", organization=acme)


def test_each_list_has_its_words_its_columns_and_its_sharing(
    portal, orders, sign_in, ana, colleague
):
    make_ticket(ana, "Hello", subject="Of Ana")
    make_ticket(colleague, "Hello", subject="Of Cole")
    client = sign_in(ana)
    answers = client.get(portal.url), client.get(orders.url)
    first, second = map(text, answers)
    assert "My requests" in first and "orders" not in first.replace(orders.url, "")
    assert "Orders" in second and "My requests" not in second
    assert "Of Ana" in first and "Of Cole" not in first
    assert "Of Ana" in second and "Of Cole" in second
    # The filter by period has this label in both.
    first_columns, second_columns = map(columns, answers)
    assert "Last activity" in first_columns
    assert "Last activity" not in second_columns


def test_a_ticket_opens_in_the_portals_alone_that_show_it(
    portal, orders, sign_in, ana, colleague
):
    ticket = make_ticket(colleague, "Hello")
    client = sign_in(ana)
    assert client.get(f"{portal.url}r/{ticket.public_id}/").status_code == 404
    assert client.get(f"{orders.url}r/{ticket.public_id}/").status_code == 200


def test_the_rules_of_one_do_not_count_in_the_other(portal, orders, sign_in, ana):
    change(orders, may_close=True)
    ticket = make_ticket(ana, "Hello")
    client = sign_in(ana)
    first = text(client.get(f"{portal.url}r/{ticket.public_id}/"))
    second = text(client.get(f"{orders.url}r/{ticket.public_id}/"))
    close = 'value="close"'
    assert (close in first, close in second) == (False, True)


def test_what_is_sent_arrives_where_its_own_portal_says(
    portal, orders, partners, sign_in, ana
):
    client = sign_in(ana)
    for page, host in ((portal, ""), (orders, ""), (partners, SECOND_HOST)):
        data = {
            "subject": f"In {page.title}",
            "body": "Hello",
            "client_token": str(uuid.uuid4()),
        }
        extra = {"headers": {"host": host}} if host else {}
        path = "/support/new/" if host else f"{page.url}new/"
        response = client.post(path, data, **extra)
        assert response.status_code == 302, page
        ticket = Ticket.objects.get(subject=data["subject"])
        assert ticket.inbox == page.channel.inbox
        assert ticket.origin_page_id == page.pk
        # And the mail about it leads back.
        assert ticket_url(ticket) == f"{page.full_url}r/{ticket.public_id}/"


def test_who_may_enter_one_need_not_enter_the_other(portal, orders, sign_in, ana):
    group = AccessGroupFactory()
    change(orders, requires_groups=True, access_groups=[group])
    client = sign_in(ana)
    assert client.get(portal.url).status_code == 200
    assert client.get(orders.url).status_code == 403
    AddAccessMembers(group=group, contacts=[ana]).execute()
    assert client.get(orders.url).status_code == 200


def test_one_is_switched_off_and_the_other_stays(portal, orders, sign_in, ana):
    boss = Client()
    boss.force_login(
        UserFactory(is_superuser=True, is_staff=True),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    boss.post(reverse(pages.SWITCH, args=[orders.pk]), {"to": "off"})
    client = sign_in(ana)
    assert client.get(portal.url).status_code == 200
    assert client.get(orders.url).status_code == 404


def test_a_site_knows_nothing_of_the_portals_of_another(
    portal, orders, partners, sign_in, ana
):
    client = sign_in(ana)
    here = text(client.get("/support/"))
    there = text(client.get("/support/", headers={"host": SECOND_HOST}))
    assert "Customer portal" in here and "Partner portal" not in here
    assert "Cases" not in here
    assert "Partner portal" in there and "Customer portal" not in there
    assert "Cases" in there and "My requests" not in there
    away = client.get("/orders/", headers={"host": SECOND_HOST})
    assert away.status_code == 404


def test_a_file_is_judged_by_the_portals_of_its_site(portal, partners, ana):
    change(partners, sharing="organization")

    def rules(host):
        request = RequestFactory().get("/", headers={"host": host})
        request.user = ana.user
        return [rule.sharing for rule in portal_rules(request)]

    assert rules("testserver") == ["own"]
    assert rules(SECOND_HOST) == ["organization"]


def test_each_site_has_its_rule_of_registration(portal, partners):
    change(partners, entry="invitation")

    def rule(host):
        request = RequestFactory().get("/", headers={"host": host})
        return sign_up_rule(request, "").mode

    assert rule("testserver") == "open"
    assert rule(SECOND_HOST) == "invitation"


class TestLinksInMails:
    def url(self, ticket, language=""):
        return ticket_url(ticket, language=language).partition("/r/")[0] + "/"

    def test_the_readers_language_leads_to_no_other_companys_portal(
        self, portal, partners, spanish, ana
    ):
        ticket = make_ticket(ana, "Hola", inbox=partners.channel.inbox)
        assert self.url(ticket, "es") == partners.full_url
        ticket = make_ticket(ana, "Hola", inbox=portal.channel.inbox)
        assert self.url(ticket, "es") == spanish.full_url
        assert self.url(ticket, "en") == portal.full_url

    def test_of_two_portals_of_one_inbox_it_is_the_one_it_came_from(
        self, portal, spanish, ana
    ):
        second = make_portal(slug="second", channel=portal.channel)
        ticket = make_ticket(
            ana, "Hi", inbox=portal.channel.inbox, origin_page_id=second.pk
        )
        assert self.url(ticket) == second.full_url
        assert self.url(ticket, "es") == second.full_url
        ticket.origin_page_id = spanish.pk
        assert self.url(ticket, "en") == portal.full_url

    def test_the_inbox_of_its_form_counts_too(self, portal, ana):
        form = SupportFormFactory()
        second = make_portal(slug="second", channel=None, support_form=form)
        ticket = make_ticket(ana, "Hi", inbox=form.channel.inbox)
        assert self.url(ticket) == second.full_url

    def test_where_none_fits_there_is_still_a_link(self, portal, partners, ana):
        assert self.url(make_ticket(ana, "Hi")) == portal.full_url
        ticket = make_ticket(ana, "Hi", inbox=partners.channel.inbox)
        change(partners, is_active=False)
        assert self.url(ticket) == portal.full_url


def test_the_set_up_of_one_changes_no_other(portal, orders):
    boss = Client()
    boss.force_login(
        UserFactory(is_superuser=True, is_staff=True),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    before = (portal.channel, portal.sharing, portal.reopen_days)
    url = reverse(pages.STEP, args=[orders.pk, "rules"])
    boss.post(url, {"sharing": "own", "reopen_days": "3"})
    url = reverse(pages.STEP, args=[orders.pk, "inbox"])
    boss.post(url, {"inbox": InboxFactory().public_id})
    portal.refresh_from_db()
    orders.refresh_from_db()
    assert (portal.channel, portal.sharing, portal.reopen_days) == before
    assert (orders.sharing, orders.reopen_days) == ("own", 3)
