"""The pages of a knowledge base, as mixins for any base page.

The app's own page types (``models.py``) are these mixins and Wagtail's ``Page``. A site
that has swapped the base page (``WAGTAIL_PAGE_MODEL``, Wagtail 8.0) leaves the app out
and makes its page types itself::

    class HelpArticlePage(ArticlePageMixin, BasePage):
        content_panels = [*BasePage.content_panels, *ArticlePageMixin.article_panels]
        search_fields = [
            *BasePage.search_fields, *ArticlePageMixin.article_search_fields
        ]
        template = ArticlePageMixin.page_template
"""

from __future__ import annotations

from wagtail_helpdesk.knowledge_base.article_page import ArticlePageMixin
from wagtail_helpdesk.knowledge_base.category_page import CategoryPageMixin
from wagtail_helpdesk.knowledge_base.home_page import KnowledgeBaseHomePageMixin

__all__ = ["ArticlePageMixin", "CategoryPageMixin", "KnowledgeBaseHomePageMixin"]
