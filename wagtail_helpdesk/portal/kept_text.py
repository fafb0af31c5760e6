"""Text that was sent after the session had ended, kept until its writer is back (UX27).

Someone writes for half an hour, the session ends meanwhile, they press Send: the answer
is the sign-in page. What they wrote waits in the browser's new session, which the
sign-in keeps, and stands in the form again afterwards. Works without JavaScript.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from django.http import HttpRequest

KEPT = "helpdesk_kept_text"
SENT = "helpdesk_sent"
#: Inputs whose values are of no use in another session. What a mere button sends must
#: not take the place of a text that waits already.
IGNORED = ("csrfmiddlewaretoken", "client_token", "action", "until", "remove")
MAX_FIELDS = 40
MAX_CHARACTERS = 20_000
SECONDS = 30 * 60


def keep(request: HttpRequest, url: str = "") -> None:
    """Keep the texts that were sent and are not taken; files cannot be kept.

    They are of who is not signed in, has yet to consent, or wrote to a ticket that is
    elsewhere by now.

    Args:
        request: The POST.
        url: Where the form stands afterwards; empty: at the same address.
    """
    sent = {name: str(value) for name, value in request.POST.items()}
    put(request, url or request.get_full_path(), sent)


def put(request: HttpRequest, url: str, texts: Mapping[str, str]) -> None:
    """Keep texts for the form at an address.

    Args:
        request: The request, whose session keeps them.
        url: Where the form stands, as a link to it is written: with or without host
            and query.
        texts: What was written, by the names of its inputs.
    """
    kept: dict[str, str] = {}
    for name, value in texts.items():
        if name not in IGNORED and value and len(kept) < MAX_FIELDS:
            kept[name[:100]] = value.replace("\x00", "")[:MAX_CHARACTERS]
    if kept:
        request.session[KEPT] = {
            "path": _path_of(url),
            "texts": kept,
            "until": time.time() + SECONDS,
        }


def take(request: HttpRequest) -> dict[str, str]:
    """What was kept for this address, by the names of its inputs; once."""
    kept: dict[str, Any] | None = request.session.get(KEPT)
    if kept is None or kept["path"] != request.path:
        return {}
    del request.session[KEPT]
    texts: dict[str, str] = kept["texts"] if kept["until"] > time.time() else {}
    return texts


def forget(request: HttpRequest, url: str) -> None:
    """Keep nothing any more for this address: the form there was sent.

    Args:
        request: The request, whose session may keep something.
        url: As for ``put``.
    """
    kept = request.session.get(KEPT)
    if kept is not None and kept["path"] == _path_of(url):
        del request.session[KEPT]


def _path_of(url: str) -> str:
    """What ``request.path`` will be there, with its letters as they are."""
    return unquote(urlsplit(url).path)


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
