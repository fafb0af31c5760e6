"""What somebody agreed to is kept word for word."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from wagtail_helpdesk.actions.base import Action, IdempotentAction
from wagtail_helpdesk.models import (
    Consent,
    Contact,
    Event,
    SignUpConsent,
    consent_version,
)
from wagtail_helpdesk.models.consents import ConsentQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import User

_SOURCE_LENGTH = 200


class RecordConsent(IdempotentAction[Consent]):
    """Keep the text a contact agreed to, once for each version and place.

    What was withdrawn can be given again; that is a new row, and the old one stays.

    Args:
        contact: Who agreed.
        text: The exact text shown.
        language: Language code of the text.
        source: Where, such as ``form:contact``.
        given_at: When, if that was before now.
    """

    def __init__(
        self,
        *,
        contact: Contact,
        text: str,
        language: str,
        source: str,
        given_at: datetime | None = None,
    ) -> None:
        self.actor = self.contact = contact
        self.text = text
        self.language = language
        self.source = source[:_SOURCE_LENGTH]
        self.given_at = given_at

    def existing(self) -> Consent | None:
        return self._rows().standing().first()

    def perform(self) -> Consent:
        consent = Consent.objects.create(
            contact=self.contact,
            version=consent_version(self.text),
            source=self.source,
            text=self.text,
            language=self.language,
            given_at=self.given_at or timezone.now(),
            # Those withdrawn only: whoever gives the same at the same moment has to
            # come to the same number, and meet at the constraint.
            given_before=self._rows().exclude(withdrawn_at=None).count(),
        )
        self.record(
            Event.Kind.CONSENT_GIVEN,
            contact=self.contact,
            version=consent.version,
            source=self.source,
        )
        return consent

    def _rows(self) -> ConsentQuerySet:
        return Consent.objects.filter(
            contact=self.contact,
            version=consent_version(self.text),
            source=self.source,
        )


class WithdrawConsent(Action[list[Consent]]):
    """Withdraw what a contact agreed to in one place, in all its versions (B57).

    The rows stay with the time of the withdrawal. From then on the portal asks before
    it shows anything. Once nothing stands that the contact ever agreed to, they get no
    automatic mails either; an answer that an agent writes is still sent.

    Args:
        contact: Who withdraws.
        source: Where it was given, such as ``form:contact``.

    Returns:
        What was withdrawn; empty if nothing stood.
    """

    def __init__(self, *, contact: Contact, source: str) -> None:
        self.actor = self.contact = contact
        self.source = source

    def perform(self) -> list[Consent]:
        # Locked, so that two clicks at once are one withdrawal.
        standing = list(
            Consent.objects.select_for_update()
            .standing()
            .filter(contact=self.contact, source=self.source)
            .order_by("pk")
        )
        now = timezone.now()
        for consent in standing:
            consent.withdrawn_at = now
            consent.save(update_fields=["withdrawn_at"])
        if standing:
            self.record(
                Event.Kind.CONSENT_WITHDRAWN,
                contact=self.contact,
                versions=[consent.version for consent in standing],
                source=self.source,
            )
        return standing


class KeepSignUpConsent(Action[SignUpConsent]):
    """Keep what somebody agreed to while registering, until an address is proved.

    There is no contact yet, so no event is written; ``ClaimContact`` does both.

    Args:
        user: The new account.
        text: The exact text shown.
        language: Language code of the text.
        source: Where, such as ``portal:`` and the portal's key.
    """

    def __init__(self, *, user: User, text: str, language: str, source: str) -> None:
        self.user = user
        self.text = text
        self.language = language
        self.source = source[:_SOURCE_LENGTH]

    def perform(self) -> SignUpConsent:
        return SignUpConsent.objects.create(
            user=self.user,
            text=self.text,
            language=self.language,
            source=self.source,
            given_at=timezone.now(),
        )


def record_sign_up_consents(user: User, contact: Contact) -> None:
    """Give a contact what their account agreed to while registering.

    Runs inside the transaction that claims the contact.

    Args:
        user: The account.
        contact: Its contact, by a proved address.
    """
    for kept in SignUpConsent.objects.filter(user=user).order_by("pk"):
        RecordConsent(
            contact=contact,
            text=kept.text,
            language=kept.language,
            source=kept.source,
            given_at=kept.given_at,
        ).execute()
        kept.delete()
