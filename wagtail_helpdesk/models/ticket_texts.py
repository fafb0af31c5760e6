"""The words of tickets, so that they are found fast: an index, never a source.

A ticket has one row for each audience. If it has several conversations it has further
rows, one for each conversation and audience: a reader who may not read all of them is
answered from these.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.lookups import IsNull
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.fulltext.fields import WordsField
from wagtail_helpdesk.fulltext.words import Phrase, in_marked_words
from wagtail_helpdesk.models.agents import Agent
from wagtail_helpdesk.models.channels import Inbox
from wagtail_helpdesk.models.conversations import Conversation
from wagtail_helpdesk.models.tickets import Ticket

if TYPE_CHECKING:
    from wagtail_helpdesk.models.portal_rules import PortalRules

#: ``scope`` of the row that has the whole ticket.
WHOLE = 0


class Audience(models.IntegerChoices):
    """For whom a row is; written out in the indexes of PostgreSQL."""

    PUBLIC = 1, _("Customers")
    AGENTS = 2, _("Agents")


class TicketTextQuerySet(models.QuerySet["TicketText"]):
    """Reads over the words; who may find what by them is decided here."""

    def due(self) -> Self:
        """Rows that lack a message which customers may read by now."""
        return self.filter(due_at__lte=timezone.now())

    def containing(self, phrases: Sequence[Phrase], audience: Audience) -> Self:
        """Rows of whole tickets that have all phrases, whoever may read them."""
        return self.filter(audience=audience, scope=WHOLE, words__matches=phrases)

    def found_in_portal(self, phrases: Sequence[Phrase], portal: PortalRules) -> Self:
        """Rows of the tickets that have all phrases in what a portal shows.

        The same rule as ``Message.objects.shown_in``.
        """
        hidden = Conversation.objects.filter(ticket=OuterRef("ticket")).hidden()
        reads_part: Any = Exists(hidden)
        if portal.thread_policy == "original":
            reads_part = Q(conversations__gt=1) | reads_part
        return self._found(
            phrases,
            Audience.PUBLIC,
            ~reads_part,
            reads_part,
            Conversation.objects.shown_in(portal),
        )

    def found_by_agent(self, phrases: Sequence[Phrase], agent: Agent | None) -> Self:
        """Rows of the tickets that have all phrases in what ``agent`` may read.

        The same rule as ``Message.objects.visible_to_agent``.
        """
        trashed = Conversation.objects.filter(ticket=OuterRef("ticket")).trashed()
        reads_all: Any = ~Exists(trashed)
        reads_part: Any = Exists(trashed)
        if agent is None or not agent.works_all_inboxes:
            inboxes = Inbox.objects.visible_to_agent(agent).values("pk")
            reads_all = (Q(conversations=0) | Q(inbox__in=inboxes)) & reads_all
            # All conversations of a foreign inbox: the heading is all there is to read.
            reads_part = Q(inbox=None) | reads_part
        return self._found(
            phrases,
            Audience.AGENTS,
            reads_all,
            reads_part,
            Conversation.objects.visible_to_agent(agent),
        )

    def _found(
        self,
        phrases: Sequence[Phrase],
        audience: Audience,
        reads_all: Any,
        reads_part: Any,
        readable: QuerySet[Conversation],
    ) -> Self:
        """Rows of whole tickets, looked at more closely where not all may be read."""
        headings = [in_marked_words(phrase) for phrase in phrases]
        each = Q()
        for phrase, heading in zip(phrases, headings, strict=True):
            parts = TicketText.objects.filter(
                ticket=OuterRef("ticket"),
                audience=audience,
                conversation__in=readable,
                words__matches=[phrase],
            )
            # One value for each row, looked up through the index: PostgreSQL might
            # answer an EXISTS by reading all rows first.
            is_in_part = IsNull(Subquery(parts.values("pk")[:1]), False)
            each &= Q(words__matches=[heading]) | Q(is_in_part)
        return self.containing(phrases, audience).filter(
            Q(reads_all) | Q(words__matches=headings) | (Q(reads_part) & each)
        )


class TicketText(models.Model):
    """The words of a ticket, or of one of its conversations, for one audience.

    What everyone finds who sees the ticket (its subject; for agents the contact's name
    too) stands first, and a second time with marks, see ``fulltext.words.marked``.
    """

    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="texts", db_index=False
    )
    conversation = models.ForeignKey(
        Conversation,
        null=True,
        on_delete=models.CASCADE,
        related_name="texts",
        help_text="Null: the whole ticket.",
    )
    scope = models.BigIntegerField(
        default=WHOLE,
        help_text="The conversation's id, or 0; unique where null is not.",
    )
    audience = models.PositiveSmallIntegerField(choices=Audience)
    inbox = models.ForeignKey(
        Inbox,
        null=True,
        on_delete=models.DO_NOTHING,
        related_name="+",
        db_index=False,
        db_constraint=False,
        help_text="Of all conversations in it; null if there is not just one.",
    )
    conversations = models.PositiveIntegerField(
        default=0, help_text="How many there were when the row was made."
    )
    last_message = models.BigIntegerField(
        default=0, help_text="The id of the newest message that has been looked at."
    )
    length = models.PositiveIntegerField(default=0, help_text="Words.")
    due_at = models.DateTimeField(
        null=True, help_text="When the next message may be shown to customers."
    )
    words = WordsField()

    objects = TicketTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("words of a ticket")
        verbose_name_plural = _("words of tickets")
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "audience", "scope"], name="helpdesk_text_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=~Q(due_at=None),
                name="helpdesk_text_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id}/{self.scope}/{self.audience}"
