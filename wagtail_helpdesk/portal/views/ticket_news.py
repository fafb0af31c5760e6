"""What others have written since a customer opened the page on which they reply (F7).

The page notes in a hidden input which message was its newest, and when it was made. The
time counts too: a reply of ours that could still be taken back then is older than the
newest message was, and yet has not been read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from wagtail_helpdesk.models import Message, Ticket
from wagtail_helpdesk.models.fields import PUBLIC_ID_LENGTH
from wagtail_helpdesk.portal.entry import Visit

#: The name of the hidden input.
SEEN = "seen"
_SEEN = re.compile(rf"([a-z2-9]{{{PUBLIC_ID_LENGTH}}})?\.([0-9]{{1,16}})", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def seen_value(thread: Sequence[Message]) -> str:
    """What the hidden input holds, for a page with these messages made now.

    Args:
        thread: The messages of the page, oldest first.
    """
    newest = max(thread, key=lambda message: message.pk).public_id if thread else ""
    passed = timezone.now() - _EPOCH
    return f"{newest}.{passed // timedelta(microseconds=1)}"


def written_meanwhile(visit: Visit, ticket: Ticket) -> set[int]:
    """Keys of the messages of others that the page did not have, and that may be read.

    What was never filled in, or is forged, counts as having seen everything: it is
    the customer alone who would miss something.

    Args:
        visit: The request, a POST.
        ticket: A ticket that the customer may see.
    """
    found = _SEEN.fullmatch(visit.request.POST.get(SEEN, ""))
    if found is None:
        return set()
    newest, microseconds = found.groups()
    try:
        shown_at = _EPOCH + timedelta(microseconds=int(microseconds))
    except OverflowError:
        return set()
    is_new = Q(created_at__gt=shown_at) | Q(release_at__gt=shown_at)
    if newest:
        seen = Message.objects.filter(public_id=newest, conversation__ticket=ticket)
        is_new |= Q(pk__gt=seen.values("pk")[:1])
    others = (
        Message.objects.shown_in(visit.rules)
        .filter(conversation__ticket=ticket)
        .exclude(author_contact=visit.contact)
    )
    return set(others.filter(is_new).values_list("pk", flat=True)[:100])
