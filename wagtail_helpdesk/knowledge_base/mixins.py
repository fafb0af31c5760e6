"""The pages of a knowledge base, as mixins for any base page.

The app's own page types (``models.py``) are these mixins and Wagtail's ``Page``. A site
that has swapped the base page (``WAGTAIL_PAGE_MODEL``, Wagtail 8.0) leaves the app out
and makes its page types itself::

    class HelpArticlePage(ArticlePageMixin, BasePage):
        content_panels = [*BasePage.content_panels, *ArticlePageMixin.article_panels]
        search_fields = [
            *BasePage.search_fields, *ArticlePageMixin.article_search_fields
        ]
        template = ArticlePageMixin.page_template
"""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import urlencode

import swapper
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html_join
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.search import index

from wagtail_helpdesk.access.visibility import Visibility
from wagtail_helpdesk.frontend import Crumb, Frame, NavItem
from wagtail_helpdesk.knowledge_base import tree
from wagtail_helpdesk.knowledge_base.blocks import ArticleBodyBlock
from wagtail_helpdesk.knowledge_base.fields import ArticleBodyField
from wagtail_helpdesk.knowledge_base.headings import table_of_contents, with_heading_ids
from wagtail_helpdesk.knowledge_base.icons import (
    DEFAULT_ICON,
    icon_choices,
    icon_template,
)
from wagtail_helpdesk.knowledge_base.page import KnowledgeBasePageMixin
from wagtail_helpdesk.knowledge_base.pictures import load_renditions
from wagtail_helpdesk.knowledge_base.reading import plain_text, reading_minutes
from wagtail_helpdesk.knowledge_base.search import (
    LONGEST_QUERY,
    ArticleSearch,
    clean_query,
)
from wagtail_helpdesk.knowledge_base.slugs import CategoryPageForm, slug_error
from wagtail_helpdesk.knowledge_base.structured_data import (
    article_data,
    breadcrumb_data,
    json_ld,
)

swapper.set_app_prefix("wagtailcore", "wagtail")

_TEMPLATES = "wagtail_helpdesk/knowledge_base"
ARTICLES_PER_PAGE = 50
SHORT_LIST = 6


