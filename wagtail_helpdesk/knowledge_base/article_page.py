"""An article of a knowledge base, on any base page."""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.search import index

from wagtail_helpdesk.access.visibility import Visibility
from wagtail_helpdesk.frontend import Frame, NavItem
from wagtail_helpdesk.knowledge_base.blocks import ArticleBodyBlock
from wagtail_helpdesk.knowledge_base.fields import ArticleBodyField
from wagtail_helpdesk.knowledge_base.headings import table_of_contents, with_heading_ids
from wagtail_helpdesk.knowledge_base.neighbours import neighbours
from wagtail_helpdesk.knowledge_base.page import KnowledgeBasePageMixin
from wagtail_helpdesk.knowledge_base.pictures import load_renditions
from wagtail_helpdesk.knowledge_base.reading import plain_text, reading_minutes
from wagtail_helpdesk.knowledge_base.structured_data import (
    article_data,
    breadcrumb_data,
    json_ld,
)
from wagtail_helpdesk.page_urls import PageUrls


class ArticlePageMixin(KnowledgeBasePageMixin):
    """An article: title, introduction, body, and what helps to find the way on."""

    page_template = "wagtail_helpdesk/knowledge_base/article.html"

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
        index.SearchField("indexed_text"),
    ]

    class Meta:
        abstract = True

    @property
    def body_text(self) -> str:
        """All words of the body, without markup."""
        return plain_text(self.body)

    @property
    def indexed_text(self) -> str:
        """What the search looks through.

        PostgreSQL leaves out what looks like a tag, and so much of a program's code.
        """
        return self.body_text.replace("<", " ").replace(">", " ")

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
        return NavItem(label=link.label, url=f"{link.url}{mark}from={self.pk or ''}")

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
        body, headings = with_heading_ids(self.rendered_body(context))
        around = neighbours(self, request)
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
            is_private=Visibility.of(request).is_private(self),
        )
        if not context["is_private"]:
            frame: Frame = context["hd"]
            data = article_data(
                self,
                request,
                url=context["canonical_url"],
                publisher=frame.site_name,
                part_of=self.home.title if self.home else "",
                language=_language_of(self, request),
            )
            crumbs = breadcrumb_data(context["crumbs"], request)
            context["json_ld"] = json_ld([data, crumbs])
        return context


def _language_of(page: Any, request: HttpRequest) -> str:
    """A page's language code; that of the tree it stands in, which is known already."""
    if getattr(settings, "WAGTAIL_I18N_ENABLED", False):
        language = PageUrls.of(request).language_of(page.url_path)
        if language:
            return language
    return str(page.locale.language_code)
