"""System pages: what editors say around the sign-in (B56)."""

from __future__ import annotations

import re

import pytest
from allauth.account.models import EmailAddress
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale, Page, Site

from tests.factories import UserFactory
from tests.knowledge_base.factories import restrict, site_root
from tests.portal.build import change, make_portal
from wagtail_helpdesk.models import Contact
from wagtail_helpdesk.models.system_page_kinds import SystemPageKind as Kind
from wagtail_helpdesk.portal.models import SystemPage

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery 9"


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture
def visitor():
    return Client()


def add(parent, kind, title="", **fields):
    page = SystemPage(
        title=title or f"Our {kind}",
        slug=fields.pop("slug", kind.replace("_", "-")),
        kind=kind,
        intro=fields.pop("intro", f"<p>Intro of {kind}</p>"),
        after_text=fields.pop("after_text", f"<p>End of {kind}</p>"),
        live=True,
        locale=parent.locale,
        **fields,
    )
    return parent.add_child(instance=page)


def soup_of(response):
    return BeautifulSoup(response.content, "html.parser")


def heading(response):
    return soup_of(response).h1.get_text(strip=True)


def spanish(page, **fields):
    """The translation of a portal, with the front page above it."""
    es, _made = Locale.objects.get_or_create(language_code="es")
    home = site_root()
    if not home.has_translation(es):
        home.copy_for_translation(es).save_revision().publish()
    copy = page.copy_for_translation(es)
    for name, value in fields.items():
        setattr(copy, name, value)
    copy.save_revision().publish()
    Site.clear_site_root_paths_cache()
    return type(page).objects.get(pk=copy.pk)


@pytest.fixture
def account(ana):
    user = ana.user
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    return user


class TestSignIn:
    def test_a_visitor_signs_in_on_the_editors_page_and_comes_back(
        self, portal, visitor, account
    ):
        add(portal, Kind.SIGN_IN, "Welcome, customers")
        asked = visitor.get("/support/new/")
        assert asked["Location"] == "/support/sign-in/?next=/support/new/"
        page = visitor.get(asked["Location"])
        assert heading(page) == "Welcome, customers"
        assert "Intro of sign_in" in page.content.decode()
        assert "End of sign_in" in page.content.decode()
        form = soup_of(page).select_one("main form[method=post].hd-form")
        assert form["action"] == "/support/sign-in/"
        data = {"login": account.email, "password": PASSWORD, "next": "/support/new/"}
        done = visitor.post(form["action"], data)
        assert done.status_code == 302
        assert done["Location"] == "/support/new/"
        assert visitor.get("/support/new/").status_code == 200

    def test_without_a_next_address_one_arrives_in_the_portal(
        self, portal, visitor, account
    ):
        portal.slug = "orders"
        portal.save()
        add(portal, Kind.SIGN_IN)
        data = {"login": account.email, "password": PASSWORD}
        done = visitor.post("/orders/sign-in/", data)
        assert done["Location"] == "/orders/"

    def test_a_mistake_shows_inside_the_page_and_what_was_typed_stays(
        self, portal, visitor, account
    ):
        add(portal, Kind.SIGN_IN, "Welcome, customers")
        data = {"login": account.email, "password": "wrong", "next": "/support/new/"}
        page = visitor.post("/support/sign-in/", data)
        assert page.status_code == 200
        soup = soup_of(page)
        assert soup.h1.get_text(strip=True) == "Welcome, customers"
        assert soup.select_one("input[name=login]")["value"] == account.email
        assert soup.select_one("input[name=next]")["value"] == "/support/new/"
        assert soup.title.get_text(strip=True).startswith("Error:")

    def test_an_address_elsewhere_is_not_followed(self, portal, visitor, account):
        add(portal, Kind.SIGN_IN)
        data = {"login": account.email, "password": PASSWORD, "next": "//evil.example"}
        done = visitor.post("/support/sign-in/", data)
        assert done["Location"] == "/support/"

    def test_the_words_show_at_the_address_of_allauth_too(self, portal, visitor):
        """A link in an old mail, or one of allauth's own redirects."""
        add(portal, Kind.SIGN_IN, "Welcome, customers")
        assert heading(visitor.get("/accounts/login/")) == "Welcome, customers"

    def test_whoever_is_signed_in_is_led_on_and_not_in_circles(
        self, portal, sign_in, ana
    ):
        add(portal, Kind.SIGN_IN)
        client = sign_in(ana)
        response = client.get("/support/sign-in/?next=/support/sign-in/", follow=True)
        assert response.status_code == 200
        assert response.request["PATH_INFO"] == "/support/"

    def test_links_lead_from_page_to_page_and_keep_the_way_back(self, portal, visitor):
        add(portal, Kind.SIGN_IN)
        add(portal, Kind.REGISTER)
        page = soup_of(visitor.get("/support/sign-in/?next=/support/new/"))
        hrefs = [link["href"] for link in page.select("main a[href]")]
        assert "/support/register/?next=%2Fsupport%2Fnew%2F" in hrefs
        back = soup_of(visitor.get("/support/register/?next=/support/new/"))
        hrefs = [link["href"] for link in back.select("main a[href]")]
        assert "/support/sign-in/?next=%2Fsupport%2Fnew%2F" in hrefs

    @pytest.mark.parametrize("url", ["/support/sign-in/", "/accounts/login/"])
    def test_who_signs_in_is_not_yet_at_the_portal(self, portal, visitor, url):
        """Its name in the corner, or "My requests" as this page, would say so."""
        add(portal, Kind.SIGN_IN)
        page = soup_of(visitor.get(f"{url}?next=/support/"))
        assert not page.select(".hd-portal-link")
        assert not page.select(".hd-nav [aria-current]")

    def test_who_is_signed_in_finds_the_portal_from_the_account(
        self, portal, sign_in, ana
    ):
        page = soup_of(sign_in(ana).get("/accounts/sessions/"))
        assert page.select_one(".hd-portal-link")["href"] == "/support/"


