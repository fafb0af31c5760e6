"""Who may read which tickets, and how lists of them are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q, Subquery
from django.db.models.functions import Coalesce

from wagtail_helpdesk.models.agents import Agent
from wagtail_helpdesk.models.channels import Inbox
from wagtail_helpdesk.models.contacts import Contact
from wagtail_helpdesk.models.ticket_visibility import not_spam, ways_to_see

if TYPE_CHECKING:
    from wagtail_helpdesk.models.portal_rules import PortalRules
    from wagtail_helpdesk.models.tickets import Ticket


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
        return self.filter(current_of(self.model, public_id=public_id))

    def numbered(self, number: int) -> Self:
        """The ticket with this number, or the one that it was merged into.

        Args:
            number: Of any ticket.
        """
        return self.filter(current_of(self.model, number=number))

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


def current_of(model: type[Ticket], **asked: str | int) -> Q:
    """The ticket that is asked for, or the one that it was merged into (N15).

    Says nothing of who may see it: to be used on tickets that somebody sees.

    Args:
        model: ``Ticket``.
        asked: The value of a unique field, such as ``number``.
    """
    current = Coalesce("merged_into", "pk", output_field=models.BigIntegerField())
    key = model.objects.filter(**asked).values_list(current)[:1]
    return Q(pk=Subquery(key))
