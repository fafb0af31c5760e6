"""The ledger: what happened, to what, by whom, when. Append-only."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.models.agents import Agent
from wagtail_helpdesk.models.contacts import Contact
from wagtail_helpdesk.models.conversations import Conversation
from wagtail_helpdesk.models.messages import Message
from wagtail_helpdesk.models.tickets import Ticket


class EventQuerySet(models.QuerySet["Event"]):
    """Reads over events."""

    def due(self, consumer: int | None = None) -> Self:
        """Events that a consumer has still to look at, oldest first.

        Args:
            consumer: An ``Event.Consumer``; default: any of them.
        """
        waiting = self.exclude(due=0).order_by("pk")
        if consumer is None:
            return waiting
        return waiting.alias(bit=F("due").bitand(consumer)).exclude(bit=0)

    def mark_seen(self, consumer: int) -> int:
        """Take a consumer's bit away; how many events there were."""
        # Written out, since databases differ in negative masks.
        return self.update(due=F("due").bitand(0x7FFF & ~consumer))

    def history_of(self, ticket: Ticket) -> Self:
        """What happened to a ticket, oldest first, ready to be shown."""
        return (
            self.filter(ticket=ticket)
            .select_related("actor_agent__user", "actor_contact")
            .order_by("created_at", "pk")
        )

    def looks_at(self, contact: Contact) -> Self:
        """When agents began to view the site as a contact, the latest first."""
        return (
            self.filter(contact=contact, kind=Event.Kind.VIEW_AS_STARTED)
            .select_related("actor_agent__user")
            .order_by("-created_at", "-pk")
        )


class Event(models.Model):
    """A machine-made history entry: audit trail, reports and outbox of consumers.

    It is not a cursor: ids commit out of order. Live updates follow a
    conversation's ``last_seq`` instead.
    """

    class Kind(models.TextChoices):
        TICKET_OPENED = "ticket_opened", _("opened the request")
        MESSAGE_RECEIVED = "message_received", _("wrote")
        MESSAGE_SENT = "message_sent", _("replied")
        NOTE_ADDED = "note_added", _("added a note")
        TICKET_ASSIGNED = "ticket_assigned", _("changed the owner")
        CONVERSATION_ASSIGNED = (
            "conversation_assigned",
            _("changed the conversation's owner"),
        )
        STAGE_CHANGED = "stage_changed", _("changed the stage")
        PRIORITY_CHANGED = "priority_changed", _("changed the priority")
        DETAILS_CHANGED = "details_changed", _("changed the details")
        CONVERSATION_CLOSED = "conversation_closed", _("closed the conversation")
        CONVERSATION_REOPENED = "conversation_reopened", _("re-opened the conversation")
        TICKET_TRASHED = "ticket_trashed", _("moved the ticket to the trash")
        TICKET_RESTORED = "ticket_restored", _("restored the ticket")
        TICKET_MERGED = "ticket_merged", _("merged tickets")
        TICKET_UNMERGED = "ticket_unmerged", _("undid the merging of tickets")
        CONVERSATION_TRASHED = (
            "conversation_trashed",
            _("moved the conversation to the trash"),
        )
        CONVERSATION_RESTORED = "conversation_restored", _("restored the conversation")
        CONTACT_CREATED = "contact_created", _("was added as a contact")
        CONTACT_CLAIMED = "contact_claimed", _("confirmed the address")
        ADDRESS_RELEASED = "address_released", _("gave up an address")
        CONSENT_GIVEN = "consent_given", _("agreed to the terms")
        CONSENT_WITHDRAWN = "consent_withdrawn", _("withdrew the consent")
        CONTACT_RENAMED = "contact_renamed", _("changed the name")
        PREFERENCES_CHANGED = (
            "preferences_changed",
            _("changed language, time zone or mails"),
        )
        DATA_DOWNLOADED = "data_downloaded", _("downloaded the own data")
        DELETION_ASKED = "deletion_asked", _("asked for the deletion of the own data")
        AGENT_REGISTERED = "agent_registered", _("became an agent")
        TICKET_FOLLOWED = "ticket_followed", _("follows the ticket")
        TICKET_UNFOLLOWED = "ticket_unfollowed", _("no longer follows the ticket")
        PARTICIPANT_ADDED = "participant_added", _("added a participant")
        PARTICIPANT_REMOVED = "participant_removed", _("removed a participant")
        SEND_UNDONE = "send_undone", _("took a reply back before it was sent")
        SEND_RETRIED = "send_retried", _("sent a mail again")
        ORGANIZATION_CHANGED = "organization_changed", _("changed an organization")
        INBOX_MEMBERS_CHANGED = (
            "inbox_members_changed",
            _("changed the members of an inbox"),
        )
        VIEW_SAVED = "view_saved", _("saved a view")
        VIEW_DELETED = "view_deleted", _("deleted a view")
        ACCESS_GROUP_CHANGED = "access_group_changed", _("changed an access group")
        ACCESS_GROUP_DELETED = "access_group_deleted", _("deleted an access group")
        ACCESS_GRANTED = "access_granted", _("was added to an access group")
        ACCESS_WITHDRAWN = "access_withdrawn", _("was removed from an access group")
        VIEW_AS_STARTED = "view_as_started", _("began to view the site as the contact")
        VIEW_AS_ENDED = "view_as_ended", _("stopped viewing the site as the contact")
        INVITATION_SENT = "invitation_sent", _("sent invitations to register")
        GUEST_LINK_SENT = "guest_link_sent", _("asked for a new link to the request")
        TICKET_RATED = "ticket_rated", _("rated our help")

    class Consumer(models.IntegerChoices):
        """Who still has to look at an event: bits of ``due``."""

        NOTIFICATIONS = 1
        SEARCH = 2

    kind = models.CharField(max_length=40, choices=Kind)
    ticket = models.ForeignKey(
        Ticket, null=True, on_delete=models.CASCADE, related_name="events"
    )
    conversation = models.ForeignKey(
        Conversation, null=True, on_delete=models.CASCADE, related_name="events"
    )
    message = models.ForeignKey(
        Message, null=True, on_delete=models.SET_NULL, related_name="events"
    )
    contact = models.ForeignKey(
        Contact,
        null=True,
        on_delete=models.CASCADE,
        related_name="events",
        help_text="The contact it happened to, where there is no ticket.",
    )
    actor_contact = models.ForeignKey(
        Contact, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    actor_agent = models.ForeignKey(
        Agent, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    due = models.PositiveSmallIntegerField(default=0)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            models.Index(fields=["id"], condition=~Q(due=0), name="helpdesk_event_due"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def actor_name(self) -> str:
        """Who did it, as colleagues see it."""
        if self.actor_agent is not None:
            return self.actor_agent.full_name
        if self.actor_contact is not None:
            return self.actor_contact.display_name
        return str(_("The system"))
