"""The restrictions of a page are the same in every language, and on its aliases."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, PageViewRestriction

from tests.factories import UserFactory
from tests.knowledge_base.factories import (
    ArticleFactory,
    CategoryFactory,
    member_of,
    restrict,
    restrict_past_the_mirror,
    translate,
)
from wagtail_helpdesk.access.visibility import Visibility

pytestmark = pytest.mark.django_db


@pytest.fixture
def resellers() -> Group:
    return Group.objects.create(name="Resellers")


@pytest.fixture
def article(home):
    return ArticleFactory(parent=CategoryFactory(parent=home), title="Prices")


@pytest.fixture
def spanish(article):
    return translate(article, "es")


def rows(page: Page) -> list[str]:
    """What the restrictions on a page itself say, in words."""
    found = []
    for row in PageViewRestriction.objects.filter(page=page.pk):
        words = [row.restriction_type]
        if row.restriction_type == PageViewRestriction.PASSWORD:
            words.append(row.password)
        if row.restriction_type == PageViewRestriction.GROUPS:
            words.extend(sorted(group.name for group in row.groups.all()))
        found.append(" ".join(words))
    return sorted(found)


def wagtail_shows(page: Page) -> bool:
    """Whether Wagtail's own filter, as of sitemap and API, takes a page as public."""
    return Page.objects.public().filter(pk=page.pk).exists()


@pytest.mark.parametrize("language", ["source", "translation"])
def test_groups_reach_every_language_whichever_was_restricted(
    article, spanish, partners, language
):
    portuguese = translate(article, "pt-br")
    restrict(article if language == "source" else spanish, partners)
    for page in (article, spanish, portuguese):
        assert rows(page) == ["groups Partners"]
        assert not wagtail_shows(page)


def test_a_sign_in_and_a_shared_password_reach_every_language(article, spanish):
    restriction = restrict(article)
    assert rows(spanish) == ["login"]
    restriction.restriction_type = "password"
    restriction.password = "open sesame"
    restriction.save()
    assert rows(spanish) == ["password open sesame"]
    assert PageViewRestriction.objects.count() == 2


def test_a_change_of_groups_reaches_every_language(
    article, spanish, partners, resellers
):
    restriction = restrict(article, partners)
    restriction.groups.add(resellers)
    assert rows(spanish) == ["groups Partners Resellers"]
    restriction.groups.remove(partners)
    assert rows(spanish) == ["groups Resellers"]
    restriction.groups.set([partners])
    assert rows(spanish) == ["groups Partners"]
    restriction.groups.clear()
    assert rows(spanish) == ["groups"]


def test_a_change_made_from_the_group_reaches_every_language(
    article, spanish, partners, resellers
):
    restriction = restrict(article, partners)
    resellers.pageviewrestriction_set.add(restriction)
    assert rows(spanish) == ["groups Partners Resellers"]
    partners.pageviewrestriction_set.clear()
    assert rows(article) == rows(spanish) == ["groups Resellers"]


def test_loosening_one_language_loosens_all_when_they_agreed(
    article, spanish, partners
):
    restriction = restrict(article, partners)
    restriction.restriction_type = PageViewRestriction.LOGIN
    restriction.save()
    assert rows(article) == rows(spanish) == ["login"]


@pytest.mark.parametrize("how", ["instance", "queryset"])
def test_removing_the_restriction_of_one_language_removes_it_in_all(
    article, spanish, partners, how
):
    restrict(article, partners)
    row = PageViewRestriction.objects.get(page=spanish.pk)
    if how == "instance":
        row.delete()
    else:
        PageViewRestriction.objects.filter(page=spanish.pk).delete()
    assert wagtail_shows(article)
    assert wagtail_shows(spanish)


def test_a_restriction_that_is_switched_off_is_removed_in_the_others(
    article, spanish, partners
):
    restriction = restrict(article, partners)
    restriction.restriction_type = PageViewRestriction.NONE
    restriction.save()
    assert rows(spanish) == []


