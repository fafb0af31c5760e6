"""Who is told what: mails that follow from events.

A consumer of the ledger. It writes ``Delivery`` rows under keys that name the event and
the reader, so looking at an event twice changes nothing, and then clears its bit of
``Event.due``. What a crash leaves behind is found by ``handle_due``.
"""

from wagtail_helpdesk.notifications.consumer import (
    handle_due,
    handle_event,
    handle_events,
)

__all__ = ["handle_due", "handle_event", "handle_events"]
