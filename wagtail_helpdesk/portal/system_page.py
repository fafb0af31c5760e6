"""A system page as an abstract page, for sites with a base page of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import PageViewRestriction, Site

from wagtail_helpdesk.models.system_page_kinds import SystemPageKind
from wagtail_helpdesk.portal.mixins import PortalHomePageMixin
from wagtail_helpdesk.portal.system_preview import ERROR_MODE, preview
from wagtail_helpdesk.portal.system_serving import answer

if TYPE_CHECKING:
    from wagtail.models import Page as _AnyPage
else:
    # It is mixed into a page of any kind. A model, so that migrations do not name it.
    _AnyPage = models.Model

_FEATURES = ["bold", "italic", "link", "document-link", "ul", "ol"]


class SystemPageMixin(_AnyPage):
    """What editors say around the sign-in and its neighbours (B56).

    It stands below a portal, or below the front page for the whole site, once for each
    kind and language. The page never asks who reads it: it is for those who are not in.
    """

    #: See ``access.serving``: a private portal does not shut its own sign-in.
    is_always_open: ClassVar[bool] = True

    kind = models.CharField(
        _("purpose"),
        max_length=20,
        choices=SystemPageKind,
        help_text=_("Each purpose has one page below a portal."),
    )
    intro = RichTextField(
        _("introduction"),
        blank=True,
        features=_FEATURES,
        help_text=_("Stands below the title, above the fields."),
    )
    after_text = RichTextField(
        _("text at the end"),
        blank=True,
        features=_FEATURES,
        help_text=_("Stands below the fields."),
    )

    class Meta:
        abstract = True

    system_page_panels: ClassVar[list[Any]] = [
        FieldPanel("kind"),
        FieldPanel("intro"),
        FieldPanel("after_text"),
    ]

    @classmethod
    def can_exist_under(cls, parent: Any) -> bool:
        """Below a portal or the front page of a site, in whichever language."""
        if not super().can_exist_under(parent):
            return False
        kind = parent.specific_class
        if kind is not None and issubclass(kind, PortalHomePageMixin):
            return True
        roots = Site.get_site_root_paths()
        return any(root.root_path == parent.url_path for root in roots)

    @classmethod
    def get_indexed_objects(cls) -> QuerySet[Any]:
        """None: whoever searches the site looks for content."""
        pages: QuerySet[Any] = super().get_indexed_objects()
        return pages.none()

    def get_view_restrictions(self) -> QuerySet[PageViewRestriction]:
        """None, whatever stands above; Wagtail's own check asks this."""
        return PageViewRestriction.objects.none()

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[Any]:
        """Nothing: it is no content."""
        return []

    def serve(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        """Do what the page speaks of, such as signing in, inside its words."""
        return answer(self, request)

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """As visitors find it, and with what they read after a mistake."""
        modes: list[tuple[str, Any]] = [("", _("As visitors see it"))]
        if self.kind in _WITH_FIELDS:
            modes.append((ERROR_MODE, _("With an error")))
        return modes

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponseBase:
        """What a visitor who is not signed in would see."""
        return preview(self, request, mode_name)


_WITH_FIELDS = frozenset(
    {
        SystemPageKind.SIGN_IN,
        SystemPageKind.REGISTER,
        SystemPageKind.CONFIRM,
        SystemPageKind.RESET_REQUEST,
        SystemPageKind.RESET_SET,
    }
)
