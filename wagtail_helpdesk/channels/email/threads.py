"""Headers by which mail programs put the mails of one request together."""

from __future__ import annotations

import re
from datetime import datetime

from wagtail_helpdesk.channels.email.message_ids import MAX_REFERENCES, references
from wagtail_helpdesk.models import Delivery, Message

_Sent = tuple[datetime, str]

_ONE_ID = re.compile(r"<[!-;=?-~]+>")
_GONE_OUT = (
    Delivery.Status.SENDING,
    Delivery.Status.SENT,
    Delivery.Status.UNKNOWN,
)


def _sent_before(delivery: Delivery) -> list[_Sent]:
    """Ids of earlier mails about the ticket to the same reader, with their times."""
    earlier = Delivery.objects.filter(
        ticket=delivery.ticket_id,
        address=delivery.address,
        status__in=_GONE_OUT,
        pk__lt=delivery.pk,
    ).exclude(external_id="")
    rows = earlier.order_by("pk").values_list("created_at", "external_id")
    return _ends(list(rows[:1]), list(rows.reverse()[:MAX_REFERENCES]))


def _received_before(delivery: Delivery) -> list[_Sent]:
    """Ids of the mails that came in in this conversation."""
    if delivery.agent_id is not None or delivery.conversation_id is None:
        return []
    inbound = Message.objects.filter(
        conversation=delivery.conversation_id,
        direction=Message.Direction.INBOUND,
        external_id__startswith="<",
    )
    if delivery.message is not None:
        inbound = inbound.filter(seq__lt=delivery.message.seq)
    rows = inbound.order_by("seq").values_list("created_at", "external_id")
    return _ends(list(rows[:1]), list(rows.reverse()[:MAX_REFERENCES]))


def _ends(first: list[_Sent], latest: list[_Sent]) -> list[_Sent]:
    """The first one and the latest ones, which come newest first, in order."""
    return [*(row for row in first if row not in latest), *reversed(latest)]


def thread_headers(delivery: Delivery) -> dict[str, str]:
    """In-Reply-To and References of a mail (RFC 5322, section 3.6.4).

    Args:
        delivery: The mail that is about to leave.

    Returns:
        Nothing for the first mail of a thread.
    """
    if delivery.ticket_id is None:
        return {}
    known = [*_sent_before(delivery), *_received_before(delivery)]
    # What came in is the sender's choice: only what is one id goes into our header.
    ids = [id_ for _at, id_ in sorted(known) if _ONE_ID.fullmatch(id_)]
    if not ids:
        return {}
    return {"In-Reply-To": ids[-1], "References": references(ids)}
