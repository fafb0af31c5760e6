"""Whether people without an account get a link to their request: fields and routes."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import path

from wagtail_helpdesk.models import EntryMode
from wagtail_helpdesk.portal.views import guest

#: Ways in that say who may register. Whatever else there is, such as a company's
#: sign-in, is a door that no link goes around.
_OPEN_TO_GUESTS = frozenset({EntryMode.OPEN, EntryMode.DOMAINS, EntryMode.INVITATION})


class PortalGuestMixin(models.Model):
    """Links in mails that open one ticket without an account (F10)."""

    class GuestDays(models.IntegerChoices):
        NONE = 0, _("No: everybody signs in")
        WEEK = 7, _("For 7 days")
        MONTH = 30, _("For 30 days")
        QUARTER = 90, _("For 90 days")

    guest_days = models.PositiveSmallIntegerField(
        _("links without an account"),
        choices=GuestDays,
        default=GuestDays.MONTH,
        help_text=_(
            "Mails to people who have no account carry a link that opens their one "
            "request for so long. It works only where neither an access group nor a "
            "consent is required."
        ),
    )

    class Meta:
        abstract = True

    guest_panel: ClassVar[Any] = FieldPanel("guest_days")

    @property
    def takes_guests(self) -> bool:
        """Whether links open tickets here; otherwise everybody signs in.

        Nobody goes around what a portal asks of those who enter: an access group, a
        consent, or a way in that is more than a rule about registration.
        """
        portal: Any = self
        return bool(
            portal.is_active
            and self.guest_days
            and portal.entry in _OPEN_TO_GUESTS
            and not portal.requires_groups
            and portal.consent_notice is None
        )

    @path("g/<str:token>/", name="guest")
    @sensitive_variables("token")
    def guest_route(self, request: HttpRequest, token: str) -> HttpResponseBase:
        """One ticket, for whoever holds the link (F10)."""
        return guest.show(self, request, token)

    @path("g/<str:token>/transcript/", name="guest_transcript")
    @sensitive_variables("token")
    def guest_transcript_route(
        self, request: HttpRequest, token: str
    ) -> HttpResponseBase:
        """That ticket as a file."""
        return guest.transcript_file(self, request, token)

    @path("g/<str:token>/files/<str:public_id>/", name="guest_file")
    @sensitive_variables("token")
    def guest_file_route(
        self, request: HttpRequest, token: str, public_id: str
    ) -> HttpResponseBase:
        """A file of that ticket."""
        return guest.file(self, request, token, public_id)