class TestWithoutPages:
    def test_a_portal_without_system_pages_works_as_before(self, portal, visitor):
        asked = visitor.get("/support/")
        assert asked["Location"].startswith("/accounts/login/")
        assert heading(visitor.get("/accounts/login/")) == "Sign in"

    def test_a_draft_is_not_used(self, portal, visitor):
        page = add(portal, Kind.SIGN_IN)
        page.unpublish()
        assert visitor.get("/support/")["Location"].startswith("/accounts/login/")
        assert heading(visitor.get("/accounts/login/")) == "Sign in"


class TestWhichPage:
    def test_each_portal_has_its_own(self, portal, visitor):
        other = make_portal(title="Orders", slug="orders")
        add(portal, Kind.SIGN_IN, "Support sign-in")
        add(other, Kind.SIGN_IN, "Orders sign-in")
        asked = visitor.get("/orders/")
        assert asked["Location"] == "/orders/sign-in/?next=/orders/"
        at_allauth = visitor.get("/accounts/login/?next=/orders/")
        assert heading(at_allauth) == "Orders sign-in"
        # Nothing says which of the two.
        assert heading(visitor.get("/accounts/login/")) == "Sign in"

    def test_the_page_below_the_front_page_is_the_default(self, portal, visitor):
        add(portal, Kind.SIGN_IN, "Support sign-in")
        add(site_root(), Kind.SIGN_IN, "Site sign-in")
        assert heading(visitor.get("/accounts/login/")) == "Site sign-in"
        assert visitor.get("/support/")["Location"].startswith("/support/sign-in/")

    def test_each_language_has_its_own(self, portal, visitor):
        add(portal, Kind.SIGN_IN, "Welcome")
        es = spanish(portal)
        add(es, Kind.SIGN_IN, "Bienvenidos", slug="entrar")
        assert visitor.get("/es/support/")["Location"].startswith("/es/support/entrar/")
        assert heading(visitor.get("/es/accounts/login/")) == "Bienvenidos"
        assert heading(visitor.get("/accounts/login/")) == "Welcome"
        page = soup_of(visitor.get("/es/support/entrar/"))
        assert page.html["lang"] == "es"

    def test_a_language_without_one_has_the_words_of_the_product(self, portal, visitor):
        add(portal, Kind.SIGN_IN, "Welcome")
        spanish(portal)
        assert heading(visitor.get("/es/accounts/login/")) != "Welcome"

    def test_the_address_for_settings_finds_portal_and_language(self, portal, visitor):
        add(portal, Kind.SIGN_IN)
        es = spanish(portal)
        add(es, Kind.SIGN_IN, slug="entrar")
        to = visitor.get("/helpdesk/sign-in/?next=/es/support/new/")
        assert to["Location"] == "/es/support/entrar/?next=/es/support/new/"
        to = visitor.get("/helpdesk/sign-in/?next=/support/new/")
        assert to["Location"] == "/support/sign-in/?next=/support/new/"
        to = visitor.get("/helpdesk/sign-in/?next=https://evil.example/")
        assert to["Location"] == "/support/sign-in/"

    def test_the_address_for_settings_never_leads_in_circles(self, portal, client):
        """Django's own decorators send whoever lacks a permission to LOGIN_URL."""
        add(portal, Kind.SIGN_IN)
        add(portal, Kind.DENIED, "No way in")
        refused = client.get("/helpdesk/sign-in/?next=/support/reports/")
        assert refused.status_code == 403
        assert heading(refused) == "No way in"
        assert client.get("/helpdesk/sign-in/")["Location"] == "/support/"

    def test_the_address_for_settings_works_without_pages(self, visitor):
        to = visitor.get("/helpdesk/sign-in/?next=/support/")
        assert to["Location"] == "/accounts/login/?next=/support/"


