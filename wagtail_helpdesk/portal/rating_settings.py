"""Whether a portal asks how our help was: its settings and its route (F13)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import path

from wagtail_helpdesk.actions.rate_ticket import may_rate
from wagtail_helpdesk.models import Contact, Ticket
from wagtail_helpdesk.portal.consent import needs_consent
from wagtail_helpdesk.portal.views import rating


class PortalRatingMixin(models.Model):
    """The question how our help was, by mail and on the page of a closed ticket."""

    asks_rating = models.BooleanField(
        gettext_lazy("ask how our help was"),
        default=False,
        help_text=gettext_lazy(
            "When a ticket is closed, its customer is asked on its page, and by a mail "
            "if we had answered. For 7 days, and again after the next closing."
        ),
    )
    rating_question = models.CharField(
        gettext_lazy("question"),
        max_length=150,
        blank=True,
        help_text=gettext_lazy("Empty: “How was our help?”"),
    )

    class Meta:
        abstract = True

    rating_panel: ClassVar[Any] = MultiFieldPanel(
        [FieldPanel("asks_rating"), FieldPanel("rating_question")],
        heading=gettext_lazy("Ratings"),
    )

    @property
    def rating_text(self) -> str:
        """What customers are asked."""
        return self.rating_question or _("How was our help?")

    def asks_by_link(self, ticket: Ticket, contact: Contact) -> bool:
        """Whether a contact may answer about a ticket without signing in.

        Who could not enter once they had signed in may not: a link goes around neither
        an access group, nor a provider, nor a consent.

        Args:
            ticket: The ticket.
            contact: Whose link it is.
        """
        portal: Any = self
        return (
            portal.admits(contact)
            and not needs_consent(portal, contact)
            and may_rate(ticket, contact, portal.rules)
        )

    @path("csat/<str:token>/", name="rating")
    @sensitive_variables("token")
    def rating_route(self, request: HttpRequest, token: str) -> HttpResponseBase:
        """The question, for whoever holds the link from a mail; a POST answers it."""
        return rating.show(self, request, token)
