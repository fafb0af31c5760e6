"""Text that was sent after the session had ended, kept until its writer is back (UX27).

Someone writes for half an hour, the session ends meanwhile, they press Send: the answer
is the sign-in page. What they wrote waits in the browser's new session, which the
sign-in keeps, and stands in the form again afterwards. Works without JavaScript.
"""

from __future__ import annotations

import time
from typing import Any

from django.http import HttpRequest

KEPT = "helpdesk_kept_text"
SENT = "helpdesk_sent"
#: Names of the inputs that are kept, and how much of each: files cannot be.
FIELDS = {"subject": 255, "body": 20_000}
SECONDS = 30 * 60


def keep(request: HttpRequest) -> None:
    """Keep what an anonymous POST carries."""
    if request.method != "POST":
        return
    fields = {
        name: text[:length]
        for name, length in FIELDS.items()
        if (text := request.POST.get(name, "").replace("\x00", ""))
    }
    if fields:
        request.session[KEPT] = {
            "path": request.path,
            "fields": fields,
            "until": time.time() + SECONDS,
        }


def take(request: HttpRequest) -> dict[str, str]:
    """What was kept for this address, as initial values of its form; once."""
    kept: dict[str, Any] | None = request.session.get(KEPT)
    if kept is None or kept["path"] != request.path:
        return {}
    del request.session[KEPT]
    fields: dict[str, str] = kept["fields"] if kept["until"] > time.time() else {}
    return fields


def mark_sent(request: HttpRequest, draft: str) -> None:
    """Note that a form was sent, so that the browser forgets its draft.

    Args:
        request: The POST.
        draft: The ``key`` of the form's ``hd-draft`` element.
    """
    request.session[SENT] = draft


def take_sent(request: HttpRequest) -> str:
    """The draft to be forgotten by the page after sending, or nothing; once."""
    draft: str = request.session.get(SENT, "")
    if draft:
        del request.session[SENT]
    return draft
