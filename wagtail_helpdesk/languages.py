"""In which languages a page can be read, and where."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import swapper
from django.conf import settings
from django.db import router
from django.db.models import CharField, Q
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_info

from wagtail_helpdesk.page_urls import PageUrls
from wagtail_helpdesk.statements.slots import KeptQuery, Slot, kept_query

swapper.set_app_prefix("wagtailcore", "wagtail")


@dataclass(frozen=True)
class LanguageLink:
    """One language to switch to.

    Attributes:
        code: The language code, such as ``"pt-br"``.
        name: The language's name in its own words.
        direction: ``"rtl"`` or ``"ltr"``.
        url: Where the page is in this language; empty for a page that has one address
            in all languages, which is switched by a POST.
        is_current: Whether this is the language shown.
        is_exact: Whether ``url`` is this page; else it is the nearest page above it
            that is translated.
    """

    code: str
    name: str
    direction: str
    url: str
    is_current: bool
    is_exact: bool = True


def _link(code: str, url: str, *, is_exact: bool = True) -> LanguageLink:
    info = get_language_info(code)
    return LanguageLink(
        code=code,
        name=info["name_local"],
        direction="rtl" if info["bidi"] else "ltr",
        url=url,
        is_current=code == get_language(),
        is_exact=is_exact,
    )


class Translation(NamedTuple):
    """A page as a link to it needs it, in one of its languages."""

    pk: int
    translation_key: Any
    path: str
    depth: int
    live: bool
    title: str
    url_path: str
    locale_id: int
    language_code: str


_COLUMNS = (*Translation._fields[:-1], "locale__language_code")


def translations_of(page: Any, also: Collection[int] = ()) -> list[Translation]:
    """A page and the pages above it, each in all languages, in one query.

    Args:
        page: Any page.
        also: Ids of other pages that are wanted in all languages.
    """
    page_model = swapper.load_model("wagtailcore", "Page")
    step = page_model.steplen
    # The root of the tree is nobody's translation.
    paths = [page.path[:end] for end in range(2 * step, len(page.path) + 1, step)]
    ids = sorted(also)
    using = router.db_for_read(page_model)

    def build() -> KeptQuery | None:
        wanted = Q(path__in=Slot("paths", CharField(), len(paths)))
        if ids:
            wanted |= Q(pk__in=ids)
        keys = page_model.objects.filter(wanted).order_by().values("translation_key")
        rows = page_model.objects.using(using).filter(translation_key__in=keys)
        return KeptQuery.of(rows.order_by(), _COLUMNS)

    query = kept_query(using, ("translations", len(paths), *ids), build)
    rows = query.rows({"paths": paths}) if query else []
    return [Translation(*row) for row in rows]


def page_languages(
    page: Any,
    path: str,
    request: HttpRequest | None = None,
    translations: Iterable[Translation] | None = None,
) -> list[LanguageLink]:
    """List the languages a page can be read in.

    Args:
        page: A Wagtail page, or ``None`` for a view that is no page.
        path: The path asked for; what follows the page's own address is kept, so a
            view below a page leads to the same view in the other language.
        request: The request that is answered.
        translations: What ``translations_of`` says of the page, if it is known.

    Returns:
        One link per language, in the order of the site's languages.
    """
    if page is None:
        return [_link(code, "") for code, _name in settings.LANGUAGES]
    if not getattr(settings, "WAGTAIL_I18N_ENABLED", False):
        return []
    urls = PageUrls.of(request)
    own_url = urls.of_page(page)
    below = path.removeprefix(own_url) if own_url and path.startswith(own_url) else ""
    if translations is None:
        translations = translations_of(page)
    # How far above the page each of them is; 0 is the page itself.
    keys = {
        item.translation_key: page.depth - item.depth
        for item in translations
        if page.path.startswith(item.path)
    }
    nearest: dict[str, tuple[int, str]] = {}
    for item in translations:
        code, place = item.language_code, keys.get(item.translation_key)
        if place is None or not item.live:
            continue
        if code not in nearest or place < nearest[code][0]:
            nearest[code] = (place, item.url_path)
    links = []
    for code, _name in settings.LANGUAGES:
        if code not in nearest:
            continue
        place, url_path = nearest[code]
        url = urls.of_path(url_path)
        if url:
            exact = place == 0
            links.append(_link(code, url + below if exact else url, is_exact=exact))
    return links
