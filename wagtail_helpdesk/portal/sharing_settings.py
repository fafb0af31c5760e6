"""Whose tickets customers see in a portal, and which, as its editor decides it.

The editor of sharing (B15 to B17) and of visibility filters (B18).
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, Panel

from wagtail_helpdesk.access.ticket_filters import problem_of
from wagtail_helpdesk.models.portal_rules import Sharing
from wagtail_helpdesk.models.ticket_filters import filters_of
from wagtail_helpdesk.portal.filter_field import VisibilityFiltersField
from wagtail_helpdesk.portal.settings_permission import may_read_draft


class FilterNotesPanel(Panel):
    """What is wrong with the filters, and the way to what they would change."""

    class BoundPanel(Panel.BoundPanel):
        """The notes for one portal."""

        template_name = "wagtail_helpdesk/admin/portal_filter_notes.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            """Add the problems of the filters that are edited."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            problems = map(problem_of, filters_of(self.instance.visibility_filters))
            context.update(problems=[text for text in problems if text])
            return context


class PortalSharingMixin(models.Model):
    """Whether members of an organization see its tickets, and the filters on all."""

    Sharing = Sharing

    sharing = models.CharField(
        _("who sees what"),
        max_length=20,
        choices=Sharing,
        default=Sharing.OWN,
        help_text=_(
            "An organization's tickets are shown only if the organization shares too."
        ),
    )
    all_organizations = models.BooleanField(
        _("every organization of a contact"),
        default=False,
        help_text=_("Off: only the contact's primary organization counts."),
    )
    visibility_filters = VisibilityFiltersField(
        _("visibility filters"),
        default=list,
        blank=True,
        help_text=_(
            "Customers see only tickets for which every row holds. Without rows they "
            "see all that is theirs."
        ),
    )

    class Meta:
        abstract = True

    sharing_panels: ClassVar[list[Any]] = [
        MultiFieldPanel(
            [FieldPanel("sharing"), FieldPanel("all_organizations")],
            heading=_("Who sees what"),
        ),
        MultiFieldPanel(
            [FilterNotesPanel(), FieldPanel("visibility_filters")],
            heading=_("Visibility filters"),
        ),
    ]

    def shows_draft_to(self, user: Any) -> bool:
        """Whether somebody may know what the saved draft decides.

        Args:
            user: Somebody who is signed in to the admin.
        """
        return may_read_draft(user, self)
