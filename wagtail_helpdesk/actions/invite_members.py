"""Members of an access group are asked to set up their account (B49, R17)."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import timedelta

from django.utils import timezone

from wagtail_helpdesk.access.invitations import (
    LIFETIME,
    hash_of,
    invitation_to_renew,
    members_without_account,
    token_for,
)
from wagtail_helpdesk.actions.access_accounts import chunks
from wagtail_helpdesk.actions.access_memberships import lock_group
from wagtail_helpdesk.actions.base import Action, Actor
from wagtail_helpdesk.models import (
    AccessGroup,
    AccessInvitation,
    Contact,
    Delivery,
    Event,
    Identity,
    normalise_email,
)

#: Registration mails that one address gets when somebody asks for a new one.
RENEWALS_PER_DAY = 3


class InviteAccessMembers(Action[int]):
    """Send registration mails to members of an access group who have no account.

    The caller decides who may. Who was invited before gets a new token, and the old
    one works no more. A member who is blocked or has no address is left out.

    Args:
        group: The group.
        contacts: Only these of its members; default: all.
        actor: Who does it.

    Returns:
        How many mails are on their way.
    """

    def __init__(
        self,
        *,
        group: AccessGroup,
        contacts: Iterable[Contact] | None = None,
        actor: Actor = None,
    ) -> None:
        self.group = group
        self.contacts = (
            None if contacts is None else [contact.pk for contact in contacts]
        )
        self.actor = actor

    def perform(self) -> int:
        group = lock_group(self.group)
        keys = list(
            members_without_account(group).order_by("pk").values_list("pk", flat=True)
        )
        if self.contacts is not None:
            wanted = set(self.contacts)
            keys = [key for key in keys if key in wanted]
        sent = sum(self._invite(group, some) for some in chunks(keys))
        if sent:
            self.record(
                Event.Kind.INVITATION_SENT,
                group=group.pk,
                name=group.name,
                number=sent,
            )
        return sent

    def _invite(self, group: AccessGroup, keys: Collection[int]) -> int:
        """Queue the mails of so many contacts as fit into one statement."""
        now = timezone.now()
        contacts = Contact.objects.filter(pk__in=keys).prefetch_related("identities")
        tokens = {
            contact.pk: (uuid.uuid4(), contact.email)
            for contact in contacts.order_by("pk")
            if contact.email
        }
        rows = AccessInvitation.objects.filter(group=group, contact__in=list(tokens))
        known = {row.contact_id: row for row in rows}
        Delivery.objects.filter(
            invitation__in=[row.pk for row in known.values()],
            status=Delivery.Status.QUEUED,
        ).update(status=Delivery.Status.CANCELLED)
        Delivery.objects.bulk_create(
            Delivery(
                kind=Delivery.Kind.INVITATION,
                key=f"invitation:{token}",
                token=token,
                contact_id=contact,
                address=address,
                run_at=now,
            )
            for contact, (token, address) in tokens.items()
        )
        # MySQL does not say which keys such rows get.
        mails = dict(
            Delivery.objects.filter(
                token__in=[token for token, _address in tokens.values()]
            ).values_list("token", "pk")
        )
        new = []
        for contact, (token, address) in tokens.items():
            row = known.get(contact)
            if row is None:
                row = AccessInvitation(group=group, contact_id=contact)
                new.append(row)
            row.address = address
            row.token_hash = hash_of(token_for(token))
            row.delivery_id = mails[token]
            row.issued_at, row.expires_at = now, now + LIFETIME
            row.accepted_at = None
        AccessInvitation.objects.bulk_create(new)
        AccessInvitation.objects.bulk_update(
            known.values(),
            [
                "address",
                "token_hash",
                "delivery",
                "issued_at",
                "expires_at",
                "accepted_at",
            ],
            batch_size=100,
        )
        return len(tokens)


class RenewInvitation(Action[bool]):
    """Somebody asks for a new registration mail, by typing an address.

    Whoever asks must not learn whether the address is known: only its owner does, by
    the mail. One address gets only so many a day.

    Args:
        email: What was typed.

    Returns:
        Whether a mail is on its way; for the ledger and tests, not for a visitor.
    """

    def __init__(self, *, email: str) -> None:
        self.email = normalise_email(email)

    def perform(self) -> bool:
        identity = Identity.objects.select_for_update().filter(
            kind=Identity.Kind.EMAIL, value=self.email
        )
        # Locked, so that requests at the same moment are counted one after the other.
        if not identity.values_list("pk", flat=True).first():
            return False
        found = invitation_to_renew(self.email)
        if found is None or not self._has_share_left():
            return False
        invite = InviteAccessMembers(group=found.group, contacts=[found.contact])
        return bool(invite.execute())

    def _has_share_left(self) -> bool:
        lately = Delivery.objects.filter(
            address=self.email,
            kind=Delivery.Kind.INVITATION,
            created_at__gt=timezone.now() - timedelta(days=1),
        )
        return lately.count() < RENEWALS_PER_DAY
