"""What people agreed to: kept word for word, and never changed but by a withdrawal."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Max, Q
from django.utils.translation import gettext_lazy as _

from wagtail_helpdesk.models.contacts import Contact


def consent_version(text: str) -> str:
    """The version of a consent text: a hash, so that every change is a new one."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Reads over consents."""

    def standing(self) -> Self:
        """Those that were not withdrawn."""
        return self.filter(withdrawn_at=None)

    def all_withdrawn_at(self, contact: Contact) -> datetime | None:
        """When a contact withdrew the last of what they had agreed to.

        Returns:
            The time, or ``None`` if something still stands, or nothing was ever given.
        """
        found = self.filter(contact=contact).aggregate(
            standing=Count("pk", filter=Q(withdrawn_at=None)),
            last=Max("withdrawn_at"),
        )
        last: datetime | None = found["last"]
        return None if found["standing"] else last


class Consent(models.Model):
    """What a contact agreed to: the exact text, when, in which language, and where.

    Attributes:
        given_before: How often the contact had given, and withdrawn, this version in
            this place. It lets the same be given again, and still only once at a time,
            on databases without conditional constraints too.
    """

    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="consents"
    )
    text = models.TextField()
    version = models.CharField(max_length=64)
    language = models.CharField(max_length=15, blank=True)
    source = models.CharField(max_length=200)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    given_before = models.PositiveSmallIntegerField(default=0)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "version", "source", "given_before"],
                name="helpdesk_consent_once_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.contact} · {self.version}"

    @property
    def body(self) -> str:
        """The text that stood above the box, as rich text."""
        return self.text.rpartition("\n")[0] or self.text

    @property
    def label(self) -> str:
        """The label of the box that was ticked; empty if there was none."""
        before, newline, label = self.text.rpartition("\n")
        return label if before and newline else ""


class SignUpConsent(models.Model):
    """What somebody agreed to while registering, until an address is proved (R17).

    Before that there is no contact to keep it with.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="helpdesk_sign_up_consents",
    )
    text = models.TextField()
    language = models.CharField(max_length=15, blank=True)
    source = models.CharField(max_length=200)
    given_at = models.DateTimeField()

    class Meta:
        verbose_name = _("consent given while registering")
        verbose_name_plural = _("consents given while registering")

    def __str__(self) -> str:
        return f"{self.user_id} · {self.source}"
