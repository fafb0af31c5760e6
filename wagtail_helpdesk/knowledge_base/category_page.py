"""A category of a knowledge base, on any base page."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.search import index

from wagtail_helpdesk.access.visibility import Visibility
from wagtail_helpdesk.knowledge_base import tree
from wagtail_helpdesk.knowledge_base.icons import (
    DEFAULT_ICON,
    icon_choices,
    icon_template,
)
from wagtail_helpdesk.knowledge_base.page import KnowledgeBasePageMixin
from wagtail_helpdesk.knowledge_base.slugs import CategoryPageForm, slug_error
from wagtail_helpdesk.knowledge_base.structured_data import (
    breadcrumb_data,
    json_ld,
)

ARTICLES_PER_PAGE = 50


class CategoryPageMixin(KnowledgeBasePageMixin):
    """A category: what it is about, its sub-categories and its articles in order."""

    page_template = "wagtail_helpdesk/knowledge_base/category.html"

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
        context["article_links"] = [tree.article_link(page, request) for page in listed]
        context["subcategories"] = tree.child_categories(self, request)
        context["siblings"] = tree.sibling_categories(self, request)
        context["is_private"] = visibility.is_private(self)
        context["icon_template"] = icon_template(self.icon)
        if not context["is_private"]:
            context["json_ld"] = json_ld(breadcrumb_data(context["crumbs"], request))
        return context
