"""Template filters of the list of one's own sessions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template

from wagtail_helpdesk.device_names import device_name

register = template.Library()


@register.filter
def hd_device(user_agent: str) -> str:
    """Name the browser and system of a session."""
    return device_name(user_agent)


@register.filter
def hd_this_first(sessions: Iterable[Any]) -> list[Any]:
    """Order sessions: the one that asks, then the newest."""
    newest = sorted(sessions, key=lambda session: session.created_at, reverse=True)
    return sorted(newest, key=lambda session: not session.is_current())


@register.filter
def hd_elsewhere(sessions: Iterable[Any]) -> bool:
    """Whether there is a session other than the one that asks."""
    return any(not session.is_current() for session in sessions)
