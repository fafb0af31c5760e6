"""In which languages a page can be read, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_info

from wagtail_helpdesk.page_urls import PageUrls


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


def page_languages(
    page: Any, path: str, request: HttpRequest | None = None
) -> list[LanguageLink]:
    """List the languages a page can be read in.

    Args:
        page: A Wagtail page, or ``None`` for a view that is no page.
        path: The path asked for; what follows the page's own address is kept, so a
            view below a page leads to the same view in the other language.
        request: The request that is answered.

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
    # The page itself and the pages above it, each with its translations, in one query.
    lineage = page.get_ancestors(inclusive=True).filter(depth__gt=1).order_by()
    translations = list(
        lineage.model.objects.filter(
            translation_key__in=lineage.values("translation_key")
        )
        .order_by()
        .values_list(
            "translation_key",
            "path",
            "depth",
            "live",
            "url_path",
            "locale__language_code",
            named=True,
        )
    )
    # How far above the page each of them is; 0 is the page itself.
    keys = {
        item.translation_key: page.depth - item.depth
        for item in translations
        if page.path.startswith(item.path)
    }
    nearest: dict[str, tuple[int, str]] = {}
    for item in translations:
        code = item.locale__language_code
        place = keys[item.translation_key]
        if item.live and (code not in nearest or place < nearest[code][0]):
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
