"""Why a contact sees a ticket in a portal, or why not.

The verdict is that of ``Ticket.objects.visible_to_contact``, whatever is said about it;
the reasons are the pieces that rule is made of, asked one by one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext as _

from wagtail_helpdesk.access.ticket_filters import describe
from wagtail_helpdesk.models import (
    Contact,
    Conversation,
    Membership,
    Message,
    Organization,
    PortalRules,
    Ticket,
)
from wagtail_helpdesk.models.portal_rules import Sharing
from wagtail_helpdesk.models.ticket_filters import passing
from wagtail_helpdesk.models.ticket_visibility import not_spam, ways_to_see


class TicketReason(Enum):
    """The rule that decides."""

    OWN = "own"
    PARTICIPANT = "participant"
    ORGANIZATION = "organization"
    BLOCKED = "blocked"
    PORTAL_OFF = "portal_off"
    TRASHED = "trashed"
    MERGED = "merged"
    SPAM = "spam"
    NOT_THEIRS = "not_theirs"
    OWN_ONLY = "own_only"
    NOT_SHARED = "not_shared"
    NOT_PRIMARY = "not_primary"
    NOT_MANAGER = "not_manager"
    NOT_CHOSEN = "not_chosen"
    FILTERED = "filtered"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class TicketExplanation:
    """Whether a contact sees a ticket in a portal, and why.

    Attributes:
        is_visible: What the rule says (R9).
        reason: Which part of it decides.
        shown: How many of the ticket's messages the portal shows (R10).
        hidden: How many conversations it does not show: they are of a channel that
            customers do not see, or the portal shows the first one only.
        filter: The visibility filter that hides the ticket, in words.
    """

    is_visible: bool
    reason: TicketReason
    shown: int = 0
    hidden: int = 0
    filter: str = ""

    def sentence(self) -> str:
        """The reason in a sentence, in the language that is active."""
        return _sentences()[self.reason] % {"filter": self.filter}


def explain_ticket(
    ticket: Ticket, contact: Contact, portal: PortalRules
) -> TicketExplanation:
    """Say whether and why a contact sees a ticket through a portal (R9, R10, N8).

    Takes a few small queries; for one ticket, not for lists.

    Args:
        ticket: The ticket; it may be in the trash.
        contact: The contact.
        portal: The portal's rules.
    """
    this = Ticket.objects.filter(pk=ticket.pk)
    ways = [
        reason
        for reason, way in ways_to_see(contact, portal).items()
        if this.filter(way).exists()
    ]
    if not this.visible_to_contact(contact, portal).exists():
        why_not = _why_not(ticket, contact, portal, ways)
        if why_not != TicketReason.OTHER:
            return TicketExplanation(False, why_not)
        hiding = hiding_filters([ticket.pk], portal)
        return hiding.get(ticket.pk) or TicketExplanation(False, why_not)
    reason = TicketReason(ways[0]) if ways else TicketReason.OTHER
    conversations = Conversation.objects.filter(ticket=ticket).live()
    shown = conversations.shown_in(portal).exclude(status=Conversation.Status.SPAM)
    messages = Message.objects.shown_in(portal).filter(conversation__ticket=ticket)
    return TicketExplanation(
        True,
        reason,
        shown=messages.count(),
        hidden=conversations.exclude(
            pk__in=list(shown.values_list("pk", flat=True))
        ).count(),
    )


def hiding_filters(
    keys: Iterable[int], portal: PortalRules
) -> dict[int, TicketExplanation]:
    """Which of a portal's visibility filters hides each ticket: the first that does.

    Takes one query for each filter, and those that put into words what hides some.

    Args:
        keys: Keys of a few tickets.
        portal: The portal's rules.

    Returns:
        The verdict by the ticket's key, for those that are hidden.
    """
    found: dict[int, TicketExplanation] = {}
    left = set(keys)
    for one in portal.filters:
        tickets = Ticket.objects.filter(passing([one]), pk__in=left)
        hidden = left - set(tickets.values_list("pk", flat=True))
        if hidden:
            told = describe(one)
            verdict = TicketExplanation(False, TicketReason.FILTERED, filter=told)
            found |= dict.fromkeys(hidden, verdict)
            left -= hidden
    return found


def _why_not(
    ticket: Ticket, contact: Contact, portal: PortalRules, ways: list[str]
) -> TicketReason:
    """The first part of the rule that the ticket does not meet."""
    this = Ticket.objects.filter(pk=ticket.pk)
    if contact.is_blocked:
        return TicketReason.BLOCKED
    if not portal.is_active:
        return TicketReason.PORTAL_OFF
    if not this.filter(deleted_at=None).exists():
        return TicketReason.TRASHED
    if not this.live().exists():
        return TicketReason.MERGED
    if not ways:
        return _why_not_theirs(ticket, contact, portal)
    if not this.filter(not_spam()).exists():
        return TicketReason.SPAM
    return TicketReason.OTHER


def _why_not_theirs(
    ticket: Ticket, contact: Contact, portal: PortalRules
) -> TicketReason:
    """Why the ticket of an organization is not shared with its member."""
    membership = (
        Membership.objects.filter(contact=contact, organization=ticket.organization_id)
        .select_related("organization")
        .first()
    )
    if membership is None:
        return TicketReason.NOT_THEIRS
    if not portal.shares:
        return TicketReason.OWN_ONLY
    if membership.organization.sharing != Organization.Sharing.ORGANIZATION:
        return TicketReason.NOT_SHARED
    if not membership.is_primary and not portal.all_organizations:
        return TicketReason.NOT_PRIMARY
    if (
        portal.sharing == Sharing.MANAGERS
        and membership.role != Membership.Role.MANAGER
    ):
        return TicketReason.NOT_MANAGER
    if portal.sharing == Sharing.CHOSEN and not membership.sees_tickets:
        return TicketReason.NOT_CHOSEN
    return TicketReason.OTHER


def _sentences() -> dict[TicketReason, str]:
    return {
        TicketReason.OWN: _("Shown: it is the contact's own ticket."),
        TicketReason.PARTICIPANT: _("Shown: the contact takes part in the ticket."),
        TicketReason.ORGANIZATION: _(
            "Shown: the contact's organization shares its tickets, and so does this "
            "portal."
        ),
        TicketReason.BLOCKED: _("Hidden: the contact is blocked."),
        TicketReason.PORTAL_OFF: _("Hidden: the portal is switched off."),
        TicketReason.TRASHED: _("Hidden: the ticket is in the trash."),
        TicketReason.MERGED: _(
            "Hidden: the ticket was merged into another. Its address leads there, if "
            "the contact sees that one."
        ),
        TicketReason.SPAM: _(
            "Hidden: every conversation of the ticket is marked as spam."
        ),
        TicketReason.NOT_THEIRS: _(
            "Hidden: the ticket is somebody else's, and the contact neither takes part "
            "in it nor belongs to its organization."
        ),
        TicketReason.OWN_ONLY: _(
            "Hidden: the ticket is of the contact's organization, but in this portal "
            "customers see their own tickets only."
        ),
        TicketReason.NOT_SHARED: _(
            "Hidden: the ticket is of the contact's organization, which does not share "
            "tickets among its members."
        ),
        TicketReason.NOT_PRIMARY: _(
            "Hidden: the ticket is of an organization that is not the contact's "
            "primary one."
        ),
        TicketReason.NOT_MANAGER: _(
            "Hidden: the ticket is of the contact's organization, but in this portal "
            "its managers alone see others' tickets."
        ),
        TicketReason.NOT_CHOSEN: _(
            "Hidden: the ticket is of the contact's organization, but in this portal "
            "chosen members alone see others' tickets, and the contact is none."
        ),
        TicketReason.FILTERED: _(
            "Hidden: the portal's visibility filter “%(filter)s” hides it."
        ),
        TicketReason.OTHER: _("Decided by another rule of the portal."),
    }
