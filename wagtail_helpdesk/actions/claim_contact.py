"""A person proves an address and gets the contact and the tickets behind it (R17)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from wagtail_helpdesk.actions.access_memberships import refresh_access
from wagtail_helpdesk.actions.base import Action
from wagtail_helpdesk.actions.record_consent import record_sign_up_consents
from wagtail_helpdesk.models import (
    AccessInvitation,
    AccessMembership,
    Consent,
    Contact,
    Conversation,
    Delivery,
    Event,
    Identity,
    Membership,
    Message,
    Organization,
    Participant,
    ReadMark,
    SatisfactionRating,
    Ticket,
    normalise_email,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class ClaimContact(Action[Contact]):
    """Join an account and the contact behind an address that was just verified.

    The caller vouches that the address is verified: nothing else ever connects an
    account with tickets. If the account has a contact already and the address
    belongs to another one without an account, the two become one. An address in an
    organization's domain makes its contact a member. The account gets what the
    contact's access groups open. What was agreed to while registering becomes the
    contact's consent.

    Args:
        user: The account.
        email: An address the account's person has proved to read.
        name: Used where the contact has no name yet.
    """

    def __init__(self, *, user: User, email: str, name: str = "") -> None:
        self.user = user
        self.email = normalise_email(email)
        self.name = name

    def perform(self) -> Contact:
        now = timezone.now()
        own = Contact.objects.select_for_update().filter(user=self.user).first()
        identity = (
            Identity.objects.select_for_update()
            .filter(kind=Identity.Kind.EMAIL, value=self.email)
            .first()
        )
        contact = own or (identity.contact if identity else None)
        if contact is not None and contact.user_id not in {None, self.user.pk}:
            # The address changed hands: what came before belongs to the old account.
            contact = None
        if contact is None:
            contact = Contact.objects.create(name=self.name)
        before = identity.contact_id if identity else contact.pk
        changed = self._link(contact, now)
        changed |= self._verify(contact, identity, now)
        changed |= self._join_organization(contact)
        self.actor = contact
        record_sign_up_consents(self.user, contact)
        if changed:
            # Whoever has an account needs no invitation any more; tokens work once.
            AccessInvitation.objects.filter(contact=contact, accepted_at=None).update(
                accepted_at=now
            )
            self.record(Event.Kind.CONTACT_CLAIMED, contact=contact)
            # The address may have been what opened pages to another contact's account.
            refresh_access(self, {contact.pk, before})
        return contact

    def _link(self, contact: Contact, now: datetime) -> bool:
        fields = []
        if contact.user_id is None:
            contact.user = self.user
            fields.append("user")
        full_name = self.name or self.user.get_full_name()
        if not contact.name and full_name:
            contact.name = full_name
            fields.append("name")
        if fields:
            contact.save(update_fields=fields)
        return bool(fields)

    def _verify(
        self, contact: Contact, identity: Identity | None, now: datetime
    ) -> bool:
        if identity is None:
            Identity.objects.create(
                contact=contact,
                kind=Identity.Kind.EMAIL,
                value=self.email,
                verified_at=now,
            )
            return True
        changed = False
        if identity.contact_id != contact.pk:
            other = identity.contact
            if other.user_id is None:
                absorb(contact, other)
            else:
                identity.contact = contact
                identity.save(update_fields=["contact"])
            identity.refresh_from_db()
            changed = True
        if identity.verified_at is None:
            identity.verified_at = now
            identity.save(update_fields=["verified_at"])
            changed = True
        return changed

    def _join_organization(self, contact: Contact) -> bool:
        if contact.memberships.exists():
            return False
        domain = self.email.rpartition("@")[2]
        candidates = Organization.objects.exclude(domains=[]).values_list(
            "pk", "domains"
        )
        for pk, domains in candidates.iterator():
            # The whole domain, never a suffix: evil-acme.example is not acme.example.
            if domain in {str(d).casefold() for d in domains}:
                Membership.objects.create(contact=contact, organization_id=pk)
                return True
        return False


def absorb(contact: Contact, other: Contact) -> None:
    """Give ``contact`` all of ``other``, who has no account; delete ``other``."""
    _read_from_the_earlier_on(contact, other)
    Identity.objects.filter(contact=other).update(contact=contact)
    Ticket.objects.filter(contact=other).update(contact=contact)
    Conversation.objects.filter(contact=other).update(contact=contact)
    Message.objects.filter(author_contact=other).update(author_contact=contact)
    Event.objects.filter(contact=other).update(contact=contact)
    Event.objects.filter(actor_contact=other).update(actor_contact=contact)
    theirs = Participant.objects.filter(contact=other)
    # Who takes part by themselves stays when a merge is undone.
    for_good = list(theirs.filter(merged_from=None).values_list("ticket", flat=True))
    Participant.objects.filter(contact=contact, ticket__in=for_good).update(
        merged_from=None
    )
    taken_part = Participant.objects.filter(contact=contact).values("ticket")
    theirs.exclude(ticket__in=list(taken_part.values_list("ticket", flat=True))).update(
        contact=contact
    )
    rated = contact.ratings.values_list("ticket", flat=True)
    SatisfactionRating.objects.filter(contact=other).exclude(
        ticket__in=list(rated)
    ).update(contact=contact)
    _move_read_marks(contact, other)
    known = list(contact.memberships.values_list("organization", flat=True))
    moved = Membership.objects.filter(contact=other).exclude(organization__in=known)
    if known:
        moved.update(is_primary=False)
    moved.update(contact=contact)
    given = set(contact.consents.values_list("version", "source", "given_before"))
    for consent in Consent.objects.filter(contact=other).order_by("pk"):
        # All of the history stays, also where both agreed to the same.
        while (consent.version, consent.source, consent.given_before) in given:
            consent.given_before += 1
        given.add((consent.version, consent.source, consent.given_before))
        consent.contact = contact
        consent.save(update_fields=["contact", "given_before"])
    rows = AccessMembership.objects.filter(contact=other)
    # What rules say of the two together is found when they are applied.
    rows.filter(source=AccessMembership.Source.RULE).delete()
    has = list(contact.access_memberships.values_list("group", "source"))
    for row in rows:
        if (row.group_id, row.source) not in has:
            row.contact = contact
            row.save(update_fields=["contact"])
    # Mails that wait, and what was sent: the caps on acknowledgements count it.
    Delivery.objects.filter(contact=other).update(contact=contact)
    if other.is_blocked and not contact.is_blocked:
        contact.is_blocked = True
        contact.save(update_fields=["is_blocked"])
    other.delete()


def _read_from_the_earlier_on(contact: Contact, other: Contact) -> None:
    """Let nothing count as read that neither has read, and nothing become new.

    Of two ``read_until`` the earlier one holds. What the other one covered of the
    tickets that its contact saw is marked instead, while they are still told apart.
    """
    early, late = sorted((contact, other), key=lambda each: each.read_until)
    until = late.read_until
    seen = Ticket.objects.filter(
        Q(contact=late)
        | Q(pk__in=late.participations.values("ticket"))
        | Q(organization__in=late.memberships.values("organization"))
    )
    answers = Message.objects.filter(
        direction=Message.Direction.OUTBOUND, conversation__ticket__in=seen
    ).annotate(
        came_out=Coalesce("release_at", "created_at"),
        came_from=Coalesce("conversation__merged_from", "conversation__ticket"),
    )
    answered = answers.filter(came_out__gt=early.read_until, came_out__lte=until)
    keys: Any = answered.order_by().values_list("came_from", flat=True).distinct()
    tickets = set(keys)
    behind = late.read_marks.filter(read_until__lt=until).values_list("pk", "ticket")
    late.read_marks.filter(
        pk__in=[pk for pk, ticket in behind if ticket in tickets]
    ).update(read_until=until)
    marks = [
        ReadMark(contact=late, ticket_id=ticket, read_until=until) for ticket in tickets
    ]
    ReadMark.objects.bulk_create(marks, ignore_conflicts=True, batch_size=500)
    contact.read_until = early.read_until
    contact.save(update_fields=["read_until"])


def _move_read_marks(contact: Contact, other: Contact) -> None:
    """What either has read, both have."""
    own = dict(contact.read_marks.values_list("ticket", "read_until"))
    for mark in ReadMark.objects.filter(contact=other):
        if mark.ticket_id not in own:
            mark.contact = contact
            mark.save(update_fields=["contact"])
        elif own[mark.ticket_id] < mark.read_until:
            contact.read_marks.filter(ticket=mark.ticket_id).update(
                read_until=mark.read_until
            )


class ReleaseAddress(Action[bool]):
    """An account gives an address up: it proves nothing any more, and gets no mail.

    The contact keeps its tickets and its other addresses. Rules of access groups no
    longer count the address; without a verified one the account opens nothing private.

    Args:
        user: The account.
        email: The address it gave up.

    Returns:
        Whether it was one of the contact's verified addresses.
    """

    def __init__(self, *, user: User, email: str) -> None:
        self.user = user
        self.email = normalise_email(email)

    def perform(self) -> bool:
        identity = (
            Identity.objects.select_for_update()
            .filter(contact__user=self.user, kind=Identity.Kind.EMAIL, value=self.email)
            .exclude(verified_at=None)
            .first()
        )
        if identity is None:
            return False
        identity.verified_at = None
        identity.save(update_fields=["verified_at"])
        self.actor = identity.contact
        self.record(Event.Kind.ADDRESS_RELEASED, contact=identity.contact)
        refresh_access(self, [identity.contact.pk])
        return True
