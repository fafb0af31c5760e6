"""Pages that every public page links to: portals, and home pages of knowledge bases.

They are read for each page that is shown, so their statement is put together once for
each connection. What it may show is decided where it is built, as anywhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any

from django.http import HttpRequest
from wagtail.models import Site

from wagtail_helpdesk.access.visibility import Visibility
from wagtail_helpdesk.page_urls import PageUrls
from wagtail_helpdesk.statements.slots import KeptQuery, kept_query


def pages_on_site(request: HttpRequest, model: type[Any], **wanted: Any) -> Any:
    """Published pages of a type on the request's site that this visitor may see.

    Args:
        request: The request that is answered.
        model: The page type.
        wanted: Conditions on its fields.

    Returns:
        A queryset, of none where the request belongs to no site.
    """
    site = Site.find_for_request(request)
    if site is None:
        return model._default_manager.none()
    below = PageUrls.of(request).below_roots_of(site)
    pages = model._default_manager.filter(below, live=True, **wanted)
    return Visibility.of(request).pages(pages)


def linked_pages(
    request: HttpRequest,
    model: type[Any],
    names: Collection[str],
    *,
    also: Callable[[type[Any]], Mapping[str, Any]] = lambda model: {},
    **wanted: Any,
) -> list[Any]:
    """The same pages in no order, with some of their columns and the others deferred.

    Args:
        request: The request that is answered.
        model: The page type.
        names: The fields to read; the keys come with them.
        also: Gives expressions for a page type, by the names of the attributes that
            the pages get beside their fields; the same ones each time.
        wanted: Conditions on its fields; their values are part of the statement.
    """
    site = Site.find_for_request(request)
    if site is None:
        return []
    using = model._default_manager.all().db
    kind: Any = model
    columns = _columns(kind, tuple(names))
    # All that the queryset depends on beside the database.
    roots, closed = PageUrls.of(request).roots, Visibility.of(request).closed
    key = ("linked pages", model, columns, also, tuple(wanted.items()))

    def build() -> KeptQuery | None:
        pages, more = pages_on_site(request, model, **wanted), also(model)
        return KeptQuery.of(pages.annotate(**more), (*columns, *more))

    query = kept_query(using, (*key, site.pk, tuple(roots), closed), build)
    return (
        [_page(model, using, columns, row) for row in query.rows({})] if query else []
    )


def _page(model: type[Any], using: str, columns: tuple[str, ...], row: Any) -> Any:
    page: Any = model.from_db(using, columns, row[: len(columns)])
    for name in row._fields[len(columns) :]:
        setattr(page, name, getattr(row, name))
    return page


@cache
def _columns(model: type[Any], names: tuple[str, ...]) -> tuple[str, ...]:
    """These fields' columns and the keys, in the order ``from_db`` takes them."""
    return tuple(
        field.attname
        for field in model._meta.concrete_fields
        if field.name in names or field.primary_key or field.name == "id"
    )
