"""What events do: everything in one transaction, by the actions that people use too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from wagtail_helpdesk.actions import (
    AddNote,
    OpenTicket,
    ReceiveMessage,
    ResolveContact,
)
from wagtail_helpdesk.actions.base import announced_together, lock_conversations
from wagtail_helpdesk.actions.together import files_taken_back, written_together
from wagtail_helpdesk.channels.events import InboundEvent, Kind, Party
from wagtail_helpdesk.exceptions import ActionPermissionError
from wagtail_helpdesk.intake import leases
from wagtail_helpdesk.intake.content import facts_about, sort_files, text_of
from wagtail_helpdesk.intake.lookups import Lookups, Place, Site
from wagtail_helpdesk.intake.matching import Match, match
from wagtail_helpdesk.models import (
    Agent,
    Channel,
    Contact,
    Conversation,
    EventReceipt,
    Message,
    Receipt,
    Ticket,
    normalise_email,
)
from wagtail_helpdesk.outbox.leases import finish_bounced


class LeaseLost(Exception):
    """Another worker has the receipt by now; nothing may be written for it."""


class MergedMeanwhile(Exception):
    """A ticket was merged after it was looked up; the next look finds the other."""


class Unusable(Exception):
    """Trying again is of no use; a person has to look at it."""


@dataclass(slots=True)
class Work:
    """A receipt with what its adapter read in it.

    Attributes:
        receipt: Claimed by this worker.
        channel: Its channel.
        events: What it says.
        message: The message it became, once it is applied.
        ignored: Why nothing came of it; empty: something did.
    """

    receipt: Receipt
    channel: Channel
    events: Sequence[InboundEvent]
    message: Message | None = None
    ignored: str = ""

    @property
    def file_bytes(self) -> int:
        """How much has to be put on the file storage."""
        return sum(len(file.content) for event in self.events for file in event.files)

    @property
    def senders(self) -> set[str]:
        """Who wrote, as far as it is said."""
        parties = (event.party for event in self.events)
        return {normalise_email(party.email) for party in parties if party is not None}


def apply(works: Sequence[Work], owner: str, site: Site) -> None:
    """Let several receipts have their effect: all of them, or none.

    Args:
        works: In the order in which they arrived.
        owner: Who claimed the receipts.
        site: What holds for the whole run.

    Raises:
        LeaseLost: One of them is another worker's by now.
        Unusable: One of them says nothing that can be used.
        ActionError: One of them was refused.
        IntegrityError: One of them had its effect meanwhile.
        MergedMeanwhile: The ticket of one of them is merged by now.
    """
    pairs = [(work.channel, event) for work in works for event in work.events]
    known = Lookups.of(pairs)
    with announced_together(Receipt), files_taken_back(), transaction.atomic():
        _Transaction(works, owner, site, known).run()


@dataclass(slots=True)
class _Transaction:
    works: Sequence[Work]
    owner: str
    site: Site
    known: Lookups
    locked_tickets: dict[int, Ticket] = field(default_factory=dict)
    locked_conversations: dict[int, Conversation] = field(default_factory=dict)
    without_effect: list[tuple[int, str]] = field(default_factory=list)

    def run(self) -> None:
        receipts = [work.receipt for work in self.works]
        if leases.finish_done(receipts, self.owner) != len(receipts):
            raise LeaseLost
        self._write_keys()
        self._lock()
        with written_together():
            self._create_contacts()
            for work in self.works:
                self._apply(work)
        self._write_results()

    def _write_keys(self) -> None:
        """Whoever comes second with one of these keys waits here, and then fails."""
        keys = {
            (work.channel.pk, event.key)
            for work in self.works
            for event in work.events
            if event.kind is not Kind.IGNORED
        }
        # In one order everywhere, so that two workers do not wait for each other.
        EventReceipt.objects.bulk_create(
            EventReceipt(channel_id=channel, key=key)
            for channel, key in sorted(keys - self.known.known_keys)
        )

    def _lock(self) -> None:
        """Tickets first, then conversations, each in the order of their ids."""
        places = [
            found.place
            for work in self.works
            for event in work.events
            if (found := match(work.channel, event, self.known)).place is not None
        ]
        tickets = {place.ticket.pk for place in places if place is not None}
        conversations = {
            place.conversation_id
            for place in places
            if place is not None and place.conversation_id is not None
        }
        if tickets:
            rows = Ticket.objects.select_for_update().filter(pk__in=tickets)
            for ticket in rows.order_by("pk"):
                if ticket.merged_into_id is not None:
                    raise MergedMeanwhile
                if ticket.stage_id in self.site.stages:
                    ticket.stage = self.site.stages[ticket.stage_id]
                self.locked_tickets[ticket.pk] = ticket
        if conversations:
            for conversation in lock_conversations(conversations):
                self.locked_conversations[conversation.pk] = conversation

    def _create_contacts(self) -> None:
        """Those whose first message is among these, all at once."""
        new: dict[str, ResolveContact] = {}
        keys: set[tuple[int, str]] = set()
        for work in self.works:
            for event in work.events:
                party, key = event.party, (work.channel.pk, event.key)
                if party is None or event.kind is not Kind.MESSAGE or key in keys:
                    continue
                keys.add(key)
                email = normalise_email(party.email)
                is_known = email in self.known.contacts or email in new
                if is_known or email in self.site.ours or event.is_automatic:
                    continue
                if key in self.known.known_keys:
                    continue
                if match(work.channel, event, self.known).agent is None:
                    new[email] = ResolveContact(email=party.email, name=party.name)
                    new[email].check()
        if new:
            created = ResolveContact.create_all(list(new.values()))
            self.known.contacts.update(zip(new, created, strict=True))

    def _apply(self, work: Work) -> None:
        reasons = []
        for event in work.events:
            reason = self._reason_to_ignore(work.channel, event)
            if not reason:
                reason = self._handle(work, event)
            if reason:
                reasons.append(reason)
        if len(reasons) == len(work.events):
            work.ignored = reasons[0] if reasons else _("It says nothing.")

    def _reason_to_ignore(self, channel: Channel, event: InboundEvent) -> str:
        if event.kind is Kind.IGNORED:
            return event.reason
        if (channel.pk, event.key) in self.known.known_keys:
            return _("It has come before.")
        return ""

    def _handle(self, work: Work, event: InboundEvent) -> str:
        """Do what an event asks for; why nothing was done, or empty."""
        if event.kind is Kind.BOUNCE:
            reason = self._bounce(event)
        else:
            reason = self._message(work, event)
        if reason:
            # No effect, so the key goes again: a person may want it read once more.
            self.without_effect.append((work.channel.pk, event.key))
        else:
            self.known.known_keys.add((work.channel.pk, event.key))
        return reason

    def _bounce(self, event: InboundEvent) -> str:
        ours = [one for one in event.tokens if one in self.known.deliveries]
        if not ours:
            return _("It reports on a mail that is none of ours.")
        if not event.is_permanent:
            return _("It reports on a delay.")
        reason = _("It came back: %(reason)s") % {"reason": event.reason}
        if not finish_bounced(ours[0], reason):
            return _("It reports on a mail whose state is known.")
        return ""

    def _message(self, work: Work, event: InboundEvent) -> str:
        party = event.party
        if party is None:
            raise Unusable(_("It does not say who sent it."))
        if normalise_email(party.email) in self.site.ours:
            return _("Its sender is one of our own addresses.")
        found = match(work.channel, event, self.known)
        if found.contact is not None and found.contact.is_blocked:
            return _("Its sender is blocked.")
        ticket = self._ticket_of(found)
        if event.is_automatic and (ticket is None or found.agent is not None):
            return _("A machine wrote it, and it belongs to no request.")
        if found.agent is not None and ticket is not None:
            work.message = self._note(event, found.agent, ticket)
            return ""
        contact = found.contact or self._new_contact(party)
        place: Place | None
        if ticket is not None:
            work.message, place = self._reply(work, event, found, contact, ticket)
        else:
            work.message, place = self._open(work, event, found, contact)
        self.known.remember(work.channel, event, contact, place)
        return ""

    def _ticket_of(self, found: Match) -> Ticket | None:
        """The ticket it belongs to, as it is now; not if it went into the trash."""
        if found.place is None:
            return None
        ticket = self.locked_tickets.get(found.place.ticket.pk, found.place.ticket)
        return ticket if ticket.deleted_at is None else None

    def _new_contact(self, party: Party) -> Contact:
        resolving = ResolveContact(email=party.email, name=party.name)
        resolving.check()
        return resolving.existing() or resolving.execute_in_transaction()

    def _note(self, event: InboundEvent, agent: Agent, ticket: Ticket) -> Message:
        """An agent answered a notice: colleagues read it, the customer does not."""
        uploads, _refused = sort_files(event)
        adding = AddNote(
            ticket=ticket, agent=agent, body_text=text_of(event), uploads=uploads
        )
        try:
            adding.check()
        except ActionPermissionError as error:
            raise Unusable(str(error)) from error
        return adding.execute_in_transaction()

    def _reply(
        self,
        work: Work,
        event: InboundEvent,
        found: Match,
        contact: Contact,
        ticket: Ticket,
    ) -> tuple[Message, Place]:
        uploads, refused = sort_files(event)
        received = ReceiveMessage(
            ticket=ticket,
            contact=contact,
            channel=work.channel,
            body_text=text_of(event),
            body_html=event.html,
            uploads=uploads,
            external_id=event.external_id,
            form_data=facts_about(event, refused=refused),
            locked=self._locked(found, ticket),
            is_automatic=event.is_automatic,
        ).execute_in_transaction()
        place = Place(received.ticket, received.message.conversation_id)
        return received.message, place

    def _locked(
        self, found: Match, ticket: Ticket
    ) -> tuple[Ticket, Conversation] | None:
        """The conversation that was answered, if customers still write there."""
        place = found.place
        if place is None or place.conversation_id is None:
            return None
        conversation = self.locked_conversations.get(place.conversation_id)
        if (
            conversation is None
            or ticket.pk not in self.locked_tickets
            or conversation.ticket_id != ticket.pk
            or conversation.merged_from_id is not None
            or conversation.deleted_at is not None
            or conversation.status == Conversation.Status.SPAM
            or not conversation.is_customer_visible
        ):
            return None
        return ticket, conversation

    def _open(
        self, work: Work, event: InboundEvent, found: Match, contact: Contact
    ) -> tuple[Message, Place | None]:
        uploads, refused = sort_files(event)
        opening = OpenTicket(
            channel=work.channel,
            contact=contact,
            subject=event.subject,
            body_text=text_of(event),
            body_html=event.html,
            uploads=uploads,
            stage=self.site.first_stage(work.channel),
            external_id=event.external_id,
            form_data=facts_about(event, refused=refused, named=found.named),
            acknowledge=event.may_be_answered,
        )
        opening.check()
        opening.validate()
        opened = opening.execute_in_transaction()
        if opened.ticket is None:
            return opened.message, None
        return opened.message, Place(opened.ticket, opened.conversation.pk)

    def _write_results(self) -> None:
        became = [work for work in self.works if work.message is not None]
        for work in became:
            work.receipt.message = work.message
        if became:
            Receipt.objects.bulk_update([work.receipt for work in became], ["message"])
        for reason in {work.ignored for work in self.works if work.ignored}:
            ignored = [work.receipt for work in self.works if work.ignored == reason]
            leases.mark_ignored(ignored, reason)
        for channel, key in self.without_effect:
            EventReceipt.objects.filter(channel=channel, key=key).delete()