class TestOtherKinds:
    def test_one_registers_and_confirms_in_the_words_of_the_same_portal(
        self, portal, visitor, mailoutbox
    ):
        """Two portals, so that only the way one came tells which is meant."""
        add(make_portal(title="Orders", slug="orders"), Kind.CONFIRM, "Orders code")
        add(portal, Kind.REGISTER, "Join us")
        add(portal, Kind.CONFIRM, "Type the code")
        page = visitor.get("/support/register/")
        assert heading(page) == "Join us"
        data = {"email": "new@acme.example", "password1": PASSWORD}
        sent = visitor.post("/support/register/", data, follow=True)
        assert heading(sent) == "Type the code"
        code = re.search(r"^([A-Z0-9]{4}-?[A-Z0-9]{4})$", mailoutbox[-1].body, re.M)
        done = visitor.post(sent.request["PATH_INFO"], {"code": code.group(1)})
        assert done["Location"] == "/support/"
        assert Contact.objects.filter(user__email="new@acme.example").exists()

    def test_a_mistake_in_registering_keeps_what_was_typed(self, portal, visitor):
        add(portal, Kind.REGISTER, "Join us")
        data = {"email": "new@acme.example", "password1": "123"}
        page = visitor.post("/support/register/", data)
        assert heading(page) == "Join us"
        field = soup_of(page).select_one("input[name=email]")
        assert field["value"] == "new@acme.example"

    def test_one_signs_out_on_the_editors_page(self, portal, client):
        add(portal, Kind.SIGN_OUT, "See you")
        page = client.get("/support/sign-out/")
        assert heading(page) == "See you"
        assert client.post("/support/sign-out/").status_code == 302
        assert client.get("/support/").status_code == 302

    def test_one_asks_for_a_new_password(self, portal, visitor, account, mailoutbox):
        add(portal, Kind.RESET_REQUEST, "Lost your password?")
        assert heading(visitor.get("/support/reset-request/")) == "Lost your password?"
        sent = visitor.post("/support/reset-request/", {"email": account.email})
        assert sent.status_code == 302
        assert mailoutbox

    @pytest.mark.parametrize("kind", list(Kind))
    @pytest.mark.parametrize("method", ["get", "post", "put", "head", "options"])
    def test_no_kind_fails_whoever_asks_however(
        self, portal, visitor, client, kind, method
    ):
        page = add(portal, kind)
        for browser in (visitor, client):
            response = getattr(browser, method)(page.get_url())
            assert response.status_code < 500
            # Wagtail itself answers what a page takes.
            if method != "options" and response.status_code in {200, 403}:
                assert "no-store" in response["Cache-Control"]
                assert response["X-Robots-Tag"] == "noindex"

    def test_what_is_agreed_to_stands_in_the_editors_words(self, portal, sign_in, ana):
        add(portal, Kind.CONSENT, "What you agree to")
        change(portal, consent_text="<p>We keep it.</p>", consent_label="I agree.")
        page = sign_in(ana).get("/support/consent/")
        assert page.status_code == 200
        assert "We keep it." in page.content.decode()
        assert heading(page) == "What you agree to"
        assert "Intro of consent" in page.content.decode()


