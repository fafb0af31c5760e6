"""Which merged tickets came through which other one, as the ledger tells it (N15).

A ticket that others were merged into may be merged further. ``Ticket.merged_into`` then
names the last one for all of them, so that every read takes one step. What was merged
into what by hand stands in the events of the merges, and only undoing one asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wagtail_helpdesk.models import Event, Ticket


def merge_events(tickets: Iterable[int]) -> list[Event]:
    """The events of merges from or into these tickets, the oldest first.

    Args:
        tickets: Keys of the tickets.
    """
    found = Event.objects.filter(ticket__in=tickets, kind=Event.Kind.TICKET_MERGED)
    return list(found.order_by("pk"))


class MergeTree:
    """A ticket and all that were merged into it, each below the one it was merged into.

    Args:
        root: The ticket that has the conversations.
        merged: Those whose ``merged_into`` it is.
    """

    def __init__(self, root: Ticket, merged: Iterable[Ticket]) -> None:
        self.tickets = {ticket.pk: ticket for ticket in (root, *merged)}
        self._above = {pk: root.pk for pk in self.tickets if pk != root.pk}
        for event in merge_events(self._above):
            # The latest one counts: it may have been undone and done otherwise since.
            above = event.data.get("into")
            if above is not None:
                self._above[event.ticket_id or 0] = (
                    above if above in self.tickets else root.pk
                )

    def above(self, ticket: Ticket) -> Iterator[Ticket]:
        """The one it was merged into, the one that was merged into, up to the root."""
        key = self._above.get(ticket.pk)
        while key is not None:
            yield self.tickets[key]
            key = self._above.get(key)

    def below(self, ticket: Ticket) -> list[Ticket]:
        """Those that were merged into it and into these, in the order of keys."""
        return [
            other
            for _key, other in sorted(self.tickets.items())
            if any(upper.pk == ticket.pk for upper in self.above(other))
        ]
