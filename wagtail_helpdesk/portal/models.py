"""The portal on Wagtail's own page; see ``mixins`` for sites with another base page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, ObjectList, TabbedInterface
from wagtail.models import Page

from wagtail_helpdesk.portal.form_settings import PortalSupportFormMixin
from wagtail_helpdesk.portal.mixins import (
    PortalClosedStageMixin,
    PortalHomePageMixin,
)
from wagtail_helpdesk.portal.navigation_settings import PortalNavigationLinkMixin
from wagtail_helpdesk.portal.page_form import PortalPageForm
from wagtail_helpdesk.portal.settings_permission import PortalSettingsTab
from wagtail_helpdesk.portal.system_page import SystemPageMixin
from wagtail_helpdesk.portal.system_page_form import SystemPageForm


class PortalHomePage(PortalHomePageMixin, Page):
    """A customer portal; its title is the portal's name."""

    if TYPE_CHECKING:
        # Wagtail publishes no types, so the manager it gives every page is unknown.
        objects: ClassVar[Any]

    base_form_class = PortalPageForm
    page_description = _("Where customers read and write their requests.")
    content_panels = [
        *Page.content_panels,
        *PortalHomePageMixin.portal_content_panels,
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(content_panels, heading=_("Content")),
            PortalSettingsTab(
                PortalHomePageMixin.portal_settings_panels, heading=_("Portal")
            ),
            ObjectList(Page.promote_panels, heading=_("Promote")),
            ObjectList(Page.settings_panels, heading=_("Settings")),
        ]
    )

    class Meta(PortalHomePageMixin.Meta):
        verbose_name = _("customer portal")
        verbose_name_plural = _("customer portals")


class PortalClosedStage(PortalClosedStageMixin):
    """The closed stage of one pipeline in one portal."""

    page = ParentalKey(
        PortalHomePage, on_delete=models.CASCADE, related_name="closed_stages"
    )

    class Meta(PortalClosedStageMixin.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["page", "stage"], name="helpdesk_portal_closed_stage_once"
            )
        ]


class PortalSupportForm(PortalSupportFormMixin):
    """One support form that a portal connects."""

    page = ParentalKey(
        PortalHomePage, on_delete=models.CASCADE, related_name="support_forms"
    )

    class Meta(PortalSupportFormMixin.Meta):
        pass


class PortalNavigationLink(PortalNavigationLinkMixin):
    """One further link in the navigation of a portal."""

    page = ParentalKey(
        PortalHomePage, on_delete=models.CASCADE, related_name="navigation_links"
    )

    class Meta(PortalNavigationLinkMixin.Meta):
        pass


class SystemPage(SystemPageMixin, Page):
    """What editors say around the sign-in and its neighbours."""

    if TYPE_CHECKING:
        objects: ClassVar[Any]

    base_form_class = SystemPageForm
    page_description = _("Sign in, register, access denied and the like.")
    subpage_types: ClassVar[list[str]] = []
    content_panels = [*Page.content_panels, *SystemPageMixin.system_page_panels]
    # It is in no menu and no search, so its address is all there is to set.
    promote_panels = [FieldPanel("slug")]

    class Meta:
        verbose_name = _("system page")
        verbose_name_plural = _("system pages")
