"""What events do: everything in one transaction, by the actions that people use too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from wagtail_helpdesk.actions import ResolveContact
from wagtail_helpdesk.actions.base import announced_together, lock_conversations
from wagtail_helpdesk.actions.together import files_taken_back, written_together
from wagtail_helpdesk.channels.events import InboundEvent, Kind
from wagtail_helpdesk.intake import leases
from wagtail_helpdesk.intake.lookups import Lookups, Site
from wagtail_helpdesk.intake.matching import match
from wagtail_helpdesk.intake.works import (
    LeaseLost,
    MergedMeanwhile,
    Unusable,
    Work,
)
from wagtail_helpdesk.intake.writing import Writer
from wagtail_helpdesk.models import (
    Channel,
    EventReceipt,
    Receipt,
    Ticket,
    normalise_email,
)
from wagtail_helpdesk.outbox.leases import finish_bounced

__all__ = ["LeaseLost", "MergedMeanwhile", "Unusable", "Work", "apply"]


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
        _Transaction(works, owner, site, known, Writer(site, known)).run()


@dataclass(slots=True)
class _Transaction:
    works: Sequence[Work]
    owner: str
    site: Site
    known: Lookups
    writer: Writer
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
                self.writer.tickets[ticket.pk] = ticket
        if conversations:
            for conversation in lock_conversations(conversations):
                self.writer.conversations[conversation.pk] = conversation

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
            reason = self.writer.write(work, event)
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
