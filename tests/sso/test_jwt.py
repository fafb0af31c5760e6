"""Sign-in by a token that a company's application signs (B54, security.md 1.4)."""

import logging

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from tests.accounts.conftest import PASSWORD
from tests.factories import AgentFactory, ContactFactory
from tests.sso.tokens import SECRET, SIGN_IN_PAGE, Visitor, make_provider
from wagtail_helpdesk.actions import AddAccessMembers, ChangeAccessGroup
from wagtail_helpdesk.models import Contact, IdentityProvider, Organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme(db) -> IdentityProvider:
    return make_provider()


@pytest.fixture
def ana(acme) -> Visitor:
    return Visitor(acme)


def test_somebody_new_comes_back_signed_in_as_a_contact_of_the_company(ana):
    organization = Organization.objects.create(name="Acme", domains=["acme.example"])

    answer = ana.sign_in("/support/new/")

    assert (answer.status_code, answer["Location"]) == (302, "/support/new/")
    contact = Contact.objects.get(user_id=ana.user_id)
    identity = contact.identities.get()
    assert (identity.value, bool(identity.verified_at)) == ("ana@acme.example", True)
    assert contact.name == "Ana Díaz"
    assert contact.memberships.get().organization == organization
    assert not contact.user.has_usable_password()


def test_the_companys_page_is_told_the_state_and_where_it_goes_on(ana):
    told = ana.start("/support/new/")

    assert told.pop("state")
    assert told == {"team": "1", "return_to": "http://testserver/support/new/"}


def test_pressing_the_button_is_a_choice(ana):
    """A link of another site must not begin a sign-in (login CSRF)."""
    page = ana.client.get(ana.url("login"))

    assert page.status_code == 200
    assert ana.client.head(ana.url("login")).status_code == 200
    assert "socialaccount_states" not in ana.client.session


def test_the_same_person_gets_the_same_account_again_with_another_address(acme):
    first, second = Visitor(acme), Visitor(acme)
    first.sign_in()
    second.sign_in(email="ana.diaz@acme.example")

    assert first.user_id == second.user_id
    assert SocialAccount.objects.get().uid == "4711"
    assert EmailAddress.objects.get(email="ana.diaz@acme.example").verified


def test_a_contact_who_only_wrote_mails_keeps_their_tickets(ana):
    contact = ContactFactory(email="ana@acme.example")

    ana.sign_in()

    contact.refresh_from_db()
    assert str(contact.user_id) == ana.user_id


def test_an_account_that_proved_the_address_is_the_persons_own(ana):
    own = User.objects.create_user("ana", "ana@acme.example", PASSWORD)
    EmailAddress.objects.create(user=own, email=own.email, verified=True, primary=True)

    ana.sign_in()

    assert ana.user_id == str(own.pk)


def refused(person: Visitor, answer, *words: str) -> None:
    """Whoever is refused reads why, on a page of the site, and is not signed in."""
    assert 400 <= answer.status_code < 500, answer.status_code
    assert "no-store" in answer["Cache-Control"]
    text = answer.content.decode()
    assert "You could not be signed in" in text
    for word in words:
        assert word in text
    assert person.user_id is None
    assert not User.objects.exclude(is_staff=True).exists()


@pytest.mark.parametrize(
    "email", ["zoe@globex.example", "ana@mail.acme.example", "ana@acme.example.evil"]
)
def test_another_companys_person_is_refused(ana, email):
    """One company's application could say it is anybody (security.md 0.8)."""
    refused(ana, ana.sign_in(email=email), "not one of its own")


@pytest.mark.parametrize(
    "email", ["ána@acme.example", "ana@ácme.example", "a@\u212aacme"]
)
def test_letters_that_look_like_others_are_refused(ana, email):
    refused(ana, ana.sign_in(email=email))


@pytest.mark.parametrize(
    "email", ["nobody", "@acme.example", "a b@acme.example", " x "]
)
def test_what_is_no_address_is_refused(ana, email):
    refused(ana, ana.sign_in(email=email))


def test_agents_and_whoever_works_in_an_admin_are_refused(acme, ana):
    boss = User.objects.create_superuser("boss", "ana@acme.example", is_staff=True)
    refused(ana, ana.sign_in(), "works here")
    boss.delete()
    user = User.objects.create_user("agent", "ana@acme.example", is_staff=True)
    AgentFactory(user=user)
    refused(ana, ana.sign_in(), "works here")


def test_only_members_where_the_provider_says_so(acme, ana):
    """B55."""
    group = ChangeAccessGroup(name="Partners").execute()
    acme.groups.add(group)
    refused(ana, ana.sign_in(), "among those who may enter")

    contact = ContactFactory(email="ana@acme.example")
    AddAccessMembers(group=group, contacts=[contact]).execute()
    ana.sign_in()
    assert ana.user_id


def test_nobody_connects_an_account_by_hand(ana):
    own = User.objects.create_user("kim", "kim@home.example", PASSWORD)
    ana.client.force_login(own)
    answer = ana.client.post(f"{ana.url('login')}?process=connect")
    state = answer["Location"].partition("state=")[2].partition("&")[0]

    assert ana.bring(ana.token(state)).status_code == 403
    assert not SocialAccount.objects.exists()