class TestDenied:
    """Issue: 403 in the editors' words, never a circle of redirects."""

    def test_without_the_group_it_is_403_in_the_editors_words(
        self, portal, sign_in, ana
    ):
        add(portal, Kind.DENIED, "Partners only")
        restrict(portal, Group.objects.create(name="Partners"))
        response = sign_in(ana).get("/support/")
        assert response.status_code == 403
        assert heading(response) == "Partners only"
        assert "Intro of denied" in response.content.decode()
        assert response["Cache-Control"] == "private, no-store"
        assert "Customer portal" not in response.content.decode()

    def test_a_blocked_customer_reads_it_too(self, portal, sign_in, ana):
        add(portal, Kind.DENIED, "No way in")
        Contact.objects.filter(pk=ana.pk).update(is_blocked=True)
        response = sign_in(ana).get("/support/")
        assert response.status_code == 403
        assert heading(response) == "No way in"

    def test_a_section_beside_the_portals_has_the_sites_own(self, portal, sign_in, ana):
        add(portal, Kind.DENIED, "Portal denied")
        add(site_root(), Kind.DENIED, "Site denied", slug="denied")
        partners = make_portal(title="Other", slug="other")
        restrict(partners, Group.objects.create(name="Partners"))
        assert heading(sign_in(ana).get("/other/")) == "Site denied"

    def test_at_its_own_address_it_is_403(self, portal, visitor):
        add(portal, Kind.DENIED, "No way in")
        response = visitor.get("/support/denied/")
        assert response.status_code == 403
        assert heading(response) == "No way in"


class TestNeverLockedOut:
    @pytest.mark.parametrize("password", ["", "open sesame"])
    def test_the_sign_in_of_a_private_portal_is_open(
        self, portal, visitor, account, password
    ):
        group = Group.objects.create(name="Partners")
        add(portal, Kind.SIGN_IN, "Welcome")
        restrict(portal, *([] if password else [group]), password=password)
        page = visitor.get("/support/sign-in/?next=/support/")
        assert page.status_code == 200
        assert heading(page) == "Welcome"
        # What is private stays so: neither its name nor its text shows.
        assert "Customer portal" not in page.content.decode()
        data = {"login": account.email, "password": PASSWORD, "next": "/support/"}
        assert visitor.post("/support/sign-in/", data)["Location"] == "/support/"

    def test_a_restriction_on_the_page_itself_does_not_shut_it(self, portal, visitor):
        page = add(portal, Kind.SIGN_IN)
        restrict(page, Group.objects.create(name="Partners"))
        assert visitor.get("/support/sign-in/").status_code == 200

    def test_a_private_portal_asks_for_sign_in_on_its_own_page(self, portal, visitor):
        add(portal, Kind.SIGN_IN)
        restrict(portal, Group.objects.create(name="Partners"))
        asked = visitor.get("/support/")
        assert asked["Location"] == "/support/sign-in/?next=/support/"


