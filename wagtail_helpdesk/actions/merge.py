"""Merge one ticket into another, and undo it without a trace (N15, L5).

The conversations are given to the target, whose readers find them as they find its own;
each remembers where it came from and is never written to again. The merged ticket
itself is left as it is, only out of sight. So undoing has nothing to reconstruct: the
conversations go back, and what was written since is in conversations of the target.

A ticket that others were merged into takes them along when it is merged further, and
back when that is undone.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from wagtail_helpdesk.access.merge_readers import NewReaders, new_readers
from wagtail_helpdesk.actions.base import (
    Action,
    Actor,
    lock_conversations,
    require_ticket_access,
    save_ticket,
)
from wagtail_helpdesk.actions.merge_agents import bring_agents, take_agents_back
from wagtail_helpdesk.actions.merge_tree import MergeTree
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import Conversation, Event, Participant, Ticket


class MergeTickets(Action[Ticket]):
    """Merge a ticket into another: one timeline, and one ticket in every list.

    The people of the merged ticket take part in the target from then on, agents who
    follow it follow the target, and its owner owns a target that has none, else follows
    it. Where anybody would read what they could not read before, the actor has to say
    that this is meant. What was merged into ``source`` is in the target then, too. Run
    twice, it changes nothing the second time.

    Args:
        source: The ticket that is merged away.
        target: The ticket that takes its conversations.
        actor: Who does it; works the inboxes of both.
        agreed: The ``key`` of the ``NewReaders`` that the actor was told about.

    Returns:
        The target.
    """

    def __init__(
        self, *, source: Ticket, target: Ticket, actor: Actor, agreed: str = ""
    ) -> None:
        self.source = source
        self.target = target
        self.actor = actor
        self.agreed = agreed

    def check(self) -> None:
        require_ticket_access(self.source, self.actor, in_trash=True)
        require_ticket_access(self.target, self.actor, in_trash=True)

    def perform(self) -> Ticket:
        if self.source.pk == self.target.pk:
            raise ActionError("same", _("Choose another ticket."), field="into")
        locked = lock_all(self.source, self.target, merged_into=self.source)
        source, target = locked[self.source.pk], locked[self.target.pk]
        if source.merged_into_id == target.pk:
            return target
        refuse_unfit(source, target)
        # From here on none can come: that takes the lock of the source.
        below = list(source.merged.order_by("pk"))
        if not {ticket.pk for ticket in below} <= locked.keys():
            raise _changed()
        readers = new_readers(source, target)
        if readers.key and readers.key != self.agreed:
            raise ActionError(
                "new_readers",
                _("Say that the people named below may read it."),
                field="agreed",
            )
        for conversation in lock_conversations(
            source.conversations.values_list("pk", flat=True)
        ):
            conversation.ticket = target
            if conversation.merged_from_id is None:
                conversation.merged_from = source
            conversation.save(update_fields=["ticket", "merged_from"])
        self._join(readers, source, target)
        brought = bring_agents(self, source, target)
        for ticket in (source, *below):
            ticket.merged_into = target
            save_ticket(ticket, "merged_into")
        save_ticket(target)
        self.record(
            Event.Kind.TICKET_MERGED,
            ticket=source,
            after={"into": target.reference},
            into=target.pk,
        )
        self.record(
            Event.Kind.TICKET_MERGED,
            ticket=target,
            after={"from": source.reference},
            brought=brought,
        )
        return target

    def _join(self, readers: NewReaders, source: Ticket, target: Ticket) -> None:
        # Whom an earlier merge brought still goes when that one is undone.
        rows = {row.contact_id: row for row in source.participants.all()}
        rows.pop(source.contact_id, None)
        joining = []
        for contact in readers.joining:
            row = rows.get(contact.pk) or Participant(contact=contact)
            joining.append(
                Participant(
                    ticket=target,
                    contact=contact,
                    merged_from_id=row.merged_from_id or source.pk,
                    # Who was added by an address is shown by it, as before.
                    address=row.address,
                    added_by_id=row.added_by_id,
                )
            )
        Participant.objects.bulk_create(joining)


class UnmergeTicket(Action[Ticket]):
    """Undo a merge: ticket, conversations, people and owner are again as they were.

    What was merged into the ticket before goes with it. What was written since stays
    with the ticket it was written on; so do agents who followed it themselves, and an
    owner that was changed. Run twice, it changes nothing the second time.

    Args:
        ticket: The ticket that was merged away.
        actor: Who does it; works the inboxes of both.

    Returns:
        The ticket.
    """

    def __init__(self, *, ticket: Ticket, actor: Actor) -> None:
        self.ticket = ticket
        self.actor = actor

    def check(self) -> None:
        require_ticket_access(self.ticket, self.actor, in_trash=True)
        require_ticket_access(self.ticket.current, self.actor, in_trash=True)

    def perform(self) -> Ticket:
        current = self.ticket.current
        locked = lock_all(self.ticket, current, merged_into=current)
        ticket, target = locked[self.ticket.pk], locked[current.pk]
        if ticket.merged_into_id is None:
            return ticket
        if ticket.merged_into_id != target.pk:
            raise _changed()
        if target.deleted_at is not None:
            raise ActionError(
                "trashed",
                _("%(ticket)s is in the trash. Restore it first.")
                % {"ticket": target.reference},
            )
        # What was merged into it this very moment is not below the ticket, but stays.
        tree = MergeTree(target, target.merged.all())
        uppers, below = list(tree.above(ticket)), tree.below(ticket)
        leaving = [ticket.pk, *(other.pk for other in below)]
        mine = Conversation.objects.filter(merged_from__in=leaving)
        for conversation in lock_conversations(mine.values_list("pk", flat=True)):
            conversation.ticket = ticket
            if conversation.merged_from_id == ticket.pk:
                conversation.merged_from = None
            conversation.save(update_fields=["ticket", "merged_from"])
        for upper in uppers:
            staying = [t for t in tree.below(upper) if t.pk not in leaving]
            self._leave(leaving, upper, staying)
            take_agents_back(self, upper, staying)
            save_ticket(upper)
        for other in below:
            other.merged_into = ticket
            save_ticket(other, "merged_into")
        ticket.merged_into = None
        save_ticket(ticket, "merged_into")
        kind = Event.Kind.TICKET_UNMERGED
        self.record(kind, ticket=ticket, before={"into": uppers[0].reference})
        for upper in uppers:
            self.record(kind, ticket=upper, before={"from": ticket.reference})
        return ticket

    def _leave(self, leaving: list[int], target: Ticket, staying: list[Ticket]) -> None:
        """Take off whom the merge had added, but for people of another merged one."""
        origins: dict[int, int] = {}
        rows = Participant.objects.filter(ticket__in=staying).order_by("-ticket")
        for pk, contact, origin in rows.values_list("ticket", "contact", "merged_from"):
            origins[contact] = origin or pk
        origins |= {other.contact_id: other.pk for other in staying}
        for row in Participant.objects.filter(ticket=target, merged_from__in=leaving):
            heir = origins.get(row.contact_id)
            if heir is None:
                row.delete()
            else:
                row.merged_from_id = heir
                row.save(update_fields=["merged_from"])


def refuse_unfit(source: Ticket, target: Ticket) -> None:
    """Refuse two tickets that cannot be merged, whoever asks.

    Args:
        source: The ticket that would be merged away.
        target: The ticket that would take its conversations.

    Raises:
        ActionError: It says which of them does not fit, and what to do instead.
    """
    for ticket in (source, target):
        if ticket.deleted_at is not None:
            raise ActionError(
                "trashed",
                _("%(ticket)s is in the trash. Restore it first.")
                % {"ticket": ticket.reference},
                field="into",
            )
        if ticket.merged_into is not None:
            raise ActionError(
                "merged",
                _("%(ticket)s was merged into %(other)s already.")
                % {
                    "ticket": ticket.reference,
                    "other": ticket.merged_into.reference,
                },
                field="into",
            )


def lock_all(*tickets: Ticket, merged_into: Ticket) -> dict[int, Ticket]:
    """These tickets, and what was merged into one of them, as they are now, by key.

    Locked in the order of their keys.

    Args:
        tickets: What is merged or separated again.
        merged_into: Of which of them the merged ones are locked too.

    Raises:
        ActionError: One of them was deleted for good since the caller looked.
    """
    named = {ticket.pk for ticket in tickets}
    keys = named.union(merged_into.merged.values_list("pk", flat=True))
    rows = Ticket.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    locked = {ticket.pk: ticket for ticket in rows}
    if not named <= locked.keys():
        raise _changed()
    return locked


def _changed() -> ActionError:
    return ActionError("changed", _("It has changed. Load the page again."))
