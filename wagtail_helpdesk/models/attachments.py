"""Attachments: the files that came with messages, on private storage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.models.agents import Agent
from wagtail_helpdesk.models.contacts import Contact
from wagtail_helpdesk.models.fields import PublicIdField
from wagtail_helpdesk.models.files import attachment_path, private_storage
from wagtail_helpdesk.models.messages import Message

if TYPE_CHECKING:
    from wagtail_helpdesk.models.portal_rules import PortalRules


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    """Reads over attachments: exactly those of the messages that may be read."""

    def visible_to_agent(self, agent: Agent | None) -> Self:
        """Files of messages and notes that ``agent`` may read."""
        return self.filter(message__in=Message.objects.visible_to_agent(agent))

    def visible_to_contact(self, contact: Contact | None, portal: PortalRules) -> Self:
        """Files of messages that ``contact`` may read (R10)."""
        return self.filter(
            message__in=Message.objects.visible_to_contact(contact, portal)
        )


class Attachment(models.Model):
    """A file that came with a message, on private storage."""

    public_id = PublicIdField()
    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, related_name="attachments"
    )
    file = models.FileField(
        upload_to=attachment_path, storage=private_storage, max_length=200
    )
    name = models.CharField(max_length=255)
    content_type = models.CharField(
        max_length=100, help_text="As found in the bytes, not as claimed."
    )
    size = models.PositiveBigIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        constraints = [
            models.CheckConstraint(
                condition=Q(size__gt=0), name="helpdesk_attachment_not_empty"
            )
        ]

    def __str__(self) -> str:
        return self.name
