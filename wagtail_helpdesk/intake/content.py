"""A message of an outside channel as the actions take it: text, files, remarks."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from wagtail_helpdesk.actions import Upload, check_uploads
from wagtail_helpdesk.actions.text import clean_text
from wagtail_helpdesk.actions.uploads import clean_filename
from wagtail_helpdesk.channels.events import InboundEvent
from wagtail_helpdesk.conf import helpdesk_settings
from wagtail_helpdesk.exceptions import ActionError
from wagtail_helpdesk.models import Ticket

#: Refused files that are named one by one.
_MAX_NAMED = 50


def text_of(event: InboundEvent) -> str:
    """What was written; never empty: a message without a word is one, too."""
    return clean_text(event.text) or _("(No text)")


def sort_files(event: InboundEvent) -> tuple[list[Upload], list[str]]:
    """The files that may be attached, and why the others may not.

    Returns:
        The uploads, and a sentence for each refused file that names it.
    """
    taken: list[Upload] = []
    refused: list[str] = []
    total = 0
    for file in event.files:
        upload = Upload(file.name, ContentFile(file.content), file.content_type)
        name = clean_filename(file.name)
        if len(taken) >= helpdesk_settings.MAX_UPLOAD_FILES:
            refused.append(_("“%(name)s”: there were too many files.") % {"name": name})
            continue
        if total + upload.size > helpdesk_settings.MAX_UPLOAD_TOTAL_BYTES:
            limit = filesizeformat(helpdesk_settings.MAX_UPLOAD_TOTAL_BYTES)
            refused.append(
                _("“%(name)s”: the files together are larger than %(limit)s.")
                % {"name": name, "limit": limit}
            )
            continue
        try:
            check_uploads([upload])
        except ActionError as error:
            refused.append(str(error))
            continue
        taken.append(upload)
        total += upload.size
    return taken, refused


def facts_about(
    event: InboundEvent, *, refused: list[str], named: Ticket | None = None
) -> list[dict[str, Any]]:
    """What agents have to know beside the text, as fields of the message.

    Args:
        event: The message.
        refused: What ``sort_files`` says of files that are not attached.
        named: A ticket of others that the message names.
    """
    facts: list[tuple[str, str, str]] = []
    if refused:
        named_ones = "\n".join(refused[:_MAX_NAMED])
        facts.append(("mail_refused_files", _("Not attached"), named_ones))
    if named is not None:
        facts.append(
            (
                "mail_named_ticket",
                _("May belong to"),
                _(
                    "%(reference)s. Its sender takes no part in that request, so this "
                    "is one of its own."
                )
                % {"reference": named.reference},
            )
        )
    if event.is_cut:
        days = helpdesk_settings.RECEIPT_DAYS
        facts.append(
            (
                "mail_cut",
                _("Not shown in full"),
                _("There is more in it than is shown. It is kept for %(days)d days.")
                % {"days": days},
            )
        )
    return [
        {"key": key, "label": label, "value": value, "hidden": False}
        for key, label, value in facts
    ]
