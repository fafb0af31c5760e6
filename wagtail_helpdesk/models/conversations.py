"""Conversations: the threads that messages stand in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Min, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.models.agents import Agent
from wagtail_helpdesk.models.channels import Channel, Inbox
from wagtail_helpdesk.models.contacts import Contact
from wagtail_helpdesk.models.fields import PublicIdField
from wagtail_helpdesk.models.files import (  # noqa: F401  (migrations name them here)
    attachment_path,
    private_storage,
)
from wagtail_helpdesk.models.tickets import Ticket

if TYPE_CHECKING:
    from wagtail_helpdesk.models.portal_rules import PortalRules


#: What no portal shows; the condition of an index.
HIDDEN = ~Q(deleted_at=None) | Q(status="spam") | Q(is_customer_visible=False)


class ConversationQuerySet(models.QuerySet["Conversation"]):
    """Reads over conversations."""

    def live(self) -> Self:
        """Conversations that are neither in the trash nor spam."""
        return self.filter(deleted_at=None).exclude(status="spam")

    def own(self) -> Self:
        """Without those that came with a merged ticket.

        They are read like the others, but stay as they were: nobody writes there any
        more, and what is done to the ticket is not done to them. So undoing the merge
        finds everything as it was.
        """
        return self.filter(merged_from=None)

    def visible_to_agent(self, agent: Agent | None) -> Self:
        """Conversations of the agent's inboxes that are not in the trash."""
        return self.filter(
            deleted_at=None, inbox__in=Inbox.objects.visible_to_agent(agent)
        )

    def trashed(self) -> Self:
        """Conversations in the trash."""
        return self.exclude(deleted_at=None)

    def hidden(self) -> Self:
        """Conversations that no portal shows: few, and with an index of their own."""
        return self.filter(HIDDEN)

    def shown_in(self, portal: PortalRules) -> Self:
        """Conversations of which a portal with these rules shows the messages.

        With the thread policy "original" each ticket's oldest one only (L2), and the
        oldest of each ticket that was merged into it.
        """
        shown = self.live().filter(is_customer_visible=True)
        if portal.thread_policy != "original":
            return shown
        return shown.filter(pk__in=oldest_of(OuterRef("ticket")))


def oldest_of(ticket: OuterRef) -> QuerySet[Conversation, Any]:
    """The oldest conversation that customers see of a ticket and of each merged one.

    Args:
        ticket: The ticket, as a query around this one knows it.
    """
    return (
        Conversation.objects.live()
        .filter(ticket=ticket, is_customer_visible=True)
        .order_by()
        .values("ticket", "merged_from")
        .annotate(first=Min("pk"))
        .values("first")
    )


class Conversation(models.Model):
    """One thread with one contact on one channel; has at most one ticket (B102)."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        SPAM = "spam", _("Spam")

    public_id = PublicIdField()
    ticket = models.ForeignKey(
        Ticket,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="conversations",
    )
    inbox = models.ForeignKey(
        Inbox, on_delete=models.PROTECT, related_name="conversations"
    )
    channel = models.ForeignKey(
        Channel,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="conversations",
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, related_name="conversations"
    )
    # Null where there is none: unique constraints let any number of nulls be.
    thread_key = models.CharField(  # noqa: DJ001
        max_length=200,
        null=True,
        blank=True,
        help_text="What the channel knows the thread by; unique within the channel.",
    )
    owner = models.ForeignKey(
        Agent,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="conversations",
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    subject = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField()
    last_message_at = models.DateTimeField()
    last_seq = models.PositiveIntegerField(
        default=0, help_text="The seq of the newest message, assigned under a row lock."
    )
    is_customer_visible = models.BooleanField(default=True)
    merged_from = models.ForeignKey(
        Ticket,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        db_index=False,
        related_name="conversations_given",
        help_text="The merged ticket it came with, and goes back to.",
    )
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "thread_key"], name="helpdesk_conversation_thread"
            )
        ]
        indexes = [
            models.Index(
                fields=["ticket"], condition=HIDDEN, name="helpdesk_conversation_hidden"
            ),
            models.Index(
                fields=["merged_from"],
                condition=~Q(merged_from=None),
                name="helpdesk_conversation_merged",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inbox} · {self.public_id}"
