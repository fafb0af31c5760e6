"""No page of ours goes out without its headers (UX23, N19).

Walks the addresses that there are, so that a new one is looked at too.
"""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, get_resolver, reverse

from tests.factories import CustomerFactory
from tests.knowledge_base.factories import ArticleFactory, CategoryFactory, HomeFactory
from tests.permissions.walk import walk
from tests.portal.build import change, make_portal, make_ticket
from wagtail_helpdesk.headers import content_security_policy
from wagtail_helpdesk.portal.models import PortalHomePage

pytestmark = pytest.mark.django_db

SIGN_IN = ("account_", "mfa_", "socialaccount_", "usersessions_", "openid_connect_")
#: What the arguments of an address are filled with; there is no such thing.
FILLED = {"pk": 1, "provider_id": "hd-missing", "token": "missing"}


def secured(response) -> bool:
    """Assert the headers; says whether the answer was a page."""
    assert response.status_code < 500
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] in {"same-origin", "no-referrer"}
    assert response["X-Frame-Options"] == "DENY"
    is_page = response["Content-Type"].startswith("text/html") and not (
        300 <= response.status_code < 400
    )
    if is_page:
        assert response["Content-Security-Policy"] == content_security_policy()
    return is_page


def sign_in_addresses() -> Iterator[str]:
    """Of allauth's, and ours beside them, by the names of their patterns."""
    for namespaces, pattern, _route in walk(get_resolver()):
        name = ":".join([*namespaces, pattern.name or ""])
        if not (pattern.name or "").startswith(SIGN_IN) and not name.startswith(
            "wagtail_helpdesk:invitation"
        ):
            continue
        fields = pattern.pattern.converters
        try:
            yield reverse(name, kwargs={field: FILLED[field] for field in fields})
        except (KeyError, NoReverseMatch):
            # It has to be given something that exists.
            yield ""


ADDRESSES = sorted({*sign_in_addresses(), "/helpdesk/sign-in/?next=/a/"} - {""})


@pytest.fixture
def ana():
    cache.clear()
    return CustomerFactory(name="Ana")


@pytest.fixture
def browser_of():
    def start(contact):
        client = Client()
        client.force_login(
            contact.user, backend="django.contrib.auth.backends.ModelBackend"
        )
        return client

    return start


def test_the_walk_finds_the_pages_around_the_sign_in():
    """Else the test below would look at nothing."""
    for path in ("login/", "signup/", "confirm-email/", "2fa/", "sessions/"):
        assert f"/accounts/{path}" in ADDRESSES


@pytest.mark.parametrize("path", ADDRESSES)
def test_the_pages_around_the_sign_in(path, ana, browser_of):
    # The page of an address that is nowhere is the site's own, unlike all others.
    for browser in (Client(), browser_of(ana)):
        for method in (browser.get, browser.post):
            response = method(path)
            if response.status_code not in {404, 405}:
                secured(response)


def test_every_route_of_the_portal(ana, browser_of):
    portal = make_portal(consent_text="<p>What you write is kept.</p>")
    ticket = make_ticket(ana, "hello")
    foreign = make_ticket(CustomerFactory(), "hello")
    routes = {route.name for route in PortalHomePage.get_subpage_urls()}
    # Wagtail's own for the page itself, which ours covers.
    routes.discard("index_route")
    paths = {
        "list": "",
        "mark_read": "read/",
        "ticket": f"r/{ticket.public_id}/",
        "new": "new/",
        "created": f"new/sent/{ticket.public_id}/",
        "people": f"r/{ticket.public_id}/people/",
        "suggest": "new/suggest/?q=hello",
        "suggested_article": "new/article/1/",
        "consent": "consent/",
        "privacy": "privacy/",
        "account": "account/",
        "account_deletion": "account/deletion/",
    }
    # A guest's page lets its own site alone see where a form came from, and files have
    # headers of their own: the tests of each hold them.
    apart = {
        *("export", "account_download", "transcript"),
        *("guest", "guest_file", "guest_transcript", "rating"),
    }
    assert routes == set(paths) | apart
    paths |= {"foreign": f"r/{foreign.public_id}/", "missing": "r/missing/"}
    browser = browser_of(ana)

    # Agreeing is missing, then it is not asked for, then the portal is off.
    for fields in ({}, {"consent_text": ""}, {"is_active": False}):
        change(portal, **fields)
        pages = [secured(browser.get(f"/support/{path}")) for path in paths.values()]
        sent = [secured(browser.post(f"/support/{path}")) for path in paths.values()]
        assert any(pages)
        assert any(sent)
        secured(Client().get("/support/"))


def test_whoever_is_not_let_into_the_portal(browser_of):
    make_portal()

    response = browser_of(CustomerFactory(email__unverified=True)).get("/support/")

    assert response.status_code == 403
    assert secured(response)


def test_the_knowledge_base():
    home = HomeFactory()
    category = CategoryFactory(parent=home, title="Setup")
    article = ArticleFactory(parent=category, title="Install")

    searches = (f"{home.url}search/?q=install", f"{home.url}search/suggest/?q=install")
    for path in (home.url, category.url, article.url, *searches):
        assert secured(Client().get(path))


def test_too_many_tries(settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    cache.clear()
    browser = Client()
    for _time in range(2):
        response = browser.post("/accounts/login/", {"login": "a", "password": "b"})

    assert response.status_code == 429
    assert secured(response)
