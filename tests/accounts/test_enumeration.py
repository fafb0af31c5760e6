"""No page around the sign-in tells who has an account (security.md 0.7 and 1.1).

Compared is what a stranger gets: status, address, page; and how many passwords were
hashed and mails handed to the mail server, which is what takes time.
"""

import re
from dataclasses import dataclass

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client

from tests.accounts.conftest import PASSWORD
from tests.accounts.counting import CountingHasher, CountingMiddleware
from tests.factories import AgentFactory, ContactFactory
from tests.portal.build import change, make_portal
from wagtail_helpdesk import actions

pytestmark = pytest.mark.django_db

SIGN_IN, SIGN_UP = "/accounts/login/", "/accounts/signup/"
RESET, CODE = "/accounts/password/reset/", "/accounts/login/code/"
CONFIRM, RENEW = "/accounts/confirm-email/", "/helpdesk/invitation/"
UNKNOWN = "nobody@acme.example"


@pytest.fixture(autouse=True)
def counted(settings):
    settings.PASSWORD_HASHERS = ["tests.accounts.counting.CountingHasher"]
    settings.MIDDLEWARE = [
        "tests.accounts.counting.CountingMiddleware",
        *settings.MIDDLEWARE,
    ]
    # Beside the other answers, so that no limit stands between them.
    settings.ACCOUNT_RATE_LIMITS = False
    cache.clear()


def plain(user: User) -> None:
    """A customer."""


def unconfirmed(user: User) -> None:
    user.emailaddress_set.update(verified=False)


def switched_off(user: User) -> None:
    user.is_active = False
    user.save()


def without_password(user: User) -> None:
    """Somebody who comes through their company."""
    user.set_unusable_password()
    user.save()


def agent(user: User) -> None:
    AgentFactory(user=user)


KINDS = [plain, unconfirmed, switched_off, without_password, agent]


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def known(request, make_user) -> str:
    """The address of an account, of each kind."""
    request.param(make_user("person@acme.example"))
    return "person@acme.example"


@dataclass(frozen=True)
class Told:
    """What a stranger gets to know.

    Attributes:
        status: Of the answer.
        location: Where it leads.
        page: Its text, without what differs each time and without what was typed.
        hashes: How many passwords were hashed.
        mails: How many mails were sent before the answer.
    """

    status: int
    location: str
    page: str
    hashes: int
    mails: int


def told(ask, email: str) -> Told:
    before = CountingHasher.count
    CountingMiddleware.mails.clear()
    answer = ask(email)
    page = answer.content.decode()
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
    return Told(
        answer.status_code,
        answer.headers.get("Location", ""),
        page.replace(email, "EMAIL"),
        CountingHasher.count - before,
        sum(CountingMiddleware.mails),
    )


def assert_alike(ask, known: str) -> None:
    """Ask about both, in browsers that nobody used before."""
    assert told(ask, known) == told(ask, UNKNOWN)


def sign_up(email: str, browser: Client | None = None, **data: str):
    data = {"email": email, "password1": PASSWORD, **data}
    return (browser or Client()).post(SIGN_UP, data)


def test_a_wrong_password(known):
    assert_alike(
        lambda email: Client().post(SIGN_IN, {"login": email, "password": "wrong"}),
        known,
    )


def test_a_wrong_password_costs_one_hash(known):
    """Else the test above would compare nothing with nothing."""
    before = CountingHasher.count
    Client().post(SIGN_IN, {"login": known, "password": "wrong"})
    assert CountingHasher.count - before == 1


def test_signing_up(known):
    assert_alike(sign_up, known)


@pytest.mark.parametrize(
    ("method", "data"),
    [
        ("get", {}),
        ("post", {"code": "AAAA-BBBB"}),
        ("post", {"code": "AAAA-BBBB", "action": "resend"}),
        ("post", {"email": "x@acme.example", "action": "change"}),
    ],
)
def test_what_follows_a_sign_up(known, method, data):
    def ask(email):
        browser = Client()
        sign_up(email, browser)
        return getattr(browser, method)(CONFIRM, data)

    assert_alike(ask, known)


def test_signing_up_where_the_portal_asks_for_consent(known):
    make_portal(consent_text="<p>What you write is kept.</p>")

    def agree(email):
        browser = Client()
        page = BeautifulSoup(browser.get(SIGN_UP).content, "html.parser")
        box = page.select_one("[name=consent]")["value"]
        answer = sign_up(email, browser, consent=box)
        assert answer["Location"] == CONFIRM
        return answer

    assert_alike(sign_up, known)
    assert_alike(agree, known)


def test_signing_up_where_the_portal_takes_some_domains_alone(known):
    change(make_portal(), entry="domains", entry_domains="acme.example")
    assert_alike(sign_up, known)

    change(make_portal(slug="b"), entry="domains", entry_domains="globex.example")
    assert_alike(lambda email: sign_up(email, next="/b/"), known)


def test_a_forgotten_password(known):
    """The mail leaves after the answer: see ``test_a_mail_leaves_all_the_same``."""
    assert_alike(lambda email: Client().post(RESET, {"email": email}), known)


def test_a_mail_leaves_all_the_same(make_user, mailoutbox):
    make_user("person@acme.example")
    CountingMiddleware.mails.clear()

    Client().post(RESET, {"email": "person@acme.example"})

    assert [mail.to for mail in mailoutbox] == [["person@acme.example"]]
    assert CountingMiddleware.mails == [0]


@pytest.mark.parametrize("code", ["AAAA-BBBB", ""])
def test_what_follows_a_forgotten_password(known, code):
    def ask(email):
        browser = Client()
        browser.post(RESET, {"email": email})
        return browser.post(f"{RESET}confirm/", {"code": code})

    assert_alike(ask, known)


@pytest.fixture
def by_code(settings):
    settings.ROOT_URLCONF = "tests.accounts.code_urls"
    settings.ACCOUNT_LOGIN_BY_CODE_ENABLED = True


def test_a_code_in_place_of_a_password(by_code, known):
    assert_alike(lambda email: Client().post(CODE, {"email": email}), known)


def test_what_follows_a_code_in_place_of_a_password(by_code, known):
    def ask(email):
        browser = Client()
        browser.post(CODE, {"email": email})
        return browser.post(f"{CODE}confirm/", {"code": "AAAA-BBBB"})

    assert_alike(ask, known)


def test_a_new_mail_for_an_invitation(known):
    group = actions.ChangeAccessGroup(name="Partners").execute()
    invited = ContactFactory(email="invited@acme.example")
    actions.AddAccessMembers(group=group, contacts=[invited]).execute()
    actions.InviteAccessMembers(group=group, contacts=[invited]).execute()

    for email in (known, "invited@acme.example"):
        assert_alike(lambda email: Client().post(RENEW, {"email": email}), email)
