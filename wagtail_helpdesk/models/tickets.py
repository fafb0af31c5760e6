"""Tickets: the unit of work, who may read it, and how lists of it are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import swapper
from django.db import models
from django.db.models import F, Q, Subquery
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.conf import helpdesk_settings
from wagtail_helpdesk.models.agents import Agent, Team
from wagtail_helpdesk.models.channels import Channel, Inbox, Priority
from wagtail_helpdesk.models.contacts import Contact, Organization
from wagtail_helpdesk.models.fields import PublicIdField
from wagtail_helpdesk.models.pipelines import Pipeline, Stage
from wagtail_helpdesk.models.ticket_visibility import not_spam, ways_to_see

if TYPE_CHECKING:
    from wagtail_helpdesk.models.portal_rules import PortalRules

swapper.set_app_prefix("wagtailcore", "wagtail")


class TicketNumber(models.Model):
    """The sequence ticket numbers come from: unique and growing, with gaps.

    A row is taken outside any lock on tickets, so that two tickets opened at the
    same moment never wait for each other.
    """

    class Meta:
        verbose_name = _("ticket number")

    def __str__(self) -> str:
        return str(self.pk)


class Tag(models.Model):
    """A word that agents put on tickets."""

    name = models.CharField(_("name"), max_length=60, unique=True)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TicketQuerySet(models.QuerySet["Ticket"]):
    """Reads over tickets; who may see which is decided here and nowhere else."""

    def live(self) -> Self:
        """Tickets that are neither in the trash nor merged into another."""
        return self.filter(deleted_at=None, merged_into=None)

    def open(self) -> Self:
        """Tickets that are not closed."""
        return self.filter(is_closed=False)

    def closed(self) -> Self:
        """Tickets in a stage of category closed."""
        return self.filter(is_closed=True)

    def visible_to_agent(self, agent: Agent | None) -> Self:
        """Tickets of the inboxes ``agent`` is a member of; not those in the trash,
        and not those merged into another.

        Every surface of the workspace starts from this queryset.
        """
        return self.live().in_inboxes_of(agent)

    def trashed_for_agent(self, agent: Agent | None) -> Self:
        """Tickets in the trash that ``agent`` may restore (R6)."""
        return self.exclude(deleted_at=None).in_inboxes_of(agent)

    def merged_for_agent(self, agent: Agent | None) -> Self:
        """Tickets of the agent's inboxes that were merged into another (N15)."""
        merged = self.filter(deleted_at=None).exclude(merged_into=None)
        return merged.in_inboxes_of(agent)

    def in_inboxes_of(self, agent: Agent | None) -> Self:
        """Tickets of the inboxes of ``agent``, in the trash and merged ones too."""
        if agent is not None and agent.works_all_inboxes:
            return self
        return self.filter(inbox__in=Inbox.objects.visible_to_agent(agent))

    def visible_to_contact(self, contact: Contact | None, portal: PortalRules) -> Self:
        """Tickets that ``contact`` sees through a portal with these rules (R9).

        Own tickets, those they take part in, and where the portal shares those of
        their organization if it shares them too (B15, B16), as far as the portal's
        visibility filters let them through (B18). Never one that is in the trash, that
        was merged into another or whose every conversation is spam.

        Args:
            contact: The signed-in contact; ``None`` sees nothing.
            portal: The rules of the portal the request came through.
        """
        if contact is None or contact.is_blocked or not portal.is_active:
            return self.none()
        mine = Q()
        for way in ways_to_see(contact, portal).values():
            mine |= way
        return self.live().filter(mine).filter(not_spam()).passing(portal)

    def named(self, public_id: str) -> Self:
        """The ticket with this public id, or the one that it was merged into.

        Args:
            public_id: Of any ticket.
        """
        return self.filter(current_of(public_id=public_id))

    def numbered(self, number: int) -> Self:
        """The ticket with this number, or the one that it was merged into.

        Args:
            number: Of any ticket.
        """
        return self.filter(current_of(number=number))

    def passing(self, portal: PortalRules) -> Self:
        """Tickets that the visibility filters of a portal let through (B18)."""
        if not portal.filters:
            return self
        from wagtail_helpdesk.models import ticket_filters

        return self.filter(ticket_filters.passing(portal.filters))

    def search(self, text: str, portal: PortalRules) -> Self:
        """Tickets by number (``HD-1042``, ``#1042``, ``1042``), subject or text.

        Only what the portal shows is searched: nobody finds a ticket by a word
        that only a note has. Agents search with ``search_with_notes``.
        """
        from wagtail_helpdesk.models import ticket_search

        return ticket_search.in_portal(self, text, portal)

    def search_with_notes(self, text: str, agent: Agent | None) -> Self:
        """The agents' search: also in notes and by who asks.

        Only conversations that ``agent`` may read are searched.
        """
        from wagtail_helpdesk.models import ticket_search

        return ticket_search.by_agent(self, text, agent)

    def best_matches(self, text: str, agent: Agent | None) -> Self:
        """The same with an annotation ``match`` to order by, where more is better.

        Has the 500 with the latest activity, since each is weighed.
        """
        from wagtail_helpdesk.models import ticket_search

        return ticket_search.best_first([self], text, agent)

    def for_list(self) -> Self:
        """With everything a row of a list shows: a constant number of queries."""
        return self.select_related(
            "stage", "owner__user", "contact", "organization", "inbox", "pipeline"
        ).prefetch_related("stage__labels__locale", "contact__identities")

    def by_activity(self) -> Self:
        """Latest activity first, with a total order for keyset pages."""
        return self.order_by("-last_activity_at", "-pk")


