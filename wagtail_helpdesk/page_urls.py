"""Addresses of many pages in one request, without asking Wagtail for each.

``Page.get_url`` looks for the site, switches the language and reverses a URL each time:
a tenth of a millisecond, which a page with fifty links pays fifty times. All pages
below one root page have the same beginning, so it is asked for once per root.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import swapper
from django.db.models import Q
from django.http import HttpRequest
from wagtail.models import Site

swapper.set_app_prefix("wagtailcore", "wagtail")

# What Django's reverse() leaves as it is in a path (RFC 3986).
_SAFE = "!$&'()*+,;=/~:@"
_REQUEST_ATTRIBUTE = "_helpdesk_page_urls"


class PageUrls:
    """The addresses of pages as they are linked to in one request.

    Use ``PageUrls.of(request)``, which remembers what it has found out.

    Args:
        request: The request that is answered; without one, addresses are as
            ``page.get_url()`` gives them.

    Attributes:
        roots: Wagtail's site root paths, the most specific first.
    """

    def __init__(self, request: HttpRequest | None) -> None:
        self._request = request
        self._page_model = swapper.load_model("wagtailcore", "Page")
        self._prefixes: dict[str, str | None] = {}
        self.roots = list(Site.get_site_root_paths())

    @classmethod
    def of(cls, request: HttpRequest | None) -> PageUrls:
        """The addresses for this request."""
        known: PageUrls | None = getattr(request, _REQUEST_ATTRIBUTE, None)
        if known is None:
            known = cls(request)
            if request is not None:
                setattr(request, _REQUEST_ATTRIBUTE, known)
        return known

    def of_page(self, page: Any) -> str:
        """The address of a page; empty if it has none.

        Args:
            page: A page of any type; one with addresses of its own is asked itself.
        """
        base, own = self._page_model, type(page)
        if (
            own.get_url is not base.get_url
            or own.get_url_parts is not base.get_url_parts
        ):
            return page.get_url(self._request) or ""
        return self.of_path(page.url_path)

    def of_path(self, url_path: str) -> str:
        """The address of an ordinary page, by its ``url_path``; empty if it has none.

        Args:
            url_path: Such as ``/home/help/``.
        """
        for root in self.roots:
            if url_path.startswith(root.root_path):
                below = quote(url_path[len(root.root_path) :], safe=_SAFE)
                if root.root_path not in self._prefixes:
                    return self._learn(root.root_path, url_path, below)
                prefix = self._prefixes[root.root_path]
                if prefix is not None and below:
                    return prefix + below
                break
        return self._ask(url_path)

    def language_of(self, url_path: str) -> str:
        """The language of the root that a page is below; empty if it is below none.

        Args:
            url_path: Such as ``/home/help/``.
        """
        for root in self.roots:
            if url_path.startswith(root.root_path):
                return str(root.language_code)
        return ""

    def below_roots_of(self, site: Site) -> Q:
        """A condition for the pages of a site, in all its languages.

        Args:
            site: The site; one without a root matches nothing.
        """
        below = Q(pk__in=[])
        for root in self.roots:
            if root.site_id == site.pk:
                below |= Q(url_path__startswith=root.root_path)
        return below

    def _ask(self, url_path: str) -> str:
        """What Wagtail says."""
        return self._page_model(url_path=url_path).get_url(self._request) or ""

    def _learn(self, root_path: str, url_path: str, below: str) -> str:
        """Ask Wagtail, and keep how the addresses below this root begin."""
        url = self._ask(url_path)
        if below:
            # Where a site writes addresses in another way, Wagtail is asked each time.
            is_plain = url.endswith(f"/{below}")
            self._prefixes[root_path] = url[: -len(below)] if is_plain else None
        return url
