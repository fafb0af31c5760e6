"""How customers found our help, asked each time a ticket of theirs is closed (F13)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.models.contacts import Contact
from wagtail_helpdesk.models.tickets import Ticket

#: How long after the closing a rating is taken, and may be changed.
RATING_TIME = timedelta(days=7)
MAX_COMMENT = 2000


class SatisfactionRatingQuerySet(models.QuerySet["SatisfactionRating"]):
    """Reads over ratings."""

    def of_closing(self, ticket: Ticket, contact: Contact) -> Self:
        """What a contact said when the ticket was closed last: one row at most."""
        return self.filter(
            ticket=ticket, contact=contact, closing=ticket.reopened_count
        )

    def newest_first(self) -> Self:
        """The last closing first; the earlier ones stay as they were."""
        return self.order_by("-closing", "-pk")


class SatisfactionRating(models.Model):
    """What the contact of a ticket said about our help, one for each closing.

    A ticket that was opened again and closed again is asked about anew; what was said
    before stays. So closings are counted, by how often the ticket was opened again.
    """

    class Score(models.IntegerChoices):
        VERY_BAD = 1, _("Very bad")
        BAD = 2, _("Bad")
        NEUTRAL = 3, _("Neither good nor bad")
        GOOD = 4, _("Good")
        VERY_GOOD = 5, _("Very good")

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="ratings")
    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="ratings"
    )
    closing = models.PositiveIntegerField(
        help_text="The ticket's reopened_count when it was rated."
    )
    score = models.PositiveSmallIntegerField(_("rating"), choices=Score)
    comment = models.TextField(_("comment"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = SatisfactionRatingQuerySet.as_manager()

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "contact", "closing"], name="helpdesk_rating_once"
            ),
            models.CheckConstraint(
                condition=Q(score__gte=1, score__lte=5), name="helpdesk_rating_score"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket} · {self.score}"


def rating_ends_at(ticket: Ticket) -> datetime | None:
    """Until when the last closing is rated; ``None`` while the ticket is open."""
    if not ticket.is_closed or ticket.closed_at is None:
        return None
    return ticket.closed_at + RATING_TIME
