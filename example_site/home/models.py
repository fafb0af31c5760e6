"""The pages of an ordinary company's site, which the help desk is added to."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from example_site.home.blocks import BodyBlock


class HomePage(Page):
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


class StandardPage(Page):
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
