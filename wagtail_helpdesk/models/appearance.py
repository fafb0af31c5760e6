"""How the public pages look on one site."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images import get_image_model_string
from wagtail.models import Site

#: What a stored colour looks like; it goes into a style sheet, so it is nothing else.
is_color = RegexValidator(r"\A#[0-9a-f]{6}\Z", _("Write a colour such as #2f54c8."))
MAX_RADIUS = 16


def _picture(label: Any, help_text: Any) -> models.ForeignKey:
    return models.ForeignKey(
        get_image_model_string(),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=label,
        help_text=help_text,
    )


class Appearance(models.Model):
    """Colours, corners, font and logo of the help desk's pages on one site (B31).

    One for the knowledge base, the portal and the pages of the sign-in together (B32).
    What is left empty stays as the site's own style sheets say.
    """

    class Font(models.TextChoices):
        UNCHANGED = "", _("As the style sheets say")
        SITE = "site", _("The font around the page")
        SYSTEM = "system", _("The device's own, without serifs")
        SERIF = "serif", _("With serifs")
        MONO = "mono", _("All letters equally wide")

    class ColorScheme(models.TextChoices):
        VISITOR = "visitor", _("As the device; visitors can switch")
        SYSTEM = "system", _("As the device")
        LIGHT = "light", _("Always light")
        DARK = "dark", _("Always dark")

    site = models.OneToOneField(
        Site,
        on_delete=models.CASCADE,
        related_name="helpdesk_appearance",
        verbose_name=_("site"),
    )
    accent = models.CharField(
        _("main colour"),
        max_length=7,
        blank=True,
        validators=[is_color],
        help_text=_(
            "Of links and buttons, such as #2f54c8. Where it could not be read, a "
            "darker or lighter shade takes its place."
        ),
    )
    tint = models.CharField(
        _("tint of the background"),
        max_length=7,
        blank=True,
        validators=[is_color],
        help_text=_("The background takes a little of it."),
    )
    radius = models.PositiveSmallIntegerField(
        _("round corners"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(MAX_RADIUS)],
        help_text=_("0 (square) to 16 pixels."),
    )
    font = models.CharField(
        _("font"), max_length=10, blank=True, choices=Font, default=Font.UNCHANGED
    )
    color_scheme = models.CharField(
        _("light or dark"),
        max_length=10,
        choices=ColorScheme,
        default=ColorScheme.VISITOR,
    )
    logo = _picture(
        _("logo"), _("At the top of pages that have no header of the site's own.")
    )
    logo_dark = _picture(
        _("logo for dark pages"), _("Where the other one could not be seen.")
    )
    logo_alt = models.CharField(
        _("text of the logo"),
        max_length=100,
        blank=True,
        help_text=_("Read out in its place. Left empty: the site's name."),
    )
    show_name = models.BooleanField(
        _("show the site's name beside the logo"), default=True
    )
    favicon = _picture(
        _("icon of the browser's tab"), _("A square picture, on such pages.")
    )

    class Meta:
        verbose_name = _("appearance")
        verbose_name_plural = _("appearances")
        ordering = ["pk"]

    def __str__(self) -> str:
        return str(self.site)
