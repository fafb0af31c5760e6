"""What is applied, and what can keep it from having its effect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wagtail_helpdesk.channels.events import InboundEvent
from wagtail_helpdesk.models import Channel, Message, Receipt, normalise_email


class LeaseLost(Exception):
    """Another worker has the receipt by now; nothing may be written for it."""


class MergedMeanwhile(Exception):
    """A ticket was merged after it was looked up; the next look finds the other."""


class Unusable(Exception):
    """Trying again is of no use; a person has to look at it."""


@dataclass(slots=True)
class Work:
    """A receipt with what its adapter read in it.

    Attributes:
        receipt: Claimed by this worker.
        channel: Its channel.
        events: What it says.
        message: The message it became, once it is applied.
        ignored: Why nothing came of it; empty: something did.
    """

    receipt: Receipt
    channel: Channel
    events: Sequence[InboundEvent]
    message: Message | None = None
    ignored: str = ""

    @property
    def file_bytes(self) -> int:
        """How much has to be put on the file storage."""
        return sum(len(file.content) for event in self.events for file in event.files)

    @property
    def senders(self) -> set[str]:
        """Who wrote, as far as it is said."""
        parties = (event.party for event in self.events)
        return {normalise_email(party.email) for party in parties if party is not None}
