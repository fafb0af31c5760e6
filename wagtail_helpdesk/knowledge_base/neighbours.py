"""The articles beside one: the list of its section, the previous and the next."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db import router
from django.db.models import CharField
from django.http import HttpRequest

from wagtail_helpdesk.access.visibility import Subtrees, Visibility
from wagtail_helpdesk.knowledge_base.tree import (
    ArticleLink,
    article_types,
    pages_of,
)
from wagtail_helpdesk.page_urls import PageUrls
from wagtail_helpdesk.statements.slots import Slot
from wagtail_helpdesk.statements.together import Statement

_NEIGHBOURS = 12


@lru_cache(maxsize=64)
def _around(depth: int, closed: Subtrees, using: str) -> Statement:
    """What finds the articles beside one; the same for all at one level of the tree.

    Args:
        depth: The level.
        closed: What the visitor may not see.
        using: The alias of the database.
    """
    first, here, last = (Slot(name, CharField()) for name in ("first", "here", "last"))
    articles = pages_of(article_types()).filter(depth=depth)
    for condition in closed.conditions():
        articles = articles.exclude(condition)
    before = articles.filter(path__gte=first, path__lt=here).order_by("-path")
    after = articles.filter(path__gt=here, path__lte=last).order_by("path")
    columns = ("path", "title", "url_path")
    return Statement(
        before.values_list(*columns)[:_NEIGHBOURS],
        after.values_list(*columns)[:_NEIGHBOURS],
        using=using,
    )


def neighbours(article: Any, request: HttpRequest) -> list[ArticleLink]:
    """The articles around one in its category, up to twelve on either side.

    The number is bounded because a category may hold a thousand articles.

    Args:
        article: The article that is shown; it is among the links.
        request: The request that is answered.
    """
    visibility, urls = Visibility.of(request), PageUrls.of(request)
    model = type(article)
    first, last = model._get_children_path_interval(article.path[: -article.steplen])
    before, after = _around(
        article.depth, visibility.closed, router.db_for_read(model)
    ).rows({"first": first, "here": article.path, "last": last})
    here = (article.path, article.title, article.url_path)
    return [
        ArticleLink(
            title=title,
            url=urls.of_path(url_path),
            is_private=visibility.is_private_at(path),
            is_current=path == article.path,
        )
        for path, title, url_path in sorted((*before, here, *after))
    ]
