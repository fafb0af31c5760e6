"""The page types of a knowledge base on Wagtail's own base page.

A site with another base page makes its page types from ``mixins.py`` instead.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from wagtail_helpdesk.knowledge_base.mixins import (
    ArticlePageMixin,
    CategoryPageMixin,
    KnowledgeBaseHomePageMixin,
)

_HOME = "helpdesk_knowledge_base.KnowledgeBaseHomePage"
_CATEGORY = "helpdesk_knowledge_base.CategoryPage"
_ARTICLE = "helpdesk_knowledge_base.ArticlePage"


class KnowledgeBaseHomePage(KnowledgeBaseHomePageMixin, Page):
    """The home page of a knowledge base."""

    template = KnowledgeBaseHomePageMixin.page_template
    page_description = _("Search box, categories and popular articles.")
    subpage_types = [_CATEGORY]
    content_panels = [*Page.content_panels, *KnowledgeBaseHomePageMixin.home_panels]
    search_fields = [
        *Page.search_fields,
        *KnowledgeBaseHomePageMixin.home_search_fields,
    ]

    class Meta:
        verbose_name = _("knowledge base")
        verbose_name_plural = _("knowledge bases")


class CategoryPage(CategoryPageMixin, Page):
    """A category of a knowledge base."""

    template = CategoryPageMixin.page_template
    page_description = _("Holds articles and other categories.")
    parent_page_types = [_HOME, _CATEGORY]
    subpage_types = [_CATEGORY, _ARTICLE]
    content_panels = [*Page.content_panels, *CategoryPageMixin.category_panels]
    search_fields = [*Page.search_fields, *CategoryPageMixin.category_search_fields]

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")


class ArticlePage(ArticlePageMixin, Page):
    """An article of a knowledge base."""

    template = ArticlePageMixin.page_template
    page_description = _("Answers one question.")
    parent_page_types = [_CATEGORY]
    subpage_types: list[str] = []
    content_panels = [*Page.content_panels, *ArticlePageMixin.article_panels]
    search_fields = [*Page.search_fields, *ArticlePageMixin.article_search_fields]

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
