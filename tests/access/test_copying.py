"""A copy, an alias, a synchronised translation: as private as what it comes from."""

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page, PageViewRestriction
from wagtail_localize.models import Translation, TranslationSource

from tests.access.test_mirroring import rows, wagtail_shows
from tests.factories import UserFactory
from tests.knowledge_base.factories import (
    ArticleFactory,
    CategoryFactory,
    locale,
    restrict,
    restrict_past_the_mirror,
    translate,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def section(home):
    return CategoryFactory(parent=home, title="Inside")


@pytest.fixture
def article(section):
    return ArticleFactory(parent=section, title="Prices")


def child(page: Page, title: str) -> Page:
    return Page.objects.child_of(page).get(title=title)


# Copies


def test_a_copy_out_of_a_private_section_is_private(home, section, article, partners):
    restrict(section, partners)
    copy = article.copy(to=home)
    assert rows(copy) == ["groups Partners"]
    assert not wagtail_shows(copy)


def test_a_copy_made_in_the_admin_is_private(home, section, article, partners):
    restrict(section, partners)
    public = CategoryFactory(parent=home, title="Public")
    client = Client()
    client.force_login(
        UserFactory(is_superuser=True),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    client.post(
        reverse("wagtailadmin_pages:copy", args=[article.pk]),
        {
            "new_title": "Copied",
            "new_slug": "copied",
            "new_parent_page": public.pk,
            "copy_subpages": "",
            "publish_copies": "on",
            "alias": "",
        },
    )
    assert rows(child(public, "Copied")) == ["groups Partners"]


def test_a_copy_within_the_section_needs_no_restriction_of_its_own(
    section, article, partners
):
    restrict(section, partners)
    copy = article.copy(update_attrs={"slug": "again"})
    assert rows(copy) == []
    assert not wagtail_shows(copy)


def test_a_copy_keeps_its_own_restriction_and_what_was_above_it(
    home, section, article, partners
):
    restrict(section, partners)
    restrict(article)
    assert rows(article.copy(to=home)) == ["groups Partners"]


def test_where_something_restricts_the_copy_the_editor_has_decided(
    home, section, article, partners
):
    restrict(section, partners)
    members = CategoryFactory(parent=home, title="For members")
    restrict(members)
    assert rows(article.copy(to=members)) == []


def test_a_private_page_within_a_copied_section_stays_private(
    home, section, article, partners
):
    """Wagtail copies the restriction of the section's front page alone."""
    ArticleFactory(parent=section, title="Public")
    restrict(article, partners)
    copy = section.copy(
        to=home, recursive=True, update_attrs={"slug": "copy", "title": "Copy"}
    )
    assert rows(child(copy, "Prices")) == ["groups Partners"]
    assert wagtail_shows(child(copy, "Public"))


def test_a_stricter_page_within_a_copied_section_stays_stricter(
    home, section, article, partners
):
    restrict(section)
    restrict(article, partners)
    copy = section.copy(to=home, recursive=True, update_attrs={"slug": "copy"})
    assert rows(copy) == ["login"]
    assert rows(child(copy, "Prices")) == ["groups Partners"]


def test_a_copy_of_what_is_private_by_our_rule_alone_is_private(
    home, section, article, partners
):
    spanish = translate(article, "es")
    restrict_past_the_mirror(section, partners)
    copy = Page.objects.get(pk=spanish.pk).copy(to=home)
    assert rows(copy) == ["groups Partners"]


def test_a_copy_of_a_public_page_is_public(home, article):
    assert rows(article.copy(to=home)) == []


# Aliases


def test_an_alias_out_of_a_private_section_is_private(home, section, article, partners):
    restrict(section, partners)
    alias = article.create_alias(parent=home, update_slug="alias")
    assert rows(alias) == ["groups Partners"]
    assert not wagtail_shows(alias)


def test_an_alias_of_a_private_page_has_one_restriction(home, article, partners):
    """Wagtail adds one of its own when it has made the alias."""
    restrict(article, partners)
    alias = article.create_alias(parent=home, update_slug="alias")
    assert rows(alias) == ["groups Partners"]


def test_aliases_of_a_whole_section_are_private(home, section, article, partners):
    restrict(article, partners)
    alias = section.create_alias(parent=home, update_slug="alias", recursive=True)
    assert rows(child(alias, "Prices")) == ["groups Partners"]


# Translations


def test_a_copy_for_translation_out_of_the_section_is_private(
    home, section, article, partners
):
    """The section's translation was moved into another, public place."""
    spanish_section = translate(section, "es")
    public = translate(CategoryFactory(parent=home, title="Public"), "es")
    restrict_past_the_mirror(section, partners)
    Page.objects.get(pk=spanish_section.pk).move(public, pos="last-child")
    spanish = article.copy_for_translation(locale("es"))
    assert rows(spanish) == ["groups Partners"]


def test_a_placeholder_in_another_language_has_the_restriction_once(article, partners):
    restrict(article, partners)
    spanish = article.copy_for_translation(locale("es"), copy_parents=True, alias=True)
    assert rows(spanish) == ["groups Partners"]
    assert PageViewRestriction.objects.count() == 2


# wagtail-localize's own synchronisation


def translated_by_localize(page: Page) -> Translation:
    """A translation that wagtail-localize keeps in step with its source."""
    locale("es")
    for above in page.get_ancestors().filter(depth__gt=2):
        if not above.has_translation(Locale.objects.get(language_code="es")):
            translate(above, "es")
    source, _created = TranslationSource.update_or_create_from_instance(page.specific)
    translation = Translation.objects.create(
        source=source, target_locale=Locale.objects.get(language_code="es")
    )
    translation.save_target(publish=True)
    return translation


def synchronise(translation: Translation, how: str) -> None:
    translation.source.update_from_db()
    if how == "publish":
        translation.save_target(publish=True)
    else:
        translation.source.update_target_view_restrictions(translation.target_locale)


each_way = pytest.mark.parametrize("how", ["publish", "restrictions only"])


@each_way
def test_a_synchronisation_keeps_the_groups(article, partners, how):
    """Stock: the first one copies the restriction and leaves the groups behind."""
    translation = translated_by_localize(article)
    restrict_past_the_mirror(article, partners)
    synchronise(translation, how)
    assert rows(translation.get_target_instance()) == ["groups Partners"]


@each_way
def test_a_synchronisation_deletes_no_restriction(article, partners, how):
    """Stock: a restriction that stands on the translation alone is deleted."""
    translation = translated_by_localize(article)
    restrict_past_the_mirror(translation.get_target_instance(), partners)
    synchronise(translation, how)
    assert rows(translation.get_target_instance()) == ["groups Partners"]
    assert rows(article) == ["groups Partners"]


@each_way
def test_a_synchronisation_does_not_loosen_a_stricter_translation(
    article, partners, how
):
    translation = translated_by_localize(article)
    restrict_past_the_mirror(article)
    restrict_past_the_mirror(translation.get_target_instance(), partners)
    synchronise(translation, how)
    assert rows(translation.get_target_instance()) == ["groups Partners"]


def test_a_page_that_is_private_before_it_is_translated_stays_so(article, partners):
    restrict(article, partners)
    translation = translated_by_localize(article)
    synchronise(translation, "publish")
    assert rows(translation.get_target_instance()) == ["groups Partners"]


def test_a_removed_restriction_stays_removed_after_a_synchronisation(article, partners):
    translation = translated_by_localize(article)
    restriction = restrict(article, partners)
    synchronise(translation, "publish")
    restriction.delete()
    synchronise(translation, "publish")
    assert rows(article) == rows(translation.get_target_instance()) == []
