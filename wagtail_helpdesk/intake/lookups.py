"""What several events need to know of the database, asked once for all of them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from wagtail_helpdesk.channels.email.addresses import own_addresses
from wagtail_helpdesk.channels.events import InboundEvent
from wagtail_helpdesk.models import (
    Channel,
    Contact,
    Delivery,
    EventReceipt,
    Identity,
    Message,
    Participant,
    Stage,
    Ticket,
    normalise_email,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an earlier message lies.

    Attributes:
        ticket: Its ticket; may be in the trash.
        conversation_id: Its conversation, if it has one.
    """

    ticket: Ticket
    conversation_id: int | None


@dataclass(slots=True)
class Site:
    """What holds for a whole run: read once, a minute old at most.

    Attributes:
        channels: The channels by id, with what opening a ticket needs.
        stages: The stages by id.
        ours: Addresses that are ours.
    """

    channels: dict[int, Channel]
    stages: dict[int, Stage]
    ours: set[str]

    @classmethod
    def read(cls) -> Site:
        """Read it."""
        stages = {one.pk: one for one in Stage.objects.select_related("pipeline")}
        channels = Channel.objects.select_related("inbox__default_pipeline")
        return cls(
            channels={channel.pk: channel for channel in channels},
            stages=stages,
            ours=own_addresses(),
        )

    def first_stage(self, channel: Channel) -> Stage:
        """``Channel.first_stage``, without asking the database again (B81)."""
        if channel.default_stage_id in self.stages:
            return self.stages[channel.default_stage_id]
        pipeline = channel.inbox.default_pipeline_id
        mine = [one for one in self.stages.values() if one.pipeline_id == pipeline]
        if not mine:
            return channel.first_stage()
        return min(mine, key=lambda stage: (stage.order, stage.pk))


@dataclass(slots=True)
class Lookups:
    """What the events of one transaction need.

    Attributes:
        known_keys: Events that had their effect, as channel id and key.
        contacts: Contacts by normalised address.
        deliveries: Our mails by token; their tickets may have been merged.
        places: Places by channel's inbox and external id.
        tickets: Tickets by number, merged ones too.
        taking_part: Pairs of ticket id and contact id.
    """

    known_keys: set[tuple[int, str]] = field(default_factory=set)
    contacts: dict[str, Contact] = field(default_factory=dict)
    deliveries: dict[uuid.UUID, Delivery] = field(default_factory=dict)
    places: dict[tuple[int, str], Place] = field(default_factory=dict)
    tickets: dict[int, Ticket] = field(default_factory=dict)
    taking_part: set[tuple[int, int]] = field(default_factory=set)

    @classmethod
    def of(cls, events: Iterable[tuple[Channel, InboundEvent]]) -> Lookups:
        """Ask for everything that these events name: at most seven queries."""
        asked = list(events)
        self = cls()
        self._read_keys(asked)
        self._read_contacts(asked)
        self._read_deliveries(asked)
        self._read_places(asked)
        self._read_tickets(asked)
        self._read_participants()
        return self

    def _read_keys(self, asked: list[tuple[Channel, InboundEvent]]) -> None:
        keys = {event.key for _channel, event in asked if event.key}
        channels = {channel.pk for channel, _event in asked}
        if keys:
            rows = EventReceipt.objects.filter(channel__in=channels, key__in=keys)
            self.known_keys.update(rows.values_list("channel_id", "key"))

    def _read_contacts(self, asked: list[tuple[Channel, InboundEvent]]) -> None:
        emails = {
            normalise_email(event.party.email)
            for _channel, event in asked
            if event.party is not None and event.party.email
        }
        if emails:
            rows = Identity.objects.filter(
                kind=Identity.Kind.EMAIL, value__in=emails
            ).select_related("contact")
            rows = rows.prefetch_related("contact__memberships__organization")
            self.contacts.update({row.value: row.contact for row in rows})

    def _read_deliveries(self, asked: list[tuple[Channel, InboundEvent]]) -> None:
        tokens = {token for _channel, event in asked for token in event.tokens}
        if tokens:
            # An answer to an invitation belongs to no ticket: it opens one.
            rows = Delivery.objects.filter(token__in=tokens, ticket__isnull=False)
            rows = rows.select_related("ticket__merged_into", "agent__user")
            self.deliveries.update({row.token: row for row in rows})

    def _read_places(self, asked: list[tuple[Channel, InboundEvent]]) -> None:
        """Only of what no signed id of ours has named."""
        unproven = [
            (channel, event)
            for channel, event in asked
            if not any(token in self.deliveries for token in event.tokens)
        ]
        ids = {one[:255] for _channel, event in unproven for one in event.answers}
        if not ids:
            return
        rows = (
            Message.objects.filter(
                external_id__in=ids,
                conversation__inbox__in={one.inbox_id for one, _event in unproven},
                conversation__ticket__isnull=False,
            )
            .select_related("conversation__ticket")
            .order_by("pk")
        )
        for row in rows:
            conversation = row.conversation
            if conversation.ticket is not None:
                place = Place(conversation.ticket, conversation.pk)
                self.places[conversation.inbox_id, row.external_id] = place

    def _read_tickets(self, asked: list[tuple[Channel, InboundEvent]]) -> None:
        numbers = {
            event.ticket_number
            for _channel, event in asked
            if event.ticket_number is not None
            and not any(token in self.deliveries for token in event.tokens)
        }
        if numbers:
            rows = Ticket.objects.filter(number__in=numbers)
            rows = rows.select_related("merged_into")
            self.tickets.update({row.number: row for row in rows})

    def _read_participants(self) -> None:
        found = {
            row.ticket.current.pk
            for row in self.deliveries.values()
            if row.ticket is not None
        }
        found |= {place.ticket.pk for place in self.places.values()}
        found |= {ticket.current.pk for ticket in self.tickets.values()}
        contacts = {contact.pk for contact in self.contacts.values()}
        if found and contacts:
            rows = Participant.objects.filter(ticket__in=found, contact__in=contacts)
            self.taking_part.update(rows.values_list("ticket_id", "contact_id"))

    def contact_of(self, event: InboundEvent) -> Contact | None:
        """The known contact who wrote, or ``None``."""
        if event.party is None:
            return None
        return self.contacts.get(normalise_email(event.party.email))

    def remember(
        self,
        channel: Channel,
        event: InboundEvent,
        contact: Contact,
        place: Place | None,
    ) -> None:
        """What the next events of the same transaction may refer to."""
        self.known_keys.add((channel.pk, event.key))
        if event.party is not None:
            self.contacts[normalise_email(event.party.email)] = contact
        if place is not None and event.external_id:
            self.places[channel.inbox_id, event.external_id] = place