class TestNotContent:
    def test_it_is_in_no_sitemap_and_no_search(self, portal, visitor):
        page = add(portal, Kind.SIGN_IN, "Findable words")
        page.save_revision().publish()
        assert page.get_sitemap_urls() == []
        assert "sign-in" not in visitor.get("/sitemap.xml").content.decode()
        assert list(Page.objects.search("Findable words")) == []

    def test_pages_tell_robots_to_leave(self, portal, visitor):
        add(portal, Kind.SIGN_IN)
        page = visitor.get("/support/sign-in/")
        assert page["X-Robots-Tag"] == "noindex"
        assert soup_of(page).select_one("meta[name=robots]")["content"] == "noindex"

    def test_it_stands_below_a_portal_or_a_front_page_only(self, portal):
        page = add(portal, Kind.SIGN_IN)
        assert SystemPage.can_create_at(portal)
        assert SystemPage.can_create_at(site_root())
        assert not SystemPage.can_create_at(page)
        assert not SystemPage.can_create_at(Page.get_first_root_node())


class TestEditing:
    @pytest.fixture
    def editor(self):
        client = Client()
        boss = UserFactory(is_superuser=True)
        client.force_login(boss, backend="django.contrib.auth.backends.ModelBackend")
        return client

    @staticmethod
    def post(client, parent, **data):
        url = f"/admin/pages/add/helpdesk_portal/systempage/{parent.pk}/"
        empty = '{"blocks": [], "entityMap": {}}'
        fields = {"title": "Sign in", "slug": "enter", "kind": "sign_in"}
        fields |= {"intro": empty, "after_text": empty, "action-publish": "1"}
        comments = {
            f"comments-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL", "MAX_NUM")
        }
        return client.post(url, {**fields, **comments, **data})

    def test_a_second_page_for_one_purpose_is_refused(self, portal, editor):
        assert self.post(editor, portal).status_code == 302
        again = self.post(editor, portal, slug="again")
        assert "There is a page for this purpose already." in again.content.decode()
        assert SystemPage.objects.count() == 1

    def test_an_address_that_the_portal_needs_is_refused(self, portal, editor):
        answer = self.post(editor, portal, slug="new")
        assert "The portal uses this address itself." in answer.content.decode()

    @pytest.mark.parametrize("kind", list(Kind))
    def test_every_kind_has_a_preview_and_the_editor_stays_signed_in(
        self, portal, editor, rf, kind
    ):
        page = add(portal, kind, "In the preview")
        for mode, _label in page.preview_modes:
            request = rf.get(f"/admin/pages/{page.pk}/edit/preview/")
            request.COOKIES = {k: v.value for k, v in editor.cookies.items()}
            response = page.make_preview_request(request, mode)
            assert response.status_code == (403 if kind == Kind.DENIED else 200)
            assert heading(response) == "In the preview"
            assert "sessionid" not in response.cookies
            if mode:
                assert "Error:" in soup_of(response).title.get_text()
        assert editor.get("/admin/").status_code == 200


@pytest.mark.parametrize("path", ["/support/sign-in/", "/accounts/login/"])
def test_more_pages_cost_no_more_queries(portal, visitor, path):
    add(portal, Kind.SIGN_IN)
    visitor.get(path)
    with CaptureQueriesContext(connection) as few:
        assert visitor.get(path).status_code == 200
    for kind in set(Kind) - {Kind.SIGN_IN}:
        add(portal, kind)
    with CaptureQueriesContext(connection) as many:
        assert visitor.get(path).status_code == 200
    assert len(many) == len(few)
    system = [q for q in few if 'helpdesk_portal_systempage"' in q["sql"]]
    assert len(system) <= 2


def test_another_login_url_of_the_site_is_kept_where_there_is_no_page(
    portal, visitor, settings
):
    settings.WAGTAIL_FRONTEND_LOGIN_URL = "/my/sign-in/"
    assert visitor.get("/support/")["Location"].startswith("/my/sign-in/?next=")
    add(portal, Kind.SIGN_IN)
    assert visitor.get("/support/")["Location"].startswith("/support/sign-in/?next=")
