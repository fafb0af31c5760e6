"""Walks through the knowledge base: categories, articles and what stands above them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import swapper
from django.apps import apps
from django.db.models import Count
from django.db.models.functions import Substr
from django.http import HttpRequest

from wagtail_helpdesk.access.visibility import Visibility
from wagtail_helpdesk.knowledge_base.icons import icon_template
from wagtail_helpdesk.page_urls import PageUrls

if TYPE_CHECKING:
    from wagtail_helpdesk.knowledge_base.mixins import KnowledgeBaseHomePageMixin

swapper.set_app_prefix("wagtailcore", "wagtail")


@dataclass(frozen=True)
class CategoryLink:
    """A category in a list.

    Attributes:
        title: Its name.
        url: Its address.
        count: Number of articles in it and below it that the visitor may see.
        description: What it is about.
        icon_template: What draws its icon.
        is_private: Whether not everyone may see it.
        path: Its place in the page tree.
        slug: Its part of the address.
        is_current: Whether it is the page that is shown.
    """

    title: str
    url: str
    count: int = 0
    description: str = ""
    icon_template: str = ""
    is_private: bool = False
    path: str = ""
    slug: str = ""
    is_current: bool = False


@dataclass(frozen=True)
class ArticleLink:
    """An article in a list.

    Attributes:
        title: Its title.
        url: Its address.
        introduction: What it is about, or empty.
        is_private: Whether not everyone may see it.
        is_current: Whether it is the page that is shown.
    """

    title: str
    url: str
    introduction: str = ""
    is_private: bool = False
    is_current: bool = False


@cache
def article_types() -> tuple[type[Any], ...]:
    """Every page type that is an article: ours, or a site's own from the mixin."""
    from wagtail_helpdesk.knowledge_base.mixins import ArticlePageMixin

    return tuple(m for m in apps.get_models() if issubclass(m, ArticlePageMixin))


@cache
def category_types() -> tuple[type[Any], ...]:
    """Every page type that is a category."""
    from wagtail_helpdesk.knowledge_base.mixins import CategoryPageMixin

    return tuple(m for m in apps.get_models() if issubclass(m, CategoryPageMixin))


@cache
def home_types() -> tuple[type[Any], ...]:
    """Every page type that is the home page of a knowledge base."""
    from wagtail_helpdesk.knowledge_base.mixins import KnowledgeBaseHomePageMixin

    return tuple(
        m for m in apps.get_models() if issubclass(m, KnowledgeBaseHomePageMixin)
    )


def pages_of(types: Iterable[type[Any]]) -> Any:
    """Published pages of these types, as plain pages.

    Args:
        types: Page types; none of them means no pages.
    """
    page_model = swapper.load_model("wagtailcore", "Page")
    types = tuple(types)
    if not types:
        return page_model.objects.none()
    return page_model.objects.live().type(*types)


def lineage(page: Any) -> list[Any]:
    """The knowledge base's home page and what lies between it and ``page``.

    Args:
        page: A category or an article.

    Returns:
        Plain pages, the home page first; empty when there is no home page above.
    """
    above = list(page.get_ancestors().order_by("path"))
    for place in range(len(above) - 1, -1, -1):
        if issubclass(above[place].specific_class or type(above[place]), home_types()):
            return above[place:]
    return []


def home_above(page: Any) -> KnowledgeBaseHomePageMixin | None:
    """The home page of the knowledge base that ``page`` belongs to.

    Args:
        page: A category or an article, or the home page itself.
    """
    if isinstance(page, home_types()):
        return page
    line = lineage(page)
    return line[0].specific if line else None


def count_articles(below: Any, visibility: Visibility) -> Counter[str]:
    """Count the articles in each child of a page, in one query.

    Args:
        below: The page whose children are counted.
        visibility: The visitor; what they may not see is not counted.

    Returns:
        Number of articles by the child's path.
    """
    length = len(below.path) + below.steplen
    articles = visibility.pages(pages_of(article_types()).descendant_of(below))
    counted = (
        articles.order_by()
        .annotate(child=Substr("path", 1, length))
        .values("child")
        .annotate(articles=Count("pk"))
        .values_list("child", "articles")
    )
    return Counter(dict(counted))


def child_categories(parent: Any, request: HttpRequest) -> list[CategoryLink]:
    """The categories directly below a page, in the editors' order.

    Args:
        parent: A knowledge base's home page or a category.
        request: The request that is answered.
    """
    visibility = Visibility.of(request)
    children = pages_of(category_types()).child_of(parent).order_by("path")
    categories = list(visibility.pages(children).specific())
    urls = PageUrls.of(request)
    if not categories:
        return []
    counts = count_articles(parent, visibility)
    return [
        CategoryLink(
            title=category.title,
            url=urls.of_page(category),
            count=counts[category.path],
            description=category.description,
            icon_template=icon_template(category.icon),
            is_private=visibility.is_private(category),
            path=category.path,
            slug=category.slug,
        )
        for category in categories
    ]


def sibling_categories(category: Any, request: HttpRequest) -> list[CategoryLink]:
    """A category with those beside it, in the editors' order."""
    visibility = Visibility.of(request)
    siblings = pages_of(category_types()).sibling_of(category).order_by("path")
    urls = PageUrls.of(request)
    rows = visibility.pages(siblings).values_list("title", "url_path", "path", "slug")
    return [
        CategoryLink(
            title=title,
            url=urls.of_path(url_path),
            is_private=visibility.is_private_at(path),
            path=path,
            slug=slug,
            is_current=path == category.path,
        )
        for title, url_path, path, slug in rows
    ]


def article_link(article: Any, request: HttpRequest) -> ArticleLink:
    """Describe an article for a list.

    Args:
        article: The article, as itself or as a plain page.
        request: The request that is answered.
    """
    return ArticleLink(
        title=article.title,
        url=PageUrls.of(request).of_page(article),
        introduction=getattr(article, "introduction", ""),
        is_private=Visibility.of(request).is_private(article),
    )
