"""What a portal decides about tickets, as plain values the reads can use."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from wagtail_helpdesk.models.ticket_filters import TicketFilter


class ThreadPolicy(models.TextChoices):
    """Which conversations of a ticket a portal shows (L2)."""

    ALL = "all", _("All that customers may see, in one timeline")
    ORIGINAL = "original", _("The first one only")


class MayAddPeople(models.TextChoices):
    """Whom customers may add to a ticket (F7)."""

    NOBODY = "nobody", _("Nobody")
    COLLEAGUES = "colleagues", _("Colleagues of an organization that shares")
    ANYONE = "anyone", _("Colleagues, and anyone by e-mail address")


class EntryMode(models.TextChoices):
    """Who may register for a portal, or that nobody does: they come signed in."""

    OPEN = "open", _("Everybody")
    DOMAINS = "domains", _("Addresses of certain domains")
    INVITATION = "invitation", _("By invitation only")
    SSO = "sso", _("Nobody: single sign-on only")


class Sharing(models.TextChoices):
    """Whose tickets customers see beside their own (B15, B16, L10)."""

    OWN = "own", _("Customers see their own")
    MANAGERS = "managers", _("Managers see all of an organization that shares")
    CHOSEN = "chosen", _("Chosen members see all of an organization that shares")
    ORGANIZATION = (
        "organization",
        _("Members see all of an organization that shares"),
    )


@dataclass(frozen=True, slots=True)
class SignUpRule:
    """Who may register, as one portal decides it.

    Attributes:
        mode: An ``EntryMode``.
        domains: For ``domains``: whole domains in lower case, never suffixes.
    """

    mode: str = EntryMode.OPEN
    domains: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether anybody at all may register without an invitation."""
        if self.mode == EntryMode.DOMAINS:
            return bool(self.domains)
        return self.mode == EntryMode.OPEN

    @property
    def takes_invited(self) -> bool:
        """Whether an invitation lets somebody register with a password of their own.

        Not where a company's provider has to sign everybody in: an invitation is no
        way around it (B54).
        """
        return self.mode != EntryMode.SSO

    def takes(self, address: str) -> bool:
        """Whether somebody with this address may register without an invitation."""
        if self.mode == EntryMode.DOMAINS:
            return address.rpartition("@")[2].casefold() in self.domains
        return self.mode == EntryMode.OPEN


@dataclass(frozen=True, slots=True)
class PortalRules:
    """The ticket settings of one portal; the defaults are the model's behaviour.

    Attributes:
        is_active: Off: nobody sees a ticket through this portal (B10).
        sharing: A ``Sharing``: which members see the tickets of an organization
            that shares (B15, B16).
        all_organizations: Whether every organization of a contact counts, not the
            primary one alone (L10).
        filters: Conditions on every ticket; all must hold (B18).
        thread_policy: A ``ThreadPolicy``: which conversations of a ticket a customer
            sees (L2).
        reply_on_closed: Whether a reply on a closed ticket is taken (B45).
        reopen_days: Days after closing in which such a reply re-opens; afterwards
            it opens a follow-up (R7).
        may_close: Whether customers close their tickets (B46).
        closed_stages: Pipeline id to the id of the stage a customer's close leads
            to (B47); a pipeline with a single closed stage needs no entry.
        show_stages: Whether stages show instead of open and closed (B44).
        may_add_people: A ``MayAddPeople``: whom customers may add to a ticket.
        asks_rating: Whether customers are asked how our help was, after closing (F13).
        owner_display: ``"name"``, ``"full"``, ``"surname"`` or ``"alias"`` (B42).
    """

    is_active: bool = True
    sharing: str = Sharing.OWN.value
    all_organizations: bool = False
    filters: tuple[TicketFilter, ...] = ()
    thread_policy: str = ThreadPolicy.ALL
    reply_on_closed: bool = True
    reopen_days: int = 14
    may_close: bool = False
    closed_stages: Mapping[int, int] = field(default_factory=dict)
    show_stages: bool = False
    may_add_people: str = MayAddPeople.NOBODY
    asks_rating: bool = False
    owner_display: str = "name"

    @property
    def shares(self) -> bool:
        """Whether any member sees tickets of their organization."""
        return self.sharing != Sharing.OWN

    @property
    def visibility_key(self) -> tuple[Hashable, ...]:
        """All that the rule on tickets depends on; for the keys of kept statements."""
        # As text, since 1 and True are one value to a dictionary.
        filters = repr(self.filters)
        return (self.is_active, self.sharing, self.all_organizations, filters)
