"""Where files lie that came from outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.files.storage import Storage, storages

from wagtail_helpdesk.models.fields import new_public_id

if TYPE_CHECKING:
    from wagtail_helpdesk.models.attachments import Attachment


def private_storage() -> Storage:
    """The storage alias ``helpdesk_private``, which is never under MEDIA_ROOT."""
    return storages["helpdesk_private"]


def attachment_path(instance: Attachment, filename: str) -> str:
    """A path that tells nothing: the person's file name is kept in ``name`` only."""
    return f"helpdesk/attachments/{instance.public_id[:2]}/{new_public_id()}"
