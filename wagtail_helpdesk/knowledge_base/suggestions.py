"""Articles that may answer what is typed into a form; see ``access.suggestions``."""

from __future__ import annotations

from typing import Any

import swapper
from django.http import HttpRequest

from wagtail_helpdesk.access.suggestions import Suggestion
from wagtail_helpdesk.access.visibility import Visibility
from wagtail_helpdesk.knowledge_base.navigation import home_for
from wagtail_helpdesk.knowledge_base.search import (
    LONGEST_QUERY,
    ArticleSearch,
    clean_query,
)
from wagtail_helpdesk.knowledge_base.tree import article_types
from wagtail_helpdesk.page_urls import PageUrls

swapper.set_app_prefix("wagtailcore", "wagtail")


class KnowledgeBaseArticles:
    """Suggests from the knowledge base in the request's site and language."""

    def suggest(
        self, request: HttpRequest, text: str, *, limit: int
    ) -> list[Suggestion]:
        """The articles that the knowledge base's own search finds, the best first."""
        home = home_for(request)
        if home is None:
            return []
        query = clean_query(text[:LONGEST_QUERY])
        search = ArticleSearch(home=home, query=query, request=request)
        found = [_suggestion(request, page) for page in search.best(limit)]
        return [suggestion for suggestion in found if suggestion.url]

    def get(self, request: HttpRequest, page_id: int) -> Suggestion | None:
        """An article of any language that is published and open to the visitor."""
        pages = swapper.load_model("wagtailcore", "Page").objects.live()
        articles = pages.filter(pk=page_id).type(*article_types())
        page = Visibility.of(request).pages(articles).first()
        found = _suggestion(request, page) if page is not None else None
        return found if found is not None and found.url else None


def _suggestion(request: HttpRequest, page: Any) -> Suggestion:
    urls = PageUrls.of(request)
    return Suggestion(
        page_id=page.pk,
        revision_id=page.live_revision_id,
        locale=page.locale.language_code,
        title=page.title,
        url=urls.of_page(page) or "",
    )
