"""The home page of a knowledge base, on any base page."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import swapper
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.search import index
from wagtail.url_routing import RouteResult

from wagtail_helpdesk.access.visibility import Visibility
from wagtail_helpdesk.frontend import Crumb, NavItem
from wagtail_helpdesk.knowledge_base import suggestions, tree
from wagtail_helpdesk.knowledge_base.page import KnowledgeBasePageMixin
from wagtail_helpdesk.knowledge_base.routing import line_below
from wagtail_helpdesk.knowledge_base.search import (
    LONGEST_QUERY,
    ArticleSearch,
    clean_query,
)
from wagtail_helpdesk.languages import Translation, translations_of
from wagtail_helpdesk.page_urls import PageUrls

swapper.set_app_prefix("wagtailcore", "wagtail")

SHORT_LIST = 6


class KnowledgeBaseHomePageMixin(RoutablePageMixin, KnowledgeBasePageMixin):
    """The home page of a knowledge base: search, categories, popular articles."""

    page_template = "wagtail_helpdesk/knowledge_base/home.html"
    search_template = "wagtail_helpdesk/knowledge_base/search.html"

    heading = models.CharField(
        _("heading"),
        max_length=120,
        blank=True,
        help_text=_("Above the search box. Leave empty for “How can we help?”."),
    )
    introduction = models.TextField(
        _("introduction"),
        blank=True,
        help_text=_("One or two sentences below the heading."),
    )
    contact_page = models.ForeignKey(
        swapper.get_model_name("wagtailcore", "Page"),
        verbose_name=_("contact page"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_(
            "Where “Still need help?” leads, such as a page with a support form. "
            "Its translation is used where there is one."
        ),
    )
    show_portal_link = models.BooleanField(
        _("show customer portal link"),
        default=False,
        help_text=_("Puts “Go to [portal name]” at the top right of these pages."),
    )
    portal_page = models.ForeignKey(
        swapper.get_model_name("wagtailcore", "Page"),
        verbose_name=_("customer portal"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_(
            "The page the link leads to; its title is the portal's name. "
            "Its translation is used where there is one."
        ),
    )

    home_panels = [
        MultiFieldPanel(
            [FieldPanel("heading"), FieldPanel("introduction")],
            heading=_("Search area"),
        ),
        FieldPanel("contact_page"),
        MultiFieldPanel(
            [FieldPanel("show_portal_link"), FieldPanel("portal_page")],
            heading=_("Customer portal"),
        ),
        HelpPanel(
            content=_(
                "Categories are the pages below this one, in the order of the page "
                "explorer. Popular articles are those marked so on the article itself."
            )
        ),
    ]
    home_search_fields = [index.SearchField("introduction")]

    class Meta:
        abstract = True

    @cached_property
    def home(self) -> KnowledgeBaseHomePageMixin:
        """This page itself."""
        return self

    @cached_property
    def line(self) -> list[Any]:
        """Nothing stands between this page and itself."""
        return []

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Go straight to a page two or more levels below, not level by level.

        The page that answers then knows the pages above it already.
        """
        if len(path_components) > 1:
            line = line_below(self, path_components)
            # A draft is missing, which those above it may have to hide.
            if line and line[-1].live:
                page = line[-1]
                if isinstance(page, KnowledgeBasePageMixin):
                    page.home, page.line = self, [self, *line[:-1]]
                found: RouteResult = page.route(request, [])
                return found
        routed: RouteResult = super().route(request, path_components)
        return routed

    @property
    def linked_ids(self) -> set[int]:
        """The ids of the portal and contact pages that were chosen."""
        return {self.portal_page_id, self.contact_page_id} - {None}

    @cached_property
    def translations(self) -> list[Translation]:
        """This page, those above it and those it links to, in all languages.

        A page below this one that reads the same for itself leaves it here.
        """
        return translations_of(self, self.linked_ids)

    def _linked(self, pk: int | None) -> Translation | None:
        """The translation of a page where there is one, else the page itself; live."""
        pages = self.translations if pk else []
        chosen = next((page for page in pages if page.pk == pk), None)
        if chosen is None:
            return None
        for page in pages:
            is_same = page.translation_key == chosen.translation_key
            if is_same and page.live and page.locale_id == self.locale_id:
                return page
        return chosen if chosen.live else None

    @property
    def contact(self) -> Translation | None:
        """The live contact page, in this page's language where it is translated."""
        return self._linked(self.contact_page_id)

    @property
    def portal(self) -> Translation | None:
        """The live portal page, in this page's language where it is translated."""
        return self._linked(self.portal_page_id)

    def portal_link(self, request: HttpRequest) -> NavItem | None:
        """The link "Go to [portal name]" (B35).

        ``None`` when it is switched off, and for visitors who may not know the page.

        Args:
            request: The request that is answered.
        """
        portal = self.portal if self.show_portal_link else None
        url = PageUrls.of(request).of_path(portal.url_path) if portal else ""
        if portal is None or not url:
            return None
        if portal.path in Visibility.of(request).closed:
            return None
        label = gettext("Go to %(portal)s") % {"portal": portal.title}
        return NavItem(label=label, url=url, key="portal")

    def search_url(self, request: HttpRequest, query: str = "") -> str:
        """The address of the search page, with a query if there is one.

        Args:
            request: The request that is answered.
            query: What to search for.
        """
        own_url = PageUrls.of(request).of_page(self) or "/"
        url = f"{own_url}{self.reverse_subpage('search')}"
        return f"{url}?{urlencode({'q': query})}" if query else url

    def clean(self) -> None:
        """Refuse a portal link without a portal, which would show nothing.

        Raises:
            ValidationError: The switch is on and no page is chosen.
        """
        super().clean()
        if self.show_portal_link and not self.portal_page_id:
            message = _("Choose the portal page that the link leads to.")
            raise ValidationError({"portal_page": message})

    def get_context(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> dict[str, Any]:
        """Add the categories, the popular and the new articles."""
        context = super().get_context(request, *args, **kwargs)
        context["categories"] = tree.child_categories(self, request)
        context["popular"] = self._popular(request)
        context["recent"] = self._recent(request)
        if not context["categories"]:
            context["add_url"] = self._add_url(request)
        return context

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Serve the page or a view below it, with the headers of every page here."""
        # A view below the page never reaches the other mixin's serve().
        return self.keep_private(request, super().serve(request, *args, **kwargs))

    def _add_url(self, request: HttpRequest) -> str:
        """Where the first category is made, for those who may; else nothing."""
        user = getattr(request, "user", None)
        if user is None or not self.permissions_for_user(user).can_add_subpage():
            return ""
        try:
            return reverse("wagtailadmin_pages:add_subpage", args=[self.pk])
        except NoReverseMatch:  # the site keeps its admin elsewhere
            return ""

    def _popular(self, request: HttpRequest) -> list[tree.ArticleLink]:
        """Articles that editors marked as popular."""
        found: list[Any] = []
        for article_type in tree.article_types():
            articles = article_type.objects.live().descendant_of(self)
            articles = Visibility.of(request).pages(articles.filter(is_popular=True))
            found += articles.defer_streamfields().order_by("path")[:SHORT_LIST]
        return [tree.article_link(page, request) for page in found[:SHORT_LIST]]

    def _recent(self, request: HttpRequest) -> list[tree.ArticleLink]:
        """Articles that were published last."""
        articles = tree.pages_of(tree.article_types()).descendant_of(self)
        articles = Visibility.of(request).pages(
            articles.exclude(last_published_at=None)
        )
        newest = articles.order_by("-last_published_at", "-pk")[:SHORT_LIST]
        return [tree.article_link(page, request) for page in newest]

    @path("search/", name="search")
    def search(self, request: HttpRequest) -> HttpResponse:
        """Answer a search: ``?q=`` words, ``in=`` category, ``p=`` page."""
        query = clean_query(request.GET.get("q", ""))
        too_long = len(query) > LONGEST_QUERY
        search = ArticleSearch(
            home=self,
            query="" if too_long else query,
            request=request,
            category=clean_query(request.GET.get("in", "")),
            page_number=request.GET.get("p", "1"),
        ).run()
        # The home page's own lists are not needed here.
        context = super().get_context(request)
        context.update(
            search=search,
            query=query[:LONGEST_QUERY],
            too_long=too_long,
            popular=[] if search.total else self._popular(request),
            offers=search.other_languages(),
            crumbs=[
                Crumb(self.title, self.get_url(request) or ""),
                Crumb(gettext("Search")),
            ],
            noindex=True,
            hd_error=too_long,
        )
        response = TemplateResponse(
            request, self.search_template, context, status=400 if too_long else 200
        )
        response["X-Robots-Tag"] = "noindex"
        return response

    @path("search/suggest/", name="suggest")
    def suggest(self, request: HttpRequest) -> HttpResponse:
        """Answer what is typed into a search box: ``?q=`` words."""
        return suggestions.show(self, request)
