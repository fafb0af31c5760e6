"""What became of the articles that were suggested to somebody with a question (N4)."""

from __future__ import annotations

import datetime
from typing import Self

import swapper
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

swapper.set_app_prefix("wagtailcore", "wagtail")


class DeflectionQuerySet(models.QuerySet["Deflection"]):
    """Reads over the ledger."""

    def older_than(self, days: int) -> Self:
        """What was written more than so many days ago."""
        return self.filter(at__lt=timezone.now() - datetime.timedelta(days=days))


class Deflection(models.Model):
    """One step of a visitor on the way from a question to an answer or to a request.

    Says nothing about who it was: ``visitor`` is a hash of the session with a salt that
    changes every day, and neither a contact, an address, a ticket nor anything that was
    typed is kept.
    """

    class Kind(models.TextChoices):
        SHOWN = "shown", _("was suggested")
        OPENED = "opened", _("was opened from a suggestion")
        SOLVED = "solved", _("solved it")
        FILED = "filed", _("a request was sent anyway")

    kind = models.CharField(_("what happened"), max_length=10, choices=Kind)
    visitor = models.CharField(
        max_length=32, help_text="The same for one session on one day."
    )
    article = models.ForeignKey(
        swapper.get_model_name("wagtailcore", "Page"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    revision = models.ForeignKey(
        "wagtailcore.Revision",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The text of the article at that time.",
    )
    locale = models.CharField(max_length=15, blank=True)
    page = models.ForeignKey(
        swapper.get_model_name("wagtailcore", "Page"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The page that the form stands on.",
    )
    at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = DeflectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        constraints = [
            models.UniqueConstraint(
                fields=["visitor", "kind", "article"], name="helpdesk_deflection_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
