"""Where a message belongs, and whether its sender may write there.

Anybody can write any sender, any Message-ID and any ticket number into a mail. So a
message joins a ticket only if it names it **and** its sender takes part in it: the
contact who asked, one who is copied, or the one our mail went to. The strongest name
counts first:

1. the Message-ID of a mail of ours, which carries our signature;
2. the Message-ID of a mail that came in on the same inbox;
3. the ticket's number in the subject.

A ticket that was merged into another stands for that one.

Everything else opens a request of its own. If it named a ticket of others, agents read
that below its text; nobody else's ticket is changed or shown.
"""

from __future__ import annotations

from dataclasses import dataclass

from wagtail_helpdesk.channels.events import InboundEvent, Kind
from wagtail_helpdesk.intake.lookups import Lookups, Place
from wagtail_helpdesk.models import Agent, Channel, Contact, Ticket, normalise_email


@dataclass(frozen=True, slots=True)
class Match:
    """What was found out about one event.

    Attributes:
        contact: The known contact who wrote, or ``None``.
        place: Where it belongs; ``None``: it is a new request.
        agent: The agent who answered a notice of ours, or ``None``.
        named: A ticket that it names and whose people its sender is none of.
    """

    contact: Contact | None
    place: Place | None = None
    agent: Agent | None = None
    named: Ticket | None = None


def match(channel: Channel, event: InboundEvent, known: Lookups) -> Match:
    """Find out where a message belongs.

    Args:
        channel: Through which channel it came.
        event: A message.
        known: What the database says about it.
    """
    if event.kind is not Kind.MESSAGE:
        return Match(None)
    contact = known.contact_of(event)
    sender = normalise_email(event.party.email) if event.party is not None else ""
    named: Ticket | None = None
    for token in event.tokens:
        delivery = known.deliveries.get(token)
        if delivery is None or delivery.ticket is None:
            continue
        place = Place(delivery.ticket.current, delivery.conversation_id)
        if delivery.agent is not None:
            if normalise_email(delivery.address) == sender:
                return Match(contact, place, agent=delivery.agent)
        elif _takes_part(place.ticket, contact, known, reader=delivery.contact_id):
            return Match(contact, place)
        named = named or place.ticket
    for place in _named_otherwise(channel, event, known):
        if _takes_part(place.ticket, contact, known):
            return Match(contact, place)
        named = named or place.ticket
    return Match(contact, named=named)


def _named_otherwise(
    channel: Channel, event: InboundEvent, known: Lookups
) -> list[Place]:
    """Tickets of the channel's inbox that anybody might have named."""
    found = [known.places.get((channel.inbox_id, one)) for one in event.answers]
    places = [place for place in found if place is not None]
    ticket = known.tickets.get(event.ticket_number or -1)
    if ticket is not None and ticket.inbox_id == channel.inbox_id:
        places.append(Place(ticket.current, None))
    return places


def _takes_part(
    ticket: Ticket, contact: Contact | None, known: Lookups, reader: int | None = None
) -> bool:
    """Whether somebody may write on a ticket by mail.

    Args:
        ticket: The ticket.
        contact: Who writes.
        known: Who is copied.
        reader: Id of the contact whom our mail went to.
    """
    if contact is None or ticket.deleted_at is not None:
        return False
    return (
        contact.pk in (ticket.contact_id, reader)
        or (ticket.pk, contact.pk) in known.taking_part
    )
