"""A site that cannot use the page types is told so, and what to do."""

from django.apps import apps
from django.test import override_settings

from wagtail_helpdesk.knowledge_base.checks import check_base_page, check_table_block
from wagtail_helpdesk.knowledge_base.mixins import ArticlePageMixin


def test_a_swapped_base_page_is_an_error_that_names_the_mixins():
    assert check_base_page() == []
    with override_settings(WAGTAIL_PAGE_MODEL="basepage.BasePage"):
        (error,) = check_base_page()
    assert error.id == "helpdesk_knowledge_base.E001"
    assert "'basepage.BasePage'" in error.msg
    assert "wagtail_helpdesk.knowledge_base.mixins" in error.hint


def test_the_table_editor_must_be_installed(monkeypatch):
    assert check_table_block() == []
    # Wagtail cannot load its apps twice, so they are not taken out by the settings.
    monkeypatch.delitem(apps.app_configs, "wagtailtableblock")
    (error,) = check_table_block()
    assert error.id == "helpdesk_knowledge_base.E002"


def test_the_mixins_are_made_for_no_base_page_in_particular():
    from wagtail.models import Page

    assert ArticlePageMixin._meta.abstract
    assert not issubclass(ArticlePageMixin, Page)
