"""What somebody agreed to is kept word for word."""

from __future__ import annotations

import hashlib

from django.utils import timezone

from wagtail_helpdesk.actions.base import IdempotentAction
from wagtail_helpdesk.models import Consent, Contact, Event


def consent_version(text: str) -> str:
    """The version of a consent text: a hash, so that every change is a new one."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class RecordConsent(IdempotentAction[Consent]):
    """Keep the text a contact agreed to, once for each version and place.

    Args:
        contact: Who agreed.
        text: The exact text shown.
        language: Language code of the text.
        source: Where, such as ``form:contact``.
    """

    def __init__(
        self, *, contact: Contact, text: str, language: str, source: str
    ) -> None:
        self.actor = self.contact = contact
        self.text = text
        self.language = language
        self.source = source[:200]

    def existing(self) -> Consent | None:
        return Consent.objects.filter(
            contact=self.contact,
            version=consent_version(self.text),
            source=self.source,
        ).first()

    def perform(self) -> Consent:
        consent = Consent.objects.create(
            contact=self.contact,
            version=consent_version(self.text),
            source=self.source,
            text=self.text,
            language=self.language,
            given_at=timezone.now(),
        )
        self.record(
            Event.Kind.CONSENT_GIVEN,
            contact=self.contact,
            version=consent.version,
            source=self.source,
        )
        return consent
