"""Keeps the words of tickets up to date, so that search finds them.

A consumer of the ledger, like ``notifications``: after the commit it looks at each
event, writes ``TicketText`` rows and then clears its bit of ``Event.due``. What a crash
leaves behind is found by ``handle_due``. Nothing here decides who finds what; see
``models.ticket_texts``.
"""

from wagtail_helpdesk.indexing.consumer import handle_due, handle_events
from wagtail_helpdesk.indexing.health import check_index
from wagtail_helpdesk.indexing.rebuilding import index_tickets, rebuild, unindexed

__all__ = [
    "check_index",
    "handle_due",
    "handle_events",
    "index_tickets",
    "rebuild",
    "unindexed",
]
