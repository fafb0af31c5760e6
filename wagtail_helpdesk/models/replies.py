"""What helps an agent to write: prepared texts and unfinished ones."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import TranslatableMixin

from wagtail_helpdesk.models.agents import Agent
from wagtail_helpdesk.models.conversations import Conversation


class CannedReply(TranslatableMixin, models.Model):
    """A prepared text for replies, in every language the site offers (N12)."""

    name = models.CharField(_("name"), max_length=100)
    body = models.TextField(
        _("text"),
        help_text=_(
            "You may use {contact_name}, {agent_name} and {reference}; "
            "they are filled in when the text is inserted."
        ),
    )

    panels = [FieldPanel("name"), FieldPanel("body")]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("canned reply")
        verbose_name_plural = _("canned replies")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def filled(self, **values: str) -> str:
        """The text with its tokens replaced; an unknown token stays as it is."""
        text = self.body
        for name, value in values.items():
            text = text.replace("{" + name + "}", value)
        return text


class Draft(models.Model):
    """What an agent has written and not yet sent, kept on the server (UX64)."""

    class Mode(models.TextChoices):
        REPLY = "reply", _("Reply")
        NOTE = "note", _("Note")

    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="drafts"
    )
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="drafts")
    mode = models.CharField(max_length=10, choices=Mode)
    text = models.TextField()
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "agent", "mode"], name="helpdesk_draft_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agent} · {self.conversation_id} · {self.mode}"