def current_of(**asked: str | int) -> Q:
    """The ticket that is asked for, or the one that it was merged into (N15).

    Says nothing of who may see it: to be used on tickets that somebody sees.

    Args:
        asked: The value of a unique field, such as ``number``.
    """
    current = Coalesce("merged_into", "pk", output_field=models.BigIntegerField())
    key = Ticket.objects.filter(**asked).values_list(current)[:1]
    return Q(pk=Subquery(key))


def ticket_number_from(text: str) -> int | None:
    """The number a person typed as ``HD-1042``, ``hd1042``, ``#1042`` or ``1042``."""
    prefix = helpdesk_settings.TICKET_PREFIX.rstrip("-").casefold()
    digits = text.strip().casefold().removeprefix(prefix).lstrip("-#").strip()
    if digits.isascii() and digits.isdigit() and len(digits) <= 18:
        return int(digits)
    return None


class Ticket(models.Model):
    """A request and the work on it."""

    number = models.PositiveBigIntegerField(_("number"), unique=True, editable=False)
    public_id = PublicIdField()
    subject = models.CharField(_("subject"), max_length=255)
    # Foreign keys without an index of their own lead one of those below.
    inbox = models.ForeignKey(
        Inbox, on_delete=models.PROTECT, db_index=False, related_name="tickets"
    )
    channel = models.ForeignKey(
        Channel, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    pipeline = models.ForeignKey(
        Pipeline, on_delete=models.PROTECT, db_index=False, related_name="tickets"
    )
    stage = models.ForeignKey(
        Stage, on_delete=models.PROTECT, db_index=False, related_name="tickets"
    )
    is_closed = models.BooleanField(
        default=False,
        editable=False,
        help_text="Copy of the stage's category, so that lists need no join.",
    )
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority, default=Priority.NORMAL
    )
    type = models.CharField(_("type"), max_length=50, blank=True)
    owner = models.ForeignKey(
        Agent,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        db_index=False,
        related_name="tickets",
    )
    team = models.ForeignKey(
        Team,
        verbose_name=_("team"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="tickets",
    )
    contact = models.ForeignKey(
        Contact,
        verbose_name=_("contact"),
        on_delete=models.PROTECT,
        db_index=False,
        related_name="tickets",
    )
    organization = models.ForeignKey(
        Organization,
        verbose_name=_("organization"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        db_index=False,
        related_name="tickets",
        help_text="As it was when the ticket was opened; never rewritten.",
    )
    origin_page = models.ForeignKey(
        swapper.get_model_name("wagtailcore", "Page"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    origin_revision = models.ForeignKey(
        "wagtailcore.Revision",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    origin_locale = models.CharField(max_length=15, blank=True)
    language = models.CharField(_("language"), max_length=15, blank=True)
    properties = models.JSONField(default=dict, blank=True)
    tags = models.ManyToManyField(
        Tag, verbose_name=_("tags"), blank=True, related_name="tickets"
    )
    created_at = models.DateTimeField(_("created"))
    last_activity_at = models.DateTimeField(_("last activity"))
    last_customer_message_at = models.DateTimeField(null=True, blank=True)
    last_agent_message_at = models.DateTimeField(null=True, blank=True)
    first_replied_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    stage_before_closing = models.ForeignKey(
        Stage, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reopened_count = models.PositiveIntegerField(default=0)
    follow_up_of = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="follow_ups",
    )
    # Protected: whoever deletes the other one has to say what becomes of this one.
    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="merged",
        help_text="The ticket that has its conversations; never itself a merged one.",
    )
    deleted_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(
        default=1, help_text="Grows with every change, for optimistic locking."
    )

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        indexes = [
            models.Index(
                fields=["-last_activity_at", "-id"], name="helpdesk_ticket_activity"
            ),
            # The agents' lists: whose tickets, open or closed, then the order. They
            # stand in for the foreign keys' own indexes, so that a ticket that moves
            # up writes hardly more entries than without them.
            models.Index(
                fields=["is_closed", "-last_activity_at", "-id"],
                condition=Q(deleted_at=None, merged_into=None),
                name="helpdesk_ticket_state",
            ),
            models.Index(
                fields=["inbox", "is_closed", "-last_activity_at", "-id"],
                condition=Q(deleted_at=None, merged_into=None),
                name="helpdesk_ticket_inbox",
            ),
            models.Index(
                fields=["owner", "is_closed", "-last_activity_at", "-id"],
                condition=Q(deleted_at=None, merged_into=None),
                include=["inbox"],
                name="helpdesk_ticket_owner",
            ),
            models.Index(
                fields=["stage", "-last_activity_at", "-id"],
                condition=Q(deleted_at=None, merged_into=None),
                name="helpdesk_ticket_stage",
            ),
            models.Index(
                fields=["is_closed", "-priority", "-last_activity_at", "-id"],
                condition=Q(deleted_at=None, merged_into=None),
                name="helpdesk_ticket_priority",
            ),
            models.Index(
                fields=["is_closed", "-created_at", "-id"],
                condition=Q(deleted_at=None, merged_into=None),
                name="helpdesk_ticket_created",
            ),
            # Few are merged: the others have no entry here.
            models.Index(
                fields=["merged_into"],
                condition=~Q(merged_into=None),
                name="helpdesk_ticket_merged",
            ),
            # Which pipelines an inbox has tickets in.
            models.Index(fields=["pipeline", "inbox"], name="helpdesk_ticket_pipeline"),
            models.Index(
                fields=["contact", "-last_activity_at", "-id"],
                name="helpdesk_ticket_contact",
            ),
            models.Index(
                fields=["organization", "-last_activity_at", "-id"],
                name="helpdesk_ticket_organization",
            ),
            # The customers' list of a large organization, in its other orders.
            models.Index(
                fields=["organization", "-last_activity_at", "-id"],
                condition=Q(is_closed=False, deleted_at=None, merged_into=None),
                name="helpdesk_ticket_org_open",
            ),
            models.Index(
                fields=["organization", "-created_at", "-id"],
                name="helpdesk_ticket_org_created",
            ),
            models.Index(
                F("organization"),
                Lower("subject"),
                F("id"),
                name="helpdesk_ticket_org_subject",
            ),
        ]

    def __str__(self) -> str:
        # Never the subject: Wagtail's site history shows titles to everyone who
        # holds the model permission, whatever inbox the ticket is in.
        return self.reference

    @property
    def reference(self) -> str:
        """The number as people write it, such as ``HD-1042``."""
        return f"{helpdesk_settings.TICKET_PREFIX}{self.number}"

    @property
    def current(self) -> Ticket:
        """The ticket that has its conversations: itself, unless it was merged."""
        return self if self.merged_into is None else self.merged_into


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
