"""The outbox: one row per mail that has to leave, written with what caused it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.models.agents import Agent
from wagtail_helpdesk.models.contacts import Contact
from wagtail_helpdesk.models.conversations import Conversation
from wagtail_helpdesk.models.events import Event
from wagtail_helpdesk.models.messages import Message
from wagtail_helpdesk.models.tickets import Ticket


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Reads over the outbox."""

    def due(self, now: datetime) -> Self:
        """Deliveries whose time has come, in the order in which they must leave."""
        return self.filter(status=Delivery.Status.QUEUED, run_at__lte=now).order_by(
            "run_at", "pk"
        )

    def abandoned(self, now: datetime) -> Self:
        """Claimed deliveries whose worker is gone: its lease ran out."""
        return self.filter(
            status__in=[Delivery.Status.CLAIMED, Delivery.Status.SENDING],
            lease_until__lt=now,
        )

    def oldest_due(self, now: datetime) -> datetime | None:
        """Since when the oldest waiting delivery has been due, or ``None``."""
        return self.due(now).values_list("run_at", flat=True).first()


class Delivery(models.Model):
    """One mail to one recipient, from being queued to having been sent.

    ``queued`` → ``claimed`` (a worker holds a lease; nothing has left yet) →
    ``sending`` (being handed over: from here on an accident is ambiguous) → ``sent``.
    A worker lost while ``claimed`` costs nothing; lost while ``sending`` makes the
    delivery ``unknown``: it is held and then sent again under the same Message-ID.
    A refusal is ``failed`` with its reason; ``cancelled`` was taken back in time.
    """

    class Kind(models.TextChoices):
        REPLY = "reply", _("Reply")
        ACKNOWLEDGEMENT = "acknowledgement", _("Acknowledgement")
        AGENT_NOTICE = "agent_notice", _("Notice to an agent")
        INVITATION = "invitation", _("Invitation to register")
        GUEST_LINK = "guest_link", _("New link to a request")
        PARTICIPANT = "participant", _("Somebody was added to a request")
        RATING = "rating", _("Question how our help was")

    class Status(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        CLAIMED = "claimed", _("Taken by a worker")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        UNKNOWN = "unknown", _("May have been sent")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Taken back")

    kind = models.CharField(max_length=20, choices=Kind)
    key = models.CharField(
        max_length=150,
        unique=True,
        help_text="What it answers to: a second run finds the first one's row.",
    )
    token = models.UUIDField(unique=True, default=uuid.uuid4)
    # Without one it is about no ticket, such as an invitation.
    ticket = models.ForeignKey(
        Ticket, null=True, on_delete=models.CASCADE, related_name="deliveries"
    )
    conversation = models.ForeignKey(
        Conversation, null=True, on_delete=models.CASCADE, related_name="deliveries"
    )
    message = models.ForeignKey(
        Message, null=True, on_delete=models.SET_NULL, related_name="deliveries"
    )
    event = models.ForeignKey(
        Event, null=True, on_delete=models.CASCADE, related_name="deliveries"
    )
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.CASCADE, related_name="+"
    )
    agent = models.ForeignKey(
        Agent, null=True, on_delete=models.CASCADE, related_name="+"
    )
    address = models.CharField(max_length=254)
    part = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    accidents = models.PositiveSmallIntegerField(
        default=0,
        help_text="How often it was lost while being sent; after the second one a "
        "person decides.",
    )
    run_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    lease_owner = models.CharField(max_length=36, blank=True)
    external_id = models.CharField(
        max_length=255, blank=True, help_text="The Message-ID it goes out under."
    )
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [
            models.Index(
                fields=["run_at", "id"],
                condition=Q(status="queued"),
                name="helpdesk_delivery_due",
            ),
            models.Index(
                fields=["lease_until"],
                condition=Q(status__in=["claimed", "sending", "unknown"]),
                name="helpdesk_delivery_leases",
            ),
            models.Index(
                fields=["address", "kind", "created_at"],
                name="helpdesk_delivery_address",
            ),
        ]

    def __str__(self) -> str:
        return self.key
