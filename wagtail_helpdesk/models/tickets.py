"""Tickets: the unit of work."""

from __future__ import annotations

import swapper
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.conf import helpdesk_settings
from wagtail_helpdesk.models.agents import Agent, Team
from wagtail_helpdesk.models.channels import Channel, Inbox, Priority
from wagtail_helpdesk.models.contacts import Contact, Organization
from wagtail_helpdesk.models.fields import PublicIdField
from wagtail_helpdesk.models.pipelines import Pipeline, Stage
from wagtail_helpdesk.models.tags import Tag
from wagtail_helpdesk.models.ticket_numbers import TicketNumber, ticket_number_from
from wagtail_helpdesk.models.ticket_querysets import TicketQuerySet

__all__ = ["Tag", "Ticket", "TicketNumber", "TicketQuerySet", "ticket_number_from"]

swapper.set_app_prefix("wagtailcore", "wagtail")


class Ticket(models.Model):
    """A request and the work on it."""

    number = models.PositiveBigIntegerField(_("number"), unique=True, editable=False)
    public_id = PublicIdField()
    subject = models.CharField(_("subject"), max_length=255)
    # Foreign keys without an index of their own lead one of those below.
    inbox = models.ForeignKey(
        Inbox, on_delete=models.PROTECT, db_index=False, related_name="tickets"
    )
    channel = models.ForeignKey(
        Channel, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    pipeline = models.ForeignKey(
        Pipeline, on_delete=models.PROTECT, db_index=False, related_name="tickets"
    )
    stage = models.ForeignKey(
        Stage, on_delete=models.PROTECT, db_index=False, related_name="tickets"
    )
    is_closed = models.BooleanField(
        default=False,
        editable=False,
        help_text="Copy of the stage's category, so that lists need no join.",
    )
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority, default=Priority.NORMAL
    )
    type = models.CharField(_("type"), max_length=50, blank=True)
    owner = models.ForeignKey(
        Agent,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        db_index=False,
        related_name="tickets",
    )
    team = models.ForeignKey(
        Team,
        verbose_name=_("team"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="tickets",
    )
    contact = models.ForeignKey(
        Contact,
        verbose_name=_("contact"),
        on_delete=models.PROTECT,
        db_index=False,
        related_name="tickets",
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("organization"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        db_index=False,
        related_name="tickets",
        help_text="As it was when the ticket was opened; never rewritten.",
    )
    origin_page = models.ForeignKey(
        swapper.get_model_name("wagtailcore", "Page"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    origin_revision = models.ForeignKey(
        "wagtailcore.Revision",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    origin_locale = models.CharField(max_length=15, blank=True)
    language = models.CharField(_("language"), max_length=15, blank=True)
    properties = models.JSONField(default=dict, blank=True)
    tags = models.ManyToManyField(
        Tag, verbose_name=_("tags"), blank=True, related_name="tickets"
    )
    created_at = models.DateTimeField(_("created"))
    last_activity_at = models.DateTimeField(_("last activity"))
    last_customer_message_at = models.DateTimeField(null=True, blank=True)
    last_agent_message_at = models.DateTimeField(null=True, blank=True)
    first_replied_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    stage_before_closing = models.ForeignKey(
        Stage, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reopened_count = models.PositiveIntegerField(default=0)
    follow_up_of = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="follow_ups",
    )
    # Protected: whoever deletes the other one has to say what becomes of this one.
    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="merged",
        help_text="The ticket that has its conversations; never itself a merged one.",
    )
    deleted_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(
        default=1, help_text="Grows with every change, for optimistic locking."
    )

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        indexes = [
            models.Index(
                fields=["-last_activity_at", "-id"], name="helpdesk_ticket_activity"
            ),
            # The agents' lists: whose tickets, open or closed, then the order. They
            # stand in for the foreign keys' own indexes, so that a ticket that moves
            # up writes hardly more entries than without them.
            models.Index(
                fields=["is_closed", "-last_activity_at", "-id"],
                condition=Q(deleted_at=None, merged_into=None),
                name="helpdesk_ticket_state",
            ),
            models.Index(
                fields=["inbox", "is_closed", "-last_activity_at", "-id"],
                condition=Q(deleted_at=None, merged_into=None),
                name="helpdesk_ticket_inbox",
            ),
            models.Index(
                fields=["owner", "is_closed", "-last_activity_at", "-id"],
                condition=Q(deleted_at=None, merged_into=None),
                include=["inbox"],
                name="helpdesk_ticket_owner",
            ),
            models.Index(
                fields=["stage", "-last_activity_at", "-id"],
                condition=Q(deleted_at=None, merged_into=None),
                name="helpdesk_ticket_stage",
            ),
            models.Index(
                fields=["is_closed", "-priority", "-last_activity_at", "-id"],
                condition=Q(deleted_at=None, merged_into=None),
                name="helpdesk_ticket_priority",
            ),
            models.Index(
                fields=["is_closed", "-created_at", "-id"],
                condition=Q(deleted_at=None, merged_into=None),
                name="helpdesk_ticket_created",
            ),
            # Few are merged: the others have no entry here.
            models.Index(
                fields=["merged_into"],
                condition=~Q(merged_into=None),
                name="helpdesk_ticket_merged",
            ),
            # Which pipelines an inbox has tickets in.
            models.Index(fields=["pipeline", "inbox"], name="helpdesk_ticket_pipeline"),
            models.Index(
                fields=["contact", "-last_activity_at", "-id"],
                name="helpdesk_ticket_contact",
            ),
            models.Index(
                fields=["organization", "-last_activity_at", "-id"],
                name="helpdesk_ticket_organization",
            ),
            # The customers' list of a large organization, in its other orders.
            models.Index(
                fields=["organization", "-last_activity_at", "-id"],
                condition=Q(is_closed=False, deleted_at=None, merged_into=None),
                name="helpdesk_ticket_org_open",
            ),
            models.Index(
                fields=["organization", "-created_at", "-id"],
                name="helpdesk_ticket_org_created",
            ),
            models.Index(
                F("organization"),
                Lower("subject"),
                F("id"),
                name="helpdesk_ticket_org_subject",
            ),
        ]

    def __str__(self) -> str:
        # Never the subject: Wagtail's site history shows titles to everyone who
        # holds the model permission, whatever inbox the ticket is in.
        return self.reference

    @property
    def reference(self) -> str:
        """The number as people write it, such as ``HD-1042``."""
        return f"{helpdesk_settings.TICKET_PREFIX}{self.number}"

    @property
    def current(self) -> Ticket:
        """The ticket that has its conversations: itself, unless it was merged."""
        return self if self.merged_into is None else self.merged_into
