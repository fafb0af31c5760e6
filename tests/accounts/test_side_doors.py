"""One way to sign in (security.md 0.3 and 0.6)."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from tests.accounts.conftest import PASSWORD
from wagtail_helpdesk.accounts.checks import check_account_adapter, check_side_doors

pytestmark = pytest.mark.django_db

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
DOORS = ["/admin/login/", "/_util/login/", "/django-admin/login/", "/es/_util/login/"]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_every_side_door_leads_to_the_sign_in_with_next(door, method):
    answer = getattr(Client(), method)(f"{door}?next=/help/%3Fa=1")

    target = urlsplit(answer["Location"])
    assert answer.status_code == 302
    assert target.path.endswith("/accounts/login/")
    assert parse_qs(target.query)["next"] == ["/help/?a=1"]


@pytest.mark.parametrize("door", DOORS)
def test_a_side_door_takes_no_foreign_next(door):
    answer = Client().get(f"{door}?next=https://evil.example/")

    assert "evil" not in answer["Location"]


def test_the_right_password_at_a_side_door_signs_nobody_in(make_user):
    user = make_user("agent@example.com", admin=True)
    browser = Client()

    browser.post(
        "/admin/login/", {"username": user.get_username(), "password": PASSWORD}
    )

    assert "_auth_user_id" not in browser.session


@pytest.mark.parametrize("address", ["/admin/", "/admin/pages/", "/django-admin/"])
def test_a_customer_at_the_admin_gets_a_clear_403_and_no_loop(make_user, address):
    browser = Client()
    browser.force_login(make_user("ana@acme.example"), backend=BACKEND)

    answer = browser.get(address, follow=True)

    assert answer.status_code == 403
    assert len(answer.redirect_chain) <= 2
    html = answer.content.decode()
    assert "have access to this page" in html
    assert "ana@acme.example" in html
    assert "/accounts/logout/" in html
    assert "no-store" in answer["Cache-Control"]


def test_a_customer_who_signs_in_on_the_way_to_the_admin_gets_the_403_too(make_user):
    make_user("ana@acme.example")

    answer = Client().post(
        "/accounts/login/?next=/admin/",
        {"login": "ana@acme.example", "password": PASSWORD, "next": "/admin/"},
        follow=True,
    )

    assert answer.status_code == 403


def test_a_signed_in_agent_walks_through_the_admins_door(make_user):
    browser = Client()
    browser.force_login(make_user("agent@example.com", admin=True), backend=BACKEND)

    assert browser.get("/admin/login/")["Location"] == "/admin/"
    assert browser.get("/admin/").status_code == 200


def test_a_signed_in_visitor_a_private_page_refuses_is_not_sent_round(make_user):
    browser = Client()
    browser.force_login(make_user("ana@acme.example"), backend=BACKEND)

    assert browser.get("/_util/login/?next=/help/").status_code == 403


def test_an_open_side_door_is_named(settings):
    assert check_side_doors(None) == []
    settings.ROOT_URLCONF = "tests.accounts.open_urls"

    messages = check_side_doors(None)

    assert [message.id for message in messages] == ["wagtail_helpdesk.W007"] * 3
    assert messages[0].msg.startswith("/admin/login/ ")


def test_an_adapter_without_our_mixin_is_named(settings):
    assert check_account_adapter(None) == []
    settings.ACCOUNT_ADAPTER = "allauth.account.adapter.DefaultAccountAdapter"

    (message,) = check_account_adapter(None)

    assert message.id == "wagtail_helpdesk.W008"
