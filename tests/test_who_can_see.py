"""Editors read in the status panel who can see a page, and why."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import GroupPagePermission, Page
from wagtail_localize.models import Translation, TranslationSource

from example_site.home.models import StandardPage
from tests.factories import UserFactory
from tests.knowledge_base.factories import (
    ArticleFactory,
    CategoryFactory,
    HomeFactory,
    locale,
    member_of,
    restrict,
    restrict_past_the_mirror,
    site_root,
    translate,
)
from wagtail_helpdesk.checks import check_order_of_apps
from wagtail_helpdesk.knowledge_base.models import ArticlePage

pytestmark = pytest.mark.django_db


@pytest.fixture
def partners() -> Group:
    return Group.objects.create(name="Partners")


@pytest.fixture
def home():
    return HomeFactory()


@pytest.fixture
def category(home):
    return CategoryFactory(parent=home, title="Manuals")


@pytest.fixture
def article(category):
    return ArticleFactory(parent=category, title="Prices")


def words(tag: Tag) -> str:
    """The text as it reads: a link before a full stop has no space after it."""
    return " ".join(tag.get_text().split())


def editor_of(*pages: Page) -> Any:
    """Somebody who may edit these pages and those below them, and no others."""
    group = Group.objects.create(name="Their editors")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for page in pages:
        for codename in ("add_page", "change_page"):
            GroupPagePermission.objects.create(
                group=group,
                page_id=page.pk,
                permission=Permission.objects.get(
                    content_type__app_label="wagtailcore", codename=codename
                ),
            )
    return member_of(group)


def panel(url: str, user: Any = None) -> Tag:
    """The part of the editor that says who can see the page."""
    client = Client()
    client.force_login(
        user or UserFactory(is_superuser=True),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    response = client.get(url)
    assert response.status_code == 200
    soup = BeautifulSoup(response.content.decode(), "html.parser")
    found = soup.select_one("section[aria-labelledby=hdw-who-can-see]")
    assert found is not None
    assert words(found.h3) == "Who can see this"
    # What is shown when the privacy was changed stands there hidden.
    found.select_one("[role=status]").decompose()
    return found


def edit(page: Page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def test_an_editor_of_a_public_page_reads_that_everyone_can_see_it(article):
    found = panel(edit(article))
    assert words(found) == "Who can see this Everyone can see this page."


def test_the_site_s_own_page_types_have_it_too():
    page = site_root().add_child(instance=StandardPage(title="About", slug="about"))
    assert "Everyone can see this page." in words(panel(edit(page)))


def test_the_page_that_the_restriction_stands_on_is_named_and_linked_to(
    category, article, partners
):
    restrict(category, partners)
    found = panel(edit(article))
    assert "Only members of the group Partners can see this page." in words(found)
    assert "It is inherited from Manuals." in words(found)
    assert [(words(a), a["href"]) for a in found.find_all("a")] == [
        ("Manuals", edit(category))
    ]
    assert "It is set on this page." in words(panel(edit(category)))


def test_a_restriction_that_came_with_a_translation_is_named_with_its_language(
    article, partners
):
    spanish = translate(article, "es", title="Precios")
    restrict_past_the_mirror(spanish, partners)
    found = panel(edit(article))
    assert "It comes from the version in Spanish: Precios." in words(found)
    assert "The same holds for this page in other languages: Spanish." in words(found)
    assert found.a["href"] == edit(spanish)
    assert found.bdi["lang"] == "es"


def test_an_alias_says_what_it_follows(home, category, article, partners):
    alias = article.create_alias(
        parent=CategoryFactory(parent=home, title="Open"), update_slug="prices-2"
    )
    restrict_past_the_mirror(category, partners)
    # Aliases are not edited; what is above them in the explorer has the panel too.
    found = panel(reverse("wagtailadmin_explore", args=[alias.pk]))
    assert "It comes from the original of an alias: Manuals." in words(found)


def test_several_conditions_are_listed_with_where_each_is_set(
    category, article, partners
):
    restrict(category, partners)
    restrict(article, password="open sesame")
    found = panel(edit(article))
    assert "Only people who meet all of these conditions" in words(found)
    assert [words(item) for item in found.find_all("li")] == [
        "Shared password. It is set on this page.",
        "Groups: Partners. It is inherited from Manuals.",
    ]
    assert "sesame" not in str(found)


def test_a_new_page_inherits_from_the_page_it_is_made_below(category, partners):
    url = reverse(
        "wagtailadmin_pages:add",
        args=["helpdesk_knowledge_base", "articlepage", category.pk],
    )
    found = panel(url)
    assert "Everyone can see this page." in words(found)
    restrict(category, partners)
    found = panel(url)
    assert "It is not published. Once it is:" in words(found)
    assert "Only members of the group Partners can see this page." in words(found)
    assert "It is inherited from Manuals." in words(found)


def test_a_new_page_of_a_type_that_is_private_from_the_start_says_so(
    category, monkeypatch
):
    monkeypatch.setattr(
        ArticlePage, "get_default_privacy_setting", lambda page, r: {"type": "login"}
    )
    found = panel(
        reverse(
            "wagtailadmin_pages:add",
            args=["helpdesk_knowledge_base", "articlepage", category.pk],
        )
    )
    assert "Only people who are signed in can see this page." in words(found)
    assert "It is set on this page." in words(found)


def test_a_draft_says_that_it_is_not_published(article):
    assert "not published" not in words(panel(edit(article)))
    Page.objects.filter(pk=article.pk).update(live=False)
    assert "It is not published. Once it is: Everyone can see this page." in words(
        panel(edit(article))
    )


def test_pages_that_the_editor_may_neither_edit_nor_see_are_not_named(
    category, article, partners
):
    restrict(category, partners)
    found = panel(edit(article), editor_of(article))
    assert "It is inherited from a page that you may not open." in words(found)
    assert "Manuals" not in str(found)
    assert found.a is None


def test_pages_that_the_editor_may_only_see_are_linked_to_as_readers_see_them(
    category, article
):
    restrict(category)
    found = panel(edit(article), editor_of(article))
    assert (words(found.a), found.a["href"]) == ("Manuals", "/help/manuals/")


def test_titles_are_escaped(category, article):
    Page.objects.filter(pk=category.pk).update(title="<b>{0} %(x)s</b>")
    restrict(category)
    assert "<b>{0} %(x)s</b>." in words(panel(edit(article)))


def test_a_translation_in_the_editor_of_wagtail_localize_has_it(article, partners):
    """The page that was restricted may be the one that its editor never opens."""
    spanish_locale = locale("es")
    article.copy_for_translation(spanish_locale, copy_parents=True).delete()
    source, _ = TranslationSource.get_or_create_from_instance(article)
    translation = Translation.objects.create(
        source=source, target_locale=spanish_locale
    )
    translation.save_target()
    spanish = translation.get_target_instance()
    restrict_past_the_mirror(article, partners)
    found = panel(edit(spanish))
    assert "It comes from the version in English: Prices." in words(found)


def test_a_site_that_lists_the_apps_in_the_wrong_order_is_told(monkeypatch):
    assert check_order_of_apps(None) == []
    backwards = dict(reversed(apps.app_configs.items()))
    monkeypatch.setattr(apps, "app_configs", backwards)
    (warning,) = check_order_of_apps(None)
    assert warning.id == "wagtail_helpdesk.W010"
