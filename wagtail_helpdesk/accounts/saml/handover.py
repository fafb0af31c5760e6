"""Carries what a company's server sent from its POST to a request of ours.

A browser sends no session cookie along with a form of another site (``SameSite``). So
the POST is answered by a redirect, and what it brought waits for a moment under a key
of its own.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect

COOKIE = "helpdesk-sso"
_KEY = "helpdesk_sso"
_SECONDS = 300


def hand_over(path: str, brought: dict[str, Any]) -> HttpResponseRedirect:
    """Redirect, and keep what was brought; nobody is signed in by it.

    Args:
        path: Where it is taken, by a GET.
        brought: Anything that JSON knows, checked already.
    """
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[_KEY] = brought
    store.set_expiry(_SECONDS)
    store.save()
    response = HttpResponseRedirect(path)
    response.set_cookie(
        COOKIE,
        store.session_key,
        max_age=_SECONDS,
        path=path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def take(request: HttpRequest) -> dict[str, Any] | None:
    """What this browser brought, once.

    Args:
        request: The GET.
    """
    key = request.COOKIES.get(COOKIE)
    if not key:
        return None
    store = import_module(settings.SESSION_ENGINE).SessionStore(key)
    brought: dict[str, Any] | None = store.get(_KEY)
    if brought is not None:
        store.delete()
    return brought
