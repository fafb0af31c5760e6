"""What home page, category and article have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail.url_routing import RouteResult

from wagtail_helpdesk.access.serving import route_or_hide
from wagtail_helpdesk.access.visibility import Visibility
from wagtail_helpdesk.frontend import Crumb, Frame, NavItem, frame_context
from wagtail_helpdesk.knowledge_base import tree
from wagtail_helpdesk.knowledge_base.navigation import remember_home
from wagtail_helpdesk.knowledge_base.search import LONGEST_QUERY
from wagtail_helpdesk.languages import translations_of
from wagtail_helpdesk.page_urls import PageUrls

if TYPE_CHECKING:
    from wagtail.models import Page as _AnyPage

    from wagtail_helpdesk.knowledge_base.mixins import KnowledgeBaseHomePageMixin
else:
    # It is mixed into a page of any kind. A model, so that migrations do not name it.
    _AnyPage = models.Model


class KnowledgeBasePageMixin(_AnyPage):
    """What all pages of a knowledge base have in common."""

    class Meta:
        abstract = True

    @cached_property
    def home(self) -> KnowledgeBaseHomePageMixin | None:
        """The home page of the knowledge base this page belongs to."""
        line = self.line
        return line[0].specific if line else None  # itself, if the route has led by it

    @cached_property
    def line(self) -> list[Any]:
        """The pages from the knowledge base's home page down to the one above this."""
        return tree.lineage(self)

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Lead to a page below, and tell nobody who may not know that there is none."""
        route = super().route
        return route_or_hide(self, request, lambda: route(request, path_components))

    def crumbs(self, request: HttpRequest) -> list[Crumb]:
        """The way to this page, without pages the visitor may not see.

        Args:
            request: The request that is answered.
        """
        visibility, urls = Visibility.of(request), PageUrls.of(request)
        above = [
            Crumb(page.title, urls.of_page(page))
            for page in self.line
            if page.live and visibility.can_view(page)
        ]
        return [*above, Crumb(self.title)] if above else []

    def get_context(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> dict[str, Any]:
        """Add the frame, the breadcrumbs and where to ask for help."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        remember_home(request, self.home)
        context.update(frame_context(request, page=self))
        frame: Frame = context["hd"]
        if self.home:
            if self.home is not self:
                self.home.translations = translations_of(self, self.home.linked_ids)
            frame.translations = self.home.translations
            # The switch is the knowledge base's own (B35), so it decides here.
            frame.portal_link = self.home.portal_link(request)
        context["home"] = self.home
        context["crumbs"] = self.crumbs(request)
        context["search_url"] = self.home.search_url(request) if self.home else ""
        context["longest_query"] = LONGEST_QUERY
        context["contact"] = self.contact_link(request, frame)
        context["canonical_url"] = self.canonical_url(request)
        context["alternates"] = [
            (link.code, request.build_absolute_uri(link.url))
            for link in frame.languages
            if link.is_exact and link.url
        ]
        context["default_url"] = dict(context["alternates"]).get(settings.LANGUAGE_CODE)
        return context

    def contact_link(self, request: HttpRequest, frame: Frame) -> NavItem | None:
        """Where this page says help is asked for.

        Args:
            request: The request that is answered.
            frame: The page's frame, whose own link is the second choice.
        """
        page = self.home.contact if self.home else None
        url = PageUrls.of(request).of_path(page.url_path) if page else ""
        if url:
            return NavItem(label=_("Contact us"), url=url)
        return frame.contact_link

    def canonical_url(self, request: HttpRequest) -> str:
        """The address that search engines shall keep: an alias names its source."""
        source = self.alias_of if self.alias_of_id else None
        shown = source if source and source.live else self
        url = PageUrls.of(request).of_page(shown)
        return request.build_absolute_uri(url or request.path)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Serve the page with headers that keep it out of the wrong hands."""
        return self.keep_private(request, super().serve(request, *args, **kwargs))

    def keep_private(
        self, request: HttpRequest, response: HttpResponse
    ) -> HttpResponse:
        """Keep what one visitor sees out of shared caches.

        A list shows a member more than others, so it varies with the cookie; nothing
        that a signed-in visitor sees is stored anywhere.

        Args:
            request: The request that is answered.
            response: The answer, whose headers are completed.

        Returns:
            The same answer.
        """
        patch_vary_headers(response, ["Cookie"])
        user = getattr(request, "user", None)
        is_member = user is not None and user.is_authenticated
        if is_member or Visibility.of(request).is_private(self):
            add_never_cache_headers(response)
        return response

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[Any]:
        """The page's entry in the sitemap; none when not everyone may see the page."""
        visibility = Visibility.of(request) if request else Visibility(None)
        if visibility.is_private(self):
            return []
        entries: list[Any] = super().get_sitemap_urls(request)
        return entries
