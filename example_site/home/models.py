"""The pages of an ordinary company's site, which the help desk is added to."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from example_site.home.blocks import BodyBlock
from wagtail_helpdesk.frontend import frame_context


class SitePage(Page):
    """What the pages of the site have in common."""

    class Meta:
        abstract = True

    def get_context(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> dict[str, Any]:
        """Add the help desk's frame, which knows the page's other languages."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return {**context, **frame_context(request, page=self)}


class HomePage(SitePage):
    """The front page."""

    introduction = models.TextField(_("introduction"), blank=True, max_length=300)
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("body"))

    content_panels = [
        *Page.content_panels,
        FieldPanel("introduction"),
        FieldPanel("body"),
    ]
    template = "home/home_page.html"

    class Meta:
        verbose_name = _("front page")


class StandardPage(SitePage):
    """Any other page."""

    introduction = models.TextField(_("introduction"), blank=True, max_length=300)
    body = StreamField(BodyBlock(), blank=True, verbose_name=_("body"))

    content_panels = [
        *Page.content_panels,
        FieldPanel("introduction"),
        FieldPanel("body"),
    ]
    template = "home/standard_page.html"

    class Meta:
        verbose_name = _("page")