def test_the_editors_privacy_dialog_sets_all_languages(article, spanish, partners):
    client = Client()
    client.force_login(
        UserFactory(is_superuser=True),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    address = reverse("wagtailadmin_pages:set_privacy", args=[article.pk])
    client.post(address, {"restriction_type": "groups", "groups": [partners.pk]})
    assert rows(article) == rows(spanish) == ["groups Partners"]
    client.post(address, {"restriction_type": "login"})
    assert rows(article) == rows(spanish) == ["login"]
    client.post(address, {"restriction_type": "none"})
    assert rows(article) == rows(spanish) == []


def test_deleting_a_language_leaves_the_others_private(article, spanish, partners):
    restrict(article, partners)
    Page.objects.get(pk=article.pk).delete()
    assert rows(spanish) == ["groups Partners"]


def test_moving_a_restriction_to_another_page_moves_it_in_all_languages(
    home, article, spanish, partners
):
    other = ArticleFactory(parent=home, title="Other")
    other_spanish = translate(other, "es")
    restriction = restrict(article, partners)
    restriction.page = other.page_ptr
    restriction.save()
    assert rows(article) == rows(spanish) == []
    assert rows(other) == rows(other_spanish) == ["groups Partners"]


def test_a_fixture_is_loaded_as_it_is(article, spanish, partners):
    from django.core.serializers import deserialize, serialize

    restriction = restrict(article, partners)
    saved = serialize("json", [restriction])
    PageViewRestriction.objects.all().delete()
    for loaded in deserialize("json", saved):
        loaded.save()
    assert PageViewRestriction.objects.count() == 1


# Aliases


def test_aliases_follow_their_source_and_so_do_aliases_of_these(
    home, article, partners
):
    alias = article.create_alias(parent=home, update_slug="one")
    second = alias.create_alias(parent=home, update_slug="two")
    spanish = translate(second, "es")
    restriction = restrict(article, partners)
    for page in (alias, second, spanish):
        assert rows(page) == ["groups Partners"]
    restriction.delete()
    for page in (alias, second, spanish):
        assert wagtail_shows(page)


def test_a_private_alias_leaves_its_source_public(home, article, partners):
    alias = article.create_alias(parent=home, update_slug="one")
    restrict(alias, partners)
    assert wagtail_shows(article)


def test_an_alias_keeps_what_it_has_beyond_its_source(
    home, article, partners, resellers
):
    alias = article.create_alias(parent=home, update_slug="one")
    restrict(alias, resellers)
    restriction = restrict(article, partners)
    assert rows(alias) == ["groups Partners", "groups Resellers"]
    restriction.delete()
    assert rows(alias) == ["groups Resellers"]


def test_an_alias_cannot_be_opened_while_its_source_is_private(home, article, partners):
    alias = article.create_alias(parent=home, update_slug="one")
    restrict(article, partners)
    PageViewRestriction.objects.get(page=alias.pk).delete()
    assert rows(alias) == ["groups Partners"]


# New translations and aliases


def test_a_new_translation_is_as_private_as_its_source(article, partners):
    restrict(article, partners)
    assert rows(translate(article, "es")) == ["groups Partners"]


def test_a_new_translation_made_by_hand_is_private_at_once(home, article, partners):
    restrict(article, partners)
    spanish_home = translate(home, "es")
    made = spanish_home.add_child(
        instance=type(article)(
            title="Precios",
            slug="precios",
            locale=spanish_home.locale,
            translation_key=article.translation_key,
        )
    )
    assert rows(made) == ["groups Partners"]


def test_a_new_translation_outside_the_private_section_is_private(
    home, article, partners
):
    restrict(article.get_parent(), partners)
    spanish_home = translate(home, "es")
    made = spanish_home.add_child(
        instance=type(article)(
            title="Precios",
            slug="precios",
            locale=spanish_home.locale,
            translation_key=article.translation_key,
        )
    )
    assert rows(made) == ["groups Partners"]


def test_a_new_page_of_its_own_is_public(home):
    assert rows(ArticleFactory(parent=home)) == []


# Conflicts that are in the database already


def test_the_strictest_wins_where_languages_differ(article, spanish, partners):
    restrict_past_the_mirror(spanish, partners)
    restrict(article)
    assert rows(article) == rows(spanish) == ["groups Partners", "login"]


def test_the_strictest_wins_where_the_stricter_one_is_saved(article, spanish, partners):
    restrict_past_the_mirror(spanish)
    restrict(article, partners)
    assert rows(article) == rows(spanish) == ["groups Partners"]


def test_a_member_of_both_groups_only_where_languages_name_different_ones(
    article, spanish, partners, resellers
):
    restrict_past_the_mirror(spanish, partners)
    restrict(article, resellers)
    both = ["groups Partners", "groups Resellers"]
    assert rows(article) == rows(spanish) == both


def test_a_password_is_asked_beside_the_group_where_neither_includes_the_other(
    article, spanish, partners
):
    restrict_past_the_mirror(spanish, partners)
    restrict(article, password="open sesame")
    both = ["groups Partners", "password open sesame"]
    assert rows(article) == rows(spanish) == both


def test_removing_one_of_two_different_restrictions_opens_nothing(
    article, spanish, partners
):
    restriction = restrict_past_the_mirror(article)
    restrict_past_the_mirror(spanish, partners)
    restriction.delete()
    assert rows(article) == rows(spanish) == ["groups Partners"]


def test_loosening_one_of_two_different_restrictions_opens_nothing(
    article, spanish, partners, resellers
):
    restriction = restrict_past_the_mirror(article, resellers)
    restrict_past_the_mirror(spanish, partners)
    restriction.restriction_type = PageViewRestriction.LOGIN
    restriction.save()
    assert rows(article) == rows(spanish) == ["groups Partners", "login"]


# One answer to a shared password opens every language


def test_a_password_given_in_one_language_opens_all(home, article, spanish, rf):
    alias = article.create_alias(parent=home, update_slug="one")
    restriction = restrict(article, password="open sesame")
    other = ArticleFactory(parent=home, title="Other")
    restrict(other, password="open sesame")
    request = rf.get("/")
    request.user = AnonymousUser()
    key = PageViewRestriction.passed_view_restrictions_session_key
    request.session = {key: [restriction.pk]}
    visibility = Visibility.of(request)
    assert visibility.can_view(article)
    assert visibility.can_view(spanish)
    assert visibility.can_view(alias)
    assert not visibility.can_view(other)


def test_a_visitor_who_gives_the_password_reads_the_page(article, spanish):
    restrict(article, password="open sesame")
    client = Client()
    page = client.get(article.url).content.decode()
    assert 'type="password"' in page
    row = PageViewRestriction.objects.get(page=article.pk)
    client.post(
        reverse("wagtailcore_authenticate_with_password", args=[row.pk, article.pk]),
        {"password": "open sesame", "return_url": article.url},
    )
    response = client.get(article.url)
    assert response.status_code == 200
    assert "Prices" in response.content.decode()


def test_members_read_every_language_and_outsiders_none(article, spanish, partners):
    restrict(article, partners)
    for page in (article, spanish):
        assert Visibility(member_of(partners)).can_view(page)
        assert not Visibility(member_of()).can_view(page)
