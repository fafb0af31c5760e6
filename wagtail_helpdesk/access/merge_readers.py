"""Who would read, by a merge of two tickets, what they could not read before (R10)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from wagtail_helpdesk.access.portals import portal_pages
from wagtail_helpdesk.models import (
    Contact,
    Membership,
    Organization,
    PortalRules,
    Ticket,
)


@dataclass(frozen=True, slots=True)
class NewReaders:
    """What a merge would show, and to whom. An agent has to agree to each of it.

    Attributes:
        joining: People of the merged ticket, who would take part in the target.
        readers: People of the target, who would read the merged ticket.
        organization: Whose members may read the merged ticket where portals show them
            the target, and could not before; or ``None``.
        portals: Titles of portals that hide the merged ticket and show the target.
    """

    joining: tuple[Contact, ...] = ()
    readers: tuple[Contact, ...] = ()
    organization: Organization | None = None
    portals: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Stands for all of this, to be agreed to; empty if nobody reads more."""
        if not (self.joining or self.readers or self.organization or self.portals):
            return ""
        parts = (
            sorted(contact.pk for contact in self.joining),
            sorted(contact.pk for contact in self.readers),
            self.organization.pk if self.organization else None,
            self.portals,
        )
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]

    def are_colleagues(self, source: Ticket, target: Ticket) -> bool:
        """Whether all of it stays among members of one organization.

        Args:
            source: The ticket that would be merged away.
            target: The ticket that would take its conversations.
        """
        if self.organization or self.portals or target.organization_id is None:
            return False
        people = {contact.pk for contact in (*self.joining, *self.readers)}
        members = Membership.objects.filter(
            organization=target.organization_id, contact__in=people
        )
        is_same = source.organization_id == target.organization_id
        return is_same and members.count() == len(people)


def new_readers(source: Ticket, target: Ticket) -> NewReaders:
    """Who would read more if ``source`` were merged into ``target``.

    Whether a portal shares the tickets of organizations is not asked: it may tomorrow.

    Args:
        source: The ticket that would be merged away.
        target: The ticket that would take its conversations.
    """
    of_source, of_target = _people_of(source), _people_of(target)
    is_other = target.organization_id not in (None, source.organization_id)
    return NewReaders(
        joining=_without(of_source, of_target),
        readers=_without(of_target, of_source),
        organization=target.organization if is_other else None,
        portals=tuple(
            page.title
            for page in portal_pages()
            if page.rules.filters
            and _passes(target, page.rules)
            and not _passes(source, page.rules)
        ),
    )


def _people_of(ticket: Ticket) -> dict[int, Contact]:
    rows = ticket.participants.select_related("contact").order_by("pk")
    people = [ticket.contact, *(row.contact for row in rows)]
    return {contact.pk: contact for contact in people}


def _without(
    people: dict[int, Contact], others: dict[int, Contact]
) -> tuple[Contact, ...]:
    return tuple(contact for pk, contact in people.items() if pk not in others)


def _passes(ticket: Ticket, rules: PortalRules) -> bool:
    return Ticket.objects.filter(pk=ticket.pk).passing(rules).exists()
