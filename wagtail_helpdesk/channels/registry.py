"""The channel types that this site knows."""

from __future__ import annotations

from wagtail_helpdesk.channels.base import Channel

_adapters: dict[str, Channel] = {}


def register(adapter: Channel) -> None:
    """Make a channel type known; the last one of a slug counts.

    Args:
        adapter: An instance without state: it is shared by all threads.
    """
    _adapters[adapter.slug] = adapter


def adapter_for(slug: str) -> Channel | None:
    """The adapter of a channel type, or ``None``: nobody registered one."""
    return _adapters.get(slug)
