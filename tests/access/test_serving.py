"""What a visitor is told who may not open a page (architecture, section 4).

Restrictions are made past the mirror, so none stands on a translation or an alias.
"""

import pytest
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from tests.factories import UserFactory
from tests.knowledge_base.factories import (
    CategoryFactory,
    HomeFactory,
    member_of,
    translate,
)
from tests.knowledge_base.factories import restrict_past_the_mirror as restrict

pytestmark = pytest.mark.django_db


@pytest.fixture
def category():
    return CategoryFactory(parent=HomeFactory(), title="For partners")


def opened(page: Page, user=None):
    client = Client()
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client.get(page.get_url())


def test_a_visitor_is_asked_to_sign_in_and_comes_back(category, article, partners):
    restrict(category, partners)
    response = opened(article)
    assert response.status_code == 302
    assert response["Location"] == f"/accounts/login/?next={article.get_url()}"


def test_signed_in_without_the_group_it_is_403_and_no_loop(category, article, partners):
    """Section 4, line 4: Wagtail and allauth would redirect for ever."""
    restrict(category, partners)
    response = opened(article, member_of())
    assert response.status_code == 403
    assert "Prices" not in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_members_and_superusers_get_in(category, article, partners):
    restrict(category, partners)
    assert opened(article, member_of(partners)).status_code == 200
    boss = UserFactory(is_superuser=True)
    assert opened(article, boss).status_code == 200


def test_a_translation_is_as_private_as_its_source(category, article, partners):
    """Section 4, line 1: a restriction put on later does not reach the translation."""
    translation = translate(article, "es")
    restrict(category, partners)
    assert opened(translation).status_code == 302
    assert opened(translation, member_of()).status_code == 403
    assert opened(translation, member_of(partners)).status_code == 200


def test_an_alias_elsewhere_is_as_private_as_its_source(category, article, partners):
    """Section 4, line 5."""
    elsewhere = CategoryFactory(parent=category.get_parent(), title="Open")
    alias = article.create_alias(parent=elsewhere)
    restrict(category, partners)
    assert opened(alias).status_code == 302
    assert opened(alias, member_of()).status_code == 403


def test_a_shared_password_is_still_asked_for(category, article):
    PageViewRestriction.objects.create(
        page=category, restriction_type="password", password="open sesame"
    )
    for user in (None, member_of()):
        response = opened(article, user)
        assert response.status_code == 200
        assert 'type="password"' in response.content.decode()


def test_what_is_public_stays_public(article):
    assert opened(article).status_code == 200
    assert opened(article, member_of()).status_code == 200
