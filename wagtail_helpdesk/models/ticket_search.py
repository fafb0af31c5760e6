"""How tickets are found by a text: by their words, their number, by who asks.

``TicketQuerySet.search`` and its companions lead here. What is found can be filtered,
ordered, counted and paged like any queryset. The number of a ticket that was merged
finds the one it was merged into.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.db import connections
from django.db.models import BigIntegerField, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from wagtail_helpdesk.fulltext import postgresql
from wagtail_helpdesk.fulltext.fields import OneOf, Rank
from wagtail_helpdesk.fulltext.words import Phrase, phrases_of
from wagtail_helpdesk.models.contacts import Identity
from wagtail_helpdesk.models.ticket_numbers import ticket_number_from
from wagtail_helpdesk.models.ticket_querysets import current_of
from wagtail_helpdesk.models.ticket_texts import (
    WHOLE,
    Audience,
    TicketText,
    TicketTextQuerySet,
)
from wagtail_helpdesk.models.tickets import Ticket

if TYPE_CHECKING:
    from wagtail_helpdesk.models.agents import Agent
    from wagtail_helpdesk.models.portal_rules import PortalRules
    from wagtail_helpdesk.models.tickets import TicketQuerySet

    _Tickets = TypeVar("_Tickets", bound=TicketQuerySet)

#: Up to so many tickets are collected from the index of words and then sorted. Where
#: more are expected, the list is walked in its order until a page is full.
FEW = 3000
#: Matches that are ranked: the newest ones.
MOST_RANKED = 500


def searchable(text: str) -> str:
    """What a person typed to search for: one line of at most 200 characters."""
    return " ".join(text.replace("\x00", " ").split())[:200]


def in_portal(tickets: _Tickets, text: str, portal: PortalRules) -> _Tickets:
    """Those with this text in what the portal shows, or with this number.

    Args:
        tickets: Any tickets.
        text: As typed; nothing but blanks finds all, nothing but punctuation none.
        portal: The rules of the portal the request came through.
    """
    text = searchable(text)
    if not text:
        return tickets
    phrases = phrases_of(text)
    found = TicketText.objects.using(tickets.db).found_in_portal(phrases, portal)
    words = _by_words(phrases, found, Audience.PUBLIC)
    return tickets.filter(words.condition | _by_number(text))


@dataclass(frozen=True, slots=True)
class Search:
    """What is searched for, as a condition on tickets.

    Attributes:
        condition: For ``filter()``.
        is_walked: Whether a list with it is walked in its order, since so many match:
            then it wants an index that has this order.
    """

    condition: Q
    is_walked: bool = False


def agents_search(text: str, agent: Agent | None, *, using: str) -> Search:
    """A search of the workspace, to be used on several querysets. Takes two queries.

    Args:
        text: As typed; nothing but blanks finds all, nothing but punctuation none.
        agent: Who searches.
        using: The alias of the database.
    """
    text = searchable(text)
    if not text:
        return Search(Q())
    phrases = phrases_of(text)
    found = TicketText.objects.using(using).found_by_agent(phrases, agent)
    words = _by_words(phrases, found, Audience.AGENTS)
    others = _by_number(text) | _by_address(text, using)
    return Search(words.condition | others, words.is_walked)


def by_agent(tickets: _Tickets, text: str, agent: Agent | None) -> _Tickets:
    """Those with this text in what the agent may read, or with this number or address.

    Args:
        tickets: Any tickets.
        text: As typed; see ``agents_search``.
        agent: Who searches.
    """
    return tickets.filter(agents_search(text, agent, using=tickets.db).condition)


def best_first(parts: Sequence[_Tickets], text: str, agent: Agent | None) -> _Tickets:
    """What ``by_agent`` finds, with how well it fits in ``match``; unordered.

    Only the 500 with the latest activity of each part are weighed, and only they are
    found.

    Args:
        parts: Any tickets; several querysets where none of the indexes has all of them
            in the order of their activity.
        text: As typed; see ``agents_search``.
        agent: Who searches.
    """
    tickets = parts[0]
    search = agents_search(text, agent, using=tickets.db)
    words = TicketText.objects.filter(
        ticket=OuterRef("pk"), audience=Audience.AGENTS, scope=WHOLE
    )
    phrases = phrases_of(searchable(text))
    match = Subquery(words.values_list(Rank("words", phrases))[:1]) if phrases else 0
    vendor = connections[tickets.db].vendor
    weighed = Q()
    for part in parts:
        found = part.filter(search.condition).by_activity()
        newest = found.values("pk")[:MOST_RANKED]
        if vendor == "postgresql":
            weighed |= Q(OneOf("pk", newest))
        elif vendor == "sqlite":
            weighed |= Q(pk__in=newest)
        else:
            # MySQL knows no LIMIT in such a subquery.
            weighed |= Q(pk__in=[row["pk"] for row in newest])
    everything = tickets.model._default_manager.using(tickets.db)
    best: Any = everything.filter(weighed).annotate(
        match=Coalesce(match, 0, output_field=BigIntegerField())
    )
    return cast("_Tickets", best)


def _by_words(
    phrases: tuple[Phrase, ...], found: TicketTextQuerySet, audience: Audience
) -> Search:
    """The condition on tickets, in the shape that suits how many there are."""
    if not phrases:
        return Search(Q(pk__in=[]))
    if connections[found.db].vendor != "postgresql":
        return Search(Q(pk__in=found.values("ticket")))
    matching = TicketText.objects.using(found.db).containing(phrases, audience)
    if postgresql.estimate(matching) <= FEW:
        return Search(Q(OneOf("pk", found.values("ticket"))))
    walked = Q(Exists(found.filter(ticket=OuterRef("pk"))))
    return Search(walked, is_walked=True)


def _by_number(text: str) -> Q:
    number = ticket_number_from(text)
    return Q(pk__in=[]) if number is None else current_of(Ticket, number=number)


def _by_address(text: str, database: str) -> Q:
    """Tickets of the contact whose exact address or phone number this is."""
    if "@" not in text and not any(char.isdigit() for char in text):
        return Q(pk__in=[])
    contacts = Identity.objects.using(database).filter(
        kind__in=Identity.Kind.values, value=text.casefold()
    )
    keys = list(contacts.values_list("contact", flat=True)[:10])
    return Q(contact__in=keys)
