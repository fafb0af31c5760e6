"""Merge one ticket into another, and undo it without a trace (N15, L5).

The conversations are given to the target, whose readers find them as they find its own;
each remembers where it came from and is never written to again. The merged ticket
itself is left as it is, only out of sight. So undoing has nothing to reconstruct: the
conversations go back, and what was written since is in conversations of the target.
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
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import Conversation, Event, Participant, Ticket


class MergeTickets(Action[Ticket]):
    """Merge a ticket into another: one timeline, and one ticket in every list.

    The people of the merged ticket take part in the target from then on. Where
    anybody would read what they could not read before, the actor has to say that this
    is meant. There are no chains: neither of the two has been merged, and nothing has
    been merged into ``source``. Run twice, it changes nothing the second time.

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
        source, target = lock_both(self.source, self.target)
        if source.merged_into_id == target.pk:
            return target
        refuse_unfit(source, target)
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
            conversation.ticket, conversation.merged_from = target, source
            conversation.save(update_fields=["ticket", "merged_from"])
        self._join(readers, source, target)
        source.merged_into = target
        save_ticket(source, "merged_into")
        save_ticket(target)
        self.record(
            Event.Kind.TICKET_MERGED, ticket=source, after={"into": target.reference}
        )
        self.record(
            Event.Kind.TICKET_MERGED, ticket=target, after={"from": source.reference}
        )
        return target

    def _join(self, readers: NewReaders, source: Ticket, target: Ticket) -> None:
        Participant.objects.bulk_create(
            Participant(ticket=target, contact=contact, merged_from=source)
            for contact in readers.joining
        )


class UnmergeTicket(Action[Ticket]):
    """Undo a merge: ticket, conversations and people are again as they were.

    What was written since stays with the ticket it was written on. Run twice, it
    changes nothing the second time.

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
        ticket, target = lock_both(self.ticket, self.ticket.current)
        if ticket.merged_into_id is None:
            return ticket
        if ticket.merged_into_id != target.pk:
            raise ActionError("changed", _("It has changed. Load the page again."))
        if target.deleted_at is not None:
            raise ActionError(
                "trashed",
                _("%(ticket)s is in the trash. Restore it first.")
                % {"ticket": target.reference},
            )
        mine = Conversation.objects.filter(merged_from=ticket)
        for conversation in lock_conversations(mine.values_list("pk", flat=True)):
            conversation.ticket, conversation.merged_from = ticket, None
            conversation.save(update_fields=["ticket", "merged_from"])
        self._leave(ticket, target)
        ticket.merged_into = None
        save_ticket(ticket, "merged_into")
        save_ticket(target)
        kind = Event.Kind.TICKET_UNMERGED
        self.record(kind, ticket=ticket, before={"into": target.reference})
        self.record(kind, ticket=target, before={"from": ticket.reference})
        return ticket

    def _leave(self, ticket: Ticket, target: Ticket) -> None:
        """Take off whom the merge had added, but for people of another merged one."""
        others = list(target.merged.exclude(pk=ticket.pk).order_by("pk"))
        people = {other.pk: {other.contact_id} for other in others}
        for pk, contact in Participant.objects.filter(ticket__in=others).values_list(
            "ticket", "contact"
        ):
            people[pk].add(contact)
        for row in Participant.objects.filter(ticket=target, merged_from=ticket):
            heir = next((o for o in others if row.contact_id in people[o.pk]), None)
            if heir is None:
                row.delete()
            else:
                row.merged_from = heir
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
    if source.merged.exists():
        raise ActionError(
            "has_merged",
            _(
                "Others were merged into %(ticket)s. Merge the other way round, or "
                "undo those first."
            )
            % {"ticket": source.reference},
            field="into",
        )


def lock_both(one: Ticket, other: Ticket) -> tuple[Ticket, Ticket]:
    """Both tickets as they are now, locked in the order of their ids.

    Raises:
        ActionError: One of them was deleted for good since the caller looked.
    """
    rows = Ticket.objects.select_for_update().filter(pk__in=[one.pk, other.pk])
    locked = {ticket.pk: ticket for ticket in rows.order_by("pk")}
    if not {one.pk, other.pk} <= locked.keys():
        raise ActionError("changed", _("It has changed. Load the page again."))
    return locked[one.pk], locked[other.pk]
