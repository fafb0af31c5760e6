"""Why a page is private: the way back from the page to its restrictions."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from wagtail.models import Page, PageViewRestriction

from tests.knowledge_base.factories import (
    ArticleFactory,
    CategoryFactory,
    restrict,
    restrict_past_the_mirror,
    translate,
)
from wagtail_helpdesk.access.explaining import explain
from wagtail_helpdesk.access.reasons import Audience, Explanation, Way
from wagtail_helpdesk.access.visibility import Visibility

pytestmark = pytest.mark.django_db


def why(page: Page) -> Explanation:
    """As of now: restrictions and places may have changed since the page was read."""
    return Visibility(None).why(Page.objects.get(pk=page.pk))


def ways(page: Page) -> list[tuple[Way, str, str]]:
    """How each restriction comes, from which page and through which."""
    return [
        (
            reason.way,
            reason.place.title,
            reason.through.title if reason.through else "",
        )
        for reason in why(page).reasons
    ]


def test_a_public_page_is_public_and_nothing_more_is_read(article):
    visibility = Visibility(None)
    assert visibility.is_private(article) is False
    with CaptureQueriesContext(connection) as captured:
        found = visibility.why(article)
    assert len(captured) == 0
    assert found.is_public
    assert found.sentence() == "Everyone can see this page."


def test_its_own_restriction_is_told_from_an_inherited_one(category, article, partners):
    restrict(article)
    restrict(category, partners)
    assert ways(article) == [
        (Way.OWN, "Prices", ""),
        (Way.INHERITED, "For partners", ""),
    ]
    assert [r.audience for r in why(article).reasons] == [
        Audience("login"),
        Audience("groups", ("Partners",)),
    ]


def test_a_restriction_on_a_translation_is_told_with_its_language(article, partners):
    spanish = translate(article, "es", title="Precios")
    restrict_past_the_mirror(spanish, partners)
    (reason,) = why(article).reasons
    assert reason.way is Way.TRANSLATION
    assert (reason.place.title, reason.place.language) == ("Precios", "es")
    assert reason.through == reason.place
    with translation.override("en"):
        assert reason.place.language_name == "Spanish"
    assert why(article).languages == ("es",)
    assert why(spanish).languages == ("en",)


def test_what_stands_above_a_translation_is_named_and_so_is_the_translation(
    category, article, partners
):
    """A translation need not stand below the translation of its category."""
    spanish = translate(article, "es", title="Precios")
    closed = CategoryFactory(
        parent=spanish.get_parent().get_parent(), title="Cerrado", locale=spanish.locale
    )
    restrict(closed, partners)
    spanish.move(closed, pos="last-child")
    assert ways(article) == [(Way.TRANSLATION, "Cerrado", "Precios")]


def test_an_alias_names_its_source_and_the_page_above_that(
    home, category, article, partners
):
    public = CategoryFactory(parent=home, title="For everyone")
    alias = article.create_alias(parent=public, update_slug="prices-2")
    Page.objects.filter(pk=alias.pk).update(title="Prices again")
    restrict(category, partners)
    assert ways(alias) == [(Way.ALIAS, "For partners", "Prices")]
    assert why(public).is_public


def test_chains_are_followed_to_the_end(home, category, article, partners):
    public = CategoryFactory(parent=home, title="For everyone")
    alias = article.create_alias(parent=public, update_slug="prices-2")
    portuguese = translate(alias, "pt-br", title="Preços")
    restrict(category, partners)
    assert ways(portuguese) == [(Way.TRANSLATION, "For partners", "Prices")]


def test_a_restriction_of_type_none_is_no_reason(article):
    PageViewRestriction.objects.create(
        page=article, restriction_type=PageViewRestriction.NONE
    )
    assert why(article).is_public


def test_who_passes_is_said_in_a_sentence(home, category, article, partners):
    resellers = Group.objects.create(name="Resellers")
    restriction = restrict(article)
    said = [why(article).sentence()]
    for groups in ([resellers], [resellers, partners], []):
        restriction.restriction_type = PageViewRestriction.GROUPS
        restriction.save()
        restriction.groups.set(groups)
        said.append(why(article).sentence())
    restriction.delete()
    restrict(article, password="open sesame")
    said.append(why(article).sentence())
    restrict(category, partners)
    said.append(why(article).sentence())
    assert said == [
        "Only people who are signed in can see this page.",
        "Only members of the group Resellers can see this page.",
        "Only members of one of these groups can see this page: Partners, Resellers.",
        "Only superusers can see this page: the restriction names no group.",
        "Only people who know the shared password can see this page.",
        "Only people who meet all of these conditions can see this page:",
    ]
    assert "open sesame" not in repr(why(article))


def test_the_same_restriction_on_a_translation_is_told_once(article, partners):
    spanish = translate(article, "es")
    restrict(article, partners)
    restrict(spanish, partners)
    found = why(article)
    assert len(found.reasons) == 2
    (told,) = found.telling_reasons
    assert told.way is Way.OWN
    assert found.sentence() == "Only members of the group Partners can see this page."


def test_two_shared_passwords_are_two_conditions(category, article):
    restrict(article, password="one")
    restrict(category, password="two")
    assert len(why(article).telling_reasons) == 2


def test_the_number_of_queries_does_not_grow(home, category, article, partners):
    def count() -> int:
        page = Page.objects.get(pk=article.pk)
        visibility = Visibility(None)
        assert visibility.is_private(page)
        with CaptureQueriesContext(connection) as captured:
            visibility.why(page)
        return len(captured)

    restrict(category, partners)
    translate(article, "es")
    few = count()
    for code in ("pt-br", "it", "ar"):
        translate(article, code)
    for number in range(20):
        other = CategoryFactory(parent=home, title=f"Topic {number}")
        ArticleFactory(parent=other)
        restrict(other, Group.objects.create(name=f"Group {number}"))
        restrict(article, Group.objects.create(name=f"More {number}"))
    assert count() == few
    assert few <= 4


def test_it_never_contradicts_the_rule(home, category, article, partners):
    """Every page that the rule calls private has a reason, and no other one has."""
    public = CategoryFactory(parent=home, title="For everyone")
    ArticleFactory(parent=public, title="Open")
    alias = article.create_alias(parent=public, update_slug="prices-2")
    translate(alias, "it")
    translate(article, "es")
    restrict(category, partners)
    visibility = Visibility(None)
    for page in Page.objects.filter(depth__gt=1):
        assert explain(page.path).is_public is not visibility.is_private(page), page
