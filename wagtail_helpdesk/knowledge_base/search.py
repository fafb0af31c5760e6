"""Search over the titles and bodies of articles, for what the visitor may see."""

from __future__ import annotations

import datetime
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import swapper
from django.core.paginator import Page as ResultPage
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info

from wagtail_helpdesk.access.visibility import Visibility
from wagtail_helpdesk.knowledge_base.highlighting import highlight, snippet, words_in
from wagtail_helpdesk.knowledge_base.tree import CategoryLink, article_types
from wagtail_helpdesk.page_urls import PageUrls

if TYPE_CHECKING:
    from wagtail_helpdesk.knowledge_base.mixins import KnowledgeBaseHomePageMixin

swapper.set_app_prefix("wagtailcore", "wagtail")

LONGEST_QUERY = 200
"""Characters; a longer query is refused, because it is no question a person typed."""

MOST_RESULTS = 500
"""More are not looked at: nobody reads that far, and the work stays bounded."""

RESULTS_PER_PAGE = 10
_OFFER_OTHER_LANGUAGES_BELOW = 5


def clean_query(text: str) -> str:
    """What was typed, without characters that cannot be seen.

    Control characters, NUL and direction overrides would change the page around them.

    Args:
        text: The value of ``q``.

    Returns:
        The query as it may be shown, in composed form (NFC).
    """
    visible = "".join(
        " " if unicodedata.category(char)[0] in "CZ" else char for char in text
    )
    return " ".join(unicodedata.normalize("NFC", visible).split())


def query_words(query: str) -> list[str]:
    """The words of a query; operators and quotes of any search engine are no words.

    Args:
        query: The query, cleaned.
    """
    kept = "".join(
        char if unicodedata.category(char)[0] in "LMN" else " " for char in query
    )
    return list(dict.fromkeys(kept.split()))


def is_telling(word: str) -> bool:
    """Whether a word is long enough to say what a question is about.

    A letter of Chinese or Japanese says as much as three of an alphabet.

    Args:
        word: A word of a query.
    """
    return len(word) > 3 or any("\u2e80" <= char <= "\ud7ff" for char in word)


@dataclass(frozen=True)
class Found:
    """One result, ready to show.

    Attributes:
        page: The article.
        url: Its address.
        title: Its title with the words marked.
        snippet: The part of its text that answers best, with the words marked.
        categories: Names of the categories it is in, the outermost first.
        updated: The day it was published last.
        is_private: Whether not everyone may see it.
    """

    page: Any
    url: str
    title: SafeString
    snippet: SafeString
    categories: list[str]
    updated: datetime.date | None
    is_private: bool


@dataclass(frozen=True)
class LanguageOffer:
    """The same search in another language of the site.

    Attributes:
        code: The language code.
        name: The language's name in its own words.
        direction: ``"rtl"`` or ``"ltr"``.
        count: Number of results there.
        url: The search there.
    """

    code: str
    name: str
    direction: str
    count: int
    url: str


