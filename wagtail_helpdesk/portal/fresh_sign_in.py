"""Whoever takes all of somebody's data away shows first that it is theirs.

A session left open on a shared computer must not be enough. Sites without allauth have
no page to ask on, and do without.
"""

from __future__ import annotations

import time
from urllib.parse import urlencode

from django.apps import apps
from django.http import HttpRequest
from django.urls import NoReverseMatch


def is_fresh(request: HttpRequest) -> bool:
    """Whether somebody signed in, or showed who they are, in the last minutes.

    How many is decided by allauth's ``ACCOUNT_REAUTHENTICATION_TIMEOUT``.

    Args:
        request: A request of somebody who is signed in.
    """
    if not apps.is_installed("allauth.account"):
        return True
    from allauth.account import app_settings
    from allauth.account.authentication import get_authentication_records

    records = get_authentication_records(request, request.user)
    newest = max((float(record.get("at", 0)) for record in records), default=0.0)
    return time.time() - newest < app_settings.REAUTHENTICATION_TIMEOUT


def where_to_show(request: HttpRequest, back: str) -> str:
    """The page where somebody shows again who they are.

    Args:
        request: A request of somebody who is signed in.
        back: Where that page leads afterwards.

    Returns:
        Its address; empty if they have no way but to sign in anew.
    """
    from allauth.account.adapter import get_adapter

    try:
        methods = get_adapter().get_reauthentication_methods(request.user)
    except NoReverseMatch:
        return ""
    return f"{methods[0]['url']}?{urlencode({'next': back})}" if methods else ""
