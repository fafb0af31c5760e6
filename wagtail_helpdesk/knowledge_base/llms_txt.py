"""The public articles as ``llms.txt``: what language models are pointed to.

The form is that of https://llmstxt.org: a heading, then a list of links in Markdown
below a heading for each part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from heapq import merge
from itertools import islice
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.models import Site

from wagtail_helpdesk.access.visibility import Visibility
from wagtail_helpdesk.knowledge_base.tree import article_types, home_types
from wagtail_helpdesk.page_urls import PageUrls

MOST_ARTICLES = 5000
"""More are not listed: the sitemap has them all."""

_ROWS_AT_ONCE = 500
_MARKDOWN = re.compile(r"([\\`*_\[\]<>])")

_Row = tuple[str, str, str, str]


@require_safe
def llms_txt(request: HttpRequest) -> StreamingHttpResponse:
    """List the articles that everyone may see, in all languages of the site.

    Whoever asks is shown the same: who is signed in gets nothing more.

    Args:
        request: The request; its host says which site.

    Raises:
        Http404: The host belongs to no site.
    """
    site = Site.find_for_request(request)
    if site is None:
        raise Http404
    response = StreamingHttpResponse(
        _lines(request, site), content_type="text/plain; charset=utf-8"
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _lines(request: HttpRequest, site: Site) -> Iterator[str]:
    """The file, line by line."""
    urls = PageUrls.of(request)
    homes = _homes(urls, site)
    yield f"# {_plain(site.site_name or site.hostname)}\n"
    below: str | None = None
    for path, title, url_path, description in islice(
        _articles(urls, site), MOST_ARTICLES
    ):
        home = next((home for home in homes if path.startswith(home)), "")
        if home != below:
            below = home
            yield f"\n## {homes.get(home) or _('Articles')}\n\n"
        url = request.build_absolute_uri(urls.of_path(url_path))
        text = f": {_plain(description)}" if description.strip() else ""
        yield f"- [{_plain(title)}]({url}){text}\n"


def _articles(urls: PageUrls, site: Site) -> Iterator[_Row]:
    """Path, title, ``url_path`` and description of each, in the order of the tree."""
    everyone = Visibility(None)
    lists = []
    for model in article_types():
        pages = model._default_manager.filter(urls.below_roots_of(site), live=True)
        names = ["path", "title", "url_path", "introduction"]
        if _has_field(model, "search_description"):
            names.append("search_description")
        rows = everyone.pages(pages).order_by("path").values_list(*names)
        lists.append(_described(rows[:MOST_ARTICLES].iterator(_ROWS_AT_ONCE)))
    return merge(*lists)


def _described(rows: Iterator[tuple[str, ...]]) -> Iterator[_Row]:
    """What is said for search engines describes an article, else its introduction."""
    for path, title, url_path, introduction, *search_description in rows:
        yield path, title, url_path, "".join(search_description) or introduction


def _has_field(model: type[Any], name: str) -> bool:
    """Whether a page type has a field that a site's own base page may lack."""
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True


def _homes(urls: PageUrls, site: Site) -> dict[str, str]:
    """Path to heading of each knowledge base that everyone may see."""
    found = {}
    for model in home_types():
        pages = model._default_manager.filter(urls.below_roots_of(site), live=True)
        rows = Visibility(None).pages(pages).values_list("path", "title", "url_path")
        for path, title, url_path in rows:
            language = urls.language_of(url_path)
            name = get_language_info(language)["name_local"] if language else ""
            found[path] = f"{_plain(title)} ({name})" if name else _plain(title)
    return found


def _plain(text: str) -> str:
    """A text on one line, in which nothing is markup."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))
