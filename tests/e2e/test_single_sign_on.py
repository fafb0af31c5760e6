"""What a customer and an administrator see of a company's own sign-in."""

import base64
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Route, expect

from tests.e2e.test_accounts import LOOKS
from tests.e2e.test_workspace import WAGTAILS_OWN
from tests.factories import ChannelFactory, CustomerFactory
from tests.portal.build import make_portal
from tests.sso.saml_company import Company, inflated, provider
from tests.sso.test_saml_form import entity
from tests.sso.tokens import Visitor, make_provider
from wagtail_helpdesk.models import IdentityProvider


@pytest.fixture
def acme() -> IdentityProvider:
    return IdentityProvider.objects.create(
        name="Acme and daughters with a name that is far too long for one line",
        # Nothing answers there.
        server_url="http://127.0.0.1:9",
        client_id="helpdesk",
        domains=["acme.example"],
    )


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS.keys())
def test_the_sign_in_offers_it_and_says_when_it_does_not_answer(
    open_page, acme, assert_accessible, assert_fits, look
):
    page = open_page(**look)
    page.goto("/accounts/login/?next=/support/")
    button = page.get_by_role("link", name=acme.name)
    expect(button).to_be_visible()
    assert_accessible(page)
    assert_fits(page)

    button.click()
    assert_accessible(page)
    page.get_by_role("main").get_by_role("button", name="Continue").click()
    expect(page).to_have_title(re.compile("^You could not be signed in"))
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_an_administrator_reads_what_is_wrong(open_page, acme, assert_accessible, dark):
    boss = User.objects.create_superuser("boss", "boss@example.com")
    page = open_page(user=boss, dark=dark)
    page.goto("/admin/helpdesk/identity-providers/")
    assert_accessible(page, ignore=WAGTAILS_OWN)
    page.get_by_role("link", name=acme.name).first.click()
    expect(page.get_by_text("/login/callback/")).to_be_visible()
    page.get_by_label("E-mail domains").fill("gmail.com")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("gmail.com: it names no company")).to_be_visible()
    # Wagtail's own message fades in above it.
    assert_accessible(page, ignore=WAGTAILS_OWN, within="main form")


def test_an_administrator_sets_saml_up(open_page, assert_accessible, assert_fits):
    boss = User.objects.create_superuser("boss", "boss@example.com")
    page = open_page(user=boss)
    page.goto("/admin/helpdesk/identity-providers/new/")
    assert_accessible(page, ignore=WAGTAILS_OWN)
    page.get_by_role("link", name="SAML 2.0").click()
    page.locator("#id_name").fill("Acme")
    page.get_by_label("E-mail domains").fill("acme.example")
    page.get_by_label("Metadata of the provider").fill("<metadata/>")
    page.locator("#w-editor-form button[type=submit]").first.click()
    expect(page.get_by_text("describes no identity provider")).to_be_visible()
    assert_accessible(page, ignore=WAGTAILS_OWN, within="main form")

    page.get_by_label("Metadata of the provider").fill(entity())
    page.locator("#w-editor-form button[type=submit]").first.click()
    page.get_by_role("link", name="Acme").first.click()

    row = IdentityProvider.objects.get()
    ours = page.get_by_label("Our address for answers (ACS URL)")
    expect(ours).to_have_value(re.compile(f"/sso/saml/hd-{row.public_id}/acs/$"))
    assert_accessible(page, ignore=WAGTAILS_OWN, within="main form")


@pytest.mark.parametrize("email", ["ana@acme.example", "zoe@globex.example"])
def test_a_person_comes_back_from_another_site_by_a_form(
    browser, browser_context_args, live_server, email
):
    """A real browser sends no session along with it (``SameSite``)."""
    company = Company(provider("Acme", "acme.example"))
    company.row.server_url = "http://idp.acme.example/sso"
    company.row.save()
    acs = f"{live_server.url}{company.url('acs')}"
    context = browser.new_context(**browser_context_args)

    def answer(route: Route) -> None:
        response = company.response(
            str(inflated(route.request.url).get("ID")),
            destination=acs,
            recipient=acs,
            email=email,
        )
        encoded = base64.b64encode(response.encode()).decode()
        route.fulfill(
            content_type="text/html",
            body=f'<form method="post" action="{acs}"><input type="hidden" '
            f'name="SAMLResponse" value="{encoded}"><button>Go on</button></form>',
        )

    context.route("http://idp.acme.example/**", answer)
    page = context.new_page()
    page.goto(f"{live_server.url}/accounts/login/?next=/accounts/email/")
    page.get_by_role("link", name="Acme").click()
    page.get_by_role("main").get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Go on").click()

    if email == "ana@acme.example":
        expect(page).to_have_url(f"{live_server.url}/accounts/email/")
        expect(page.get_by_role("main").get_by_text(email).first).to_be_visible()
    else:
        expect(page).to_have_title(re.compile("^You could not be signed in"))
    context.close()


