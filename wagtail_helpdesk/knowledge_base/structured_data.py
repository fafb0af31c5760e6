"""What search engines read about an article: schema.org Article and BreadcrumbList."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from wagtail_helpdesk.frontend import Crumb

# JSON inside a script element must not be able to end that element, and the two line
# separators are no JavaScript. Django's json_script does the same.
_ESCAPES = {ord(char): f"\\u{ord(char):04X}" for char in "<>&\u2028\u2029"}
_LONGEST_HEADLINE = 110


def json_ld(data: Any) -> SafeString:
    """Write data as JSON that may stand inside ``<script type="application/ld+json">``.

    Args:
        data: Dicts, lists and texts.
    """
    text = json.dumps(data, ensure_ascii=False).translate(_ESCAPES)
    # No character that HTML gives a meaning is left.
    return mark_safe(text)  # noqa: S308


def article_data(
    article: Any,
    request: HttpRequest,
    *,
    url: str,
    publisher: str,
    part_of: str,
    language: str,
) -> dict[str, Any]:
    """Describe an article (https://developers.google.com/search/docs, "Article").

    Args:
        article: The article that is shown.
        request: The request, for absolute addresses.
        url: The article's canonical address, absolute.
        publisher: The site's name.
        part_of: The title of the knowledge base.
        language: The article's language code.
    """
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": article.title[:_LONGEST_HEADLINE],
        "mainEntityOfPage": url,
        "url": url,
        "inLanguage": language,
    }
    description = article.search_description or article.introduction
    if description:
        data["description"] = description
    if article.first_published_at:
        data["datePublished"] = article.first_published_at.isoformat()
    if article.last_updated_at:
        data["dateModified"] = article.last_updated_at.isoformat()
    if publisher:
        organization = {
            "@type": "Organization",
            "name": publisher,
            "url": request.build_absolute_uri("/"),
        }
        data["publisher"] = organization
        data["author"] = organization
    if part_of:
        data["isPartOf"] = {"@type": "WebSite", "name": part_of}
    return data


def breadcrumb_data(crumbs: Sequence[Crumb], request: HttpRequest) -> dict[str, Any]:
    """Describe the way to a page (https://schema.org/BreadcrumbList).

    Args:
        crumbs: The steps, the last one without an address.
        request: The request, for absolute addresses.
    """
    items: list[dict[str, Any]] = []
    for position, crumb in enumerate(crumbs, start=1):
        item: dict[str, Any] = {
            "@type": "ListItem",
            "position": position,
            "name": str(crumb.label),
        }
        if crumb.url:
            item["item"] = request.build_absolute_uri(crumb.url)
        items.append(item)
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": items,
    }
