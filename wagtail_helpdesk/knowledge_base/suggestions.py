"""Articles that may answer what is typed into a form; see ``access.suggestions``."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import swapper
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string

from wagtail_helpdesk.access.suggestions import (
    MOST_SUGGESTIONS,
    Suggestion,
    says_something,
)
from wagtail_helpdesk.access.visibility import Visibility
from wagtail_helpdesk.conf import helpdesk_settings
from wagtail_helpdesk.forms.spam import client_address
from wagtail_helpdesk.headers import mark_page
from wagtail_helpdesk.knowledge_base.navigation import home_for
from wagtail_helpdesk.knowledge_base.search import (
    LONGEST_QUERY,
    ArticleSearch,
    clean_query,
)
from wagtail_helpdesk.knowledge_base.tree import article_types
from wagtail_helpdesk.page_urls import PageUrls
from wagtail_helpdesk.rate_limits import count_attempt, parse_rate

swapper.set_app_prefix("wagtailcore", "wagtail")

FRAGMENT = "wagtail_helpdesk/knowledge_base/includes/suggestions.html"


class KnowledgeBaseArticles:
    """Suggests from the knowledge base in the request's site and language."""

    def suggest(
        self, request: HttpRequest, text: str, *, limit: int
    ) -> list[Suggestion]:
        """The articles that the knowledge base's own search finds, the best first."""
        home = home_for(request)
        return _best(home, request, text, limit) if home is not None else []

    def get(self, request: HttpRequest, page_id: int) -> Suggestion | None:
        """An article of any language that is published and open to the visitor."""
        pages = swapper.load_model("wagtailcore", "Page").objects.live()
        articles = pages.filter(pk=page_id).type(*article_types())
        page = Visibility.of(request).pages(articles).first()
        found = _suggestion(request, page) if page is not None else None
        return found if found is not None and found.url else None


def show(home: Any, request: HttpRequest) -> HttpResponse:
    """The articles for what is typed into a search box so far, as a piece of HTML.

    Whoever types very fast is answered with nothing for the rest of the minute.

    Args:
        home: The home page whose knowledge base is searched.
        request: The request; ``?q=`` is what is typed.
    """
    # A template of ours would say so.
    mark_page(request)
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    rate = parse_rate(
        helpdesk_settings.SUGGEST_RATE_LIMIT, setting="SUGGEST_RATE_LIMIT"
    )
    who = client_address(request)
    attempt = count_attempt(rate, scope="search suggestions", who=who)
    if attempt.wait:
        response = HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS)
        response["Retry-After"] = str(attempt.wait)
    else:
        text = request.GET.get("q", "")
        found = []
        if says_something(text[:LONGEST_QUERY]):
            found = _best(home, request, text, MOST_SUGGESTIONS)
        html = render_to_string(FRAGMENT, {"suggestions": found}) if found else ""
        response = HttpResponse(html)
    response["X-Robots-Tag"] = "noindex"
    return response


def _best(home: Any, request: HttpRequest, text: str, limit: int) -> list[Suggestion]:
    query = clean_query(text[:LONGEST_QUERY])
    search = ArticleSearch(home=home, query=query, request=request)
    found = [_suggestion(request, page) for page in search.best(limit)]
    return [suggestion for suggestion in found if suggestion.url]


def _suggestion(request: HttpRequest, page: Any) -> Suggestion:
    urls = PageUrls.of(request)
    return Suggestion(
        page_id=page.pk,
        revision_id=page.live_revision_id,
        locale=page.locale.language_code,
        title=page.title,
        url=urls.of_page(page) or "",
    )