@dataclass
class ArticleSearch:
    """One search of a knowledge base.

    Args:
        home: The knowledge base's home page; its language is searched.
        query: The query, cleaned.
        request: The request that is answered.
        category: Slug of a top-level category to stay in, or empty.
        page_number: The page asked for, as it came; nonsense is the first page.
    """

    home: KnowledgeBaseHomePageMixin
    query: str
    request: HttpRequest
    category: str = ""
    page_number: str | int = 1
    words: list[str] = field(init=False)
    count: int = field(init=False, default=0)
    is_loose: bool = field(init=False, default=False)
    """No article has all the words; these have some of them."""
    is_capped: bool = field(init=False, default=False)
    """There are more results than ``MOST_RESULTS``."""
    categories: list[CategoryLink] = field(init=False, default_factory=list)
    """Top-level categories with results, to narrow the search."""
    current: CategoryLink | None = field(init=False, default=None)
    """The category that the search stays in."""
    total: int = field(init=False, default=0)
    """Number of results in all categories."""
    results: ResultPage | None = field(init=False, default=None)
    """One page of ``Found``, or ``None`` when nothing was asked."""

    def __post_init__(self) -> None:
        self.words = query_words(self.query)

    def run(self) -> ArticleSearch:
        """Search, and keep what the results page shows.

        Returns:
            This search.
        """
        if not self.words:
            return self
        articles = self._articles(
            Q(path__startswith=self.home.path, locale_id=self.home.locale_id)
        )
        hits = self._hits(articles, "and")
        if not hits and len(self.words) > 1:
            hits = self._hits(articles, "or")
            self.is_loose = bool(hits)
        self.total = len(hits)
        self.is_capped = self.total >= MOST_RESULTS
        self._count_by_category(hits)
        if self.current:
            hits = [hit for hit in hits if hit.path.startswith(self.current.path)]
        self.count = len(hits)
        self.results = Paginator(hits, RESULTS_PER_PAGE).get_page(self.page_number)
        self.results.object_list = self._found(list(self.results.object_list))
        return self

    def best(self, limit: int) -> list[Any]:
        """The articles that answer best, as plain pages, without anything around them.

        While somebody types, the words are those of a sentence. Where no article has
        all of them, one must have a longer one in its title: what shares but small
        words with a question is no answer to it.

        Args:
            limit: How many at most.
        """
        if not self.words:
            return []
        articles = self._articles(
            Q(path__startswith=self.home.path, locale_id=self.home.locale_id)
        ).select_related("locale")
        hits = self._hits(articles, "and")
        if not hits and len(self.words) > 1:
            self.words = [word for word in self.words if is_telling(word)]
            hits = self._hits(articles, "or") if self.words else []
            hits = [hit for hit in hits if words_in(hit.title, self.words)]
        return hits[:limit]

    def _articles(self, where: Q) -> QuerySet[Any]:
        """Published articles that the visitor may see.

        Privacy is part of the query: what is cut off afterwards could be counted.
        """
        page_model = swapper.load_model("wagtailcore", "Page")
        articles = page_model.objects.live().filter(where).type(*article_types())
        return Visibility.of(self.request).pages(articles)

    def _hits(self, articles: Any, operator: str) -> list[Any]:
        """The best results, as plain pages; who answers in the title comes first.

        Search backends weigh titles differently, and SQLite's hardly at all. Ranking
        costs as much as there are matches (5,000: 0.3 s on PostgreSQL, 7 s on SQLite),
        so only what fits into the results is ranked; of more, those with the words in
        their titles and the newest are taken.
        """
        text = " ".join(self.words)
        newest = articles.order_by("-last_published_at")
        found = list(
            newest.search(text, operator=operator, order_by_relevance=False)[
                : MOST_RESULTS + 1
            ]
        )
        if len(found) > MOST_RESULTS:
            in_title = newest.search(
                text, fields=["title"], operator=operator, order_by_relevance=False
            )
            hits = {hit.pk: hit for hit in (*in_title[:MOST_RESULTS], *found)}
            found = list(hits.values())[:MOST_RESULTS]
        elif len(found) > 1:
            some = articles.filter(id__in=[hit.pk for hit in found])
            found = list(some.search(text, operator=operator)[:MOST_RESULTS])
        return sorted(found, key=lambda hit: -words_in(hit.title, self.words))

    def _count_by_category(self, hits: Sequence[Any]) -> None:
        """Find the top-level categories of the results."""
        length = len(self.home.path) + self.home.steplen
        counts = Counter(hit.path[:length] for hit in hits)
        page_model = swapper.load_model("wagtailcore", "Page")
        for page in page_model.objects.filter(path__in=list(counts)).order_by("path"):
            if page.path not in {hit.path for hit in hits}:
                link = CategoryLink(
                    page.title, "", counts[page.path], path=page.path, slug=page.slug
                )
                self.categories.append(link)
                if page.slug == self.category:
                    self.current = link

    def _found(self, hits: list[Any]) -> list[Found]:
        """Load the articles of one page of results, in the order of ``hits``."""
        page_model = swapper.load_model("wagtailcore", "Page")
        articles = page_model.objects.filter(pk__in=[hit.pk for hit in hits]).specific()
        by_pk = {article.pk: article for article in articles}
        above = {
            hit.path[:end]
            for hit in hits
            for end in range(
                len(self.home.path) + self.home.steplen,
                len(hit.path),
                self.home.steplen,
            )
        }
        titles = dict(
            page_model.objects.filter(path__in=above).values_list("path", "title")
        )
        found = []
        for hit in hits:
            article = by_pk.get(hit.pk)
            if article is None:  # deleted since the index was written
                continue
            text = " ".join(filter(None, (article.introduction, article.body_text)))
            found.append(
                Found(
                    page=article,
                    url=PageUrls.of(self.request).of_page(article),
                    title=highlight(article.title, self.words),
                    snippet=snippet(text, self.words),
                    categories=[
                        title
                        for path, title in sorted(titles.items())
                        if article.path.startswith(path)
                    ],
                    updated=article.updated_on,
                    is_private=Visibility.of(self.request).is_private(article),
                )
            )
        return found

    def other_languages(self) -> list[LanguageOffer]:
        """The languages in which the same words are found, if there is little here."""
        if not self.words or self.total >= _OFFER_OTHER_LANGUAGES_BELOW:
            return []
        homes = {
            home.locale_id: home
            for home in Visibility.of(self.request).pages(
                self.home.get_translations().live().select_related("locale")
            )
        }
        if not homes:
            return []
        where = Q()
        for locale_id, home in homes.items():
            where |= Q(path__startswith=home.path, locale_id=locale_id)
        hits = self._hits(self._articles(where), "and")
        counts = Counter(hit.locale_id for hit in hits)
        offers = []
        for locale_id, count in counts.most_common():
            home = homes[locale_id]
            info = get_language_info(home.locale.language_code)
            offers.append(
                LanguageOffer(
                    code=home.locale.language_code,
                    name=info["name_local"],
                    direction="rtl" if info["bidi"] else "ltr",
                    count=count,
                    url=home.search_url(self.request, self.query),
                )
            )
        return offers
