"""A customer who asks nearly the same again is shown what they asked before (UX51)."""

from __future__ import annotations

import difflib
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wagtail_helpdesk.models import Contact, Ticket

if TYPE_CHECKING:
    from wagtail_helpdesk.portal.entry import Visit

#: Days after which the same question may well be another one.
DAYS = 7
#: Requests that are looked at, those with the latest activity.
LOOKED_AT = 50
#: How much alike two subjects are, of 1.
ALIKE = 0.85
#: The button "Send it anyway".
ANYWAY = "send_anyway"


@dataclass(frozen=True, slots=True)
class Similar:
    """An open request whose subject is nearly the same.

    Attributes:
        ticket: The request.
        url: Its address.
        days: Whole days of the calendar since then.
    """

    ticket: Ticket
    url: str
    days: int

    @property
    def sentence(self) -> str:
        """What the customer reads above the link."""
        if self.days == 0:
            return _("You asked something similar today:")
        if self.days == 1:
            return _("You asked something similar yesterday:")
        return ngettext(
            "You asked something similar %(days)d day ago:",
            "You asked something similar %(days)d days ago:",
            self.days,
        ) % {"days": self.days}


def similar_to(visit: Visit, contact: Contact, subject: str) -> Similar | None:
    """The newest open request of a contact that a subject is nearly the same as.

    Takes one query of at most ``LOOKED_AT`` rows.

    Args:
        visit: The visit; only what its customer may see is found.
        contact: Whose requests are looked at.
        subject: What is about to be sent.
    """
    words = words_of(subject)
    if not words:
        return None
    since = timezone.now() - timedelta(days=DAYS)
    recent = (
        Ticket.objects.visible_to_contact(visit.contact, visit.rules)
        # What was created since has had its latest activity since, too.
        .filter(contact=contact, last_activity_at__gte=since, created_at__gte=since)
        .open()
        .only("number", "public_id", "subject", "created_at")
        .order_by("-last_activity_at", "-pk")[:LOOKED_AT]
    )
    found = [ticket for ticket in recent if are_alike(words, words_of(ticket.subject))]
    if not found:
        return None
    newest = max(found, key=lambda ticket: ticket.created_at)
    today = timezone.localdate()
    days = (today - timezone.localdate(newest.created_at)).days
    return Similar(newest, visit.ticket_url(newest), days)


def words_of(text: str) -> list[str]:
    """The words of a subject in order, without case, accents and punctuation."""
    plain = "".join(
        char
        for char in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(char)
    )
    return "".join(char if char.isalnum() else " " for char in plain).split()


def are_alike(one: list[str], other: list[str]) -> bool:
    """Whether two subjects say nearly the same.

    The order of the words does not count, nor an ending more or less. Numbers do: order
    4711 is not order 4712.

    Args:
        one: The words of a subject.
        other: The words of another one.
    """
    if not one or not other:
        return False
    if _numbers(one) != _numbers(other):
        return False
    first, second = sorted(set(one)), sorted(set(other))
    if first == second:
        return True
    matcher = difflib.SequenceMatcher(None, " ".join(first), " ".join(second), False)
    return matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _numbers(words: list[str]) -> set[str]:
    return {word for word in words if any(char.isdigit() for char in word)}