def test_a_provider_that_is_off_or_never_was_is_not_found(acme, ana):
    """All three addresses, by any method, alike."""
    names = ("login", "token", "finish")
    acme.is_active = False
    acme.save()
    urls = [ana.url(name) for name in names]
    urls += [reverse(f"helpdesk_jwt_{n}", args=["hd-missing"]) for n in names]
    urls += [reverse(f"helpdesk_jwt_{n}", args=[acme.public_id]) for n in names]

    for url in urls:
        for method in ("get", "post", "head", "put", "delete", "options"):
            assert getattr(Client(), method)(url).status_code == 404, (method, url)


def test_a_provider_of_another_kind_has_no_such_address(acme, ana):
    acme.protocol = IdentityProvider.Protocol.OPENID_CONNECT
    acme.save()

    assert ana.client.get(ana.url("login")).status_code == 404
    assert ana.post("x").status_code == 404


def test_the_sign_in_page_offers_it(acme):
    page = Client().get(reverse("account_login"), {"next": "/support/"})

    assert f"/jwt/hd-{acme.public_id}/login/" in page.content.decode()


def test_no_page_of_ours_is_opened_by_a_token_in_an_address(ana):
    """It would stay in histories and in logs."""
    token = ana.token()

    answer = ana.client.get(ana.url("token"), {"jwt": token})

    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert "histories" in answer.content.decode()
    assert ana.user_id is None


def test_a_session_ends_when_the_provider_is_switched_off(acme, ana):
    ana.sign_in()
    assert ana.client.get("/").wsgi_request.user.is_authenticated

    IdentityProvider.objects.update(is_active=False)

    ana.client.get("/accounts/login/")
    assert ana.user_id is None


def test_signing_out_goes_on_at_the_companys_application(acme, ana):
    acme.options = {**acme.options, "sign_out_url": "https://acme.example/out?x=1"}
    acme.save()
    ana.sign_in()

    answer = ana.client.post(reverse("account_logout"))

    assert ana.user_id is None
    there = "https://acme.example/out?x=1&return_to=http%3A%2F%2Ftestserver"
    assert answer["Location"].startswith(there)


def test_without_such_an_address_one_is_signed_out_here(ana):
    ana.sign_in()

    assert ana.client.post(reverse("account_logout"))["Location"] == "/"
    assert ana.user_id is None


@pytest.mark.parametrize(
    "evil",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"],
)
def test_the_way_on_leads_to_no_other_site(ana, evil):
    answer = ana.sign_in(evil)
    assert "evil" not in answer["Location"] and "javascript" not in answer["Location"]

    other = Visitor(ana.provider)
    begun = other.client.post(other.url("login"))
    state = begun["Location"].partition("state=")[2].partition("&")[0]
    answer = other.bring(other.token(state), return_to=evil)
    assert other.user_id
    assert "evil" not in answer["Location"] and "javascript" not in answer["Location"]


def test_the_application_may_say_where_it_goes_on(ana):
    """Where the visitor wanted nothing in particular."""
    begun = ana.client.post(ana.url("login"))
    state = begun["Location"].partition("state=")[2].partition("&")[0]

    answer = ana.bring(ana.token(state), return_to="/support/new/")

    assert answer["Location"] == "/support/new/"


def test_the_company_knows_which_language_its_people_read(acme):
    ana, ben, kim = Visitor(acme), Visitor(acme), Visitor(acme)
    ben.client.cookies["django_language"] = "it"

    ana.sign_in(locale="es")
    ben.sign_in(locale="es")
    kim.sign_in(locale="tlh")

    assert ana.client.cookies["django_language"].value == "es"
    assert ben.client.cookies["django_language"].value == "it"
    assert "django_language" not in kim.client.cookies
    assert kim.user_id


def test_the_log_has_a_word_and_the_provider_and_nothing_else(ana, caplog):
    token = ana.token(aud="https://other.example/")
    with caplog.at_level(logging.DEBUG):
        refused(ana, ana.bring(token), ana.url("token"))

    ours = [r.getMessage() for r in caplog.records if "wagtail_helpdesk" in r.name]
    assert ours == ["Identity provider acmeacmeacmeacme was refused: audience"]
    for kept in (token, token.split(".")[1], "ana@", SECRET):
        assert kept not in caplog.text


def test_a_secret_that_cannot_be_read_leaves_the_other_ways_to_sign_in(
    ana, settings, caplog
):
    settings.WAGTAIL_HELPDESK = {
        **settings.WAGTAIL_HELPDESK,
        "ENCRYPTION_KEYS": ["another key"],
    }

    page = Client().get(reverse("account_login"))

    assert page.status_code == 200
    assert ana.client.get(ana.url("login")).status_code == 404
    assert ana.post("x").status_code == 404
    assert "ENCRYPTION_KEYS" in caplog.text


def test_the_sites_own_session_is_not_touched_by_what_another_site_posts(ana):
    """The cookie of what waits goes to one address, and no script reads it."""
    answer = ana.post(ana.token())

    assert "sessionid" not in answer.cookies
    cookie = answer.cookies["helpdesk-jwt"]
    assert cookie["path"] == ana.url("finish")
    assert cookie["samesite"] == "Lax"
    assert cookie["httponly"]
    assert SIGN_IN_PAGE not in answer["Location"]


def test_wrong_tokens_are_limited_and_right_ones_are_not(ana, monkeypatch):
    """A whole company may come from one address in the morning."""
    monkeypatch.setattr("wagtail_helpdesk.accounts.jwt.views.WRONG", (3, 86_400))
    for _turn in range(5):
        assert ana.post(ana.token()).status_code == 303
    for _turn in range(3):
        assert ana.post("wrong").status_code == 400

    answer = ana.post(ana.token())

    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
