"""One rule decides which pages a visitor may know of (architecture, section 4).

Whatever the rows say: restrictions here are made past the mirror, so that none of them
stands on a translation or an alias.
"""

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction

from tests.knowledge_base.factories import (
    ArticleFactory,
    CategoryFactory,
    member_of,
    translate,
)
from tests.knowledge_base.factories import restrict_past_the_mirror as restrict
from wagtail_helpdesk.access.visibility import Subtrees, Visibility, pages_visible_to

pytestmark = pytest.mark.django_db


def sees(user, page) -> bool:
    """Whether list and single question agree, and what they say."""
    listed = pages_visible_to(user, Page.objects.filter(pk=page.pk)).exists()
    assert Visibility(user).can_view(Page.objects.get(pk=page.pk)) is listed
    return listed


def test_everything_is_visible_where_nothing_is_restricted(article):
    assert sees(None, article)
    assert sees(AnonymousUser(), article)


def test_a_page_below_a_restricted_one_is_hidden_from_outsiders(
    category, article, partners
):
    restrict(category, partners)
    assert not sees(None, category)
    assert not sees(AnonymousUser(), article)
    assert not sees(member_of(), article)
    assert sees(member_of(partners), article)


def test_a_superuser_passes_every_restriction(article, partners):
    restrict(article, partners)
    assert sees(member_of(is_superuser=True), article)


def test_login_is_enough_for_a_login_restriction(article):
    restrict(article)
    assert not sees(AnonymousUser(), article)
    assert sees(member_of(), article)


def test_a_page_restricted_to_no_group_is_hidden_from_all_members(article, partners):
    restriction = restrict(article, partners)
    restriction.groups.clear()
    assert not sees(member_of(partners), article)


def test_a_restriction_of_type_none_hides_nothing(article):
    PageViewRestriction.objects.create(
        page=article, restriction_type=PageViewRestriction.NONE
    )
    assert sees(None, article)


def test_every_restriction_on_the_way_must_be_passed(category, article, partners):
    resellers = Group.objects.create(name="Resellers")
    restrict(category, partners)
    restrict(article, resellers)
    assert not sees(member_of(partners), article)
    assert not sees(member_of(resellers), article)
    assert sees(member_of(partners, resellers), article)


def test_a_shared_password_opens_the_page_for_the_session_that_gave_it(article, rf):
    restriction = PageViewRestriction.objects.create(
        page=article, restriction_type="password", password="open sesame"
    )
    request = rf.get("/")
    request.user = AnonymousUser()
    request.session = {}
    assert not Visibility.of(request).can_view(article)

    request = rf.get("/")
    request.user = AnonymousUser()
    key = PageViewRestriction.passed_view_restrictions_session_key
    request.session = {key: [restriction.pk]}
    assert Visibility.of(request).can_view(article)
    assert Visibility.of(request).is_private(article)


def test_a_restriction_made_after_translating_reaches_the_translation(
    article, partners
):
    """Neither Wagtail nor wagtail-localize copies it (section 4, rule 1)."""
    spanish = translate(article, "es")
    restrict(article, partners)
    assert not spanish.get_view_restrictions().exists()
    assert not sees(None, spanish)
    assert sees(member_of(partners), spanish)


def test_a_restriction_on_a_category_reaches_what_is_below_its_translation(
    category, article, partners
):
    spanish = translate(article, "es")
    only_spanish = ArticleFactory(parent=spanish.get_parent(), title="Solo español")
    restrict(category, partners)
    assert not sees(None, spanish)
    assert not sees(None, only_spanish)


def test_a_restriction_on_the_translation_reaches_the_source(article, partners):
    spanish = translate(article, "es")
    restrict(spanish, partners)
    assert not sees(None, article)


def test_a_translation_elsewhere_in_the_tree_is_hidden_too(home, article, partners):
    """A translation need not stand below the translation of its category."""
    spanish = translate(article, "es")
    spanish.move(CategoryFactory(parent=home, title="Public"), pos="last-child")
    restrict(article.get_parent(), partners)
    assert not sees(None, Page.objects.get(pk=spanish.pk))


def test_an_alias_of_a_private_page_is_hidden_wherever_it_stands(
    home, category, article, partners
):
    """Wagtail serves it to everyone: the restriction is inherited (rule 5)."""
    public = CategoryFactory(parent=home, title="For everyone")
    alias = article.create_alias(parent=public, update_slug="prices-2")
    restrict(category, partners)
    assert not sees(None, alias)
    assert sees(member_of(partners), alias)
    assert sees(None, public)


def test_an_alias_in_a_private_place_does_not_hide_its_source(
    home, category, article, partners
):
    closed = CategoryFactory(parent=home, title="Closed")
    article.create_alias(parent=closed, update_slug="prices-2")
    restrict(closed, partners)
    assert sees(None, article)


def test_chains_of_aliases_and_translations_are_followed_to_the_end(
    home, category, article, partners
):
    public = CategoryFactory(parent=home, title="For everyone")
    alias = article.create_alias(parent=public, update_slug="prices-2")
    portuguese = translate(alias, "pt-br")
    restrict(category, partners)
    assert not sees(None, portuguese)


def _queries(user) -> int:
    with CaptureQueriesContext(connection) as captured:
        list(pages_visible_to(user, Page.objects.all()))
    return len(captured)


def test_the_number_of_queries_does_not_grow_with_restrictions(home, partners):
    user = member_of(partners)
    groups = [Group.objects.create(name=f"Group {n}") for n in range(20)]

    def add(count: int, start: int) -> None:
        for number in range(start, start + count):
            category = CategoryFactory(parent=home, title=f"Topic {number}")
            ArticleFactory(parent=category)
            restrict(category, groups[number % 20])

    add(3, 0)
    few = _queries(user)
    add(100, 3)
    assert _queries(user) == few
    assert few <= 5


def test_a_thousand_restricted_pages_are_not_too_many_for_the_database(home, partners):
    """SQLite refuses expressions more than 1,000 levels deep."""
    paths = [f"{home.path}{number:04d}" for number in range(1500)]
    many = Subtrees().including((path, 1) for path in paths)
    visibility = Visibility(None)
    visibility.closed = many
    assert list(visibility.pages(Page.objects.filter(pk=home.pk))) == [home.page_ptr]


def test_subtrees_keep_only_the_outermost_pages():
    subtrees = Subtrees().including([("00010001", 2), ("000100010002", 0), ("0002", 0)])
    assert subtrees.branches == {"00010001"}
    assert subtrees.leaves == {"0002"}
    assert "000100010005" in subtrees
    assert "00020001" not in subtrees
    assert "0001" not in subtrees
