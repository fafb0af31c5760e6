"""Who else takes part in a ticket: contacts who are copied, agents who follow."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.models.agents import Agent
from wagtail_helpdesk.models.contacts import Contact
from wagtail_helpdesk.models.tickets import Ticket


class Participant(models.Model):
    """A contact who is copied on a ticket and sees it in the portal."""

    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="participants"
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="participations"
    )
    added_by = models.ForeignKey(
        Contact,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The customer who added them; null: an agent did, or a mail.",
    )
    address = models.CharField(
        max_length=254,
        blank=True,
        help_text="What a customer typed, who must not learn whose it is.",
    )
    merged_from = models.ForeignKey(
        Ticket,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        db_index=False,
        related_name="+",
        help_text="The merged ticket whose people they are of; undoing takes them off.",
    )

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "contact"], name="helpdesk_participant_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["merged_from"],
                condition=~Q(merged_from=None),
                name="helpdesk_participant_merged",
            )
        ]

    def __str__(self) -> str:
        return f"{self.contact} · {self.ticket}"


class Watcher(models.Model):
    """An agent who follows a ticket and gets its notices."""

    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="watchers"
    )
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="watches")

    class Meta:
        verbose_name = _("watcher")
        verbose_name_plural = _("watchers")
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "agent"], name="helpdesk_watcher_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agent} · {self.ticket}"
