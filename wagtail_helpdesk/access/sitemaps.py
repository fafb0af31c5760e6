"""A sitemap of what everyone may see, in all languages of the site.

Wagtail's own asks each page's restrictions only: it lists an alias of a private page,
and a translation of one; and it has no pages of the languages beside the first.
"""

from __future__ import annotations

from typing import Any

import swapper
from wagtail.contrib.sitemaps import Sitemap

from wagtail_helpdesk.access.visibility import Visibility
from wagtail_helpdesk.page_urls import PageUrls

swapper.set_app_prefix("wagtailcore", "wagtail")


class VisibleSitemap(Sitemap):
    """The published pages of the request's site that are open to everyone.

    Use it with Wagtail's view::

        path("sitemap.xml", sitemap, {"sitemaps": {"pages": VisibleSitemap}})
    """

    def items(self) -> Any:
        """The pages, whoever asks: a sitemap is for search engines."""
        site = self.get_wagtail_site()
        pages = swapper.load_model("wagtailcore", "Page").objects.filter(
            PageUrls.of(self.request).below_roots_of(site)
        )
        visible = Visibility(None).pages(pages.live())
        return visible.order_by("path").defer_streamfields().specific()
