"""Invitations: members of access groups are asked to set up their account."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.models.access import AccessGroup
from wagtail_helpdesk.models.contacts import Contact
from wagtail_helpdesk.models.deliveries import Delivery


class AccessInvitationQuerySet(models.QuerySet["AccessInvitation"]):
    """Reads over invitations."""

    def usable(self, now: datetime) -> Self:
        """Invitations that still lead to an account.

        Not those of contacts who have one, are blocked, or left the group meanwhile.

        Args:
            now: The time at which they are used.
        """
        return self.filter(
            Q(contact__access_memberships__group=models.F("group")),
            accepted_at=None,
            expires_at__gt=now,
            contact__user=None,
            contact__is_blocked=False,
            contact__erased_at=None,
        ).distinct()


class AccessInvitation(models.Model):
    """The registration mail of one contact in one access group (B49).

    Of the token that the mail carries only a hash is kept, so that a copy of the
    database opens no account. Sending again makes another token; the old one is worth
    nothing any more.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        EXPIRED = "expired", _("Expired")
        FAILED = "failed", _("Failed")
        ACCEPTED = "accepted", _("Accepted")

    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="access_invitations"
    )
    group = models.ForeignKey(
        AccessGroup, on_delete=models.CASCADE, related_name="invitations"
    )
    address = models.CharField(_("address"), max_length=254)
    token_hash = models.CharField(max_length=64, unique=True)
    delivery = models.OneToOneField(
        Delivery,
        null=True,
        on_delete=models.SET_NULL,
        related_name="invitation",
        help_text="The mail that carries the token; of earlier mails nothing is known.",
    )
    issued_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    objects = AccessInvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["group", "contact"], name="helpdesk_access_invitation_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contact} · {self.group}"

    @property
    def state(self) -> State:
        """What became of it, as staff read it."""
        if self.accepted_at is not None:
            return self.State.ACCEPTED
        delivery = self.delivery
        if delivery is not None and delivery.status in _FAILED:
            return self.State.FAILED
        if self.expires_at <= timezone.now():
            return self.State.EXPIRED
        if delivery is not None and delivery.status not in _GONE_OUT:
            return self.State.WAITING
        return self.State.SENT

    @property
    def sent_at(self) -> datetime:
        """When the mail left; as long as it waits, when it was asked for."""
        if self.delivery is not None and self.delivery.sent_at is not None:
            return self.delivery.sent_at
        return self.issued_at


_FAILED = (Delivery.Status.FAILED, Delivery.Status.CANCELLED)
_GONE_OUT = (Delivery.Status.SENT, Delivery.Status.UNKNOWN)
