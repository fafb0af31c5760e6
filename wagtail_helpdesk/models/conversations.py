"""Conversations, their messages and the files that came with them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Min, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.models.agents import Agent
from wagtail_helpdesk.models.channels import Channel, Inbox
from wagtail_helpdesk.models.contacts import Contact
from wagtail_helpdesk.models.fields import PublicIdField, new_public_id
from wagtail_helpdesk.models.tickets import Ticket
from wagtail_helpdesk.sanitise import clean_html, text_to_html

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
        return shown.filter(pk__in=_oldest_of(OuterRef("ticket")))


def _oldest_of(ticket: OuterRef) -> QuerySet[Conversation, Any]:
    """The oldest conversation that customers see of a ticket and of each merged one."""
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
            oldest = _oldest_of(OuterRef("conversation__ticket"))
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


def private_storage() -> Storage:
    """The storage alias ``helpdesk_private``, which is never under MEDIA_ROOT."""
    return storages["helpdesk_private"]


def attachment_path(instance: Attachment, filename: str) -> str:
    """A path that tells nothing: the person's file name is kept in ``name`` only."""
    return f"helpdesk/attachments/{instance.public_id[:2]}/{new_public_id()}"


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
