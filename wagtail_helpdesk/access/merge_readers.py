"""Who would read more by a merge of two tickets, and who less (R9, R10)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from wagtail_helpdesk.access.contacts import proved_contacts
from wagtail_helpdesk.access.portals import portal_pages
from wagtail_helpdesk.models import (
    Contact,
    Membership,
    Organization,
    Participant,
    PortalRules,
    Ticket,
)
from wagtail_helpdesk.models.ticket_visibility import granting_memberships, not_spam
from wagtail_helpdesk.pagination import BoundedCount, bounded_count


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
            portal.title
            for portal in _portals(source, target)
            if portal.shows_target and not portal.shows_source
        ),
    )


@dataclass(frozen=True, slots=True)
class LostReaders:
    """Who could read a ticket as one of their organization, and not its target.

    Attributes:
        organization: The organization of the merged ticket.
        number: How many of its members.
    """

    organization: Organization
    number: BoundedCount


def lost_readers(source: Ticket, target: Ticket) -> LostReaders | None:
    """Who would read less if ``source`` were merged into ``target``; three queries.

    The members of the organization whom a portal shows ``source`` for that alone, and
    none shows ``target``. They are counted as people with an account: whether a portal
    wants more of them at the door, such as an access group, is not asked.

    Args:
        source: The ticket that would be merged away.
        target: The ticket that would take its conversations.

    Returns:
        ``None`` if it is nobody.
    """
    if source.organization is None:
        return None
    before, after = Q(), Q()
    for portal in _portals(source, target):
        if not (portal.rules.is_active and portal.rules.shares):
            continue
        rows = granting_memberships(portal.rules)
        if portal.shows_source:
            members = rows.filter(organization=source.organization_id)
            before |= Q(pk__in=members.values("contact"))
        if portal.shows_target and target.organization_id is not None:
            members = rows.filter(organization=target.organization_id)
            after |= Q(pk__in=members.values("contact"))
    if not before:
        return None
    tickets = (source.pk, target.pk)
    takes_part = Participant.objects.filter(ticket__in=tickets).values("contact")
    was_shown = Ticket.objects.filter(pk=source.pk).filter(not_spam())
    lost = (
        proved_contacts()
        .filter(before, Exists(was_shown), user__is_active=True)
        .exclude(pk__in=(source.contact_id, target.contact_id))
        .exclude(pk__in=takes_part)
    )
    number = bounded_count(lost.exclude(after) if after else lost)
    return LostReaders(source.organization, number) if number else None


@dataclass(frozen=True, slots=True)
class _Portal:
    """Which of two tickets the filters of a portal let through (B18)."""

    title: str
    rules: PortalRules
    shows_source: bool
    shows_target: bool


def _portals(source: Ticket, target: Ticket) -> Iterator[_Portal]:
    """All portals; two queries for any number of them."""
    pages = portal_pages()
    passing = {
        f"portal_{number}": Exists(
            Ticket.objects.filter(pk=OuterRef("pk")).passing(page.rules)
        )
        for number, page in enumerate(pages)
        if page.rules.filters
    }
    both = Ticket.objects.filter(pk__in=(source.pk, target.pk))
    rows = both.annotate(**passing).values("pk", *passing) if passing else ()
    found = {row["pk"]: row for row in rows}
    for number, page in enumerate(pages):
        shows = [
            bool(found.get(ticket.pk, {}).get(f"portal_{number}", True))
            for ticket in (source, target)
        ]
        yield _Portal(page.title, page.rules, *shows)


def _people_of(ticket: Ticket) -> dict[int, Contact]:
    rows = ticket.participants.select_related("contact").order_by("pk")
    people = [ticket.contact, *(row.contact for row in rows)]
    return {contact.pk: contact for contact in people}


def _without(
    people: dict[int, Contact], others: dict[int, Contact]
) -> tuple[Contact, ...]:
    return tuple(contact for pk, contact in people.items() if pk not in others)
