"""What a customer has read of their tickets in a portal (F6, F7)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.models.contacts import Contact
from wagtail_helpdesk.models.messages import Message, MessageQuerySet
from wagtail_helpdesk.models.tickets import Ticket

if TYPE_CHECKING:
    from wagtail_helpdesk.models.portal_rules import PortalRules


class ReadMark(models.Model):
    """How far a contact has read a ticket; there is none where nothing was new yet.

    ``Contact.read_until`` says the same for all tickets of the contact.
    """

    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, db_index=False, related_name="read_marks"
    )
    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="read_marks"
    )
    read_until = models.DateTimeField(
        help_text="What an agent wrote counts as read if it came out until then."
    )

    class Meta:
        verbose_name = _("read mark")
        verbose_name_plural = _("read marks")
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "ticket"], name="helpdesk_read_mark_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contact_id}/{self.ticket_id}"


def came_from_ticket() -> Coalesce:
    """The key of the ticket that a message was written on, also after a merge."""
    return Coalesce("conversation__merged_from", "conversation__ticket")


def unread_messages(
    contact: int,
    portal: PortalRules,
    *,
    read_until: datetime,
    now: datetime | None = None,
) -> MessageQuerySet:
    """What agents wrote in tickets that a contact sees, and that they have not read.

    Only what the portal shows: a message tells nothing of itself before its author can
    no longer take it back, and is as new as that moment. Whoever writes in a ticket,
    by mail or in the portal, has read what came out before. What was read and written
    counts for the ticket it was on, also when that has been merged into another since:
    who has read one of the two has not read the other (N15).

    Args:
        contact: The contact's key.
        portal: The rules of the portal.
        read_until: The contact's ``read_until``.
        now: As for ``shown_in``.

    Returns:
        Messages with ``came_out`` and ``came_from``, the key of the ticket they were
        written on; of any ticket: the caller knows which are visible.
    """
    came_from = came_from_ticket()
    read = ReadMark.objects.filter(
        contact=contact,
        ticket=OuterRef("came_from"),
        read_until__gte=OuterRef("came_out"),
    )
    own = Message.objects.annotate(came_from=came_from).filter(
        conversation__ticket=OuterRef("conversation__ticket"),
        came_from=OuterRef("came_from"),
        author_contact=contact,
        created_at__gt=OuterRef("came_out"),
    )
    found = (
        Message.objects.shown_in(portal, now=now)
        .annotate(came_out=Coalesce("release_at", "created_at"), came_from=came_from)
        .filter(direction=Message.Direction.OUTBOUND, came_out__gt=read_until)
        .exclude(Exists(read))
        .exclude(Exists(own))
    )
    return cast("MessageQuerySet", found)
