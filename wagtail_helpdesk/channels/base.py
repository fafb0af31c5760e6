"""The contract of a channel's adapter."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise

from wagtail_helpdesk.channels.events import InboundEvent


class Channel(ABC):
    """Turns what a provider sends into ``InboundEvent``s.

    Make a subclass, and register an instance of it (``channels.registry.register``) in
    your app's ``ready()``. Channels of the database whose ``type`` is its ``slug`` are
    then read by it.
    """

    #: The value of ``Channel.type`` in the database.
    slug: str
    #: What people call it.
    label: str | Promise

    @abstractmethod
    def parse(self, raw: bytes, headers: Mapping[str, Any]) -> Iterable[InboundEvent]:
        """Read what came.

        Pure: the same bytes give the same events, nothing is looked up and nothing is
        fetched. Whatever cannot be understood is an event of kind ``IGNORED`` that
        says so.

        Args:
            raw: What came, byte for byte.
            headers: What came beside it, as it was stored.
        """
