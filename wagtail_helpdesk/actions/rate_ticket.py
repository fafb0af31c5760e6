"""A customer says how our help was, after their ticket was closed (F13)."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from wagtail_helpdesk.actions.base import Action, lock_ticket
from wagtail_helpdesk.actions.text import clean_text
from wagtail_helpdesk.exceptions import ActionError, ActionPermissionError
from wagtail_helpdesk.models import (
    Contact,
    Event,
    PortalRules,
    SatisfactionRating,
    Ticket,
)
from wagtail_helpdesk.models.satisfaction import MAX_COMMENT, rating_ends_at


class RateTicket(Action[SatisfactionRating]):
    """Keep what the contact of a closed ticket says; said again, it is changed.

    One rating for each closing: whoever presses the button twice has rated once. The
    event has the score, never the comment.

    Args:
        ticket: The ticket.
        contact: Who rates. Only the contact whose ticket it is may, as long as they
            see it; neither participants nor colleagues.
        portal: The rules of the portal; they say whether it asks at all.
        score: A ``SatisfactionRating.Score``.
        comment: What they add, as plain text.
    """

    def __init__(
        self,
        *,
        ticket: Ticket,
        contact: Contact,
        portal: PortalRules,
        score: int,
        comment: str = "",
    ) -> None:
        self.ticket = ticket
        self.actor = self.contact = contact
        self.portal = portal
        self.score = score
        self.comment = clean_text(comment)

    def check(self) -> None:
        if not may_rate(self.ticket, self.contact, self.portal):
            raise ActionPermissionError(_("You cannot rate this request."))

    def perform(self) -> SatisfactionRating:
        if self.score not in SatisfactionRating.Score.values:
            raise ActionError(
                "bad_score", _("Choose one of the five answers."), field="score"
            )
        if len(self.comment) > MAX_COMMENT:
            raise ActionError(
                "comment_too_long",
                _("At most %(max)s characters fit.") % {"max": MAX_COMMENT},
                field="comment",
            )
        # Two clicks at once wait for each other here.
        ticket = lock_ticket(self.ticket)
        ends_at = rating_ends_at(ticket)
        if ends_at is None:
            raise ActionError(
                "not_closed", _("It is open again. We ask you when it is closed.")
            )
        if timezone.now() >= ends_at:
            raise ActionError("rating_over", _("It can no longer be rated."))
        rating, is_new = SatisfactionRating.objects.get_or_create(
            ticket=ticket,
            contact=self.contact,
            closing=ticket.reopened_count,
            defaults={"score": self.score, "comment": self.comment},
        )
        before = None if is_new else rating.score
        if not is_new:
            if (rating.score, rating.comment) == (self.score, self.comment):
                return rating
            rating.score, rating.comment = self.score, self.comment
            rating.save()
        self.record(
            Event.Kind.TICKET_RATED,
            ticket=ticket,
            before={"score": before},
            after={"score": self.score},
        )
        return rating


def may_rate(ticket: Ticket, contact: Contact, portal: PortalRules) -> bool:
    """Whether a contact is asked about a ticket in a portal, once it is closed.

    Args:
        ticket: The ticket.
        contact: The contact.
        portal: The rules of the portal.
    """
    if not portal.asks_rating or ticket.contact_id != contact.pk:
        return False
    visible = Ticket.objects.visible_to_contact(contact, portal)
    return visible.filter(pk=ticket.pk).exists()
