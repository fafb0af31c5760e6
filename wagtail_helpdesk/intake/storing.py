"""Keeping what came, before anything looks at it, and as long as the site wants."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_helpdesk.conf import helpdesk_settings
from wagtail_helpdesk.models import Channel, Receipt

#: What is larger lies in a file, not in the database: servers refuse packets of more
#: than 16 MB (MariaDB) and keep large values in many pieces. In bytes.
MAX_IN_DATABASE = 262_144
#: How many receipts are deleted at once.
_BATCH = 200


class TooLarge(Exception):
    """What came is larger than the site takes."""


def store(
    channel: Channel, raw: bytes, *, headers: Mapping[str, Any] | None = None
) -> Receipt:
    """Keep what came. When this returns, the sender may forget it.

    Args:
        channel: Through which channel it came.
        raw: What came, byte for byte.
        headers: What came beside it: envelope addresses, headers of a request. JSON.

    Raises:
        TooLarge: It is larger than ``MAX_RECEIPT_BYTES``.
        DatabaseError: It could not be kept; the sender has to try again.
        OSError: As before: the file storage does not answer.
    """
    if len(raw) > helpdesk_settings.MAX_RECEIPT_BYTES:
        raise TooLarge(
            _("%(size)d bytes are more than the %(limit)d that are taken.")
            % {"size": len(raw), "limit": helpdesk_settings.MAX_RECEIPT_BYTES}
        )
    receipt = Receipt(channel=channel, size=len(raw), headers=dict(headers or {}))
    if len(raw) <= MAX_IN_DATABASE:
        receipt.body = raw
        receipt.save(force_insert=True)
        return receipt
    receipt.file.save("raw", ContentFile(raw), save=False)
    try:
        receipt.save(force_insert=True)
    except BaseException:
        receipt.file.delete(save=False)
        raise
    return receipt


def delete_old(*, limit: int = 10_000) -> int:
    """Delete receipts that had their effect or were ignored long ago.

    What failed stays until a person has looked at it.

    Args:
        limit: How many at most.

    Returns:
        How many were deleted.
    """
    before = timezone.now() - timedelta(days=helpdesk_settings.RECEIPT_DAYS)
    over = Receipt.objects.filter(
        received_at__lt=before,
        state__in=[Receipt.State.DONE, Receipt.State.IGNORED],
    )
    deleted = 0
    while deleted < limit:
        batch = list(over.only("pk", "file")[:_BATCH])
        if not batch:
            break
        # The file first: a row without a file can be deleted again, a file that no row
        # names would stay for ever.
        for receipt in batch:
            if receipt.file:
                receipt.file.delete(save=False)
        Receipt.objects.filter(pk__in=[receipt.pk for receipt in batch]).delete()
        deleted += len(batch)
    return deleted
