"""Without any worker, requests to the help desk carry the mail out.

After such a request has been answered, at most once in ten seconds per process, what is
due is handled: mails that came in, replies whose undo window has passed, mails waiting
for their next attempt, events left over from a crash. A site with ``helpdesk_worker``
or a cron job for ``helpdesk_tick`` switches it off with ``SWEEP_AFTER_REQUESTS``.
"""

from __future__ import annotations

import logging
import threading
import time
from contextvars import ContextVar
from typing import Any

from django.db import DatabaseError

from wagtail_helpdesk import indexing, intake, notifications, outbox
from wagtail_helpdesk.conf import helpdesk_settings

logger = logging.getLogger("wagtail_helpdesk.sweep")

#: Seconds between two sweeps of one process.
INTERVAL_SECONDS = 10.0
#: Seconds a sweep may take. The visitor has the answer already.
BUDGET_SECONDS = 10.0
#: Seconds of it for what came in; the rest is for what has to leave.
INTAKE_SECONDS = 4.0
#: Seconds in which requests leave a mail server alone that did not answer.
PAUSE_SECONDS = 60.0

_wanted: ContextVar[bool] = ContextVar("helpdesk_sweep_wanted", default=False)


class _Turns:
    """When this process may sweep, and when it may send, in ``time.monotonic()``."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.next_sweep = 0.0
        self.next_send = 0.0


_turns = _Turns()


def after_this_response() -> None:
    """Ask for a sweep when the current request has been answered.

    Called wherever a page of the help desk is made; cheap.
    """
    _wanted.set(True)


def may_send_in_requests() -> bool:
    """Whether the mail server answered lately, as far as this process knows."""
    return time.monotonic() >= _turns.next_send


def remember(report: outbox.RunReport) -> None:
    """Leave a mail server alone for a minute that does not answer.

    Without this, each visitor would wait for it again.
    """
    if report.server_unavailable:
        _turns.next_send = time.monotonic() + PAUSE_SECONDS


def sweep() -> outbox.RunReport:
    """Handle what is due now: what came in, events, mail, then the search's words."""
    ends_at = time.monotonic() + BUDGET_SECONDS
    intake.take_in(budget_seconds=INTAKE_SECONDS)
    notifications.handle_due(ends_at=ends_at)
    report = outbox.run_due(budget_seconds=max(0.0, ends_at - time.monotonic()))
    indexing.handle_due(ends_at=ends_at)
    return report


def on_request_finished(sender: Any, **kwargs: Any) -> None:
    """Receive Django's ``request_finished``, which is sent after the last byte."""
    if not _wanted.get():
        return
    _wanted.set(False)
    if not helpdesk_settings.SWEEP_AFTER_REQUESTS or not may_send_in_requests():
        return
    now = time.monotonic()
    with _turns.lock:
        if now < _turns.next_sweep:
            return
        _turns.next_sweep = now + INTERVAL_SECONDS
    try:
        remember(sweep())
    except DatabaseError:
        # The visitor has the answer; the next sweep tries again.
        logger.exception("The sweep after a request failed")