class KnowledgeBaseHomePageMixin(RoutablePageMixin, KnowledgeBasePageMixin):
    """The home page of a knowledge base: search, categories, popular articles."""

    page_template = f"{_TEMPLATES}/home.html"
    search_template = f"{_TEMPLATES}/search.html"

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

    @cached_property
    def _linked_pages(self) -> dict[int, Any]:
        """The live portal and contact pages by the id chosen, in this page's language.

        The translation is taken where there is one, else the page that was chosen.
        """
        page_model = swapper.load_model("wagtailcore", "Page")
        chosen = page_model.objects.filter(
            pk__in={self.portal_page_id, self.contact_page_id} - {None}
        )
        keys = dict(chosen.values_list("pk", "translation_key"))
        found = {}
        for page in page_model.objects.live().filter(translation_key__in=keys.values()):
            for pk, key in keys.items():
                is_here = page.locale_id == self.locale_id
                if key == page.translation_key and (is_here or page.pk == pk):
                    # What is in this language wins over what was chosen.
                    found[pk] = page if is_here else found.get(pk, page)
        return found

    @property
    def contact(self) -> Any | None:
        """The live contact page, in this page's language where it is translated."""
        return self._linked_pages.get(self.contact_page_id or 0)

    @property
    def portal(self) -> Any | None:
        """The live portal page, in this page's language where it is translated."""
        return self._linked_pages.get(self.portal_page_id or 0)

    def portal_link(self, request: HttpRequest) -> NavItem | None:
        """The link "Go to [portal name]" (B35), or ``None`` when it is switched off.

        Args:
            request: The request that is answered.
        """
        portal = self.portal if self.show_portal_link else None
        url = portal.get_url(request) if portal else None
        if portal is None or not url:
            return None
        label = _now("Go to %(portal)s") % {"portal": portal.title}
        return NavItem(label=label, url=url, key="portal")

    def search_url(self, query: str = "") -> str:
        """The address of the search page, with a query if there is one."""
        url = f"{self.get_url() or '/'}{self.reverse_subpage('search')}"
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
        visibility = Visibility.of(request)
        context["categories"] = tree.child_categories(self, visibility)
        context["popular"] = self._popular(visibility)
        context["recent"] = self._recent(visibility)
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

    def _popular(self, visibility: Visibility) -> list[tree.ArticleLink]:
        """Articles that editors marked as popular."""
        found: list[Any] = []
        for article_type in tree.article_types():
            articles = article_type.objects.live().descendant_of(self)
            articles = visibility.pages(articles.filter(is_popular=True))
            found += articles.defer_streamfields().order_by("path")[:SHORT_LIST]
        return [tree.article_link(page, visibility) for page in found[:SHORT_LIST]]

    def _recent(self, visibility: Visibility) -> list[tree.ArticleLink]:
        """Articles that were published last."""
        articles = tree.pages_of(tree.article_types()).descendant_of(self)
        articles = visibility.pages(articles.exclude(last_published_at=None))
        newest = articles.order_by("-last_published_at", "-pk")[:SHORT_LIST]
        return [tree.article_link(page, visibility) for page in newest]

    @path("search/", name="search")
    def search(self, request: HttpRequest) -> HttpResponse:
        """Answer a search: ``?q=`` words, ``in=`` category, ``p=`` page."""
        query = clean_query(request.GET.get("q", ""))
        too_long = len(query) > LONGEST_QUERY
        search = ArticleSearch(
            home=self,
            query="" if too_long else query,
            visibility=Visibility.of(request),
            category=clean_query(request.GET.get("in", "")),
            page_number=request.GET.get("p", "1"),
        ).run()
        # The home page's own lists are not needed here.
        context = super().get_context(request)
        context.update(
            search=search,
            query=query[:LONGEST_QUERY],
            too_long=too_long,
            popular=[] if search.total else self._popular(search.visibility),
            offers=search.other_languages(),
            crumbs=[
                Crumb(self.title, self.get_url(request) or ""),
                Crumb(_now("Search")),
            ],
            noindex=True,
            hd_error=too_long,
        )
        response = TemplateResponse(
            request, self.search_template, context, status=400 if too_long else 200
        )
        response["X-Robots-Tag"] = "noindex"
        return response


