"""Providers that were made past the form are named, and vouch for nobody (B54)."""

import pytest
from django.test import Client
from django.urls import reverse

from wagtail_helpdesk.access.sso_checks import check_provider_domains
from wagtail_helpdesk.models import IdentityProvider

pytestmark = pytest.mark.django_db


@pytest.fixture
def make():
    def make(domains, **fields):
        return IdentityProvider.objects.create(
            name="Acme",
            server_url="https://login.acme.example/",
            client_id="helpdesk",
            secrets={"client_secret": "s"},
            domains=domains,
            **fields,
        )

    return make


def found():
    return [message.msg for message in check_provider_domains(None, ["default"])]


@pytest.mark.parametrize("domains", [[], [""], 7, "acme.example", {}])
def test_a_provider_without_domains_is_named_and_vouches_for_nobody(make, domains):
    row = make(domains)

    assert found() == [
        "The identity provider 'Acme' has no domains, so it signs in nobody."
    ]
    assert not row.vouches_for("ana@acme.example")
    assert not row.vouches_for("ana@")
    assert Client().get(reverse("account_login")).status_code == 200


def test_a_provider_for_addresses_that_anybody_has_is_named(make):
    make(["acme.example", "GMail.com"])

    (message,) = check_provider_domains(None, ["default"])

    assert message.id == "wagtail_helpdesk.W016"
    assert "gmail.com" in message.msg
    assert "acme.example" not in message.msg


def test_a_companys_own_domains_are_good(make):
    make(["acme.example", "mail.com.acme.example"])

    assert found() == []


def test_a_provider_that_is_off_is_let_be(make):
    make([], is_active=False)

    assert found() == []


def test_the_database_is_asked_only_where_it_may_be(make, django_assert_num_queries):
    make([])

    with django_assert_num_queries(0):
        assert check_provider_domains(None) == []
        assert check_provider_domains(None, ["other"]) == []
