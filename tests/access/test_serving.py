"""What a visitor is told who may not open a page (architecture, section 4).

Restrictions are made past the mirror, so none stands on a translation or an alias.
"""

import pytest
from bs4 import BeautifulSoup
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
from tests.portal.build import make_portal

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


def _text(response):
    return BeautifulSoup(response.content, "html.parser").get_text()


def test_below_a_private_page_what_is_missing_answers_like_what_is_there(
    category, article, partners
):
    """Issue 4, point 5: the existence of a private page does not show."""
    restrict(category, partners)
    missing = f"{category.get_url()}no-such-page/"
    draft = category.add_child(instance=type(article)(title="Draft", live=False))
    for path in (missing, draft.get_url()):
        asked = Client().get(path)
        assert asked.status_code == 302
        assert asked["Location"] == f"/accounts/login/?next={path}"
        stranger = Client()
        stranger.force_login(
            member_of(), backend="django.contrib.auth.backends.ModelBackend"
        )
        refused = stranger.get(path)
        assert refused.status_code == 403
        real = stranger.get(article.get_url())
        assert _text(refused) == _text(real)


def test_members_are_told_that_a_page_is_missing(category, article, partners):
    restrict(category, partners)
    client = Client()
    client.force_login(
        member_of(partners), backend="django.contrib.auth.backends.ModelBackend"
    )
    assert client.get(f"{category.get_url()}no-such-page/").status_code == 404


def test_below_a_public_page_a_missing_one_is_missing(category, article):
    assert Client().get(f"{category.get_url()}no-such-page/").status_code == 404


def test_a_private_portal_hides_what_is_below_it():
    portal = make_portal()
    assert Client().get("/support/no-such-page/").status_code == 404
    restrict(portal)
    asked = Client().get("/support/no-such-page/")
    assert asked["Location"] == "/accounts/login/?next=/support/no-such-page/"
