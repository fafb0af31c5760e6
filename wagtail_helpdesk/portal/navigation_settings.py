"""The further links in a portal's navigation, as a part of its page (B34)."""

from __future__ import annotations

import re
from typing import Any, ClassVar
from urllib.parse import urlsplit

import swapper
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Orderable, TranslatableMixin

from wagtail_helpdesk.portal.frame_rows import FrameRows, read_frame

swapper.set_app_prefix("wagtailcore", "wagtail")

#: Most links beside the portal's own: a menu of more is no menu.
MOST_LINKS = 8
# Browsers drop some of these and read "\" as "/": what is left may be another address.
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")


def is_safe_address(address: str) -> bool:
    """Whether an address leads to a page, on this site or on the web, and to no script.

    Args:
        address: Such as ``/help/`` or ``https://example.com/``.
    """
    if _UNSAFE.search(address):
        return False
    if address.startswith("/"):
        return not address.startswith("//")
    try:
        parts = urlsplit(address)
    except ValueError:  # Such as "http://[".
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


class PortalNavigationMixin(models.Model):
    """What stands in a portal's navigation beside its requests.

    Needs an inline model made from ``PortalNavigationLinkMixin`` whose ``ParentalKey``
    has the related name ``navigation_links``.
    """

    show_help_centre = models.BooleanField(
        _("show the help centre"),
        default=True,
        help_text=_("The link to the knowledge base of the site, if there is one."),
    )

    class Meta:
        abstract = True

    @cached_property
    def frame(self) -> FrameRows:
        """What the portal's navigation is made of beside fields of the page."""
        return read_frame(self)

    navigation_panel: ClassVar[Any] = MultiFieldPanel(
        [
            FieldPanel("show_help_centre"),
            InlinePanel("navigation_links", label=_("Link"), max_num=MOST_LINKS),
        ],
        heading=_("Navigation"),
    )


class PortalNavigationLinkMixin(TranslatableMixin, Orderable, models.Model):
    """One further link: to a page of the site, or to an address."""

    link_page = models.ForeignKey(
        swapper.get_model_name("wagtailcore", "Page"),
        verbose_name=_("link to a page"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_(
            "Shown only to those who may open it. Its translation is used where there "
            "is one."
        ),
    )
    link_url = models.CharField(
        _("or to an address"),
        max_length=500,
        blank=True,
        help_text=_("Such as “https://example.com/” or “/shop/”."),
    )
    link_text = models.CharField(
        _("link text"),
        max_length=60,
        blank=True,
        help_text=_("Empty: the title of the page."),
    )

    panels: ClassVar[list[Any]] = [
        FieldPanel("link_page"),
        FieldPanel("link_url"),
        FieldPanel("link_text"),
    ]

    class Meta(TranslatableMixin.Meta, Orderable.Meta):
        abstract = True
        verbose_name = _("link of the navigation")
        verbose_name_plural = _("links of the navigation")

    def __str__(self) -> str:
        return self.link_text or self.link_url or str(self.link_page)

    def clean(self) -> None:
        super().clean()
        if bool(self.link_page_id) == bool(self.link_url):
            told = _t("Choose a page, or write an address: one of the two.")
            raise ValidationError({"link_page": told})
        if not self.link_url:
            return
        if not is_safe_address(self.link_url):
            told = _t("Write an address that begins with https://, http:// or /.")
            raise ValidationError({"link_url": told})
        if not self.link_text:
            raise ValidationError({"link_text": _t("Write the text of the link.")})
