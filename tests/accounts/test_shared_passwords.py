"""A shared password cannot be guessed by trying (security.md 2.1)."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as site_settings
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection, CollectionViewRestriction

from tests.accounts.conftest import PASSWORD
from tests.knowledge_base.factories import (
    CategoryFactory,
    HomeFactory,
    restrict,
    translate,
)
from wagtail_helpdesk.accounts.checks import check_shared_passwords

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def three_an_hour(settings):
    settings.WAGTAIL_HELPDESK = {
        **site_settings.WAGTAIL_HELPDESK,
        "SHARED_PASSWORD_RATE_LIMIT": "3/h",
    }


@pytest.fixture
def door():
    """Where the password of a page is given."""
    page = CategoryFactory(parent=HomeFactory(), title="Prices")
    restriction = restrict(page, password="open sesame")
    name = "wagtailcore_authenticate_with_password"
    return reverse(name, args=[restriction.pk, page.pk])


@pytest.fixture
def document_door():
    place = Collection.get_first_root_node().add_child(
        instance=Collection(name="Shared")
    )
    restriction = CollectionViewRestriction.objects.create(
        collection=place, restriction_type="password", password="open sesame"
    )
    return reverse("wagtaildocs_authenticate_with_password", args=[restriction.pk])


def give(address: str, password: str = "wrong", *, ip: str = "192.0.2.1") -> Any:
    data = {"password": password, "return_url": "/help/prices/"}
    return Client(REMOTE_ADDR=ip).post(address, data)


@pytest.mark.parametrize("kind", ["door", "document_door"])
def test_after_some_wrong_ones_no_password_is_taken(kind, request):
    address = request.getfixturevalue(kind)
    for _ in range(3):
        response = give(address)
        assert response.status_code == 200
        assert "not correct" in response.content.decode()

    for password in ("wrong", "open sesame"):
        response = give(address, password)
        assert response.status_code == 429
        assert 0 < int(response["Retry-After"]) <= 3600
        assert response["Cache-Control"] == "private, no-store"
        html = response.content.decode()
        assert "Too many attempts" in html
        assert "minute" in html
    # Others are not locked out.
    assert give(address, "open sesame", ip="192.0.2.2").status_code == 302


def test_right_ones_do_not_count(door):
    """A class of thirty behind one address."""
    for _ in range(10):
        assert give(door, "open sesame").status_code == 302
    assert give(door).status_code == 200


def test_pages_languages_and_documents_count_together(door, document_door):
    give(door)
    give(document_door)
    give(document_door)
    assert give(door).status_code == 429


def test_a_translation_gives_no_further_tries(settings):
    page = CategoryFactory(parent=HomeFactory(), title="Prices")
    spanish = translate(page, "es")
    restrict(page, password="open sesame")
    addresses = [
        reverse(
            "wagtailcore_authenticate_with_password",
            args=[one.view_restrictions.get().pk, one.pk],
        )
        for one in (page, spanish)
    ]
    assert [give(address).status_code for address in addresses * 2] == [
        *(200, 200, 200),
        429,
    ]


def test_looking_at_the_form_does_not_count_and_nobody_keeps_it(door):
    for _ in range(5):
        response = Client(REMOTE_ADDR="192.0.2.1").get(door)
        assert response.status_code == 200
        assert response["Cache-Control"] == "private, no-store"
    assert give(door).status_code == 200


def test_the_right_password_opens_the_page(door):
    visitor = Client()
    visitor.post(door, {"password": "open sesame", "return_url": "/help/prices/"})
    assert visitor.get("/help/prices/").status_code == 200


def test_the_limit_holds_in_every_language(door):
    for prefix in ("", "/es", "/pt-br"):
        assert give(prefix + door).status_code == 200
    assert give("/it" + door).status_code == 429


def test_it_can_be_switched_off(door, settings):
    settings.WAGTAIL_HELPDESK = {"SHARED_PASSWORD_RATE_LIMIT": ""}
    assert {give(door).status_code for _ in range(30)} == {200}


@pytest.mark.parametrize(
    "address",
    [
        "/_util/authenticate_with_password/1/1/",
        "/_util/authenticate_with_password/99999999999999999999999/1/",
        "/documents/authenticate_with_password/99999999999999999999999/",
    ],
)
def test_what_is_not_there_is_missing(address):
    assert give(address).status_code == Client().get(address).status_code == 404


def test_addresses_without_a_limit_are_named(settings):
    assert check_shared_passwords(None) == []
    settings.ROOT_URLCONF = "tests.accounts.open_urls"

    (message,) = check_shared_passwords(None)
    assert message.id == "wagtail_helpdesk.W013"
    assert message.msg.startswith("/_util/authenticate_with_password/")

    settings.WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False}
    assert check_shared_passwords(None) == []


def test_the_sign_in_says_so_too_when_its_limit_is_reached(make_user, settings):
    """allauth's own limits, on a page of ours instead of a bare one."""
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    make_user("ana@acme.example")
    data = {"login": "ana@acme.example", "password": PASSWORD}
    Client().post("/accounts/login/", data)

    response = Client().post("/accounts/login/", data)

    assert response.status_code == 429
    html = response.content.decode()
    assert "Too many attempts" in html
    assert 'class="hd-' in html
