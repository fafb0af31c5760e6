"""Messages and notes: what the parties of a conversation wrote."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import OuterRef, Q
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.models.agents import Agent
from wagtail_helpdesk.models.contacts import Contact
from wagtail_helpdesk.models.conversations import Conversation, oldest_of
from wagtail_helpdesk.models.fields import PublicIdField
from wagtail_helpdesk.models.tickets import Ticket
from wagtail_helpdesk.sanitise import clean_html, text_to_html

if TYPE_CHECKING:
    from wagtail_helpdesk.models.portal_rules import PortalRules


class MessageQuerySet(models.QuerySet["Message"]):
    """Reads over messages."""

    def public(self, *, now: datetime | None = None) -> Self:
        """Messages that customers may see, as far as the message itself decides.

        Not notes, and not a reply that its author may still take back (R16).

        Args:
            now: The time to ask for, where it is not the clock's.
        """
        now = timezone.now() if now is None else now
        released = Q(release_at=None) | Q(release_at__lte=now)
        return self.filter(released).exclude(direction=Message.Direction.INTERNAL)

    def visible_to_agent(self, agent: Agent | None) -> Self:
        """Messages and notes of the conversations that ``agent`` may read."""
        return self.filter(
            conversation__in=Conversation.objects.visible_to_agent(agent)
        )

    def visible_to_contact(self, contact: Contact | None, portal: PortalRules) -> Self:
        """Messages that ``contact`` reads through a portal with these rules (R10).

        Those that the portal shows (see ``shown_in``) of tickets they may see (R9).
        """
        tickets = Ticket.objects.visible_to_contact(contact, portal)
        return self.shown_in(portal).filter(conversation__ticket__in=tickets)

    def shown_in(self, portal: PortalRules, *, now: datetime | None = None) -> Self:
        """Messages that a portal with these rules shows to whoever sees the ticket.

        Public messages of customer-visible conversations; with the thread policy
        "original", of each ticket's oldest such conversation only (L2), a merged
        ticket's own among them.
        """
        messages = (
            self.public(now=now)
            .filter(
                conversation__is_customer_visible=True,
                conversation__deleted_at=None,
            )
            .exclude(conversation__status=Conversation.Status.SPAM)
        )
        if portal.thread_policy == "original":
            oldest = oldest_of(OuterRef("conversation__ticket"))
            messages = messages.filter(conversation__in=oldest)
        return messages

    def for_thread(self) -> Self:
        """In reading order, with authors and files: a constant number of queries."""
        return (
            self.select_related(
                "author_contact", "author_agent__user", "conversation__channel"
            )
            .prefetch_related("attachments", "author_contact__identities")
            .order_by("created_at", "pk")
        )


class Message(models.Model):
    """One entry that a party sent, or a note that only agents see."""

    class Direction(models.TextChoices):
        INBOUND = "inbound", _("From the customer")
        OUTBOUND = "outbound", _("To the customer")
        INTERNAL = "internal", _("Note")

    public_id = PublicIdField()
    conversation = models.ForeignKey(
        Conversation, on_delete=models.CASCADE, related_name="messages"
    )
    seq = models.PositiveIntegerField()
    direction = models.CharField(max_length=10, choices=Direction)
    author_contact = models.ForeignKey(
        Contact, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    author_agent = models.ForeignKey(
        Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    body_text = models.TextField(blank=True)
    body_html = models.TextField(
        blank=True, help_text="As received; sanitised whenever it is shown."
    )
    form_data = models.JSONField(
        default=list,
        blank=True,
        help_text="Submitted fields: a list of {key, label, value, hidden} (L15).",
    )
    external_id = models.CharField(max_length=255, blank=True)
    client_token = models.CharField(  # noqa: DJ001  (null: as in thread_key)
        max_length=64, null=True, blank=True
    )
    created_at = models.DateTimeField()
    release_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Until then the author may take it back and customers do not see it.",
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "seq"], name="helpdesk_message_seq"
            ),
            models.UniqueConstraint(
                fields=["conversation", "client_token"],
                name="helpdesk_message_client_token",
            ),
        ]
        indexes = [
            models.Index(fields=["external_id"], name="helpdesk_message_external")
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id}/{self.seq}"

    @property
    def is_note(self) -> bool:
        """Whether only agents may see it."""
        return self.direction == self.Direction.INTERNAL

    @property
    def safe_html(self) -> SafeString:
        """The body as pages may show it: cleaned every time, the raw text is kept."""
        if self.body_html:
            return clean_html(self.body_html)
        return text_to_html(self.body_text)

    @property
    def is_from_customer(self) -> bool:
        """Whether the customer's side wrote it."""
        return self.direction == self.Direction.INBOUND
