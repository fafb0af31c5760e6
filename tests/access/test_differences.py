"""Pages that are more private than their restrictions say are found and put right."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageLogEntry

from tests.access.test_mirroring import rows
from tests.factories import UserFactory
from tests.knowledge_base.factories import (
    ArticleFactory,
    CategoryFactory,
    member_of,
    restrict,
    restrict_past_the_mirror,
    translate,
)
from wagtail_helpdesk.access.differences import Reason, find_differences
from wagtail_helpdesk.actions import AlignPagePrivacy
from wagtail_helpdesk.exceptions import ActionPermissionError

pytestmark = pytest.mark.django_db


@pytest.fixture
def section(home):
    return CategoryFactory(parent=home, title="Section")


@pytest.fixture
def article(section):
    return ArticleFactory(parent=section, title="Prices")


@pytest.fixture
def spanish(article):
    return translate(article, "es")


def found() -> dict[int, Reason]:
    return {difference.page: difference.reason for difference in find_differences()}


def align(page: Page, user=None) -> bool:
    return AlignPagePrivacy(page=Page.objects.get(pk=page.pk), user=user).execute()


def test_where_restrictions_were_mirrored_nothing_differs(
    home, section, article, spanish, partners
):
    article.create_alias(parent=home, update_slug="alias")
    restrict(article, partners)
    restrict(section)
    assert found() == {}


def test_a_translation_that_says_less_is_found_and_put_right(
    article, spanish, partners
):
    restrict_past_the_mirror(article, partners)
    assert found() == {spanish.pk: Reason.TRANSLATION}
    assert align(spanish)
    assert rows(spanish) == ["groups Partners"]
    assert found() == {}
    assert not align(spanish)


def test_the_source_is_found_where_the_translation_is_stricter(
    article, spanish, partners
):
    restrict_past_the_mirror(article)
    restrict_past_the_mirror(spanish, partners)
    assert found() == {article.pk: Reason.TRANSLATION}
    align(article)
    assert rows(article) == ["groups Partners"]


def test_each_of_two_that_do_not_include_the_other_is_found(article, spanish, partners):
    restrict_past_the_mirror(article, Group.objects.create(name="Resellers"))
    restrict_past_the_mirror(spanish, partners)
    assert found().keys() == {article.pk, spanish.pk}
    align(article)
    align(spanish)
    both = ["groups Partners", "groups Resellers"]
    assert rows(article) == rows(spanish) == both
    assert found() == {}


def test_a_translation_below_a_restriction_that_says_as_much_is_none(
    section, article, spanish, partners
):
    restrict(section, partners)
    restrict_past_the_mirror(article, partners)
    assert found() == {}


def test_an_alias_that_says_less_than_its_source_is_found_and_put_right(
    home, article, partners
):
    alias = article.create_alias(parent=home, update_slug="alias")
    restrict_past_the_mirror(article, partners)
    assert found() == {alias.pk: Reason.ALIAS}
    align(alias)
    assert rows(alias) == ["groups Partners"]
    assert found() == {}


def test_an_alias_made_before_the_section_became_private_is_found(
    home, section, article, partners
):
    """Section 4, line 5: it stays in Wagtail's own lists."""
    alias = article.create_alias(parent=home, update_slug="alias")
    restrict(section, partners)
    assert found() == {alias.pk: Reason.ABOVE}
    align(alias)
    assert rows(alias) == ["groups Partners"]
    assert found() == {}


def test_a_translation_moved_out_of_its_section_is_found_once_with_all_below(
    home, section, article, spanish, partners
):
    public = translate(CategoryFactory(parent=home, title="Public"), "es")
    spanish_section = spanish.get_parent()
    restrict_past_the_mirror(section, partners)
    spanish_section.move(public, pos="last-child")
    assert found() == {spanish_section.pk: Reason.TRANSLATION}


def test_the_number_of_queries_does_not_grow_with_the_differences(home, partners):
    def add(count: int) -> None:
        for _number in range(count):
            article = ArticleFactory(parent=CategoryFactory(parent=home))
            translate(article, "es")
            article.create_alias(parent=home, update_slug=f"alias-{article.pk}")
            restrict_past_the_mirror(article, partners)

    def asked() -> int:
        found()
        with CaptureQueriesContext(connection) as captured:
            found()
        return len(captured)

    add(2)
    few = asked()
    add(8)
    assert asked() == few <= 8
    assert len(found()) == 20


# The action


def test_who_may_not_set_the_privacy_of_a_page_may_not_align_it(
    article, spanish, partners
):
    restrict_past_the_mirror(article, partners)
    with pytest.raises(ActionPermissionError):
        align(spanish, user=member_of())
    assert rows(spanish) == []


def test_the_history_of_the_page_says_who_put_it_right(article, spanish, partners):
    boss = UserFactory(is_superuser=True)
    restrict_past_the_mirror(article, partners)
    align(spanish, user=boss)
    entry = PageLogEntry.objects.get(action="wagtail_helpdesk.align_privacy")
    assert (entry.page_id, entry.user_id) == (spanish.pk, boss.pk)
    assert entry.message == "Made as private as its translations and its source"


# The check


def test_the_check_names_the_pages(article, spanish, partners, capsys):
    restrict_past_the_mirror(article, partners)
    call_command("check", databases=["default"])
    said = capsys.readouterr().err
    assert "wagtail_helpdesk.W206" in said
    assert f"Keys of the pages: {spanish.pk}." in said


def test_the_check_asks_no_database_unless_told_to(article, spanish, partners, capsys):
    restrict_past_the_mirror(article, partners)
    call_command("check")
    assert "W206" not in capsys.readouterr().err


def test_the_check_is_silent_where_nothing_differs(article, spanish, partners, capsys):
    restrict(article, partners)
    call_command("check", databases=["default"])
    assert "W206" not in capsys.readouterr().err
