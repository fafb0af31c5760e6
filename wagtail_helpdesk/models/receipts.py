"""What came from outside: kept as it came, and taken into account once."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.models.agents import Agent
from wagtail_helpdesk.models.channels import Channel, Inbox
from wagtail_helpdesk.models.fields import new_public_id
from wagtail_helpdesk.models.files import private_storage
from wagtail_helpdesk.models.messages import Message


def receipt_path(instance: Receipt, filename: str) -> str:
    """A path that tells nothing about what is in it."""
    name = new_public_id()
    return f"helpdesk/receipts/{name[:2]}/{name}"


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    """Reads over receipts."""

    def due(self, now: datetime) -> Self:
        """Receipts whose time has come, in the order in which they arrived.

        What arrived through a channel that is switched off waits for it.
        """
        off = Channel.objects.filter(is_enabled=False)
        # A subquery, not a join: claiming must not lock the channels.
        waiting = self.filter(state=Receipt.State.NEW, run_at__lte=now)
        return waiting.exclude(channel__in=off).order_by("run_at", "pk")

    def visible_to_agent(self, agent: Agent | None) -> Self:
        """What arrived for the inboxes whose tickets ``agent`` works."""
        return self.filter(channel__inbox__in=Inbox.objects.visible_to_agent(agent))

    def failed(self) -> Self:
        """Receipts that a person has to look at."""
        return self.filter(state=Receipt.State.FAILED)

    def left_over(self) -> Self:
        """Receipts from which nothing came: failed, or ignored with a reason."""
        return self.filter(state__in=[Receipt.State.FAILED, Receipt.State.IGNORED])


class Receipt(models.Model):
    """What came from outside, as it came, until and after it had its effect.

    ``new`` → ``claimed`` (a worker holds a lease) → ``done``, in the transaction of
    its effect; or ``ignored`` with the reason: a copy, our own mail, a machine's
    answer to nothing. What goes wrong is tried again later and is ``failed`` in the
    end, with the reason and everything that came.
    """

    class State(models.TextChoices):
        NEW = "new", _("New")
        CLAIMED = "claimed", _("Taken by a worker")
        DONE = "done", _("Done")
        IGNORED = "ignored", _("Ignored")
        FAILED = "failed", _("Failed")

    channel = models.ForeignKey(
        Channel, on_delete=models.CASCADE, related_name="receipts"
    )
    body = models.BinaryField(
        blank=True, default=b"", help_text="What came; empty if it lies in the file."
    )
    file = models.FileField(
        upload_to=receipt_path,
        storage=private_storage,
        max_length=200,
        blank=True,
        help_text="What came, if it is large.",
    )
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes.")
    headers = models.JSONField(
        default=dict,
        blank=True,
        help_text="What came beside it: envelope addresses, headers of a request.",
    )
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    error = models.TextField(
        blank=True, help_text="Why it failed, is tried again or was ignored."
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    run_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_owner = models.CharField(max_length=36, blank=True)
    message = models.ForeignKey(
        Message,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="receipts",
        help_text="The message it became.",
    )
    received_at = models.DateTimeField(default=timezone.now)

    objects = ReceiptQuerySet.as_manager()

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        indexes = [
            models.Index(
                fields=["run_at", "id"],
                condition=Q(state="new"),
                name="helpdesk_receipt_due",
            ),
            models.Index(
                fields=["lease_until"],
                condition=Q(state="claimed"),
                name="helpdesk_receipt_leases",
            ),
            models.Index(
                fields=["-id"],
                condition=Q(state__in=["failed", "ignored"]),
                name="helpdesk_receipt_left",
            ),
            models.Index(fields=["received_at"], name="helpdesk_receipt_age"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} · {self.received_at:%Y-%m-%d %H:%M}"

    def raw(self) -> bytes:
        """What came, byte for byte.

        Raises:
            OSError: The file storage does not answer.
        """
        if not self.file:
            return bytes(self.body)
        with self.file.open("rb") as file:
            content: bytes = file.read()
        return content


class EventReceipt(models.Model):
    """One per outside event that had its effect: a second delivery finds it here."""

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "key"], name="helpdesk_event_receipt_once"
            )
        ]

    def __str__(self) -> str:
        return self.key
