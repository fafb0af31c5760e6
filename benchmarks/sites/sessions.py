"""Sessions of signed-in people, made without a password being typed."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

_DAYS = 365


def session_for(user: Any) -> str:
    """The value of the session cookie of somebody who has signed in.

    Args:
        user: A saved account.
    """
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    # A loaded database is used again for weeks.
    session.set_expiry(_DAYS * 86_400)
    session.save()
    return str(session.session_key)
