"""What customers see of one ticket: the settings of its page, and its file (F7)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import path

from wagtail_helpdesk.models import MayAddPeople, ThreadPolicy
from wagtail_helpdesk.portal.entry import Visit, for_contacts
from wagtail_helpdesk.portal.views import ticket_people, transcript


class PortalTicketMixin(models.Model):
    """What a portal shows of a ticket (L2, R11, R12), and who is added to it (F7)."""

    class OwnerDisplay(models.TextChoices):
        NAME = "name", _("First name")
        FULL = "full", _("Full name")
        SURNAME = "surname", _("Surname")
        ALIAS = "alias", _("The agent's alias")

    thread_policy = models.CharField(
        _("conversations of a ticket"),
        max_length=10,
        choices=ThreadPolicy,
        default=ThreadPolicy.ALL,
        help_text=_(
            "A ticket may have several conversations, such as one by a form and one "
            "by mail."
        ),
    )
    may_add_people = models.CharField(
        _("whom customers may add to a ticket"),
        max_length=15,
        choices=MayAddPeople,
        default=MayAddPeople.NOBODY,
        help_text=_(
            "Whoever is added reads the ticket, may reply, and gets its answers by "
            "mail."
        ),
    )

    show_stages = models.BooleanField(
        _("show stages"),
        default=False,
        help_text=_("Off: customers see open and closed only."),
    )
    owner_display = models.CharField(
        _("names of agents"),
        max_length=10,
        choices=OwnerDisplay,
        default=OwnerDisplay.NAME,
    )

    class Meta:
        abstract = True

    people_panel: ClassVar[Any] = FieldPanel("may_add_people")
    ticket_panel: ClassVar[Any] = MultiFieldPanel(
        [
            FieldPanel("thread_policy"),
            FieldPanel("show_stages"),
            FieldPanel("owner_display"),
        ],
        heading=_("What customers see"),
    )

    @path("r/<str:public_id>/transcript/", name="transcript")
    @for_contacts
    def transcript_route(self, visit: Visit, public_id: str) -> HttpResponseBase:
        """What the customer reads of one ticket, as a file (F7)."""
        return transcript.show(visit, public_id)

    @path("r/<str:public_id>/people/", name="people")
    @for_contacts
    def people_route(self, visit: Visit, public_id: str) -> HttpResponse:
        """Who takes part in one ticket (F7)."""
        return ticket_people.show(visit, public_id)
