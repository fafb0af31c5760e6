"""The portal as an abstract page, for sites with a base page of their own.

``models.PortalHomePage`` is this mixin on Wagtail's ``Page``. A site that swaps the
base page (``WAGTAIL_PAGE_MODEL``) subclasses the mixins itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, cast

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, HelpPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import RichTextField
from wagtail.url_routing import RouteResult

from wagtail_helpdesk.access.serving import route_or_hide
from wagtail_helpdesk.models import Channel, PortalRules, Stage
from wagtail_helpdesk.models.ticket_filters import filters_of
from wagtail_helpdesk.portal.account_pages import PortalAccountMixin
from wagtail_helpdesk.portal.consent_settings import PortalConsentMixin
from wagtail_helpdesk.portal.entry import Visit, for_contacts, preview
from wagtail_helpdesk.portal.entry_settings import PortalEntryMixin
from wagtail_helpdesk.portal.form_settings import PortalFormsMixin
from wagtail_helpdesk.portal.guest_settings import PortalGuestMixin
from wagtail_helpdesk.portal.labels import RequestLabels
from wagtail_helpdesk.portal.list_settings import PortalListMixin
from wagtail_helpdesk.portal.navigation_settings import PortalNavigationMixin
from wagtail_helpdesk.portal.new_request_pages import PortalNewRequestMixin
from wagtail_helpdesk.portal.rating_settings import PortalRatingMixin
from wagtail_helpdesk.portal.session_settings import PortalSessionMixin
from wagtail_helpdesk.portal.settings_permission import PERMISSION
from wagtail_helpdesk.portal.sharing_settings import PortalSharingMixin
from wagtail_helpdesk.portal.ticket_settings import PortalTicketMixin
from wagtail_helpdesk.portal.views import (
    created,
    export,
    mark_read,
    new_request,
    ticket_detail,
)
from wagtail_helpdesk.portal.views import ticket_list as list_view


class PortalHomePageMixin(
    PortalEntryMixin,
    PortalConsentMixin,
    PortalGuestMixin,
    PortalSessionMixin,
    PortalSharingMixin,
    PortalListMixin,
    PortalTicketMixin,
    PortalRatingMixin,
    PortalAccountMixin,
    PortalFormsMixin,
    PortalNavigationMixin,
    PortalNewRequestMixin,
    RoutablePageMixin,
    models.Model,
):
    """A customer portal: the list at its own address, ``r/<id>/`` and ``new/`` below.

    The page's title is the portal's name (B3). Needs inline models made from
    ``PortalClosedStageMixin``, ``PortalSupportFormMixin`` and
    ``PortalNavigationLinkMixin`` whose ``ParentalKey`` has the related name
    ``closed_stages``, ``support_forms`` and ``navigation_links``, and a ``Meta`` that
    inherits this one's, for the permission to change the settings.
    """

    class OwnerDisplay(models.TextChoices):
        NAME = "name", _("First name")
        FULL = "full", _("Full name")
        SURNAME = "surname", _("Surname")
        ALIAS = "alias", _("The agent's alias")

    is_active = models.BooleanField(
        _("portal is on"),
        default=True,
        help_text=_("Off: customers read that the portal is not open."),
    )
    intro = RichTextField(
        _("introduction"),
        blank=True,
        features=["bold", "italic", "link", "document-link", "ul", "ol"],
        help_text=_("Stands above the list."),
    )
    request_singular = models.CharField(
        _("word for one ticket"),
        max_length=40,
        blank=True,
        help_text=_("Such as “order”. Empty: “request”."),
    )
    request_plural = models.CharField(
        _("word for several tickets"),
        max_length=40,
        blank=True,
        help_text=_("Such as “orders”. Empty: “requests”."),
    )
    channel = models.ForeignKey(
        Channel,
        verbose_name=_("channel"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_(
            "Decides the inbox of what customers send from the portal. Empty, and "
            "without a form: customers read and reply, but cannot send anything new."
        ),
    )
    reply_on_closed = models.BooleanField(
        _("replies on closed tickets"),
        default=True,
        help_text=_("A reply re-opens the ticket."),
    )
    reopen_days = models.PositiveSmallIntegerField(
        _("days for re-opening"),
        default=14,
        validators=[MaxValueValidator(3650)],
        help_text=_("A later reply opens a new ticket that is linked to the old one."),
    )
    may_close = models.BooleanField(
        _("customers may close their tickets"), default=False
    )

    class Meta:
        abstract = True
        permissions = [PERMISSION]

    portal_content_panels: ClassVar[list[Any]] = [
        FieldPanel("intro"),
        MultiFieldPanel(
            [FieldPanel("request_singular"), FieldPanel("request_plural")],
            heading=_("Words"),
        ),
        PortalFormsMixin.forms_panel,
        *PortalConsentMixin.consent_panels,
    ]
    portal_settings_panels: ClassVar[list[Any]] = [
        FieldPanel("is_active"),
        PortalEntryMixin.portal_entry_panel,
        PortalGuestMixin.guest_panel,
        FieldPanel("channel"),
        PortalNavigationMixin.navigation_panel,
        *PortalSharingMixin.sharing_panels,
        PortalTicketMixin.people_panel,
        MultiFieldPanel(
            [FieldPanel("reply_on_closed"), FieldPanel("reopen_days")],
            heading=_("Closed tickets"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("may_close"),
                HelpPanel(
                    content=_(
                        "Choose a closed stage for each pipeline that has several. A "
                        "pipeline with just one needs no entry."
                    )
                ),
                InlinePanel("closed_stages", label=_("Closed stage")),
            ],
            heading=_("Closing by customers"),
        ),
        PortalRatingMixin.rating_panel,
        PortalTicketMixin.ticket_panel,
        PortalListMixin.portal_list_panel,
        *PortalSessionMixin.session_panels,
    ]

    @property
    def rules(self) -> PortalRules:
        """What this portal decides about tickets."""

        def stages() -> dict[int, int]:
            chosen = self.closed_stages.select_related("stage")
            return {row.stage.pipeline_id: row.stage_id for row in chosen}

        return PortalRules(
            is_active=self.is_active,
            sharing=self.sharing,
            thread_policy=self.thread_policy,
            may_add_people=self.may_add_people,
            asks_rating=self.asks_rating,
            all_organizations=self.all_organizations,
            filters=filters_of(self.visibility_filters),
            reply_on_closed=self.reply_on_closed,
            reopen_days=self.reopen_days,
            may_close=self.may_close,
            # Most pages never ask for them.
            closed_stages=cast("Mapping[int, int]", SimpleLazyObject(stages))
            if self.may_close
            else {},
            show_stages=self.show_stages,
            owner_display=self.owner_display,
        )

    @cached_property
    def labels(self) -> RequestLabels:
        """What this portal calls its tickets (B37)."""
        return RequestLabels.of(self)

    def clean(self) -> None:
        super().clean()
        if bool(self.request_singular) != bool(self.request_plural):
            empty = "request_plural" if self.request_singular else "request_singular"
            raise ValidationError(
                {empty: _("Write both words, for one ticket and for several.")}
            )

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Lead to a view or a page below; a private portal hides which there are."""
        route = super().route
        return route_or_hide(self, request, lambda: route(request, path_components))

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[Any]:
        """Nothing: all of it needs a sign-in."""
        return []

    @path("", name="list")
    @for_contacts
    def index_route(self, visit: Visit) -> HttpResponse:
        """The list of the customer's tickets (F6)."""
        return list_view.show(visit)

    @path("export/", name="export")
    @for_contacts
    def export_route(self, visit: Visit) -> HttpResponseBase:
        """The list as a file, with its filters and in its order (B64)."""
        return export.show(visit)

    @path("read/", name="mark_read")
    @for_contacts
    def mark_read_route(self, visit: Visit) -> HttpResponse:
        """A POST marks all that is new to the customer as read (F6)."""
        return mark_read.show(visit)

    @path("r/<str:public_id>/", name="ticket")
    @for_contacts
    def ticket_route(self, visit: Visit, public_id: str) -> HttpResponse:
        """One ticket with its conversation (F7)."""
        return ticket_detail.show(visit, public_id)

    @path("new/", name="new")
    @for_contacts
    def new_route(self, visit: Visit) -> HttpResponse:
        """The form for something new (F8)."""
        return new_request.show(visit)

    @path("new/sent/<str:public_id>/", name="created")
    @for_contacts
    def created_route(self, visit: Visit, public_id: str) -> HttpResponse:
        """What happens next, after sending (F8)."""
        return created.show(visit, public_id)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The list with sample tickets, so that nobody's tickets show in a preview."""
        return preview(self, request)


class PortalClosedStageMixin(models.Model):
    """The closed stage that a customer's close leads to, in one pipeline (B47)."""

    stage = models.ForeignKey(
        Stage,
        verbose_name=_("closed stage"),
        on_delete=models.CASCADE,
        related_name="+",
        limit_choices_to={"category": Stage.Category.CLOSED},
    )

    panels: ClassVar[list[Any]] = [FieldPanel("stage")]

    class Meta:
        abstract = True
        verbose_name = _("closed stage")
        verbose_name_plural = _("closed stages")

    def __str__(self) -> str:
        return f"{self.stage.pipeline} · {self.stage}"
