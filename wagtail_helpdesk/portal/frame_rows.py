"""What every page of a portal needs of the rows below the portal's page, in one query.

Its navigation has the words of its forms (B24) and the further links of its editor
(B34). Where a link leads depends on the reader, so it is read with both the page that
was chosen and that page in the portal's language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import swapper
from django.db.models import OuterRef, QuerySet, Subquery

from wagtail_helpdesk.portal.form_settings import forms_in_links
from wagtail_helpdesk.statements.querysets import ask

swapper.set_app_prefix("wagtailcore", "wagtail")

_LINK = "navigation_links"
_PAGE = ("path", "url_path", "title")


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
    """

    form_count: int
    first_menu_text: str
    links: tuple[LinkRow, ...]


def read_frame(page: Any) -> FrameRows:
    """Read them, from the database or, of a draft, from the page itself.

    Args:
        page: The portal's page.
    """
    if page.support_forms.is_deferring or page.navigation_links.is_deferring:
        forms = page.open_forms
        text = forms[0].menu_text if forms else ""
        return FrameRows(len(forms), text, tuple(_links_of_draft(page)))
    model = type(page)
    found = ask(
        ("portal frame", model._meta.label),
        {"page": page.pk, "locale": page.locale_id},
        lambda values: _rows(model, values),
        using=model._default_manager.db,
    )
    if not found:
        # Deleted meanwhile.
        return FrameRows(0, "", ())
    number, text = found[0][:2]
    # The page itself comes once, without a link, where it has none.
    links = tuple(_link(*row[3:]) for row in found if row[2] is not None)
    return FrameRows(number or 0, text or "", links)


def _rows(model: type[Any], values: Mapping[str, Any]) -> QuerySet[Any]:
    own = swapper.load_model("wagtailcore", "Page").objects.filter(
        translation_key=OuterRef(f"{_LINK}__link_page__translation_key"),
        locale=values["locale"],
        live=True,
    )
    own_names = {f"own_{name}": Subquery(own.values(name)[:1]) for name in _PAGE}
    columns = (
        *("form_count", "first_menu_text", f"{_LINK}__pk"),
        *(f"{_LINK}__link_text", f"{_LINK}__link_url", *own_names),
        *(f"{_LINK}__link_page__{name}" for name in ("live", *_PAGE)),
    )
    page = model._default_manager.filter(pk=values["page"])
    found = page.annotate(**forms_in_links(model), **own_names)
    return found.order_by(f"{_LINK}__sort_order", f"{_LINK}__pk").values_list(*columns)


def _link(text: str, url: str, *pages: Any) -> LinkRow:
    own, is_live, chosen = pages[:3], pages[3], pages[4:]
    found = [LinkedPage(*own)] if own[0] is not None else []
    if is_live:
        found.append(LinkedPage(*chosen))
    return LinkRow(text, url, tuple(found))


def _links_of_draft(page: Any) -> Iterator[LinkRow]:
    for row in page.navigation_links.all():
        to = row.link_page
        pages = (LinkedPage(to.path, to.url_path, to.title),) if to and to.live else ()
        yield LinkRow(row.link_text, row.link_url, pages)
