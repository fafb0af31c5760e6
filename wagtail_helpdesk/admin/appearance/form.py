"""The form of a site's appearance: nothing gets through that is no colour."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.models import Site

from wagtail_helpdesk.actions.text import BIDI_CONTROLS
from wagtail_helpdesk.appearance.colors import parse
from wagtail_helpdesk.models import Appearance


class ColorField(forms.CharField):
    """A colour, as ``#rrggbb``; typed shorter too."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["widget"] = forms.TextInput(
            attrs={"dir": "ltr", "spellcheck": "false", "autocapitalize": "off"}
        )
        # What is too long is no colour either, and is told so in the same words.
        super().__init__(**{**kwargs, "max_length": None})

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            # Marks of direction come along when one copies an example in Arabic.
            return parse(BIDI_CONTROLS.sub("", text))
        except ValueError:
            raise forms.ValidationError(
                _("Write a colour such as #2f54c8: a # and six digits 0–9 or a–f."),
                code="bad_color",
            ) from None


class AppearanceForm(WagtailAdminModelForm):
    """Colours, corners, font and pictures of one site."""

    class Meta:
        model = Appearance
        fields = [
            "site",
            "accent",
            "tint",
            "radius",
            "font",
            "color_scheme",
            "logo",
            "logo_dark",
            "logo_alt",
            "show_name",
            "favicon",
        ]
        field_classes = {"accent": ColorField, "tint": ColorField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            free = Site.objects.filter(helpdesk_appearance=None)
            self.initial.setdefault("site", free.order_by("-is_default_site").first())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("tint") and cleaned.get("accent") == "":
            self.add_error(
                "accent", _("Choose it too: links have to be readable on the tint.")
            )
        for name in ("logo", "logo_dark", "favicon"):
            self._check_picture(name, cleaned.get(name))
        return cleaned

    def _check_picture(self, name: str, image: Any) -> None:
        """A picture that not everybody may see is no logo."""
        if image is not None and image.collection.get_view_restrictions().exists():
            self.add_error(
                name,
                _("This picture is in a private collection: visitors cannot see it."),
            )
