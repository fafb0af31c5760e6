"""Inboxes, the channels that fill them, and the pipelines their tickets run through."""

from __future__ import annotations

from typing import Self

from django.core.validators import (
    MaxValueValidator,
    MinValueValidator,
    validate_email,
)
from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.models.agents import Agent
from wagtail_helpdesk.models.calendars import BusinessCalendar
from wagtail_helpdesk.models.fields import EncryptedJSONField, PublicIdField
from wagtail_helpdesk.models.pipelines import Stage, first_stage_of

#: Thirty days around the clock.
MOST_REPLY_MINUTES = 30 * 24 * 60


class Priority(models.IntegerChoices):
    """How soon a ticket wants an answer; a higher number is sooner."""

    LOW = 1, _("Low")
    NORMAL = 2, _("Normal")
    HIGH = 3, _("High")
    URGENT = 4, _("Urgent")


class InboxQuerySet(models.QuerySet["Inbox"]):
    """Reads over inboxes."""

    def visible_to_agent(self, agent: Agent | None) -> Self:
        """The inboxes whose tickets ``agent`` works: all of them for a superuser."""
        if agent is None or not agent.may_work:
            return self.none()
        if agent.works_all_inboxes:
            return self
        return self.filter(memberships__agent=agent)


class Inbox(models.Model):
    """Where the conversations of its channels land, with members and rules."""

    class OwnerSync(models.TextChoices):
        CONVERSATION_TO_TICKET = (
            "conversation_to_ticket",
            _("The conversation's owner becomes the ticket's owner"),
        )
        BOTH = "both", _("Both always have the same owner")
        OFF = "off", _("Each has its own owner")

    class ReopenPolicy(models.TextChoices):
        SINGLE = "single", _("Re-open the conversation if the ticket has just one")
        LATEST = "latest", _("Re-open the latest conversation")

    public_id = PublicIdField()
    name = models.CharField(_("name"), max_length=100)
    members = models.ManyToManyField(
        Agent, through="InboxMembership", related_name="inboxes"
    )
    from_name = models.CharField(
        _("sender name"),
        max_length=100,
        blank=True,
        help_text=_("Empty: the inbox's name."),
    )
    from_email = models.EmailField(
        _("sender address"),
        blank=True,
        help_text=_("Empty: the site's DEFAULT_FROM_EMAIL."),
        validators=[validate_email],
    )
    signature = models.TextField(
        _("signature"), blank=True, help_text=_("Stands under every reply by mail.")
    )
    creates_tickets = models.BooleanField(
        _("help desk"),
        default=True,
        help_text=_("Off: a plain shared inbox whose conversations open no tickets."),
    )
    default_pipeline = models.ForeignKey(
        "wagtail_helpdesk.Pipeline",
        verbose_name=_("pipeline"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    owner_sync = models.CharField(
        _("owners"),
        max_length=30,
        choices=OwnerSync,
        default=OwnerSync.CONVERSATION_TO_TICKET,
    )
    reopen_policy = models.CharField(
        _("re-opening"),
        max_length=10,
        choices=ReopenPolicy,
        default=ReopenPolicy.SINGLE,
    )
    calendar = models.ForeignKey(
        BusinessCalendar,
        verbose_name=_("business hours"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="inboxes",
        help_text=_("When the people of this inbox work."),
    )
    first_reply_minutes = models.PositiveIntegerField(
        _("first answer within"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_REPLY_MINUTES)],
        help_text=_(
            "Minutes of the business hours: 480 are eight hours. Customers read by "
            "when that is before they send a request. Empty: nothing is promised."
        ),
    )
    suggest_closing = models.BooleanField(
        _("suggest closing"),
        default=False,
        help_text=_("Offer to close the ticket when its last conversation is closed."),
    )

    objects = InboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("inbox")
        verbose_name_plural = _("inboxes")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def sender_name(self) -> str:
        """The company part of the sender's name in mails."""
        return self.from_name or self.name


class InboxMembership(models.Model):
    """An agent who works an inbox."""

    inbox = models.ForeignKey(
        Inbox, on_delete=models.CASCADE, related_name="memberships"
    )
    agent = models.ForeignKey(
        Agent, on_delete=models.CASCADE, related_name="inbox_memberships"
    )
    notify = models.BooleanField(
        _("mail about new tickets"),
        default=True,
        help_text=_("Tickets without an owner are announced to these members."),
    )

    class Meta:
        verbose_name = _("inbox member")
        verbose_name_plural = _("inbox members")
        constraints = [
            models.UniqueConstraint(
                fields=["inbox", "agent"], name="helpdesk_inbox_member_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agent} · {self.inbox}"


class Channel(models.Model):
    """A connected way to talk: an address, a form, the portal, a page, a number."""

    public_id = PublicIdField()
    inbox = models.ForeignKey(Inbox, on_delete=models.PROTECT, related_name="channels")
    type = models.CharField(
        _("type"),
        max_length=40,
        help_text=_("The name of a registered channel type, such as form or portal."),
    )
    name = models.CharField(_("name"), max_length=100)
    config = models.JSONField(default=dict, blank=True)
    secrets = EncryptedJSONField(default=dict, blank=True, editable=False)
    is_enabled = models.BooleanField(_("on"), default=True)
    default_stage = models.ForeignKey(
        "wagtail_helpdesk.Stage",
        verbose_name=_("first stage"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Empty: the first stage of the inbox's pipeline."),
    )
    default_priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority, default=Priority.NORMAL
    )
    ticket_defaults = models.JSONField(_("ticket properties"), default=dict, blank=True)

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def first_stage(self) -> Stage:
        """The stage in which this channel's tickets start (B81)."""
        if self.default_stage is not None:
            return self.default_stage
        return first_stage_of(self.inbox.default_pipeline_id)