@pytest.mark.parametrize(
    ("look", "prefix"),
    [*((look, "") for look in LOOKS.values()), ({"width": 320}, "/ar")],
    ids=[*LOOKS, "right-to-left"],
)
def test_a_portal_with_single_sign_on_only_offers_nothing_else(
    open_page, acme, assert_accessible, assert_fits, look, prefix
):
    """B54: at the sign-in, and to a customer who signed in with a password."""
    portal = make_portal(channel=ChannelFactory(type="portal"), entry="sso")
    page = open_page(**look)
    page.goto(f"{prefix}/accounts/login/?next={portal.url}")
    main = page.get_by_role("main")
    expect(main.get_by_role("link", name=acme.name)).to_be_visible()
    expect(main.locator("input:visible")).to_have_count(0)
    assert_accessible(page)
    assert_fits(page)
    main.get_by_role("link", name=acme.name).click()
    expect(main.get_by_role("button")).to_have_count(1)

    page = open_page(user=CustomerFactory().user, **look)
    page.goto(portal.url)
    expect(page.get_by_role("main").get_by_role("link", name=acme.name)).to_be_visible()
    assert_accessible(page)
    assert_fits(page)

    acme.delete()
    page.goto(portal.url)
    assert_accessible(page)


def test_an_editor_is_warned_that_nobody_can_sign_in(open_page, assert_accessible):
    portal = make_portal(channel=ChannelFactory(type="portal"), entry="sso")
    boss = User.objects.create_superuser("boss", "boss@example.com")
    page = open_page(user=boss)
    page.goto(f"/admin/pages/{portal.pk}/edit/")
    page.get_by_role("tab", name="Portal").click()
    warning = page.get_by_text("Nobody can sign in:")
    expect(warning).to_be_visible()
    warning.scroll_into_view_if_needed()


@pytest.mark.parametrize("email", ["ana@acme.example", "zoe@globex.example"])
def test_a_person_comes_back_with_a_token_by_a_form(
    browser, browser_context_args, live_server, email
):
    """As above: the token comes from another site, without the session's cookie."""
    row = make_provider(server_url="http://intranet.acme.example/help-desk")
    person = Visitor(row)
    address = f"{live_server.url}{person.url('token')}"
    context = browser.new_context(**browser_context_args)

    def answer(route: Route) -> None:
        state = parse_qs(urlsplit(route.request.url).query)["state"][0]
        token = person.sign(person.claims(state, aud=address, email=email))
        route.fulfill(
            content_type="text/html",
            body=f'<form method="post" action="{address}"><input type="hidden" '
            f'name="jwt" value="{token}"><button>Go on</button></form>',
        )

    context.route("http://intranet.acme.example/**", answer)
    page = context.new_page()
    page.goto(f"{live_server.url}/accounts/login/?next=/accounts/email/")
    page.get_by_role("link", name="Acme").click()
    page.get_by_role("main").get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Go on").click()

    if email == "ana@acme.example":
        expect(page).to_have_url(f"{live_server.url}/accounts/email/")
        expect(page.get_by_role("main").get_by_text(email).first).to_be_visible()
    else:
        expect(page).to_have_title(re.compile("^You could not be signed in"))
    context.close()


def test_an_administrator_sets_tokens_up(open_page, assert_accessible, assert_fits):
    """The secret is shown once, and the page says what the application has to know."""
    boss = User.objects.create_superuser("boss", "boss@example.com")
    page = open_page(user=boss)
    page.goto("/admin/helpdesk/identity-providers/new/jwt/")
    page.locator("#id_name").fill("Acme")
    page.get_by_label("E-mail domains").fill("gmail.com")
    page.locator("#w-editor-form button[type=submit]").first.click()
    assert_accessible(page, ignore=WAGTAILS_OWN, within="main form")
