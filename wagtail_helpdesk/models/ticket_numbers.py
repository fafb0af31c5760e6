"""Numbers of tickets: where they come from, and how people write them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.conf import helpdesk_settings


class TicketNumber(models.Model):
    """The sequence ticket numbers come from: unique and growing, with gaps.

    A row is taken outside any lock on tickets, so that two tickets opened at the
    same moment never wait for each other.
    """

    class Meta:
        verbose_name = _("ticket number")

    def __str__(self) -> str:
        return str(self.pk)


def ticket_number_from(text: str) -> int | None:
    """The number a person typed as ``HD-1042``, ``hd1042``, ``#1042`` or ``1042``."""
    prefix = helpdesk_settings.TICKET_PREFIX.rstrip("-").casefold()
    digits = text.strip().casefold().removeprefix(prefix).lstrip("-#").strip()
    if digits.isascii() and digits.isdigit() and len(digits) <= 18:
        return int(digits)
    return None
