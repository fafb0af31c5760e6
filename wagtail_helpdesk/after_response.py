"""Work that waits until the answer is out, so that nobody waits for it.

And so that nobody learns from the time of an answer whether a mail was sent, which is
whether an address is known here (security.md 0.7).

That is so under WSGI. Under ASGI, Django calls ``request_started`` in a context of its
own, and the work is done at once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.db import connections

logger = logging.getLogger(__name__)

Work = Callable[[], object]

#: What waits for the end of the current request; ``None`` outside of requests.
_waiting: ContextVar[list[Work] | None] = ContextVar(
    "helpdesk_after_response", default=None
)


def after_response(work: Work) -> None:
    """Do it when the current request has been answered; outside of requests, now.

    Nothing brings it back if the process dies in between, so what must not be lost is
    in the database already.

    Args:
        work: Called without arguments. What it raises is logged: the visitor has gone.
    """
    waiting = _waiting.get()
    if waiting is None:
        work()
    else:
        waiting.append(work)


def on_request_started(sender: Any, **kwargs: Any) -> None:
    """Receive Django's ``request_started``."""
    _waiting.set([])


def on_request_finished(sender: Any, **kwargs: Any) -> None:
    """Receive Django's ``request_finished``, which is sent after the last byte."""
    waiting = _waiting.get() or []
    _waiting.set(None)
    for work in waiting:
        try:
            work()
        except Exception:
            logger.exception("Work after a response failed")
    if waiting:
        _give_back_connections()


def _give_back_connections() -> None:
    """Close what the work has opened again, as Django did at the end of the request."""
    for connection in connections.all(initialized_only=True):
        # Only in tests is there a transaction around requests.
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
