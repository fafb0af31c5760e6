"""What every page of a portal needs of the rows below the portal's page, in one query.

Its navigation has the words of its forms (B24) and the further links of its editor
(B34). Where a link leads depends on the reader, so it is read with both the page that
was chosen and that page in the portal's language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import swapper
from django.db.models import Case, IntegerField, OuterRef, QuerySet, Subquery, When

from wagtail_helpdesk.portal.form_settings import forms_in_links
from wagtail_helpdesk.statements.slots import Slot
from wagtail_helpdesk.statements.together import Row, Statement, aligned

swapper.set_app_prefix("wagtailcore", "wagtail")

_LINK = "navigation_links"
_PAGE = ("path", "url_path", "title")
#: How many numbers and texts a row of ``frame_rows`` has.
WIDTH = (4, 10)


@dataclass(frozen=True, slots=True)
class LinkedPage:
    """A published page that a link may lead to.

    Attributes:
        path: Its place in the tree, which says who may open it.
        url_path: As Wagtail has it.
        title: Its title.
    """

    path: str
    url_path: str
    title: str


@dataclass(frozen=True, slots=True)
class LinkRow:
    """One further link.

    Attributes:
        text: Its text; empty: the title of the page.
        url: The address, if it leads to none of the pages.
        pages: Where it leads: the first of these that the reader may open.
    """

    text: str
    url: str
    pages: tuple[LinkedPage, ...] = ()


@dataclass(frozen=True, slots=True)
class FrameRows:
    """Attributes of the portal's page that its rows decide.

    Attributes:
        form_count: How many forms are open to customers.
        first_menu_text: The menu text of the first of them; may be empty.
        links: The further links, in their order.
        language: The language code of the page; empty where it was not read.
    """

    form_count: int
    first_menu_text: str
    links: tuple[LinkRow, ...]
    language: str = ""


def read_frame(page: Any) -> FrameRows:
    """Read them, from the database or, of a draft, from the page itself.

    Args:
        page: The portal's page.
    """
    if page.support_forms.is_deferring or page.navigation_links.is_deferring:
        forms = page.open_forms
        text = forms[0].menu_text if forms else ""
        return FrameRows(len(forms), text, tuple(_links_of_draft(page)))
    model: Any = type(page)
    statement = _alone(model, model._default_manager.db)
    return frame_in(statement.rows(frame_values(page))[0])


@lru_cache(maxsize=64)
def _alone(model: type[Any], using: str) -> Statement:
    return Statement(frame_rows(model), using=using)


def frame_values(page: Any) -> dict[str, Any]:
    """What ``frame_rows`` compares with, by the names of its slots.

    Args:
        page: The portal's page.
    """
    return {"page": page.pk, "locale": page.locale_id}


def frame_rows(model: type[Any]) -> QuerySet[Any, Any]:
    """The rows as a part of a ``Statement`` of this ``WIDTH``, with slots.

    Args:
        model: The type of the portal's page.
    """
    own = swapper.load_model("wagtailcore", "Page").objects.filter(
        translation_key=OuterRef(f"{_LINK}__link_page__translation_key"),
        locale=Slot("locale", IntegerField()),
        live=True,
    )
    own_names = {f"own_{name}": Subquery(own.values(name)[:1]) for name in _PAGE}
    chosen = f"{_LINK}__link_page__"
    is_live = Case(When(**{f"{chosen}live": True}, then=1), default=0)
    page = model._default_manager.filter(pk=Slot("page", IntegerField()))
    return aligned(
        page.annotate(**forms_in_links(model), **own_names),
        numbers=("form_count", f"{_LINK}__sort_order", f"{_LINK}__pk", is_live),
        texts=(
            *("first_menu_text", f"{_LINK}__link_text", f"{_LINK}__link_url"),
            *own_names,
            *(f"{chosen}{name}" for name in _PAGE),
            "locale__language_code",
        ),
        width=WIDTH,
    )


def frame_in(rows: Iterable[Row]) -> FrameRows:
    """What these rows say; nothing of a page that was deleted meanwhile.

    Args:
        rows: What ``frame_rows`` has found.
    """
    # By their order, and by key. The page itself comes once, without a link, where it
    # has none.
    found = sorted(rows, key=lambda row: row[1:3])
    if not found:
        return FrameRows(0, "", ())
    links = tuple(_link(*row[3:4], *row[5:-1]) for row in found if row[2])
    return FrameRows(found[0][0], found[0][4], links, language=found[0][-1])


def _link(is_live: int, text: str, url: str, *pages: str) -> LinkRow:
    own, chosen = pages[:3], pages[3:]
    found = [LinkedPage(*own)] if own[0] else []
    if is_live:
        found.append(LinkedPage(*chosen))
    return LinkRow(text, url, tuple(found))


def _links_of_draft(page: Any) -> Iterator[LinkRow]:
    for row in page.navigation_links.all():
        to = row.link_page
        pages = (LinkedPage(to.path, to.url_path, to.title),) if to and to.live else ()
        yield LinkRow(row.link_text, row.link_url, pages)
