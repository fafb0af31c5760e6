"""Ticket properties that a site defines for itself."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import TranslatableMixin

KEY_PATTERN = r"^[a-z][a-z0-9_]{0,49}$"


class ChoiceBlock(blocks.StructBlock):
    """A choice: one stored value in every language, a label in each."""

    value = blocks.RegexBlock(
        regex=KEY_PATTERN,
        label=_("Value"),
        error_messages={
            "invalid": _("Use lower-case letters, digits and underscores only.")
        },
        help_text=_("Stored with the ticket; never translated."),
    )
    label = blocks.CharBlock(label=_("Label"), max_length=200)

    class Meta:
        icon = "list-ul"
        label = _("Choice")


class TicketProperty(TranslatableMixin, models.Model):
    """A property of tickets that forms, filters and cards can use."""

    class Type(models.TextChoices):
        TEXT = "text", _("Text")
        NUMBER = "number", _("Number")
        DATE = "date", _("Date")
        CHECKBOX = "checkbox", _("Yes or no")
        CHOICE = "choice", _("Choice")

    key = models.CharField(
        _("key"),
        max_length=50,
        help_text=_("Stored with the ticket; never translated and never changed."),
    )
    type = models.CharField(_("type"), max_length=20, choices=Type, default=Type.TEXT)
    label = models.CharField(_("label"), max_length=100)
    choices = StreamField(
        [("choice", ChoiceBlock())], blank=True, verbose_name=_("choices")
    )
    is_customer_visible = models.BooleanField(_("shown to customers"), default=False)

    panels = [
        FieldPanel("label"),
        MultiFieldPanel([FieldPanel("key"), FieldPanel("type")], _("Storage")),
        FieldPanel("choices"),
        FieldPanel("is_customer_visible"),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("ticket property")
        verbose_name_plural = _("ticket properties")
        ordering = ["label"]
        constraints = [
            models.UniqueConstraint(
                fields=["locale", "key"], name="helpdesk_ticket_property_key"
            )
        ]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        super().clean()
        values = [choice.value["value"] for choice in self.choices]
        repeated = sorted({value for value in values if values.count(value) > 1})
        if repeated:
            raise ValidationError(
                {
                    "choices": _("The value “%(value)s” is used twice.")
                    % {"value": repeated[0]}
                }
            )

    def choice_labels(self) -> dict[str, str]:
        """Stored value to label, in the language of this row."""
        return {c.value["value"]: c.value["label"] for c in self.choices}
