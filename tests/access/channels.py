"""Every way a visitor can learn of an article, each as a question with yes or no.

``told_by`` asks them all for one visitor, so that a test can hold them to one answer.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

from bs4 import BeautifulSoup
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client, RequestFactory
from wagtail.models import Page

from tests.knowledge_base.factories import ArticleFactory
from wagtail_helpdesk.access.visibility import Visibility, pages_visible_to
from wagtail_helpdesk.knowledge_base.home_page import SHORT_LIST
from wagtail_helpdesk.knowledge_base.models import ArticlePage, KnowledgeBaseHomePage
from wagtail_helpdesk.knowledge_base.neighbours import neighbours

#: In the title of every article that is asked for, so that a search finds them all.
WORD = "Turbine"


class Visitor:
    """Somebody with a browser, or a crawler.

    Args:
        user: Who is signed in; ``None`` is nobody.
    """

    def __init__(self, user: Any = None) -> None:
        self.user = user or AnonymousUser()
        self.client = Client()
        if user is not None:
            self.client.force_login(
                user, backend="django.contrib.auth.backends.ModelBackend"
            )

    def opens(self, page: Page) -> bool:
        """Whether the page is served, and not refused or led to the sign-in page."""
        status = self.client.get(page.get_url()).status_code
        assert status in {200, 302, 403}
        return status == 200

    def links(self, url: str) -> set[str]:
        """The addresses that a page links to; none if it is not served."""
        response = self.client.get(url)
        if response.status_code != 200:
            return set()
        soup = BeautifulSoup(response.content.decode(), "html.parser")
        return {link["href"] for link in soup.find_all("a", href=True)}

    def text(self, url: str) -> str:
        response = self.client.get(url)
        assert response.status_code == 200
        body = b"".join(response) if response.streaming else response.content
        return body.decode()


def told_by(visitor: Visitor, articles: Collection[Page]) -> dict[str, set[int]]:
    """The articles that each channel tells a visitor of, by their keys.

    A list is asked only where the visitor may open the page it stands on: what they
    may not open tells nothing, and what stands below it is closed too.
    """
    urls = {article.pk: article.get_url() for article in articles}
    pks = set(urls)

    def among(found: set[str]) -> set[int]:
        return {pk for pk, url in urls.items() if url in found}

    homes = list(KnowledgeBaseHomePage.objects.live())
    parents = {article.get_parent() for article in articles}
    told: dict[str, set[int]] = {
        "served": {a.pk for a in articles if visitor.opens(a)},
        "rule": set(
            pages_visible_to(visitor.user, Page.objects.filter(pk__in=pks)).values_list(
                "pk", flat=True
            )
        ),
        "list of its category": among(
            set().union(*(visitor.links(parent.get_url()) for parent in parents))
        ),
        "beside another article": set().union(
            *(_neighbours(visitor, parent) for parent in parents)
        )
        & pks,
        "API": _api(visitor) & pks,
    }
    if connection.vendor != "mysql" or not connection.in_atomic_block:
        # InnoDB finds words only in rows that are committed.
        told["search"] = among(
            set().union(
                *(visitor.links(f"{h.get_url()}search/?q={WORD}") for h in homes)
            )
        )
    if all(_article_count(home) <= SHORT_LIST for home in homes):
        told["newest on the home page"] = among(
            set().union(*(visitor.links(home.get_url()) for home in homes))
        )
    return told


def told_to_everyone(articles: Collection[Page]) -> dict[str, set[int]]:
    """The articles that are handed to whoever asks, by their keys."""
    nobody = Visitor()
    urls = {article.pk: article.get_url() for article in articles}
    sitemap = re.findall(
        r"<loc>http://localhost(.*?)</loc>", nobody.text("/sitemap.xml")
    )
    llms = re.findall(r"\]\(http://testserver(.*?)\)", nobody.text("/llms.txt"))
    visibility = Visibility(None)
    return {
        "sitemap": {pk for pk, url in urls.items() if url in sitemap},
        "llms.txt": {pk for pk, url in urls.items() if url in llms},
        "explained as public": {
            page.pk for page in articles if visibility.why(page).is_public
        },
    }


def _article_count(home: Page) -> int:
    return ArticlePage.objects.live().descendant_of(home).count()


def _api(visitor: Visitor) -> set[int]:
    url = "/api/v2/pages/?limit=20&type=helpdesk_knowledge_base.ArticlePage"
    answer = visitor.client.get(url).json()
    assert answer["meta"]["total_count"] <= 20
    return {item["id"] for item in answer["items"]}


def _neighbours(visitor: Visitor, parent: Page) -> set[int]:
    """What the side of an article that is not asked for lists."""
    asked_from = ArticlePage.objects.child_of(parent).exclude(title__contains=WORD)
    article = asked_from.first() or ArticleFactory(parent=parent, title="Guide")
    request = RequestFactory().get("/")
    request.user = visitor.user
    request.session = visitor.client.session
    urls = {link.url for link in neighbours(article, request)}
    beside = ArticlePage.objects.child_of(parent).exclude(pk=article.pk)
    return {page.pk for page in beside if page.get_url() in urls}