class CategoryPageMixin(KnowledgeBasePageMixin):
    """A category: what it is about, its sub-categories and its articles in order."""

    page_template = f"{_TEMPLATES}/category.html"

    description = models.TextField(
        _("description"),
        blank=True,
        help_text=_("One or two sentences: what readers find here."),
    )
    icon = models.CharField(
        _("icon"), max_length=30, choices=icon_choices, default=DEFAULT_ICON
    )

    category_panels = [
        FieldPanel("description"),
        FieldPanel("icon"),
        HelpPanel(
            content=_(
                "Articles appear in the order of the page explorer: choose “Sort menu "
                "order” there to drag them."
            )
        ),
    ]
    category_search_fields = [index.SearchField("description")]
    base_form_class = CategoryPageForm

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Refuse a slug that a view of the page above would answer for.

        Raises:
            ValidationError: The slug is taken.
        """
        super().clean()
        parent = self.get_parent() if self.path else None
        reason = slug_error(parent.specific, self.slug) if parent else ""
        if reason:
            raise ValidationError({"slug": reason})

    def get_context(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> dict[str, Any]:
        """Add the sub-categories, one page of articles and the categories beside it."""
        context = super().get_context(request, *args, **kwargs)
        visibility = Visibility.of(request)
        articles = visibility.pages(
            tree.pages_of(tree.article_types()).child_of(self).order_by("path")
        )
        listed = Paginator(
            articles.defer_streamfields().specific(), ARTICLES_PER_PAGE
        ).get_page(request.GET.get("p"))
        context["articles"] = listed
        context["article_links"] = [
            tree.article_link(page, visibility) for page in listed
        ]
        context["subcategories"] = tree.child_categories(self, visibility)
        context["siblings"] = tree.sibling_categories(self, visibility)
        context["is_private"] = visibility.is_private(self)
        context["icon_template"] = icon_template(self.icon)
        if not context["is_private"]:
            context["json_ld"] = json_ld(breadcrumb_data(context["crumbs"], request))
        return context


class ArticlePageMixin(KnowledgeBasePageMixin):
    """An article: title, introduction, body, and what helps to find the way on."""

    page_template = f"{_TEMPLATES}/article.html"

    introduction = models.TextField(
        _("introduction"),
        blank=True,
        help_text=_("One or two sentences: what the reader will know afterwards."),
    )
    audience = models.CharField(
        _("audience"),
        max_length=80,
        blank=True,
        help_text=_("For whom this holds, such as a plan: “Professional plan”."),
    )
    body = ArticleBodyField(ArticleBodyBlock(), verbose_name=_("body"), blank=True)
    is_popular = models.BooleanField(
        _("popular"),
        default=False,
        help_text=_("Shows it among the popular articles of the home page."),
    )

    article_panels = [
        FieldPanel("introduction"),
        FieldPanel("body"),
        MultiFieldPanel(
            [FieldPanel("audience"), FieldPanel("is_popular")], heading=_("Details")
        ),
    ]
    article_search_fields = [
        index.SearchField("introduction"),
        index.SearchField("body"),
    ]

    class Meta:
        abstract = True

    @property
    def body_text(self) -> str:
        """All words of the body, without markup."""
        return plain_text(self.body)

    @property
    def last_updated_at(self) -> datetime.datetime | None:
        """When what readers see was published last (B113)."""
        return self.last_published_at or self.first_published_at

    @property
    def updated_on(self) -> datetime.date | None:
        """The day of that, in the reader's time zone; the hour helps nobody."""
        moment = self.last_updated_at
        return timezone.localdate(moment) if moment else None

    def contact_link(self, request: HttpRequest, frame: Frame) -> NavItem | None:
        """Where help is asked for, with this article's id, so that agents know it."""
        link = super().contact_link(request, frame)
        if link is None:
            return None
        mark = "&" if "?" in link.url else "?"
        return NavItem(label=link.label, url=f"{link.url}{mark}article={self.pk or ''}")

    def rendered_body(self, context: dict[str, Any]) -> str:
        """The body as HTML, one element per block.

        Args:
            context: What the blocks' templates may use.
        """
        load_renditions(self.body)
        return format_html_join(
            "\n",
            '<div class="hd-block hd-block--{}">{}</div>',
            ((child.block_type, child.render(context)) for child in self.body),
        )

    def get_context(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> dict[str, Any]:
        """Add the body with its table of contents and the articles around this one."""
        context = super().get_context(request, *args, **kwargs)
        visibility = Visibility.of(request)
        body, headings = with_heading_ids(self.rendered_body(context))
        around = tree.neighbours(self, visibility)
        here = next(place for place, link in enumerate(around) if link.is_current)
        context.update(
            body=body,
            contents=table_of_contents(headings),
            updated=self.updated_on,
            minutes=reading_minutes(f"{self.introduction} {self.body_text}"),
            around=around,
            previous=around[here - 1] if here else None,
            next=around[here + 1] if here + 1 < len(around) else None,
            category=self.line[-1] if len(self.line) > 1 else None,
            is_private=visibility.is_private(self),
        )
        if not context["is_private"]:
            frame: Frame = context["hd"]
            data = article_data(
                self,
                request,
                url=context["canonical_url"],
                publisher=frame.site_name,
                part_of=self.home.title if self.home else "",
            )
            crumbs = breadcrumb_data(context["crumbs"], request)
            context["json_ld"] = json_ld([data, crumbs])
        return context
