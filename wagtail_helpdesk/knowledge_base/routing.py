"""From an address to the page that answers, in one query for all levels."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import swapper
from django.db import router
from django.db.models import CharField

from wagtail_helpdesk.knowledge_base.page import KnowledgeBasePageMixin
from wagtail_helpdesk.knowledge_base.tree import article_types, category_types
from wagtail_helpdesk.statements.slots import KeptQuery, Slot, compiled, kept_query

swapper.set_app_prefix("wagtailcore", "wagtail")


def line_below(top: Any, slugs: Sequence[str]) -> list[Any]:
    """The pages that lead from a page down along these slugs, in one query.

    Args:
        top: The page to begin at; it is not among the answer.
        slugs: The slug of each level below it.

    Returns:
        Plain pages, drafts too, the last one as itself; empty when there is no such
        page, or when one on the way has a routing of its own and must be asked.
    """
    page_model = swapper.load_model("wagtailcore", "Page")
    named = _read(top, sorted(set(slugs)), top.depth + len(slugs))
    by_place = {(page.path[: -page.steplen], page.slug): page for page in named}
    line: list[Any] = []
    for slug in slugs:
        above = line[-1] if line else top
        page = by_place.get((above.path, slug))
        if page is None:
            return []
        page._cached_parent_obj = above
        line.append(page)
    for page in line[:-1]:
        model = page.specific_class
        # Ours differs only where there is no such page.
        usual = (page_model.route, KnowledgeBasePageMixin.route)
        if model is None or model.route not in usual:
            return []
    if line:
        line[-1] = _as_itself(line[-1])
    return line


@cache
def _own_columns() -> dict[type[Any], dict[str, str]]:
    """What a plain page lacks of itself as an article or a category, by its type.

    A type that is made from another one of those is left to ``specific``.

    Returns:
        What a query for plain pages calls each column, by the type's own name for it.
    """
    page_model = swapper.load_model("wagtailcore", "Page")
    return {
        relation.related_model: {
            field.attname: f"{relation.name}__{field.attname}"
            for field in relation.related_model._meta.local_concrete_fields
        }
        for relation in page_model._meta.related_objects
        if relation.parent_link
        and relation.related_model in (*article_types(), *category_types())
    }


def _read(top: Any, slugs: Sequence[str], deepest: int) -> list[Any]:
    """Pages below another with one of these slugs, each with its own type's columns."""
    page_model = swapper.load_model("wagtailcore", "Page")
    using = router.db_for_read(page_model)
    plain = {field.attname: field.attname for field in page_model._meta.concrete_fields}
    kinds = {page_model: plain, **_own_columns()}
    columns = [column for names in kinds.values() for column in names.values()]

    def build() -> KeptQuery | None:
        first, last = Slot("first", CharField()), Slot("last", CharField())
        pages = (
            page_model.objects.using(using)
            .filter(
                slug__in=Slot("slugs", CharField(), len(slugs)),
                path__gte=first,
                path__lte=last,
                depth__lte=deepest,
            )
            .order_by()
            .values_list(*columns)
        )
        text = compiled(pages)
        labels = [f"column_{number}" for number in range(len(columns))]
        return KeptQuery(using, *text, labels, pages) if text else None

    query = kept_query(using, ("line", len(slugs), deepest), build)
    first, last = page_model._get_children_path_interval(top.path)
    values = {"slugs": slugs, "first": first, "last": last}
    pages: list[Any] = []
    for row in query.rows(values) if query else []:
        cells = dict(zip(columns, row, strict=True))
        page = page_model.from_db(using, list(plain), [cells[name] for name in plain])
        own = kinds.get(page.specific_class)
        if own and own is not plain:
            named = {name: cells[column] for name, column in (plain | own).items()}
            page._own_cells = named
        pages.append(page)
    return pages


def _as_itself(page: Any) -> Any:
    """The page in its own type, without a query where its columns were read with it."""
    cells, model = page.__dict__.pop("_own_cells", None), page.specific_class
    names = [field.attname for field in model._meta.concrete_fields] if cells else []
    if not names or cells[model._meta.pk.attname] is None:
        return page.specific
    own = model.from_db(page._state.db, names, [cells[name] for name in names])
    # As ``specific`` does.
    own._cached_parent_obj = page._cached_parent_obj
    return own
